import Kernel

/// Where the high watermark of a leader may go: the smallest end of those that it has to wait for,
/// its own included. Kafka takes the position of the follower's last fetch with it.
func lowestEnd(
    leader: LogOffsetMetadata, _ followers: [FollowerProgress],
    waitsFor isAwaited: (FollowerProgress) -> Bool
) -> LogOffsetMetadata {
    var lowest = leader
    for follower in followers
    where follower.endOffset < lowest.messageOffset && isAwaited(follower) {
        lowest = follower.end
    }
    return lowest
}

/// How many in-sync replicas a write with `acks=all` needs: what is configured, but not more than
/// there are replicas.
func effectiveMinISR(configured: Int, replicas: Int) -> Int { min(configured, replicas) }

extension Partition {
    /// Fewer are in sync than `min.insync.replicas` asks for. False of a follower.
    public var isUnderMinISR: Bool {
        @inline(__always)
        get {
            guard let leadership else { return false }
            return leadership.isr.committed.count < effectiveMinISR(of: leadership)
        }
    }

    @inline(__always)
    func effectiveMinISR(of leadership: Leadership) -> Int {
        Kafka.effectiveMinISR(
            configured: minInSyncReplicas, replicas: leadership.followers.count + 1)
    }

    /// Moves the high watermark up as far as it may go. To be asked whenever the log's end, a
    /// follower's end or the ISR has changed. True if it moved.
    ///
    /// It waits for everybody who may be in the ISR, and for those who are about to join: a
    /// follower that comes close would else never catch up with a high watermark that only the
    /// leader's end holds back. And it does not move while the ISR is too small: whoever was in the
    /// ISR when it did has everything that is committed (KIP-966).
    mutating func maybeAdvanceHighWatermark(_ broker: BrokerContext, at now: Instant) -> Bool {
        if isUnderMinISR, broker.generation.has(.strictMinISR) { return false }
        guard let leadership else { return false }
        let believesWish = broker.believesISRWish
        let waitsForEligibleOnly = broker.waitsForEligibleOnly
        let lowest = lowestEnd(leader: log.end, leadership.followers) { follower in
            leadership.isr.maximalContains(follower.broker, believesWish: believesWish)
                || (follower.isCaughtUp(
                    leaderEnd: log.endOffset, maxLag: broker.maxLag, at: now)
                    && (!waitsForEligibleOnly || broker.mayJoinISR(follower)))
        }
        // Asked even if it is lower: the log then looks up where its high watermark lies, which may
        // move it (`Fix.lsoBelowLogStart`).
        guard case .success(.some) = log.maybeIncrementHighWatermark(lowest) else { return false }
        return true
    }

    /// The smallest log start of the leader and its live followers; the records below it are gone
    /// everywhere. -1 while a live follower has not fetched.
    @inline(__always)
    func lowWatermark(_ broker: BrokerContext) -> Int64 {
        var lowest = log.logStartOffset
        for follower in leadership?.followers ?? []
        where follower.logStartOffset < lowest && broker.isAlive(follower.broker) {
            lowest = follower.logStartOffset
        }
        return lowest
    }
}
