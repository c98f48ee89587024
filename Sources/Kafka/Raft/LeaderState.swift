import Kernel

/// What a leader keeps about the others: how far each has fetched, who still follows, what is
/// committed (LeaderState).
///
/// Invariant: voters and observers ascend by key; the high watermark never falls.
public struct LeaderState: Equatable, Sendable {
    /// What is known of one replica, voter or observer.
    public struct Replica: Equatable, Sendable {
        public internal(set) var key: ReplicaKey
        /// Where its log ends: for a follower, the offset of its last fetch.
        public internal(set) var end: Int64?
        public internal(set) var lastFetch: Instant?
        /// When its log was last known to reach the end of the leader's.
        public internal(set) var lastCaughtUp: Instant?
        /// The leader's end at the last fetch: whoever has fetched up to there by the next one had
        /// caught up at the time of that last fetch.
        var leaderEndAtLastFetch: Int64?
        var hasAcknowledged: Bool

        init(_ key: ReplicaKey, hasAcknowledged: Bool = false) {
            self.key = key
            self.hasAcknowledged = hasAcknowledged
        }
    }

    public let local: ReplicaKey
    public let epoch: Int32
    /// The high watermark is known only when it lies past this: what earlier leaders wrote counts
    /// as committed only together with a record of this epoch.
    public let epochStart: Int64
    public internal(set) var highWatermark: Int64?
    public internal(set) var voters: [Replica]
    public internal(set) var observers: [Replica] = []
    /// Voters that have fetched since the last time that a majority had: they count for the
    /// running check-quorum interval. By id; may name a voter that has been removed meanwhile.
    public internal(set) var fetchers: [NodeID] = []
    /// When the leader gives up unless a majority has fetched.
    var checkQuorumEnd: Instant
    /// When BEGIN_QUORUM_EPOCH is due again.
    public internal(set) var nextBeginQuorumEpoch: Instant
    /// The leader's own place among the voters.
    var localIndex: Int?
    let checkQuorumTimeout: Interval
    let beginQuorumEpochTimeout: Interval

    /// A leader begins: nobody has fetched from it yet. Kafka reckons both timeouts in whole
    /// milliseconds: one and a half and half of the fetch timeout.
    public init(
        local: ReplicaKey, epoch: Int32, epochStart: Int64, voters: VoterSet,
        fetchTimeout: Interval, at now: Instant
    ) {
        self.local = local
        self.epoch = epoch
        self.epochStart = epochStart
        self.voters = voters.voters.map {
            Replica($0.key, hasAcknowledged: $0.key.stands(for: local))
        }
        localIndex = self.voters.firstIndex { $0.key.stands(for: local) }
        checkQuorumTimeout = .milliseconds(fetchTimeout.wholeMilliseconds * 3 / 2)
        beginQuorumEpochTimeout = .milliseconds(fetchTimeout.wholeMilliseconds / 2)
        checkQuorumEnd = now + checkQuorumTimeout
        nextBeginQuorumEpoch = now
    }
}

// MARK: Replication

extension LeaderState {
    /// The leader's log ends at `end` now, and `voters`, if given, are in force from now on.
    /// Returns whether the high watermark moved. Precondition: `end` does not go back.
    public mutating func updateLocalEnd(_ end: Int64, voters: VoterSet? = nil) -> Bool {
        if let localIndex {
            precondition(self.voters[localIndex].end ?? 0 <= end, "a leader's log never shrinks")
            self.voters[localIndex].end = end
        } else {
            observers[indexOfObserver(local)].end = end
        }
        if let voters { replaceVoters(by: voters) }
        return maybeAdvanceHighWatermark(reaching: nil)
    }

    /// A replica fetched at `offset`, and so has everything before it. Returns whether the high
    /// watermark moved; nil (and does nothing) if the fetch names the leader itself, which Kafka
    /// answers with IllegalStateException.
    public mutating func recordFetch(
        from key: ReplicaKey, at offset: Int64, _ now: Instant
    ) -> Bool? {
        if key.id == local.id { return nil }
        let leaderEnd = localEnd()
        guard let index = indexOfVoter(key) else {
            observers[indexOfObserver(key)].recordFetch(at: offset, now, leaderEnd: leaderEnd)
            recordFetcher(nil, now)
            return false
        }
        voters[index].recordFetch(at: offset, now, leaderEnd: leaderEnd)
        recordFetcher(key.id, now)
        return maybeAdvanceHighWatermark(reaching: offset)
    }

    /// A replica was served a part of a snapshot, or else showed that it follows, which counts for
    /// check-quorum only. False if it names the leader itself (IllegalArgumentException).
    public mutating func recordSignOfLife(from key: ReplicaKey, _ now: Instant) -> Bool {
        if key.id == local.id { return false }
        recordFetcher(indexOfVoter(key) == nil ? nil : key.id, now)
        return true
    }

    /// `offset`: what has just been reached and was not before; nil if more than that changed.
    private mutating func maybeAdvanceHighWatermark(reaching offset: Int64?) -> Bool {
        let bound = max(highWatermark ?? epochStart, epochStart)
        if let offset, offset <= bound { return false }
        guard let reached = offsetReachedByMajority(voters.lazy.map(\.end)), reached > bound else {
            return false
        }
        highWatermark = reached
        return true
    }

    /// Kafka looks the leader up like any replica, which makes one that is no voter an observer.
    private mutating func localEnd() -> Int64? {
        if let localIndex { return voters[localIndex].end }
        return observers[indexOfObserver(local)].end
    }
}

/// The largest offset that more than half of the logs have reached, and at least that one; nil if
/// fewer are known to have reached anything. Precondition: there is one.
func offsetReachedByMajority(_ ends: some RandomAccessCollection<Int64?>) -> Int64? {
    let needed = majority(of: ends.count)
    var best: Int64?
    for case let candidate? in ends where candidate > best ?? .min {
        var reached = 0
        for case let end? in ends where end >= candidate { reached += 1 }
        if reached >= needed { best = candidate }
    }
    return best
}

// MARK: Check-quorum and announcements

extension LeaderState {
    /// When the leader has to give up unless a majority fetches before (KAFKA-15489). The only
    /// voter never has to.
    public var checkQuorumDeadline: Instant { voters.count == 1 ? .never : checkQuorumEnd }

    /// BEGIN_QUORUM_EPOCH has been sent: it is due again when its timeout has passed.
    public mutating func resetBeginQuorumEpochTimer(_ now: Instant) {
        nextBeginQuorumEpoch = now + beginQuorumEpochTimeout
    }

    /// Whether this voter must be told that there is a leader: it has not fetched for as long as
    /// the timeout, or never.
    public func needsBeginQuorumEpoch(_ voter: Replica, _ now: Instant) -> Bool {
        if voter.key.stands(for: local) { return false }
        guard let lastFetch = voter.lastFetch else { return true }
        return now - lastFetch >= beginQuorumEpochTimeout
    }

    /// A voter answered BEGIN_QUORUM_EPOCH. False if there is none with that id.
    public mutating func acknowledge(_ id: NodeID) -> Bool {
        guard let index = voters.firstIndex(where: { $0.key.id == id }) else { return false }
        voters[index].hasAcknowledged = true
        return true
    }

    /// Voters that have neither answered nor fetched in this epoch.
    public var silentVoters: [ReplicaKey] {
        voters.filter { !$0.hasAcknowledged }.map(\.key)
    }

    /// Somebody fetched, and a voter if `id` is given.
    private mutating func recordFetcher(_ id: NodeID?, _ now: Instant) {
        var index = 0
        var count = fetchers.count
        if let id {
            while index < fetchers.count, fetchers[index] < id { index += 1 }
            if index == fetchers.count || fetchers[index] != id { count += 1 }
        }
        if isQuorum(fetchers: count, of: voters.count, withLeader: hasLocalVoter) {
            while !fetchers.isEmpty { fetchers.removeLast() }
            checkQuorumEnd = now + checkQuorumTimeout
        } else if let id, count > fetchers.count {
            fetchers.insert(id, at: index)
        }
    }

    /// Here the node id alone counts.
    private var hasLocalVoter: Bool {
        localIndex != nil || voters.contains { $0.key.id == local.id }
    }
}

/// Whether that many voters who fetch, and the leader if it is a voter, are more than half.
func isQuorum(fetchers: Int, of voters: Int, withLeader: Bool) -> Bool {
    fetchers >= majority(of: voters) - (withLeader ? 1 : 0)
}
