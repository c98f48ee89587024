import Kafka
import Kernel

/// quorum-state.vec: the state machine of one node's role, every transition asked for at any time.
struct QuorumStateAdapter: VectorAdapter {
    private let begin = Instant.zero + .seconds(1_000_000)
    private var now: Instant
    private var quorum: QuorumState
    private var choices = RecordedChoices()
    private let voters: VoterSet
    private let isVersion0: Bool
    private let found: RaftElectionState?
    private let lastEpoch: Int32
    private var saved: RaftElectionState?

    init(case settings: VectorLine) throws {
        now = begin
        var raft = RaftSettings()
        raft.electionTimeout = .milliseconds(try settings.int("election"))
        raft.fetchTimeout = .milliseconds(try settings.int("fetch"))
        let local = try RaftText.optionalKey(try settings.text("local"))
        quorum = QuorumState(
            local: local, endpoint: Endpoint(host: local?.id ?? NodeID(-1)), settings: raft,
            actor: RecordedChoices.actor)
        voters = VoterSet(try settings.list("voters").map(RaftText.voter))
        isVersion0 = try settings.int("kraft", as: Int.self) == 0
        found = try RaftText.election(try settings.text("saved"))
        lastEpoch = try settings.int("last")
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        if operation.verb == "tick" {
            now = now + .milliseconds(try VectorText.int(try operation.word(0)))
            return nil
        }
        try choices.expect(operation)
        var answer: String
        do {
            answer = "ok \(try ask(operation))"
        } catch let death as RaftDeath {
            answer = "error \(RaftText.text(death.exception)) "
        }
        let isStarted = saved != nil
        if operation.verb != "can-grant" && isStarted { answer += state }
        if answer.hasSuffix(" ") { answer.removeLast() }
        return answer + choices.surprise
    }

    /// What stands before the state.
    private mutating func ask(_ operation: VectorLine) throws -> String {
        switch operation.verb {
        case "look": return ""
        case "init":
            try quorum.becomeInitial(
                saved: found, lastLogEpoch: lastEpoch, voters: voters, at: now, &choices.choices)
        case "unattached":
            let leader: Int32? = try operation.intOrNone("leader")
            try quorum.becomeUnattached(
                epoch: try epoch(operation), leader: leader.map { NodeID($0) }, voters: voters,
                at: now, &choices.choices)
        case "vote-as-unattached":
            try quorum.becomeUnattachedVoted(
                epoch: try epoch(operation), for: try key(operation, "for"), at: now,
                &choices.choices)
        case "vote-as-prospective":
            try quorum.becomeProspectiveVoted(
                epoch: try epoch(operation), for: try key(operation, "for"), voters: voters,
                at: now, &choices.choices)
        case "follower":
            let leader = NodeID(try operation.int("leader"))
            try quorum.becomeFollower(
                epoch: try epoch(operation), leader: leader, endpoint: Endpoint(host: leader),
                listeners: try operation.int("endpoints"), at: now)
        case "prospective":
            try quorum.becomeProspective(voters: voters, at: now, &choices.choices)
            return ""
        case "candidate":
            try quorum.becomeCandidate(voters: voters, at: now, &choices.choices)
        case "leader":
            try quorum.becomeLeader(
                epochStart: try operation.int("start"), voters: voters, at: now)
        case "resigned":
            try quorum.becomeResigned(
                successors: [], voters: voters, at: now, &choices.choices)
            return ""
        default: return try askMore(operation)
        }
        save()
        return ""
    }

    private mutating func askMore(_ operation: VectorLine) throws -> String {
        switch operation.verb {
        case "grant", "reject":
            let voter = try RaftText.node(try operation.text("from"))
            let isFirst = try quorum.count(operation.verb == "grant", from: voter)
            let votes = quorum.votes
            return "first=\(isFirst) won=\(votes?.isWon == true) lost=\(votes?.isLost == true) "
        case "can-grant":
            let isGranted = quorum.canGrantVote(
                to: try key(operation, "key"), isLogUpToDate: try operation.bool("uptodate"),
                isPreVote: try operation.bool("pre"))
            return "granted=\(isGranted)"
        case "hw":
            let offset: Int64 = try VectorText.int(try operation.word(0))
            return "moved=\(try quorum.updateFollowerHighWatermark(offset)) "
        case "fetched":
            quorum.didFetch(at: now)
            return ""
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func epoch(_ operation: VectorLine) throws -> Int32 { try operation.int("epoch") }

    private func key(_ operation: VectorLine, _ name: String) throws -> ReplicaKey {
        try RaftText.key(try operation.text(name))
    }

    private mutating func save() {
        var election = quorum.election
        if isVersion0 { election.voted = election.voted.map { ReplicaKey($0.id) } }
        saved = election
    }

    private var state: String {
        let role = RaftText.role(of: quorum, at: now, isLeaderShown: false)
        return "\(RaftText.head(of: quorum)) saved=\(RaftText.text(saved))\(role)"
    }
}
