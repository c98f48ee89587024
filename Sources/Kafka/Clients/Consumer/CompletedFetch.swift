/// What a fetch brought of one partition, and how far the program has taken it (CompletedFetch).
///
/// Walks over batches, not over records: a batch of a thousand is one step, unless the program
/// takes less at a time.
struct CompletedFetch: Sendable {
    enum Failure: Sendable {
        /// A batch or record is damaged. It stays damaged, whatever the program tries.
        case corrupt(ClientError.Kind)
        /// The program cannot make sense of this record; it may be tried again.
        case undeserializable
    }

    let partition: PartitionRef
    let reply: FetchPartitionReply
    private(set) var nextOffset: Int64
    /// Of the batch that was looked at last, even if it was left out.
    private(set) var lastEpoch: Int32?
    private(set) var isConsumed = false
    var isInitialized = false
    private(set) var hasDelivered = false
    private var failure: Failure?
    /// The next batch.
    private var place = 0
    /// The next record of the batch before it; nil: that batch is done with.
    private var record: Int32?
    /// Ascending by first offset, from `abortedPlace` on not yet begun.
    private var aborted: [AbortedTransaction]
    private var abortedPlace = 0
    private var abortedProducers: [ProducerID] = []

    init(_ partition: PartitionRef, _ reply: FetchPartitionReply, from offset: Int64) {
        self.partition = partition
        self.reply = reply
        nextOffset = offset
        aborted = reply.abortedTransactions ?? []
        guard aborted.count > 1 else { return }
        aborted = aborted.enumerated()
            .sorted { ($0.element.firstOffset, $0.offset) < ($1.element.firstOffset, $1.offset) }
            .map(\.element)
    }

    mutating func drain() { isConsumed = true }

    /// At most so many records. A failure behind records waits for the next call.
    mutating func take(
        _ limit: Int32, _ settings: ConsumerSettings
    ) throws(ClientError) -> [FetchedRecords] {
        if case .corrupt(let cause) = failure { throw ClientError(.kafka, cause: cause) }
        var taken: [FetchedRecords] = []
        var left = limit
        while left > 0, !isConsumed {
            if record == nil, !advance(settings) { break }
            guard let first = record else { continue }
            let batch = reply.batches[place - 1]
            var end = min(batch.count, first + left)
            if let good = readable(batch, first, end, settings) { end = good }
            if end > first {
                taken.append(
                    FetchedRecords(partition: partition, batch: batch, range: first..<end))
                nextOffset = batch.offset(ofRecord: end - 1) + 1
                left -= end - first
                hasDelivered = true
                record = end
            }
            if failure != nil { break }
            if end == batch.count, left > 0 { record = nil }
        }
        if taken.isEmpty { try throwFailure() }
        return taken
    }

    private func throwFailure() throws(ClientError) {
        switch failure {
        case .corrupt(let cause): throw ClientError(.kafka, cause: cause)
        case .undeserializable:
            let offset = reply.batches[place - 1].offset(ofRecord: record ?? 0)
            throw ClientError(
                .recordDeserialization, cause: .serialization,
                about: .record(partition, offset: offset))
        case nil: break
        }
    }

    /// Where the records end that can be read; nil: not before `end`.
    private mutating func readable(
        _ batch: RecordBatch, _ first: Int32, _ end: Int32, _ settings: ConsumerSettings
    ) -> Int32? {
        failure = nil
        // Without a checksum the damage shows where it lies: in the bytes of the last record.
        if !batch.isIntact, end == batch.count {
            failure = .corrupt(.code(.invalidRecord))
            return max(first, end - 1)
        }
        guard let refused = settings.undeserializable, case .spelled(let records) = batch.content
        else { return nil }
        for index in first..<end where records[Int(index)].value == refused {
            failure = .undeserializable
            return index
        }
        return nil
    }

    /// Goes to the next batch that has records for the program. False at the end.
    private mutating func advance(_ settings: ConsumerSettings) -> Bool {
        while true {
            guard place < reply.batches.count else {
                // Compaction may have taken the last records: the batch still says where it ends.
                if place > 0 { nextOffset = reply.batches[place - 1].nextOffset }
                drain()
                return false
            }
            let batch = reply.batches[place]
            place += 1
            lastEpoch = batch.leaderEpoch == Absent.leaderEpoch ? nil : batch.leaderEpoch
            if settings.checksCRCs, !batch.isIntact {
                failure = .corrupt(.kafka)
                return false
            }
            if settings.isolation == .committed, batch.hasProducerID, isLeftOut(batch) {
                nextOffset = batch.nextOffset
                continue
            }
            if batch.isControl {
                if batch.count > 0, batch.lastOffset >= nextOffset {
                    nextOffset = batch.lastOffset + 1
                }
                continue
            }
            let first = batch.firstRecord(notBefore: nextOffset)
            if first == batch.count, batch.isIntact { continue }
            record = min(first, batch.count)
            return true
        }
    }

    /// Whether the batch belongs to a transaction that was aborted. An abort marker ends it.
    private mutating func isLeftOut(_ batch: RecordBatch) -> Bool {
        while abortedPlace < aborted.count,
            aborted[abortedPlace].firstOffset <= batch.lastOffset
        {
            let producer = aborted[abortedPlace].producerID
            if !abortedProducers.contains(producer) { abortedProducers.append(producer) }
            abortedPlace += 1
        }
        if case .endTransaction(let marker) = batch.content, batch.isControl, marker.aborts {
            abortedProducers.removeAll { $0 == batch.producerID }
            return false
        }
        return batch.isTransactional && abortedProducers.contains(batch.producerID)
    }
}
