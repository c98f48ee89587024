import Kernel

/// What ListOffsets may ask for (ListOffsetsRequest).
public enum OffsetQuery: Hashable, Sendable {
    /// The first record that is not older.
    case timestamp(Int64)
    case earliest
    case latest
    /// The record with the largest timestamp.
    case maxTimestamp
    case earliestLocal
    /// The two of tiered storage, which no log here has.
    case latestTiered
    case earliestPendingUpload
}

/// Offsets by time, or the ends of a log.
public struct ListOffsetsRequest: Sendable {
    public struct Partition: Hashable, Sendable {
        public var partition: TopicIDPartition
        public var currentLeaderEpoch: Int32?
        public var query: OffsetQuery

        public init(
            _ partition: TopicIDPartition, currentLeaderEpoch: Int32?, _ query: OffsetQuery
        ) {
            self.partition = partition
            self.currentLeaderEpoch = currentLeaderEpoch
            self.query = query
        }
    }

    public enum Asker: Hashable, Sendable {
        case consumer(ReadIsolation)
        case follower(NodeID)
        /// Replica id -2 may ask any replica.
        case debugger
    }

    public var asker: Asker
    public var version: Int16
    public var partitions: [Partition]

    public init(_ asker: Asker, version: Int16 = 11, partitions: [Partition]) {
        self.asker = asker
        self.version = version
        self.partitions = partitions
    }
}

public struct ListOffsetsPartitionReply: Hashable, Sendable {
    public var partition: TopicIDPartition
    public var error: KafkaError
    /// -1: there is none.
    public var offset: Int64
    public var timestamp: Int64
    public var leaderEpoch: Int32?

    public init(
        _ partition: TopicIDPartition, _ error: KafkaError = .none, offset: Int64 = -1,
        timestamp: Int64 = -1, leaderEpoch: Int32? = nil
    ) {
        self.partition = partition
        self.error = error
        self.offset = offset
        self.timestamp = timestamp
        self.leaderEpoch = leaderEpoch
    }
}

/// Where an epoch ended, and which epoch that answer is about (KIP-279).
public struct EpochEndOffset: Hashable, Sendable {
    public var epoch: Int32
    public var endOffset: Int64

    public init(epoch: Int32, endOffset: Int64) {
        self.epoch = epoch
        self.endOffset = endOffset
    }
}

/// Where does this epoch end (KIP-101, KIP-279, KIP-320)?
public struct OffsetsForLeaderEpochRequest: Sendable {
    public struct Partition: Hashable, Sendable {
        public var partition: TopicIDPartition
        public var currentLeaderEpoch: Int32?
        public var leaderEpoch: Int32

        public init(
            _ partition: TopicIDPartition, currentLeaderEpoch: Int32?, leaderEpoch: Int32
        ) {
            self.partition = partition
            self.currentLeaderEpoch = currentLeaderEpoch
            self.leaderEpoch = leaderEpoch
        }
    }

    /// Nil: a consumer.
    public var follower: NodeID?
    public var partitions: [Partition]

    public init(follower: NodeID?, partitions: [Partition]) {
        self.follower = follower
        self.partitions = partitions
    }
}

public struct OffsetsForLeaderEpochPartitionReply: Hashable, Sendable {
    public var partition: TopicIDPartition
    public var error: KafkaError
    /// Nil: the leader does not know.
    public var end: EpochEndOffset?

    public init(_ partition: TopicIDPartition, _ error: KafkaError, end: EpochEndOffset? = nil) {
        self.partition = partition
        self.error = error
        self.end = end
    }
}

/// Forget what lies below these offsets (KIP-107).
public struct DeleteRecordsRequest: Sendable {
    public struct Partition: Hashable, Sendable {
        public var partition: TopicIDPartition
        /// -1: the high watermark.
        public var offset: Int64

        public init(_ partition: TopicIDPartition, offset: Int64) {
            self.partition = partition
            self.offset = offset
        }
    }

    public var timeout: Interval
    public var partitions: [Partition]

    public init(timeout: Interval, partitions: [Partition]) {
        self.timeout = timeout
        self.partitions = partitions
    }
}

public struct DeleteRecordsPartitionReply: Hashable, Sendable {
    public var partition: TopicIDPartition
    public var error: KafkaError
    /// The smallest log start of the leader and its live followers; -1: not known.
    public var lowWatermark: Int64

    public init(_ partition: TopicIDPartition, _ error: KafkaError, lowWatermark: Int64) {
        self.partition = partition
        self.error = error
        self.lowWatermark = lowWatermark
    }
}
