import Kernel

/// Changing roles, with all that hangs on it in the process, and votes.
extension RaftNode {
    func persistableElection() -> RaftElectionState {
        var election = quorum.election
        // The file of kraft.version 0 has no room for the directory (QuorumStateData version 0).
        if control.version == 0, let voted = election.voted {
            election.voted = ReplicaKey(voted.id)
        }
        return election
    }

    mutating func persistElection(_ turn: inout RaftTurn) {
        let election = persistableElection()
        storage.write(election)
        turn.effects.append(.persist(election))
    }

    mutating func becomeUnattached(
        epoch: Int32, leader: NodeID? = nil, _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        try quorum.becomeUnattached(
            epoch: epoch, leader: leader, voters: control.voters, at: turn.now, &turn.choices)
        persistElection(&turn)
        leaveLeadership(&turn)
        maybeTellLeaderChange(&turn)
        connections.resetAll()
    }

    mutating func becomeFollower(
        epoch: Int32, leader: NodeID, at endpoint: Endpoint?, _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        try quorum.becomeFollower(epoch: epoch, leader: leader, endpoint: endpoint, at: turn.now)
        persistElection(&turn)
        leaveLeadership(&turn)
        maybeTellLeaderChange(&turn)
        connections.resetAll()
        failParkedFetches(&turn)
    }

    mutating func becomeProspective(_ turn: inout RaftTurn) throws(RaftDeath) {
        try quorum.becomeProspective(voters: control.voters, at: turn.now, &turn.choices)
        turn.hasChanged = true
        maybeTellLeaderChange(&turn)
        connections.resetAll()
        try maybeBecomeCandidate(&turn)
    }

    /// A voter alone has its majority already. Without pre-votes (KIP-996) nobody else was asked
    /// either: whoever lost its leader went straight to the next epoch.
    private mutating func maybeBecomeCandidate(_ turn: inout RaftTurn) throws(RaftDeath) {
        let asksFirst = configuration.settings.generation.has(.preVote)
        if quorum.votes?.isWon == true || !asksFirst { try becomeCandidate(&turn) }
    }

    mutating func becomeCandidate(_ turn: inout RaftTurn) throws(RaftDeath) {
        try quorum.becomeCandidate(voters: control.voters, at: turn.now, &turn.choices)
        persistElection(&turn)
        maybeTellLeaderChange(&turn)
        try maybeBecomeLeader(&turn)
    }

    /// Of a candidate. What was asked for in another role is forgotten either way.
    mutating func maybeBecomeLeader(_ turn: inout RaftTurn) throws(RaftDeath) {
        if quorum.votes?.isWon == true { try becomeLeader(&turn) } else { connections.resetAll() }
    }

    /// The count is as it has become.
    private mutating func decideElection(_ turn: inout RaftTurn) throws(RaftDeath) {
        guard let votes = quorum.votes else { return }
        if votes.isWon {
            if quorum.role == .candidate {
                try becomeLeader(&turn)
            } else {
                try becomeCandidate(&turn)
            }
        } else if votes.isLost && quorum.role == .prospective {
            try giveUpPreVote(&turn)
        }
    }

    /// A prospective voter that cannot win goes back to the leader it had, or waits for one.
    private mutating func giveUpPreVote(_ turn: inout RaftTurn) throws(RaftDeath) {
        if let leader = quorum.leader, let endpoint = quorum.leaderEndpoint {
            try becomeFollower(epoch: quorum.epoch, leader: leader, at: endpoint, &turn)
        } else {
            try becomeUnattached(epoch: quorum.epoch, leader: quorum.leader, &turn)
        }
    }
}

// MARK: - Votes

extension RaftNode {
    /// VOTE (`handleVoteRequest`). The epoch of any candidate counts, even of one whose request
    /// was meant for somebody else or does not get the vote.
    mutating func respond(
        to vote: RaftRequest.Vote, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse {
        let end = vote.logEnd
        let isLogFromFuture = vote.isPreVote ? end.epoch > vote.epoch : end.epoch >= vote.epoch
        if end.offset < 0 || end.epoch < 0 || isLogFromFuture {
            return answer(.invalidRequest, .vote(granted: false))
        }
        if let error = claimError(from: vote.candidate.id, epoch: vote.epoch) {
            return answer(error, .vote(granted: false))
        }
        if vote.epoch > quorum.epoch { try becomeUnattached(epoch: vote.epoch, &turn) }
        if !isMeant(by: vote.voter) { return answer(.invalidVoterKey, .vote(granted: false)) }
        let isGranted = quorum.canGrantVote(
            to: vote.candidate, isLogUpToDate: end >= storage.log.endOffsetAndEpoch,
            isPreVote: vote.isPreVote)
        if isGranted && !vote.isPreVote && quorum.voted == nil {
            try recordVote(for: vote.candidate, &turn)
        }
        return answer(.none, .vote(granted: isGranted))
    }

    private mutating func recordVote(
        for candidate: ReplicaKey, _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        if quorum.role == .prospective {
            try quorum.becomeProspectiveVoted(
                epoch: quorum.epoch, for: candidate, voters: control.voters, at: turn.now,
                &turn.choices)
        } else {
            try quorum.becomeUnattachedVoted(
                epoch: quorum.epoch, for: candidate, at: turn.now, &turn.choices)
        }
        persistElection(&turn)
    }

    mutating func acceptVote(
        _ granted: Bool, from source: RaftDestination.Kind, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> Bool {
        guard quorum.isNominee, case .node(let voter) = source else { return true }
        _ = try quorum.count(granted, from: voter)
        try decideElection(&turn)
        return true
    }

    /// Prospective and Candidate: ask all who have not answered, as long as the election can be
    /// won. A shutdown does not end an election: somebody may have to lead.
    mutating func pollNominee(_ turn: inout RaftTurn) throws(RaftDeath) -> Instant {
        if let shutdownEnd { return min(shutdownEnd, try sendVoteRequests(&turn)) }
        if quorum.deadline <= turn.now {
            if quorum.role == .candidate {
                try becomeProspective(&turn)
            } else {
                try giveUpPreVote(&turn)
            }
            return turn.now
        }
        return min(quorum.deadline, try sendVoteRequests(&turn))
    }

    private mutating func sendVoteRequests(_ turn: inout RaftTurn) throws(RaftDeath) -> Instant {
        guard let votes = quorum.votes, !votes.isLost else { return .never }
        var next = Instant.never
        for voter in votes.silent {
            guard let endpoint = control.voters[voter.id]?.endpoint else {
                throw RaftDeath(.illegalState, .voterWithoutAddress)
            }
            let request = RaftRequest.Vote(
                isPreVote: quorum.role == .prospective, epoch: quorum.epoch, candidate: local,
                logEnd: storage.log.endOffsetAndEpoch, voter: voter)
            let destination = RaftDestination(kind: .node(voter.id), endpoint: endpoint)
            next = min(next, send(.vote(request), to: destination, &turn))
        }
        return next
    }

    mutating func pollUnattached(_ turn: inout RaftTurn) throws(RaftDeath) -> Instant {
        if isVoter {
            if let shutdownEnd { return shutdownEnd }
            if quorum.deadline <= turn.now {
                try becomeProspective(&turn)
                return turn.now
            }
        }
        return min(quorum.deadline, fetchFromAnyBootstrapServer(&turn))
    }

    /// Sends unless a request to that destination is under way or has just failed; returns when
    /// to look again.
    mutating func send(
        _ request: consuming RaftRequest, to destination: RaftDestination, _ turn: inout RaftTurn
    ) -> Instant {
        if let wait = connections.wait(for: destination.kind, at: turn.now) { return wait }
        let api = request.api
        let (correlation, timeout) = connections.didSend(
            api, to: destination.kind, at: turn.now)
        turn.effects.append(
            .send(.init(request: request, destination: destination, correlation: correlation)))
        return timeout
    }
}
