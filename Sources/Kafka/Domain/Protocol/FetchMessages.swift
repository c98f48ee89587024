import Kernel

/// Who fetches.
public enum Fetcher: Hashable, Sendable {
    /// The epoch of the follower's registration; -1 before it has one (KIP-903).
    case follower(NodeID, brokerEpoch: Int64)
    /// With its rack if it told one (KIP-392). Clients older than version 11 tell nothing of
    /// themselves, and only a leader serves them.
    case consumer(rack: String?, isolation: ReadIsolation, tellsOfItself: Bool)
}

/// `isolation.level`.
public enum ReadIsolation: Hashable, Sendable {
    case uncommitted
    case committed
}

/// Records, please, from these offsets on.
public struct FetchRequest: Sendable {
    public struct Partition: Hashable, Sendable {
        public var partition: TopicIDPartition
        /// Nil: not known, or not told.
        public var currentLeaderEpoch: Int32?
        public var fetchOffset: Int64
        /// The epoch of the last record that a follower has; nil: not told (KIP-595).
        public var lastFetchedEpoch: Int32?
        /// A follower's; -1 of a consumer.
        public var logStartOffset: Int64
        public var maxBytes: Int32

        public init(
            _ partition: TopicIDPartition, currentLeaderEpoch: Int32?, fetchOffset: Int64,
            lastFetchedEpoch: Int32? = nil, logStartOffset: Int64 = -1, maxBytes: Int32
        ) {
            self.partition = partition
            self.currentLeaderEpoch = currentLeaderEpoch
            self.fetchOffset = fetchOffset
            self.lastFetchedEpoch = lastFetchedEpoch
            self.logStartOffset = logStartOffset
            self.maxBytes = maxBytes
        }
    }

    public var fetcher: Fetcher
    public var maxWait: Interval
    public var minBytes: Int32
    public var maxBytes: Int32
    public var session: FetchSession
    /// In a session: those that are new or have changed.
    public var partitions: [Partition]
    /// No longer wanted in the session.
    public var forgotten: [TopicIDPartition]

    public init(
        _ fetcher: Fetcher, maxWait: Interval, minBytes: Int32, maxBytes: Int32,
        session: FetchSession = .none, partitions: [Partition], forgotten: [TopicIDPartition] = []
    ) {
        self.fetcher = fetcher
        self.maxWait = maxWait
        self.minBytes = minBytes
        self.maxBytes = maxBytes
        self.session = session
        self.partitions = partitions
        self.forgotten = forgotten
    }
}

/// A transaction that was aborted: what a reader that wants only committed records must leave out
/// (AbortedTxn).
public struct AbortedTransaction: Hashable, Sendable {
    public var producerID: ProducerID
    public var firstOffset: Int64
    /// Where its marker is.
    public var lastOffset: Int64
    /// Which offset was stable when the marker was written: later entries concern only what lies
    /// at or above it.
    public var lastStableOffset: Int64

    public init(
        producerID: ProducerID, firstOffset: Int64, lastOffset: Int64, lastStableOffset: Int64
    ) {
        self.producerID = producerID
        self.firstOffset = firstOffset
        self.lastOffset = lastOffset
        self.lastStableOffset = lastStableOffset
    }
}

/// What one partition has to give.
public struct FetchPartitionReply: Sendable {
    public var partition: TopicIDPartition
    public var error: KafkaError
    /// -1 with an error.
    public var highWatermark: Int64
    public var lastStableOffset: Int64
    public var logStartOffset: Int64
    /// Where the logs part, when they do (KIP-595).
    public var diverging: EpochEndOffset?
    public var batches: [RecordBatch]
    /// All bytes, those of a batch that was cut off included.
    public var sizeInBytes: Int32
    /// For readers of committed records: what they must leave out.
    public var abortedTransactions: [AbortedTransaction]?
    /// From whom to read instead (KIP-392).
    public var preferredReadReplica: NodeID?
    /// Who leads now, when that is why it failed (KIP-951).
    public var currentLeader: LeaderAndEpoch?

    public init(
        _ partition: TopicIDPartition, _ error: KafkaError = .none, highWatermark: Int64 = -1,
        lastStableOffset: Int64 = -1, logStartOffset: Int64 = -1, diverging: EpochEndOffset? = nil,
        batches: [RecordBatch] = [], sizeInBytes: Int32 = 0,
        abortedTransactions: [AbortedTransaction]? = nil, preferredReadReplica: NodeID? = nil,
        currentLeader: LeaderAndEpoch? = nil
    ) {
        self.partition = partition
        self.error = error
        self.highWatermark = highWatermark
        self.lastStableOffset = lastStableOffset
        self.logStartOffset = logStartOffset
        self.diverging = diverging
        self.batches = batches
        self.sizeInBytes = sizeInBytes
        self.abortedTransactions = abortedTransactions
        self.preferredReadReplica = preferredReadReplica
        self.currentLeader = currentLeader
    }
}

public struct FetchReply: Sendable {
    public var error: KafkaError
    public var sessionID: Int32
    /// In a session: only those that have something to say.
    public var partitions: [FetchPartitionReply]

    public init(
        _ error: KafkaError = .none, sessionID: Int32 = 0, partitions: [FetchPartitionReply] = []
    ) {
        self.error = error
        self.sessionID = sessionID
        self.partitions = partitions
    }
}
