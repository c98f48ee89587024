import Kafka
import Kernel

/// What the raft files show of a node.
extension RaftText {
    static func optionalKey(_ text: Substring) throws -> ReplicaKey? {
        text == "-" ? nil : try key(text)
    }

    /// `5/3/9:D9`: epoch, leader, voted.
    static func election(_ text: Substring) throws -> RaftElectionState? {
        if text == "-" { return nil }
        let parts = VectorText.split(text, at: UInt8(ascii: "/"))
        guard parts.count == 3 else { throw VectorFormError(description: "\(text) is no election") }
        return RaftElectionState(
            epoch: try VectorText.int(parts[0]),
            leader: parts[1] == "-" ? nil : try node(parts[1]), voted: try optionalKey(parts[2]))
    }

    static func text(_ election: RaftElectionState?) -> String {
        guard let election else { return "-" }
        return "\(election.epoch)/\(text(election.leader))/\(text(election.voted))"
    }

    static func text(_ node: NodeID?) -> String { node.map { "\($0.rawValue)" } ?? "-" }

    static func text(_ key: ReplicaKey?) -> String { key.map { text($0) } ?? "-" }

    static func text(_ offset: Int64?) -> String { offset.map { "\($0)" } ?? "-" }

    static func ids(_ ids: [NodeID]) -> String { list(ids.map { text($0) }) }

    static func text(_ exception: RaftDeath.Exception) -> String {
        switch exception {
        case .illegalState: "IllegalStateException"
        case .illegalArgument: "IllegalArgumentException"
        case .kafka: "KafkaException"
        case .clusterAuthorization: "ClusterAuthorizationException"
        case .unexpectedAppendOffset: "UnexpectedAppendOffsetException"
        }
    }

    /// `role=follower epoch=1 leader=1 voted=- hw=3`
    static func head(of quorum: QuorumState) -> String {
        "role=\(quorum.role) epoch=\(quorum.epoch) leader=\(text(quorum.leader))"
            + " voted=\(text(quorum.voted)) hw=\(text(quorum.highWatermark))"
    }

    /// Milliseconds left until `deadline`.
    static func left(_ deadline: Instant, _ now: Instant) -> String {
        deadline == .never ? "never" : "\(max(0, (deadline - now).wholeMilliseconds))"
    }

    /// What is shown of one role only.
    static func role(
        of quorum: QuorumState, at now: Instant, isLeaderShown: Bool = true
    ) -> String {
        let timer = left(quorum.deadline, now)
        switch quorum.role {
        case .unattached: return " election=\(timer)"
        case .prospective, .candidate:
            return " election=\(timer) granted=\(ids(quorum.votes?.granting ?? []))"
                + " rejected=\(ids(quorum.votes?.rejecting ?? []))"
        case .resigned:
            return " election=\(timer) unacked=\(ids(quorum.resigning?.unacknowledged ?? []))"
        case .follower:
            guard isLeaderShown, let following = quorum.following else { return " fetch=\(timer)" }
            let loading = following.loading.map { " loading=\(text($0.id))+\($0.bytes)" } ?? ""
            return " fetch=\(timer) fetched=\(following.hasFetched)\(loading)"
        case .leader:
            guard isLeaderShown, let leading = quorum.leading else { return "" }
            let ends = leading.voters.map { "\(text($0.key.id)):\(text($0.end))" }
            return " quorum=\(left(leading.checkQuorumDeadline, now))"
                + " begin=\(left(leading.nextBeginQuorumEpoch, now)) ends=\(list(ends))"
                + " fetchers=\(ids(leading.fetchers))"
        }
    }
}
