import Kernel

/// What the state machine of this process asks of it (RaftClient).
extension RaftNode {
    mutating func call(_ input: RaftInput, _ turn: inout RaftTurn) {
        switch input {
        case .append(let proposal): conclude(append(proposal, &turn), &turn)
        case .scheduleAppend:
            if duties == nil { conclude(.refused(.notLeader), &turn) }
            duties?.accumulator.allowDrain()
        case .resign(let epoch):
            if let refusal = requestResignation(of: epoch) { conclude(.refused(refusal), &turn) }
        case .shutdown(let timeout): shutdownEnd = turn.now + timeout
        case .createSnapshot(let id, let size, let fingerprint):
            conclude(
                createSnapshot(id, sizeInBytes: size, stateFingerprint: fingerprint, &turn), &turn)
        case .deleteBeforeSnapshot(let id): conclude(deleteBefore(id, &turn), &turn)
        case .upgradeVersion(let version, let epoch, let validateOnly):
            conclude(upgrade(to: version, epoch: epoch, validateOnly: validateOnly), &turn)
        case .start, .wake, .request, .foreignRequest, .response, .failure:
            preconditionFailure("not a call of the state machine")
        }
    }

    private func conclude(_ result: RaftCallResult, _ turn: inout RaftTurn) {
        turn.effects.append(.callResult(result))
    }

    /// `prepareAppend`, and `schedulePreparedAppend` if asked for.
    private mutating func append(
        _ proposal: RaftProposal, _ turn: inout RaftTurn
    ) -> RaftCallResult {
        switch duties?.accumulator.append(proposal, at: turn.now) {
        case nil: return .refused(.notLeader)
        case .failure(let refusal)?: return .refused(refusal)
        case .success(let lastOffset)?:
            if proposal.schedule { duties?.accumulator.allowDrain() }
            return .appended(lastOffset: lastOffset)
        }
    }

    /// `resign`. One from an epoch that is over has what it wants already.
    private mutating func requestResignation(of epoch: Int32) -> RaftCallResult.Refusal? {
        if epoch < 0 || epoch > quorum.epoch { return .illegalArgument }
        if epoch < quorum.epoch { return nil }
        if quorum.leader != configuration.id { return .illegalArgument }
        duties?.isResigning = true
        return nil
    }
}
