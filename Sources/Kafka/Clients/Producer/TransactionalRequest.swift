/// Which coordinator a request looks for.
public enum CoordinatorKind: Sendable {
    case transaction
    case group
}

/// For which member of which group offsets are committed; nobody in particular if it says no more
/// than the group (KIP-447).
public struct GroupMembership: Hashable, Sendable {
    public var group: String
    public var member: String
    public var generation: Int32
    public var instance: String?

    public init(
        group: String, member: String = "", generation: Int32 = -1, instance: String? = nil
    ) {
        self.group = group
        self.member = member
        self.generation = generation
        self.instance = instance
    }
}

public struct OffsetToCommit: Hashable, Sendable {
    public var partition: TopicIDPartition
    public var offset: Int64

    public init(_ partition: TopicIDPartition, offset: Int64) {
        self.partition = partition
        self.offset = offset
    }
}

/// A request of the transactional half: one is under way at a time, and who asks is whoever is
/// most urgent (TransactionManager.TxnRequestHandler). What it says is fixed when it is made.
public struct TransactionalRequest: Sendable {
    public enum Body: Sendable {
        case findCoordinator(CoordinatorKind, key: String)
        /// `raisesEpoch`: the producer has an identity and wants the next epoch of it.
        case initProducerID(ProducerIdentity, raisesEpoch: Bool)
        case addPartitions([PartitionRef], ProducerIdentity)
        case addOffsets(GroupMembership, [OffsetToCommit], ProducerIdentity)
        case commitOffsets(GroupMembership, [OffsetToCommit], ProducerIdentity, isV2: Bool)
        case end(commits: Bool, ProducerIdentity, isV2: Bool)
    }

    public let body: Body
    /// Whose call ends with it.
    let call: CallID
    /// It waits for the backoff before it is sent (again).
    var isRetry = false
    /// The first partitions of a transaction meet a predecessor that is nearly complete: it is
    /// worth asking again soon (KAFKA-5482).
    var retriesSoon = false

    init(_ body: Body, for call: CallID) {
        self.body = body
        self.call = call
    }

    var urgency: Int {
        switch body {
        case .findCoordinator: 0
        case .initProducerID(_, let raisesEpoch): raisesEpoch ? 4 : 1
        case .addPartitions, .addOffsets, .commitOffsets: 2
        case .end: 3
        }
    }

    var isEnd: Bool {
        if case .end = body { true } else { false }
    }

    var isFindCoordinator: Bool {
        if case .findCoordinator = body { true } else { false }
    }

    /// Nil: any node will do.
    func coordinator(isTransactional: Bool) -> CoordinatorKind? {
        switch body {
        case .findCoordinator: nil
        case .initProducerID: isTransactional ? .transaction : nil
        case .commitOffsets: .group
        case .addPartitions, .addOffsets, .end: .transaction
        }
    }
}
