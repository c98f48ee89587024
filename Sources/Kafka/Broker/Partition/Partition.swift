import Kernel

/// A replica of a partition on a broker: its log, and what the broker's metadata says that it is.
///
/// Invariant: `leadership` is there exactly while `leader` is this broker.
public struct Partition: Sendable {
    public let id: TopicIDPartition
    public internal(set) var log: PartitionLog
    /// Nil before the metadata has told; `noLeader` when it says that there is none.
    public internal(set) var leader: NodeID?
    /// -1 before the metadata has told.
    public internal(set) var leaderEpoch: Int32 = -1
    public internal(set) var partitionEpoch: Int32 = 0
    public internal(set) var replicas: [NodeID] = []
    public internal(set) var adding: [NodeID] = []
    public internal(set) var removing: [NodeID] = []
    public internal(set) var minInSyncReplicas: Int
    /// Of the topics that coordinators keep, to which clients do not write.
    public let isInternal: Bool
    /// What only a leader has.
    public internal(set) var leadership: Leadership?
    /// Requests that wait for something here.
    var watchers = Watchers()
    private var nextTenure: UInt32 = 0
    /// What observers know of its log; nil: nothing yet.
    var told: ReplicaOffsets?

    init(_ id: TopicIDPartition, log: PartitionLog, minInSyncReplicas: Int, isInternal: Bool) {
        self.id = id
        self.log = log
        self.minInSyncReplicas = minInSyncReplicas
        self.isInternal = isInternal
    }

    public var isLeader: Bool { leadership != nil }

    /// A new record of a follower.
    mutating func newFollower(_ broker: NodeID) -> FollowerProgress {
        nextTenure += 1
        return FollowerProgress(broker, tenure: nextTenure)
    }

    /// Whether the asker and this replica mean the same leader, and whether this replica may
    /// answer. The epoch is looked at first: a follower with a newer one says so.
    @inline(__always)
    func refusal(ofEpoch epoch: Int32?, leaderOnly: Bool, _ broker: BrokerContext) -> KafkaError? {
        if let epoch, epoch != leaderEpoch, broker.generation.has(.leaderEpochFencing) {
            return epoch < leaderEpoch ? .fencedLeaderEpoch : .unknownLeaderEpoch
        }
        return leaderOnly && !isLeader ? .notLeaderOrFollower : nil
    }

    mutating func setAssignment(_ registration: PartitionRegistration) {
        replicas = registration.replicas
        adding = registration.adding
        removing = registration.removing
    }
}

/// What a replica has to keep while it leads.
public struct Leadership: Sendable {
    /// Where the log ended when the leader epoch began. A follower below it may lack records that
    /// the leader before had committed (KAFKA-7128).
    public internal(set) var epochStart: Int64?
    /// Ascending by broker.
    public internal(set) var followers: [FollowerProgress] = []
    public internal(set) var isr = InSyncReplicas.committed([])
    /// A leader takes itself as recovered; only the controller's answers say otherwise.
    var recovery = LeaderRecoveryState.recovered

    @inline(__always)
    func index(of broker: NodeID) -> Int? {
        for place in followers.indices where followers[place].broker == broker { return place }
        return nil
    }

    public func follower(_ broker: NodeID) -> FollowerProgress? {
        index(of: broker).map { followers[$0] }
    }
}
