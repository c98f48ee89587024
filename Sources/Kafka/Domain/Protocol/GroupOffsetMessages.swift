/// How far has the group come?
public struct OffsetFetchRequest: Hashable, Sendable {
    public var group: String
    /// Nil: not as a member, or not one of the kind that has epochs (KIP-848).
    public var member: String?
    /// -1 without a member.
    public var memberEpoch: Int32
    /// Offsets of transactions that have not ended are an error, not an older answer (KIP-447).
    public var requiresStable: Bool
    public var partitions: [TopicPartition]

    public init(
        group: String, member: String? = nil, memberEpoch: Int32 = -1, requiresStable: Bool = true,
        partitions: [TopicPartition]
    ) {
        self.group = group
        self.member = member
        self.memberEpoch = memberEpoch
        self.requiresStable = requiresStable
        self.partitions = partitions
    }
}

public struct OffsetFetchReply: Hashable, Sendable {
    public struct Partition: Hashable, Sendable {
        public var partition: TopicPartition
        public var error: KafkaError
        /// -1: none was committed.
        public var offset: Int64
        public var leaderEpoch: Int32?

        public init(
            _ partition: TopicPartition, _ error: KafkaError = .none, offset: Int64 = -1,
            leaderEpoch: Int32? = nil
        ) {
            self.partition = partition
            self.error = error
            self.offset = offset
            self.leaderEpoch = leaderEpoch
        }
    }

    /// Of the group as a whole.
    public var error: KafkaError
    public var partitions: [Partition]

    public init(_ error: KafkaError = .none, partitions: [Partition] = []) {
        self.error = error
        self.partitions = partitions
    }
}

/// The group has come so far.
public struct OffsetCommitRequest: Hashable, Sendable {
    public struct Partition: Hashable, Sendable {
        public var partition: TopicPartition
        public var offset: Int64
        public var leaderEpoch: Int32?

        public init(_ partition: TopicPartition, offset: Int64, leaderEpoch: Int32? = nil) {
            self.partition = partition
            self.offset = offset
            self.leaderEpoch = leaderEpoch
        }
    }

    public var group: String
    /// Nil: not as a member.
    public var member: String?
    /// Or its epoch; -1 when it is no member.
    public var generation: Int32
    public var instance: String?
    public var partitions: [Partition]

    public init(
        group: String, member: String? = nil, generation: Int32 = -1, instance: String? = nil,
        partitions: [Partition]
    ) {
        self.group = group
        self.member = member
        self.generation = generation
        self.instance = instance
        self.partitions = partitions
    }
}

public struct OffsetCommitReply: Hashable, Sendable {
    public struct Partition: Hashable, Sendable {
        public var partition: TopicPartition
        public var error: KafkaError

        public init(_ partition: TopicPartition, _ error: KafkaError) {
            self.partition = partition
            self.error = error
        }
    }

    public var partitions: [Partition]

    public init(partitions: [Partition]) {
        self.partitions = partitions
    }
}
