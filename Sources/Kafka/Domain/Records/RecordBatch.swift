/// Who wrote a batch, for idempotence and transactions; `none` for a plain producer.
public struct ProducerID: Comparable, Hashable, Sendable {
    public var rawValue: Int64

    @inlinable
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static let none = ProducerID(-1)

    @inlinable
    public static func < (left: ProducerID, right: ProducerID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The values with which Kafka says "there is none" in a batch's header (RecordBatch).
public enum Absent {
    public static let producerEpoch: Int16 = -1
    public static let sequence: Int32 = -1
    public static let leaderEpoch: Int32 = -1
    public static let timestamp: Int64 = -1
}

/// What a control batch that ends a transaction says (EndTransactionMarker).
public struct EndTransactionMarker: Equatable, Sendable {
    public var aborts: Bool
    public var coordinatorEpoch: Int32

    public init(aborts: Bool, coordinatorEpoch: Int32) {
        self.aborts = aborts
        self.coordinatorEpoch = coordinatorEpoch
    }
}

/// A record batch of format 2 as the protocol sees it (DefaultRecordBatch): what its header says,
/// how many bytes it has, and what its records are. It is what Produce and Fetch carry and what a
/// log holds.
///
/// Invariant: the records' offsets lie in `baseOffset ... lastOffset`, ascending. Compaction may
/// have taken some or all of them out; the offsets it spans stay.
public struct RecordBatch: Equatable, Sendable {
    /// The bits of the header's attributes, where Kafka has them.
    public struct Attributes: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        @inlinable
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The maximal timestamp is when the leader appended it, and every record's time.
        public static let logAppendTime = Attributes(rawValue: 1 << 3)
        public static let transactional = Attributes(rawValue: 1 << 4)
        public static let control = Attributes(rawValue: 1 << 5)
        /// The base timestamp is the time from which tombstones and the marker may go (KIP-534).
        public static let deleteHorizon = Attributes(rawValue: 1 << 6)
    }

    public enum Content: Equatable, Sendable {
        case generated(GeneratedRecords)
        case spelled([Record])
        case endTransaction(EndTransactionMarker)
        /// Only the header is left (MemoryRecords.filterTo, RETAIN_EMPTY).
        case emptied
    }

    public var baseOffset: Int64
    public var lastOffsetDelta: Int32
    public var leaderEpoch: Int32
    public var attributes: Attributes
    /// False when a byte has changed since its CRC was computed.
    public var isIntact = true
    public var producerEpoch: Int16
    /// Which process wrote it; -1: nobody said. It stands in no batch of Kafka's, and no machine
    /// looks at it: it is for those who judge what became of a program's records.
    public var writer: Int32 = -1
    public var producerID: ProducerID
    public var baseSequence: Int32
    /// All bytes of the batch, header included.
    public var sizeInBytes: Int32
    /// What the deltas of the records' timestamps count from, or the delete horizon.
    public var baseTimestamp: Int64
    public var maxTimestamp: Int64
    public var content: Content

    @inlinable public var lastOffset: Int64 { baseOffset + Int64(lastOffsetDelta) }
    @inlinable public var nextOffset: Int64 { baseOffset + Int64(lastOffsetDelta) + 1 }
    @inlinable public var hasProducerID: Bool { producerID.rawValue >= 0 }
    @inlinable public var isTransactional: Bool { attributes.contains(.transactional) }
    @inlinable public var isControl: Bool { attributes.contains(.control) }

    /// From when on what the batch says about deletions may itself be forgotten.
    @inlinable public var deleteHorizon: Int64? {
        attributes.contains(.deleteHorizon) ? baseTimestamp : nil
    }

    /// How many records it still has.
    public var count: Int32 {
        switch content {
        case .generated(let generated): generated.count
        case .spelled(let records): Int32(records.count)
        case .endTransaction: 1
        case .emptied: 0
        }
    }

    /// The sequence of the offset it ends with: wraps after Int32.max, and never is negative.
    public var lastSequence: Int32 {
        baseSequence == Absent.sequence
            ? Absent.sequence : incrementSequence(baseSequence, by: lastOffsetDelta)
    }
}

/// Sequences count 0 … Int32.max and begin again at 0 (DefaultRecordBatch.incrementSequence).
public func incrementSequence(_ sequence: Int32, by increment: Int32) -> Int32 {
    sequence > Int32.max &- increment
        ? increment &- (Int32.max &- sequence) &- 1 : sequence &+ increment
}

/// The inverse of `incrementSequence`.
public func decrementSequence(_ sequence: Int32, by decrement: Int32) -> Int32 {
    sequence < decrement
        ? Int32.max &- (decrement &- sequence) &+ 1 : sequence &- decrement
}
