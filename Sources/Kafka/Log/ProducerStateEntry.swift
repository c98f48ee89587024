/// What is remembered of one appended batch, to recognise it when it is sent again.
public struct BatchMetadata: Hashable, Sendable {
    public var lastOffset: Int64
    public var timestamp: Int64
    public var lastSequence: Int32
    public var offsetDelta: Int32

    public var firstSequence: Int32 { decrementSequence(lastSequence, by: offsetDelta) }
    public var firstOffset: Int64 { lastOffset - Int64(offsetDelta) }
}

/// The last batches of a producer, oldest first: as many as it may have in flight (KAFKA-5494).
/// They lie in the entry itself, so that an append allocates nothing.
public struct RecentBatches: Sendable {
    /// ProducerStateEntry.NUM_BATCHES_TO_RETAIN.
    public static let limit = 5

    private var items = InlineArray<5, BatchMetadata>(
        repeating: BatchMetadata(lastOffset: 0, timestamp: 0, lastSequence: 0, offsetDelta: 0))
    public private(set) var count = 0

    public subscript(_ index: Int) -> BatchMetadata { items[index] }

    public var last: BatchMetadata? { count == 0 ? nil : items[count - 1] }

    mutating func removeAll() { count = 0 }

    mutating func append(_ batch: BatchMetadata, keeping limit: Int = RecentBatches.limit) {
        while count >= limit {
            for index in 1..<count { items[index - 1] = items[index] }
            count -= 1
        }
        items[count] = batch
        count += 1
    }

    func first(where matches: (BatchMetadata) -> Bool) -> BatchMetadata? {
        for index in 0..<count where matches(items[index]) { return items[index] }
        return nil
    }
}

/// What a partition knows of a producer (ProducerStateEntry).
public struct ProducerStateEntry: Sendable {
    public let producerID: ProducerID
    public var producerEpoch: Int16 = Absent.producerEpoch
    public var coordinatorEpoch: Int32 = -1
    public var lastTimestamp: Int64 = Absent.timestamp
    /// Where its open transaction begins here; nil when it has none.
    public var transactionFirstOffset: Int64?
    public var batches = RecentBatches()

    init(producerID: ProducerID) {
        self.producerID = producerID
    }

    public var lastSequence: Int32 { batches.last?.lastSequence ?? Absent.sequence }
    public var lastDataOffset: Int64? { batches.last?.lastOffset }

    /// Batches are comparable only within an epoch: a change forgets them.
    mutating func become(epoch: Int16) {
        guard producerEpoch != epoch else { return }
        batches.removeAll()
        producerEpoch = epoch
    }

    mutating func add(_ batch: BatchMetadata, epoch: Int16, keeping limit: Int) {
        become(epoch: epoch)
        batches.append(batch, keeping: limit)
        lastTimestamp = batch.timestamp
    }

    /// A marker ended the transaction.
    mutating func endTransaction(epoch: Int16, coordinatorEpoch: Int32, timestamp: Int64) {
        become(epoch: epoch)
        self.coordinatorEpoch = coordinatorEpoch
        transactionFirstOffset = nil
        lastTimestamp = timestamp
    }

    /// Takes over what one append added to a copy of this entry without its batches.
    mutating func merge(_ appended: ProducerStateEntry, keeping limit: Int) {
        become(epoch: appended.producerEpoch)
        for index in 0..<appended.batches.count {
            batches.append(appended.batches[index], keeping: limit)
        }
        coordinatorEpoch = appended.coordinatorEpoch
        transactionFirstOffset = appended.transactionFirstOffset
        lastTimestamp = appended.lastTimestamp
    }

    /// Heard of for the last time so long ago, and not in a transaction.
    func isExpired(after expiration: Int64, at now: Int64) -> Bool {
        transactionFirstOffset == nil && now - lastTimestamp >= expiration
    }

    /// The batch that was appended with exactly these sequences in this epoch.
    func duplicate(of batch: RecordBatch) -> BatchMetadata? {
        guard batch.producerEpoch == producerEpoch else { return nil }
        return batches.first {
            $0.firstSequence == batch.baseSequence && $0.lastSequence == batch.lastSequence
        }
    }
}
