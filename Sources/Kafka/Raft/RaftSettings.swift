import Kernel

/// The settings of one Raft process (`controller.quorum.*`, QuorumConfig), by default as Kafka's.
public struct RaftSettings: Equatable, Sendable {
    /// `controller.quorum.election.timeout.ms`: the fixed half of an election timeout; the random
    /// half is as long.
    public var electionTimeout = Interval.milliseconds(1_000)
    /// `controller.quorum.fetch.timeout.ms`: how long a follower waits for its leader's answer.
    public var fetchTimeout = Interval.milliseconds(2_000)
    /// `controller.quorum.election.backoff.max.ms`: how long the least preferred successor of a
    /// resigning leader holds back.
    public var electionBackoffMax = Interval.milliseconds(1_000)
    public var requestTimeout = Interval.milliseconds(2_000)
    public var retryBackoff = Interval.milliseconds(20)
    /// `controller.quorum.append.linger.ms`: how long the leader gathers records for a batch.
    public var appendLinger = Interval.milliseconds(25)
    /// How long a fetch may wait at the leader for something new.
    public var fetchMaxWait = Interval.milliseconds(500)
    /// `controller.quorum.fetch.max.bytes`: how many bytes of records one answer carries.
    public var fetchMaxBytes: Int32 = 1_048_576
    /// `controller.quorum.fetch.snapshot.max.bytes`: how many bytes of a snapshot one answer
    /// carries.
    public var fetchSnapshotMaxBytes: Int32 = 1_048_576
    /// `controller.quorum.auto.join.enable` (KIP-1186).
    public var autoJoin = false
    /// The kraft.version range that this software supports.
    public var versions: ClosedRange<Int16> = 0...1
    public var generation = Generation.current

    public init() {}
}
