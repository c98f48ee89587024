import Kernel

/// Giving up a leadership, and ending a process.
extension RaftNode {
    /// Gives up the leadership and says whom it would like to see in its place.
    mutating func resign(_ turn: inout RaftTurn) throws(RaftDeath) {
        let successors = quorum.leading?.preferredSuccessors ?? []
        failParkedFetches(&turn)
        try quorum.becomeResigned(
            successors: successors, voters: control.voters, at: turn.now, &turn.choices)
        turn.hasChanged = true
        leaveLeadership(&turn)
        connections.resetAll()
    }

    /// Resigned: tell the voters until they have heard, and after a while move on to the next
    /// epoch, so that nobody takes this node for the leader any more.
    mutating func pollResigned(_ turn: inout RaftTurn) throws(RaftDeath) -> Instant {
        guard let resigning = quorum.resigning else { return .never }
        var next = Instant.never
        for id in resigning.unacknowledged {
            guard let endpoint = control.voters[id]?.endpoint else { continue }
            let request = RaftRequest.EndQuorumEpoch(
                epoch: quorum.epoch, leader: configuration.id, endpoint: nil,
                preferredSuccessors: resigning.preferredSuccessors)
            let destination = RaftDestination(kind: .node(id), endpoint: endpoint)
            next = min(next, send(.endQuorumEpoch(request), to: destination, &turn))
        }
        if let shutdownEnd { return min(shutdownEnd, next) }
        if quorum.deadline <= turn.now {
            try becomeUnattached(epoch: quorum.epoch + 1, &turn)
            return turn.now
        }
        return min(quorum.deadline, next)
    }

    mutating func acceptEndQuorumEpoch(
        from source: RaftDestination.Kind
    ) throws(RaftDeath) -> Bool {
        guard quorum.role == .resigned else { throw RaftDeath(.illegalState, .notResigned) }
        if case .node(let voter) = source { try quorum.resigning?.acknowledge(voter) }
        return true
    }

    /// END_QUORUM_EPOCH (`handleEndQuorumEpochRequest`): the leader gives up. Its best follower
    /// stands for election at once, the others hold back, each twice as long as the one before.
    mutating func respond(
        to end: RaftRequest.EndQuorumEpoch, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse {
        if let error = claimError(from: end.leader, epoch: end.epoch) {
            return answer(error, .endQuorumEpoch)
        }
        let endpoint = end.endpoint ?? control.voters[end.leader]?.endpoint
        if endpoint == nil && canDoWithoutAddress(of: end) {
            if end.epoch > quorum.epoch { try becomeUnattached(epoch: end.epoch, &turn) }
            return answer(.none, .endQuorumEpoch)
        }
        try follow(end.leader, epoch: end.epoch, at: endpoint, &turn)
        if quorum.role == .follower && quorum.leader == end.leader {
            quorum.deadline = turn.now + backoff(as: end.preferredSuccessors)
        }
        return answer(.none, .endQuorumEpoch)
    }

    /// The request says nothing of where the leader listens. A voter with an empty disk, or one
    /// whose log does not name that leader among the voters (it has been removed since, or added),
    /// cannot look it up, and in Kafka 4.3.1 dies of that. Cured, it takes the leader for gone.
    private func canDoWithoutAddress(of end: RaftRequest.EndQuorumEpoch) -> Bool {
        let isKnown = quorum.leader == end.leader && quorum.epoch == end.epoch
        return configuration.settings.generation.has(.endQuorumEpochKills)
            && !(isKnown && quorum.leaderEndpoint != nil) && end.leader != configuration.id
    }

    /// How long this node holds back after END_QUORUM_EPOCH
    /// (`strictExponentialElectionBackoffMs`).
    private func backoff(as successors: [ReplicaKey]) -> Interval {
        let place = successors.firstIndex { $0.stands(for: local) } ?? successors.count
        return electionBackoff(
            place: place, of: successors.count, max: configuration.settings.electionBackoffMax)
    }
}

/// How long the voter at `place` of `count` preferred successors waits: the first not at all, each
/// other twice as long as the one before it, whoever is not named longest. With nobody named there
/// is nothing to hold back for.
func electionBackoff(place: Int, of count: Int, max: Interval) -> Interval {
    if place == 0 { return .zero }
    if place >= count { return max }
    let most = max.wholeMilliseconds
    let base = most >> Int64(count - 1)
    return .milliseconds(min(most, base << Int64(place - 1)))
}

// MARK: - Graceful shutdown

extension RaftNode {
    /// Whether the process has ended. It waits until somebody else leads, so that a leader's work
    /// is taken over, but not for ever.
    mutating func maybeCompleteShutdown(_ turn: inout RaftTurn) -> Bool {
        guard let shutdownEnd, life == .running else { return life != .running }
        let isInTime = turn.now < shutdownEnd
        if isInTime && !mayStop { return false }
        life = .stopped
        nextDeadline = .never
        turn.effects.append(.stopped(inTime: isInTime))
        return true
    }

    private var mayStop: Bool {
        if !isVoter { return !mustHandOver }
        return control.voters.isOnlyVoter(local) || quorum.hasRemoteLeader
    }

    /// A leader that has removed itself from the voters is an observer, and in Kafka 4.3.1 stops
    /// like one: without a word, perhaps before its removal is committed. Cured, it resigns first.
    private var mustHandOver: Bool {
        guard quorum.role == .leader || quorum.role == .resigned else { return false }
        return configuration.settings.generation.has(.removedLeaderStops)
    }
}
