import Kernel

/// Who must have a record before its producer hears that it is written.
public enum RequiredAcks: Int16, Hashable, Sendable {
    /// Nobody; there is no answer.
    case none = 0
    case leader = 1
    /// Every replica that is in sync, which `min.insync.replicas` must be.
    case all = -1
}

/// Batches for partitions that a broker leads. At most one for each.
public struct ProduceRequest: Sendable {
    public struct Partition: Sendable {
        public var partition: TopicIDPartition
        public var batch: RecordBatch

        public init(_ partition: TopicIDPartition, _ batch: RecordBatch) {
            self.partition = partition
            self.batch = batch
        }
    }

    /// As it came: a broker refuses what is no `RequiredAcks`.
    public var acks: Int16
    /// How long the broker waits for the others.
    public var timeout: Interval
    public var partitions: [Partition]
    /// The broker may add partitions to a transaction itself (KIP-890, part 2).
    public var addsToTransaction: Bool

    public init(
        acks: Int16, timeout: Interval, partitions: [Partition], addsToTransaction: Bool = false
    ) {
        self.acks = acks
        self.timeout = timeout
        self.partitions = partitions
        self.addsToTransaction = addsToTransaction
    }
}

/// How one partition of a Produce request went.
public struct ProducePartitionReply: Hashable, Sendable {
    public var partition: TopicIDPartition
    public var error: KafkaError
    /// -1: nothing was written, or it is not known where.
    public var baseOffset: Int64
    /// -1: the records keep the times that the producer gave them.
    public var logAppendTime: Int64
    /// -1: not known.
    public var logStartOffset: Int64
    /// Records that were refused, and the batch with them (KIP-467).
    public var refusedRecords: [Int32]
    /// Who leads now, when that is why it failed (KIP-951).
    public var currentLeader: LeaderAndEpoch?

    public init(
        _ partition: TopicIDPartition, _ error: KafkaError, baseOffset: Int64 = -1,
        logAppendTime: Int64 = -1, logStartOffset: Int64 = -1, refusedRecords: [Int32] = [],
        currentLeader: LeaderAndEpoch? = nil
    ) {
        self.partition = partition
        self.error = error
        self.baseOffset = baseOffset
        self.logAppendTime = logAppendTime
        self.logStartOffset = logStartOffset
        self.refusedRecords = refusedRecords
        self.currentLeader = currentLeader
    }
}

/// A leader, if there is one, and the epoch in which that is so.
public struct LeaderAndEpoch: Hashable, Sendable {
    public var leader: NodeID?
    public var epoch: Int32

    public init(_ leader: NodeID?, epoch: Int32) {
        self.leader = leader
        self.epoch = epoch
    }
}
