/// The settings of a topic or broker that a partition's log reads (LogConfig and
/// ProducerStateManagerConfig), with Kafka's defaults. Times are in milliseconds, sizes in bytes.
public struct LogConfig: Hashable, Sendable {
    /// `cleanup.policy`; empty means neither.
    public struct CleanupPolicy: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let delete = CleanupPolicy(rawValue: 1)
        public static let compact = CleanupPolicy(rawValue: 2)
    }

    public var segmentBytes: Int64 = 1 << 30
    public var segmentMs: Int64 = 604_800_000
    public var maxMessageBytes: Int64 = 1_048_588
    /// -1: no limit.
    public var retentionMs: Int64 = 604_800_000
    /// -1: no limit.
    public var retentionBytes: Int64 = -1
    public var cleanupPolicy: CleanupPolicy = .delete
    /// `message.timestamp.type` is LogAppendTime.
    public var stampsAppendTime = false
    public var timestampBeforeMaxMs: Int64 = .max
    public var timestampAfterMaxMs: Int64 = 3_600_000
    public var indexIntervalBytes: Int64 = 4_096
    public var flushMessages: Int64 = .max
    public var deleteRetentionMs: Int64 = 86_400_000
    public var minCompactionLagMs: Int64 = 0
    public var maxCompactionLagMs: Int64 = .max
    /// `min.cleanable.dirty.ratio`, in millionths.
    public var minCleanableDirtyMillionths: Int64 = 500_000
    /// How many keys the cleaner's map can hold, before its load factor of nine tenths.
    public var cleanerMapSlots: Int64 = 5_592_405
    public var producerIDExpirationMs: Int64 = 86_400_000
    /// `transaction.partition.verification.enable` (KIP-890).
    public var verifiesTransactions = true
    public var transactionMaxTimeoutMs: Int64 = 900_000

    public init() {}

    public var isCompacted: Bool { cleanupPolicy.contains(.compact) }

    /// When a segment is old enough to be rolled: where records must not wait long for compaction,
    /// they must not wait in an active segment either (KIP-354).
    var maxSegmentMs: Int64 {
        isCompacted && maxCompactionLagMs > 0 ? min(maxCompactionLagMs, segmentMs) : segmentMs
    }
}
