import Kernel

/// One thing that a broker's replicas want done, in order.
public enum ReplicaEffect: Sendable {
    /// Also to producers with `acks=0`, who are not told: their connection is closed on an error.
    case reply(BrokerReply, to: ReplyToken)
    /// At most one is in flight; the answer comes as `alterPartitionAnswer`.
    case alterPartition(AlterPartitionRequest)
    /// `timer(task)` at that instant; takes the place of an earlier wish for the task.
    case setTimer(ReplicaTask, at: Instant)
    /// `resume` after however long the gap is.
    case suspended(SuspensionID, at: YieldPoints)
    /// `logTask` whenever the background gets to it.
    case logTask(TopicIDPartition, LogTask)
    case startFetching(FetchStart)
    case stopFetching(TopicIDPartition)
    /// The log of a follower begins elsewhere now, as by retention.
    case logStartMoved(TopicIDPartition)
    /// The controller is to hear where these replicas lie.
    case assignDirectories([AssignReplicasToDirsRequest.Directory])
    case note(ReplicaNote)
}

/// From where a follower copies.
public struct FetchStart: Hashable, Sendable {
    public var partition: TopicIDPartition
    public var leader: NodeID
    public var leaderEpoch: Int32
    /// Where it begins as far as the follower itself can tell.
    public var offset: Int64

    public init(
        _ partition: TopicIDPartition, leader: NodeID, leaderEpoch: Int32, offset: Int64
    ) {
        self.partition = partition
        self.leader = leader
        self.leaderEpoch = leaderEpoch
        self.offset = offset
    }
}

/// What an observer may want to know of a replica and could not see from outside.
public enum ReplicaNote: Hashable, Sendable {
    case becameLeader(TopicIDPartition, epoch: Int32, startOffset: Int64)
    case becameFollower(TopicIDPartition, of: NodeID, epoch: Int32)
    case removed(TopicIDPartition)
    case proposedISR(TopicIDPartition, [NodeID])
    case committedISR(TopicIDPartition, [NodeID])
    /// The log was compacted up to there, and has fewer records than before.
    case compacted(TopicIDPartition, before: Int64, records: Int64, left: Int64)
}

public typealias ReplicaEffects = Outbox<ReplicaEffect>
