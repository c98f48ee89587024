import Kernel

/// Requests of others: who answers, and the checks that all answers share.
extension RaftNode {
    /// The response; nil if it comes later.
    mutating func respond(
        to request: RaftRequest, _ token: ReplyToken, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse? {
        switch request {
        case .fetch(let fetch): try respond(to: fetch, token, &turn)
        case .vote(let vote): try respond(to: vote, &turn)
        case .beginQuorumEpoch(let begin): try respond(to: begin, &turn)
        case .endQuorumEpoch(let end): try respond(to: end, &turn)
        case .fetchSnapshot(let fetch): try respond(to: fetch, &turn)
        case .describeQuorum: describeQuorum(&turn)
        case .addVoter(let add): try addVoter(add, token, &turn)
        case .removeVoter(let key): try removeVoter(key, token, &turn)
        case .updateVoter(let update): try updateVoter(update, &turn)
        case .apiVersions:
            answer(.none, .apiVersions(configuration.settings.versions))
        }
    }

    /// A response that says what this node knows of epoch and leader.
    func answer(_ error: KafkaError, _ body: RaftResponse.Body) -> RaftResponse {
        RaftResponse(
            error: error, epoch: quorum.epoch, leader: quorum.leader,
            endpoint: quorum.leaderEndpoint, body: body)
    }

    /// INCONSISTENT_CLUSTER_ID, before anything else is looked at.
    func refusalOfForeign(_ request: RaftRequest) -> RaftResponse {
        let error = KafkaError.inconsistentClusterID
        switch request {
        case .addVoter: return answer(error, .addVoter)
        case .removeVoter: return answer(error, .removeVoter)
        case .updateVoter: return answer(error, .updateVoter)
        default:
            var response = answer(error, emptyBody(of: request))
            response.isTopLevelError = true
            return response
        }
    }

    private func emptyBody(of request: RaftRequest) -> RaftResponse.Body {
        switch request {
        case .vote: .vote(granted: false)
        case .beginQuorumEpoch: .beginQuorumEpoch
        case .endQuorumEpoch: .endQuorumEpoch
        case .fetch: .fetch(.init(highWatermark: nil))
        case .fetchSnapshot(let fetch):
            .fetchSnapshot(
                .init(id: fetch.snapshot, size: 0, position: 0, bytes: 0, content: nil))
        case .describeQuorum:
            .describeQuorum(.init(highWatermark: nil, voters: [], observers: []))
        case .addVoter: .addVoter
        case .removeVoter: .removeVoter
        case .updateVoter: .updateVoter
        case .apiVersions: .apiVersions(nil)
        }
    }

    /// What is wrong with a request that only a leader may answer (`validateLeaderOnlyRequest`).
    @inline(__always)
    func leaderOnlyError(epoch: Int32) -> KafkaError? {
        if epoch < quorum.epoch { return .fencedLeaderEpoch }
        if epoch > quorum.epoch { return .unknownLeaderEpoch }
        if quorum.role != .leader { return .notLeaderOrFollower }
        return shutdownEnd == nil ? nil : .brokerNotAvailable
    }

    /// What is wrong with a request that claims an epoch (`validateVoterOnlyRequest`).
    func claimError(from node: NodeID, epoch: Int32) -> KafkaError? {
        if epoch < quorum.epoch { return .fencedLeaderEpoch }
        return node.rawValue < 0 ? .invalidRequest : nil
    }

    /// Whether a request that names its receiver means this node: id and, if given, disk.
    func isMeant(by key: ReplicaKey?) -> Bool { key?.stands(for: local) ?? true }
}
