import Kernel

/// Who is a voter, who an observer, and how they stand.
extension LeaderState {
    /// How long an observer that has fallen silent is remembered.
    static let observerSession = Interval.seconds(300)
    /// How recent a fetch must be for its replica to count as caught up (KIP-853).
    static let caughtUpWithin = Interval.seconds(3_600)

    func indexOfVoter(_ key: ReplicaKey) -> Int? {
        var index = 0
        while index < voters.count {
            if voters[index].key.id == key.id {
                return voters[index].key.stands(for: key) ? index : nil
            }
            index += 1
        }
        return nil
    }

    /// The place of an observer, which is made one if it is none yet.
    mutating func indexOfObserver(_ key: ReplicaKey) -> Int {
        let index = firstIndex(in: observers) { $0.key >= key }
        if index == observers.count || observers[index].key != key {
            observers.insert(Replica(key), at: index)
        }
        return index
    }

    private func observer(_ key: ReplicaKey) -> Replica? {
        let index = firstIndex(in: observers) { $0.key >= key }
        return index < observers.count && observers[index].key == key ? observers[index] : nil
    }

    /// Replicas keep what is known of them when they become voters or stop being voters. Of a voter
    /// whose disk was replaced nothing is kept.
    mutating func replaceVoters(by set: VoterSet) {
        var former = voters
        var next: [Replica] = []
        next.reserveCapacity(set.count)
        for voter in set.voters {
            let key = voter.key
            var replica = indexOfVoter(key).map { voters[$0] } ?? observer(key) ?? Replica(key)
            former.removeAll { $0.key.id == key.id }
            observers.removeAll { $0.key == key }
            replica.key = key
            next.append(replica)
        }
        voters = next
        for replica in former where observer(replica.key) == nil {
            observers[indexOfObserver(replica.key)] = replica
        }
        localIndex = indexOfVoter(local)
    }

    /// Whom the leader recommends when it resigns: voters by how far they have fetched.
    public var preferredSuccessors: [ReplicaKey] {
        voters.filter { !$0.key.stands(for: local) }
            .sorted { ($1.end ?? -1, $0.key) < ($0.end ?? -1, $1.key) }
            .map(\.key)
    }

    /// Whether an observer has caught up, and fetched within the last hour: then it may become a
    /// voter.
    public func isCaughtUp(_ key: ReplicaKey, _ now: Instant) -> Bool {
        guard let replica = observer(key), replica.lastCaughtUp != nil,
            let lastFetch = replica.lastFetch
        else { return false }
        return now - lastFetch < LeaderState.caughtUpWithin
    }

    /// Forgets observers that have been silent for too long.
    public mutating func forgetInactiveObservers(_ now: Instant) {
        observers.removeAll { replica in
            guard replica.key != local else { return false }
            guard let lastFetch = replica.lastFetch else { return true }
            return now - lastFetch >= LeaderState.observerSession
        }
    }
}

extension LeaderState.Replica {
    mutating func recordFetch(at offset: Int64, _ now: Instant, leaderEnd: Int64?) {
        if let leaderEnd {
            if offset >= leaderEnd {
                lastCaughtUp = now
            } else if let before = leaderEndAtLastFetch, before > 0, offset >= before {
                lastCaughtUp = max(lastCaughtUp ?? .zero, lastFetch ?? .zero)
            }
            leaderEndAtLastFetch = leaderEnd
        }
        lastFetch = now
        end = offset
        hasAcknowledged = true
    }
}
