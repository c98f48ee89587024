import Kernel

extension Instant {
    /// Before everything: "never yet".
    static let longAgo = Instant(nanoseconds: .min)
}

/// What a leader knows of one follower, all of it from that follower's fetches (Replica).
public struct FollowerProgress: Hashable, Sendable {
    public let broker: NodeID
    /// Which of the records of this broker that the leader has kept one after the other: one that
    /// was dropped is not the one that took its place.
    let tenure: UInt32
    /// -1 before the first fetch.
    public internal(set) var logStartOffset: Int64 = -1
    /// Where it fetched from: it has everything below. -1 before the first fetch.
    public internal(set) var end = LogOffsetMetadata(-1)
    /// Where the leader's log ended at the last fetch, or a later one.
    public internal(set) var leaderEndAtLastFetch: Int64 = 0
    public internal(set) var lastFetch = Instant.longAgo
    /// The latest instant of which is known that the follower had then all that the leader had.
    public internal(set) var lastCaughtUp = Instant.longAgo
    /// The registration that the last fetch came under; -1: it did not say. Nil before the first.
    public internal(set) var brokerEpoch: Int64?

    init(_ broker: NodeID, tenure: UInt32) {
        self.broker = broker
        self.tenure = tenure
    }

    public var endOffset: Int64 { end.messageOffset }

    /// A silent follower at the end of the log is caught up for as long as it stays there.
    public func isCaughtUp(leaderEnd: Int64, maxLag: Interval, at now: Instant) -> Bool {
        leaderEnd == endOffset || now - lastCaughtUp <= maxLag
    }

    /// A fetch arrived. One that begins where the leader's log ended at the fetch before tells that
    /// the follower was caught up then: under a steady stream none would ever reach the end
    /// (KIP-16).
    mutating func fetched(
        from offset: LogOffsetMetadata, logStart: Int64, leaderEnd: Int64, brokerEpoch: Int64,
        at now: Instant
    ) {
        if offset.messageOffset >= leaderEnd {
            lastCaughtUp = max(lastCaughtUp, now)
        } else if offset.messageOffset >= leaderEndAtLastFetch {
            lastCaughtUp = max(lastCaughtUp, lastFetch)
        }
        logStartOffset = logStart
        end = offset
        leaderEndAtLastFetch = max(leaderEnd, leaderEndAtLastFetch)
        lastFetch = now
        self.brokerEpoch = brokerEpoch
    }

    /// A new leader epoch begins, with another leader before it or the same. Only ISR members get
    /// the benefit of the doubt: the high watermark does not wait for the others.
    mutating func beginEpoch(
        at now: Instant, leaderEnd: Int64, isNewLeader: Bool, isInSync: Bool
    ) {
        lastCaughtUp = isInSync ? now : .longAgo
        guard !isNewLeader else {
            logStartOffset = -1
            end = LogOffsetMetadata(-1)
            leaderEndAtLastFetch = -1
            lastFetch = .longAgo
            brokerEpoch = nil
            return
        }
        leaderEndAtLastFetch = leaderEnd
        lastFetch = isInSync ? now : .longAgo
    }
}
