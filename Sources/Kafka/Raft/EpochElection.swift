/// The votes that were given in one epoch (EpochElection). It counts among the voters that were in
/// force when the election began.
public struct EpochElection: Hashable, Sendable {
    private enum Answer: Hashable {
        case granted, rejected
    }

    private struct Ballot: Hashable {
        let voter: ReplicaKey
        var answer: Answer?
    }

    /// By voter id.
    private var ballots: [Ballot]
    private var grants = 0
    private var rejections = 0

    public init(_ voters: VoterSet) {
        ballots = voters.voters.map { Ballot(voter: $0.key, answer: nil) }
    }

    /// Counts an answer; a later one of the same voter replaces it. Returns whether it is the first
    /// of this voter, nil if that node is no voter.
    public mutating func record(_ id: NodeID, granted: Bool) -> Bool? {
        guard let index = ballots.firstIndex(where: { $0.voter.id == id }) else { return nil }
        let before = ballots[index].answer
        if before == .granted { grants -= 1 }
        if before == .rejected { rejections -= 1 }
        ballots[index].answer = granted ? .granted : .rejected
        if granted { grants += 1 } else { rejections += 1 }
        return before == nil
    }

    /// A majority granted its vote.
    public var isWon: Bool { grants >= majority(of: ballots.count) }

    /// A majority can no longer be reached.
    public var isLost: Bool { ballots.count - rejections < majority(of: ballots.count) }

    public func isVoter(_ id: NodeID) -> Bool { ballots.contains { $0.voter.id == id } }

    /// Who granted, by id.
    public var granting: [NodeID] { ids { $0 == .granted } }
    /// Who refused, by id.
    public var rejecting: [NodeID] { ids { $0 == .rejected } }
    /// Who has not answered, by id.
    public var silent: [ReplicaKey] { ballots.filter { $0.answer == nil }.map(\.voter) }

    private func ids(_ matches: (Answer?) -> Bool) -> [NodeID] {
        ballots.filter { matches($0.answer) }.map(\.voter.id)
    }
}

extension EpochElection {
    /// An election of a node that votes for itself.
    init(_ voters: VoterSet, grantedBy id: NodeID) {
        self.init(voters)
        _ = record(id, granted: true)
    }

    /// What a voter answered last; nil if it has not.
    func answer(of id: NodeID) -> Bool? {
        if granting.contains(id) { return true }
        return rejecting.contains(id) ? false : nil
    }
}
