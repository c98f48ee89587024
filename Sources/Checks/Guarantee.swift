/// A promise that runs are judged by. The raw value is the one name that scenario files, reports
/// and searches use for it.
public enum Guarantee: String, CaseIterable, Comparable, Sendable {
    case raftOneLeaderPerEpoch = "raft-one-leader-per-epoch"
    case raftOneVotePerEpoch = "raft-one-vote-per-epoch"
    case raftLogMatching = "raft-log-matching"
    case raftLeaderHasCommitted = "raft-leader-has-committed"
    case raftHighWatermark = "raft-high-watermark"
    case raftCommittedNeverChanges = "raft-committed-never-changes"
    case raftNoNeedlessElection = "raft-no-needless-election"
    case raftStaleLeaderResigns = "raft-stale-leader-resigns"
    case noProcessDies = "no-process-dies"
    case raftQuorumRecovers = "raft-quorum-recovers"
    case acknowledgedRecordLost = "acknowledged-record-lost"
    case consistentRead = "consistent-read"
    case committedPrefix = "committed-prefix"
    case leaderCompleteness = "leader-completeness"
    case logMatching = "log-matching"
    case replicationQuorumSuperset = "replication-quorum-superset"
    case highWatermark = "high-watermark"
    case oneLeaderPerEpoch = "one-leader-per-epoch"
    case epochsOnlyGrow = "epochs-only-grow"
    case isrWithinReplicas = "isr-within-replicas"
    case epochLineage = "epoch-lineage"
    case producerState = "producer-state"
    case controllerState = "controller-state"
    case lostWrite = "lost-write"
    case unseen
    case duplicate
    case inconsistentOffsets = "inconsistent-offsets"
    case pollSkip = "poll-skip"
    case intPollSkip = "int-poll-skip"
    case nonmonotonicPoll = "nonmonotonic-poll"
    case intNonmonotonicPoll = "int-nonmonotonic-poll"
    case nonmonotonicSend = "nonmonotonic-send"
    case clusterRecovers = "cluster-recovers"

    /// How often it is judged: after each event, or once the faults have healed and time has
    /// passed.
    public enum Moment: Sendable {
        case always
        case eventually
    }

    public var moment: Moment {
        switch self {
        case .raftQuorumRecovers, .clusterRecovers, .controllerState, .lostWrite, .unseen:
            .eventually
        default: .always
        }
    }

    /// The promise, as one sentence for a person.
    public var promise: String {
        switch self {
        case .raftOneLeaderPerEpoch: "at most one controller ever leads an epoch"
        case .raftOneVotePerEpoch: "a controller votes for at most one candidate in an epoch"
        case .raftLogMatching: "two logs that agree on an offset and its epoch agree before it"
        case .raftLeaderHasCommitted: "whoever leads has every committed record"
        case .raftHighWatermark:
            """
            the high watermark only grows, a majority has what is below it on disk, and with it a \
            record of the leader's own epoch
            """
        case .raftCommittedNeverChanges: "a committed record never changes"
        case .raftNoNeedlessElection:
            "nobody stands for election against a leader that a majority keeps following"
        case .raftStaleLeaderResigns:
            "a leader that has been replaced without hearing of it stops leading by itself"
        case .noProcessDies: "no process dies of an exception of its own"
        case .raftQuorumRecovers:
            "once the faults have healed, one controller leads and every log is committed and equal"
        default: promiseOfCluster
        }
    }

    public static func < (left: Guarantee, right: Guarantee) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self)! }
}
