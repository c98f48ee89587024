import Kernel

/// How far a follower has come with copying one partition (PartitionFetchState).
struct FetchState: Hashable, Sendable {
    enum Phase: Hashable, Sendable {
        /// First the log must be cut back to where it agrees with the leader's.
        case truncating
        case fetching
    }

    /// After an error a partition is left alone for a while.
    struct BackOff: Hashable, Sendable {
        let length: Interval
        var until: Instant
    }

    var phase: Phase
    var fetchOffset: Int64
    /// Of the metadata that named this leader.
    let leaderEpoch: Int32
    /// Of the last batch of the log; nil if it has none.
    var lastFetchedEpoch: Int32?
    /// How far behind the leader's high watermark; nil before the first answer.
    var lag: Int64?
    /// Kept when it is over, until something is fetched.
    var backOff: BackOff?
    /// Where it stands among the thread's partitions: whoever was dealt with goes to the end.
    var place: Int64 = 0

    func isBackingOff(at now: Instant) -> Bool {
        guard let backOff else { return false }
        return backOff.until > now
    }

    func isReady(at now: Instant) -> Bool { phase == .fetching && !isBackingOff(at: now) }
}
