import Kernel

/// Who leads a partition, as far as a consumer knows (Metadata.LeaderAndEpoch).
public struct KnownLeader: Hashable, Sendable {
    public var node: NodeID?
    /// Nil: not known.
    public var epoch: Int32?

    public init(_ node: NodeID? = nil, epoch: Int32? = nil) {
        self.node = node
        self.epoch = epoch
    }
}

/// Where a consumer reads next (SubscriptionState.FetchPosition).
public struct FetchPosition: Hashable, Sendable {
    public var offset: Int64
    /// Of the record before it; nil when nobody told. Without it a truncation goes unnoticed.
    public var offsetEpoch: Int32?
    /// Under whom the position was last found to be good.
    public var leader: KnownLeader

    public init(_ offset: Int64, offsetEpoch: Int32? = nil, leader: KnownLeader = KnownLeader()) {
        self.offset = offset
        self.offsetEpoch = offsetEpoch
        self.leader = leader
    }

    /// Whether the leader can be asked if the position still lies on its log (KIP-320).
    var canBeValidated: Bool { offsetEpoch != nil && leader.epoch != nil }
}

/// Where to go when there is no position, or one that lies outside the log (`auto.offset.reset`).
public enum ResetStrategy: Hashable, Sendable {
    case none
    case earliest
    case latest
    /// KIP-1106: to the first record that is not older than this.
    case byDuration(Interval)
}

/// A position that was committed, or is to be.
public struct CommittedPosition: Hashable, Sendable {
    public var offset: Int64
    public var leaderEpoch: Int32?

    public init(_ offset: Int64, leaderEpoch: Int32? = nil) {
        self.offset = offset
        self.leaderEpoch = leaderEpoch
    }
}
