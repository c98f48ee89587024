/// A promise that runs are judged by. The raw value is the one name that scenario files, reports
/// and searches use for it.
public enum Guarantee: String, CaseIterable, Comparable, Sendable {
    case raftOneLeaderPerEpoch = "raft-one-leader-per-epoch"
    case raftOneVotePerEpoch = "raft-one-vote-per-epoch"
    case raftLogMatching = "raft-log-matching"
    case raftLeaderHasCommitted = "raft-leader-has-committed"
    case raftHighWatermark = "raft-high-watermark"
    case raftCommittedNeverChanges = "raft-committed-never-changes"

    /// How often it is judged: after each event, or once the faults have healed and time has passed.
    public enum Moment: Sendable {
        case always
        case eventually
    }

    public var moment: Moment { .always }

    /// The promise, as one sentence for a person.
    public var promise: String {
        switch self {
        case .raftOneLeaderPerEpoch: "at most one controller ever leads an epoch"
        case .raftOneVotePerEpoch: "a controller votes for at most one candidate in an epoch"
        case .raftLogMatching: "two logs that agree on an offset and its epoch agree before it"
        case .raftLeaderHasCommitted: "whoever leads has every committed record"
        case .raftHighWatermark:
            "the high watermark only grows, and a majority has what is below it on disk"
        case .raftCommittedNeverChanges: "a committed record never changes and never goes away"
        }
    }

    public static func < (left: Guarantee, right: Guarantee) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self)! }
}
