import Kafka

/// voter-sets.vec: counting votes and changing voter sets.
struct VoterSetsAdapter: VectorAdapter {
    private let first: VoterSet
    private var voters: VoterSet
    private var election: EpochElection

    init(case settings: VectorLine) throws {
        let voters = try settings.list("voters").map(RaftText.voter)
        first = voters.allSatisfy { $0.key.directory == .unknown }
            ? VoterSet(configured: voters.map { ($0.key.id, $0.endpoint) }) : VoterSet(voters)
        self.voters = first
        election = EpochElection(first)
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "grant": return try vote(operation, granted: true)
        case "reject": return try vote(operation, granted: false)
        case "add": return change(voters.adding(try voter(operation)))
        case "remove": return change(voters.removing(try voter(operation).key))
        case "update": return change(voters.updating(try voter(operation)))
        case "update-any-directory":
            return change(voters.updatingAnyDirectory(try voter(operation)))
        case "is-voter": return "ok is=\(voters.isVoter(try voter(operation).key))"
        case "is-only-voter": return "ok is=\(voters.isOnlyVoter(try voter(operation).key))"
        case "needs-update": return "ok is=\(voters.needsUpdate(to: try voter(operation)))"
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func voter(_ operation: VectorLine) throws -> VoterSet.Voter {
        try RaftText.voter(try operation.word(0))
    }

    private mutating func vote(_ operation: VectorLine, granted: Bool) throws -> String {
        let id = try RaftText.node(try operation.text("from"))
        guard let isFirst = election.record(id, granted: granted) else {
            return "error IllegalArgumentException"
        }
        return "ok first=\(isFirst) won=\(election.isWon) lost=\(election.isLost)"
            + " granted=\(ids(election.granting)) rejected=\(ids(election.rejecting))"
            + " silent=\(ids(election.silent.map(\.id)))"
    }

    private func ids(_ ids: [NodeID]) -> String {
        RaftText.list(ids.map { "\($0.rawValue)" })
    }

    private mutating func change(_ changed: VoterSet?) -> String {
        let before = voters
        if let changed { voters = changed }
        return "ok changed=\(changed != nil)"
            + " voters=\(RaftText.list(voters.voters.map(RaftText.text)))"
            + " overlaps=\(before.hasOverlappingMajority(with: voters))"
            + " overlaps-first=\(first.hasOverlappingMajority(with: voters))"
    }
}
