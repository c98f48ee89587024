/// Fills a batch record by record until it has the size that a producer wants
/// (MemoryRecordsBuilder).
public struct RecordBatchBuilder: Sendable {
    /// What a builder refuses: each is a mistake of the code that uses it, in Kafka an exception.
    public enum Refusal: Error, Hashable, Sendable {
        case illegalArgument
        case illegalState
    }

    public let baseOffset: Int64
    /// Nil: records keep their own times.
    public let logAppendTime: Int64?
    public let leaderEpoch: Int32
    public let isControl: Bool
    /// How large the batch is to become.
    public let writeLimit: Int32
    public private(set) var producerID: ProducerID
    public private(set) var producerEpoch: Int16
    public private(set) var baseSequence: Int32
    public private(set) var isTransactional: Bool
    public private(set) var records: [Record] = []
    private var lastOffset: Int64?
    private var baseTimestamp: Int64?
    private var recordsSize: Int32 = 0
    private var isClosed = false

    public init(
        baseOffset: Int64 = 0, logAppendTime: Int64? = nil, producerID: ProducerID = .none,
        producerEpoch: Int16 = Absent.producerEpoch, baseSequence: Int32 = Absent.sequence,
        isTransactional: Bool = false, isControl: Bool = false,
        leaderEpoch: Int32 = Absent.leaderEpoch, writeLimit: Int32
    ) {
        self.baseOffset = baseOffset
        self.logAppendTime = logAppendTime
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.baseSequence = baseSequence
        self.isTransactional = isTransactional
        self.isControl = isControl
        self.leaderEpoch = leaderEpoch
        self.writeLimit = writeLimit
    }

    /// The size so far, header included.
    public var sizeInBytes: Int32 { RecordBatch.headerSize + recordsSize }

    /// The limit counts from the first record on, so that no batch is empty.
    public var isFull: Bool { isClosed || (!records.isEmpty && writeLimit <= sizeInBytes) }

    /// Whether a producer would still put the record into this batch. The first always fits.
    public func hasRoom(
        timestamp: Int64, key: Payload?, value: Payload?, headers: [Record.Header]
    ) -> Bool {
        guard !isFull else { return false }
        guard !records.isEmpty else { return true }
        let record = Record(
            offsetDelta: lastOffset.map { Int32($0 - baseOffset + 1) } ?? 0,
            timestamp: timestamp, key: key, value: value, headers: headers)
        return writeLimit
            >= sizeInBytes + sizeOfRecord(record, baseTimestamp: baseTimestamp ?? timestamp)
    }

    /// Offsets may have gaps, but never go back; without one the record gets the next.
    public mutating func append(
        at offset: Int64? = nil, timestamp: Int64, key: Payload?, value: Payload?,
        headers: [Record.Header] = [], isControl: Bool = false
    ) throws(Refusal) {
        let offset = offset ?? lastOffset.map { $0 + 1 } ?? baseOffset
        guard isControl == self.isControl, lastOffset.map({ offset > $0 }) ?? true,
            timestamp >= Absent.timestamp
        else { throw .illegalArgument }
        guard !isClosed else { throw .illegalState }
        let base = baseTimestamp ?? timestamp
        baseTimestamp = base
        let record = Record(
            offsetDelta: Int32(offset - baseOffset), timestamp: timestamp, key: key,
            value: value, headers: headers)
        records.append(record)
        recordsSize += sizeOfRecord(record, baseTimestamp: base)
        lastOffset = offset
    }

    /// A producer learns of its sequence when it drains the batch: never after it was closed, for
    /// then it may have been sent.
    public mutating func setProducer(
        _ id: ProducerID, epoch: Int16, baseSequence: Int32, isTransactional: Bool
    ) throws(Refusal) {
        guard !isClosed else { throw .illegalState }
        producerID = id
        producerEpoch = epoch
        self.baseSequence = baseSequence
        self.isTransactional = isTransactional
    }

    /// The batch spans offsets up to here, whether it has records there or not.
    public mutating func overrideLastOffset(_ offset: Int64) { lastOffset = offset }

    /// The batch; nil when it has no records.
    public mutating func close() throws(Refusal) -> RecordBatch? {
        guard isProducerComplete else { throw .illegalArgument }
        isClosed = true
        guard !records.isEmpty, let lastOffset else { return nil }
        var batch = RecordBatch(
            baseOffset: baseOffset, leaderEpoch: leaderEpoch, attributes: attributes,
            producerID: producerID, producerEpoch: producerEpoch, baseSequence: baseSequence,
            records: records)
        batch.lastOffsetDelta = Int32(lastOffset - baseOffset)
        if let logAppendTime { batch.maxTimestamp = logAppendTime }
        return batch
    }

    private var isProducerComplete: Bool {
        guard producerID != .none else { return !isTransactional }
        return producerEpoch != Absent.producerEpoch && (baseSequence >= 0 || isControl)
    }

    private var attributes: RecordBatch.Attributes {
        var attributes: RecordBatch.Attributes = []
        if logAppendTime != nil { attributes.insert(.logAppendTime) }
        if isTransactional { attributes.insert(.transactional) }
        if isControl { attributes.insert(.control) }
        return attributes
    }
}
