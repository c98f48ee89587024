import Kernel

/// Answers to this node's own requests, and what every answer may say besides: that there is
/// another epoch or leader.
extension RaftNode {
    /// Returns whether the answer was of use; if not, that destination is left alone for a while.
    mutating func accept(
        _ response: RaftResponse, from source: RaftDestination.Kind, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> Bool {
        switch response.body {
        case .apiVersions(let versions):
            return try acceptAPIVersions(response.error, versions, from: source, &turn)
        case .addVoter, .removeVoter:
            return acceptJoin(response, at: turn.now)
        default: break
        }
        if response.isTopLevelError { return try acceptTopLevel(response.error) }
        if let isUseful = try settle(response, &turn) { return isUseful }
        switch response.body {
        case .fetch(let fetch): return try accept(fetch, response.error, &turn)
        case .vote(let granted):
            if response.error != .none { return false }
            return try acceptVote(granted, from: source, &turn)
        case .beginQuorumEpoch:
            if response.error != .none { return false }
            return try acceptBeginQuorumEpoch(from: source)
        case .endQuorumEpoch:
            if response.error != .none { return false }
            return try acceptEndQuorumEpoch(from: source)
        case .fetchSnapshot(let chunk): return try accept(chunk, response.error, &turn)
        case .updateVoter: return acceptUpdateVoter(response.error, at: turn.now)
        default: return false
        }
    }

    /// A request ended without an answer. Kafka makes an answer of it that holds the error alone;
    /// that of UPDATE_RAFT_VOTER then has epoch -1 and is shrugged off as an old one.
    mutating func accept(
        _ failure: RaftInput.RequestFailure, of api: RaftAPI, from source: RaftDestination.Kind,
        _ turn: inout RaftTurn
    ) throws(RaftDeath) -> Bool {
        switch api {
        case .updateVoter: return true
        case .apiVersions:
            guard duties?.addition?.request == source else { return true }
            failAddition(&turn)
            return false
        case .vote where failure == .unsupportedVersion && quorum.role == .prospective:
            // Somebody knows no pre-vote (KIP-996): then the vote itself has to do.
            try becomeCandidate(&turn)
            return true
        default: return false
        }
    }

    private func acceptTopLevel(_ error: KafkaError) throws(RaftDeath) -> Bool {
        if error == .clusterAuthorizationFailed {
            throw RaftDeath(.clusterAuthorization, .clusterAuthorization)
        }
        return false
    }

    /// What all answers have in common (`maybeHandleCommonResponse`): nil if the answer is still
    /// to be dealt with, else whether it was of use.
    private mutating func settle(
        _ response: RaftResponse, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> Bool? {
        let error = response.error
        if error == .none && response.epoch == quorum.epoch && knowsLeader { return nil }
        let endpoint = response.leader.flatMap { id in
            response.endpoint ?? control.voters[id]?.endpoint
        }
        let leader = believable(response.leader, at: endpoint)
        if response.epoch < quorum.epoch || error == .unknownLeaderEpoch { return true }
        if response.epoch > quorum.epoch || error == .fencedLeaderEpoch
            || error == .notLeaderOrFollower
        {
            try follow(leader, epoch: response.epoch, at: endpoint, &turn)
            return true
        }
        if let leader, !knowsLeader {
            try becomeFollower(epoch: response.epoch, leader: leader, at: endpoint, &turn)
            return error == .none ? nil : true
        }
        switch error {
        case .brokerNotAvailable: return false
        case .invalidVoterKey: return true
        case .invalidRequest: throw RaftDeath(.illegalState, .invalidRequest)
        default: return nil
        }
    }

    /// Whether nobody needs to tell this node who leads. Kafka 4.3.1 counts a leader whose address
    /// it does not know: such a node can do nothing with that leader's answer but die of it.
    private var knowsLeader: Bool {
        quorum.leader != nil && !(needsAddress && quorum.role == .unattached)
    }

    /// Whether a leader is of use only together with its address. Kafka 4.3.1 dies of being told of
    /// one that is in neither's voter set, by a node that has no address either
    /// (maybeHandleCommonResponse). Cured, it hears of no leader.
    private var needsAddress: Bool {
        configuration.settings.generation.has(.leaderWithoutAddress)
    }

    /// Who is said to lead. A node whose disk was replaced can be taken for the leader that it was
    /// before; Kafka 4.3.1 dies of being told so. Cured, it hears of no leader.
    private func believable(_ leader: NodeID?, at endpoint: Endpoint?) -> NodeID? {
        if leader == configuration.id, quorum.leader != leader {
            return configuration.settings.generation.has(.replacedDiskDies) ? nil : leader
        }
        return endpoint == nil && needsAddress ? nil : leader
    }

    /// Somebody says that `leader` leads `epoch` (`maybeTransition`). Precondition: that epoch is
    /// not over.
    mutating func follow(
        _ leader: NodeID?, epoch: Int32, at endpoint: Endpoint?, _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        if leader == configuration.id {
            if quorum.role != .leader { throw RaftDeath(.illegalState, .leaderIsSelf) }
        } else if epoch == quorum.epoch, let leader, let known = quorum.leader, leader != known {
            throw RaftDeath(.illegalState, .inconsistentLeader)
        }
        if epoch > quorum.epoch {
            if let leader {
                try becomeFollower(epoch: epoch, leader: leader, at: endpoint, &turn)
            } else {
                try becomeUnattached(epoch: epoch, &turn)
            }
        } else if let leader {
            let listeners = endpoint == nil ? 0 : 1
            if quorum.leader == nil || listeners > quorum.leaderListeners {
                try becomeFollower(epoch: epoch, leader: leader, at: endpoint, &turn)
            }
        }
    }
}
