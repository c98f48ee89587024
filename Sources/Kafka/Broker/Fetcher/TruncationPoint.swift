/// Where a follower cuts its log, and whether it then agrees with the leader's.
struct TruncationPoint: Hashable, Sendable {
    var offset: Int64
    /// Otherwise the leader must be asked again about the epoch that is last then.
    var isFinal: Bool
}

/// Where to truncate, given what the leader says about an epoch of ours (KIP-101, KIP-279,
/// AbstractFetcherThread.getOffsetTruncationState).
///
///     leader     1 1 2 2 4 4 6 6          asked for 7: the largest it has is 6, which ends at 8
///     follower   1 1 3 3 5 5 7 7          never had 6: its 5 ends at 6, and it asks about that
///
/// - `leader`: the largest epoch of the leader's that is not above the asked one, and where it
///   ends there. Nil if it knows none: then only what was certain without asking is kept.
/// - `own`: the same question put to our own log about the leader's answer.
func truncationPoint(
    leader: EpochEndOffset?, own: EpochEndOffset?, logEnd: Int64, fetchOffset: Int64
) -> TruncationPoint {
    guard let leader else { return TruncationPoint(offset: fetchOffset, isFinal: true) }
    guard let own else {
        // Nothing here is as old as that: the leader's word alone must do.
        return TruncationPoint(offset: min(leader.endOffset, logEnd), isFinal: true)
    }
    guard own.epoch == leader.epoch else {
        return TruncationPoint(offset: min(own.endOffset, logEnd), isFinal: false)
    }
    return TruncationPoint(
        offset: min(own.endOffset, min(leader.endOffset, logEnd)), isFinal: true)
}
