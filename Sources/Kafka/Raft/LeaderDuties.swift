import Kernel

/// What a leader has to do besides replicating.
struct LeaderDuties: Sendable {
    var accumulator: RaftAccumulator
    /// A voter that is being added (AddVoterHandler).
    var addition: VoterAddition?
    /// A voter that is being removed (RemoveVoterHandler).
    var removal: VoterRemoval?
    var upgrade: VersionUpgrade
    /// The state machine wants it to give up, or it has removed itself.
    var isResigning = false
    /// Up to which change of `RaftControlState` the voters' progress has been sorted by voter.
    var votersSeen = -1
}

/// A voter change that has not been committed (AddVoterHandlerState).
struct VoterAddition: Sendable {
    let voter: ReplicaKey
    let endpoint: Endpoint
    let ackWhenCommitted: Bool
    let token: ReplyToken
    let deadline: Instant
    /// Where the new set was written; nil: the new voter has not said which versions it supports.
    var offset: Int64?
    var isAnswered = false

    /// Whom it was asked of, as long as the answer is outstanding.
    var request: RaftDestination.Kind? { offset == nil ? .node(voter.id) : nil }
}

struct VoterRemoval: Sendable {
    let token: ReplyToken
    let deadline: Instant
    let offset: Int64
}

/// How kraft.version gets from 0 to 1 (KRaftVersionUpgrade).
enum VersionUpgrade: Sendable {
    /// It was 1 when the epoch began.
    case done
    /// It is 0. What the voters have told of themselves, kept in memory until the upgrade writes
    /// it to the log.
    case gathering(VoterSet)
    /// The upgrade has been asked for in this epoch.
    case requested(Int16)
}
