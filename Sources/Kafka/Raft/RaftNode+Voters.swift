import Kernel

/// Changing the voters, one at a time (KIP-853): the leader's side.
extension RaftNode {
    /// What stands against any change just now, in Kafka's order; nil: nothing. The set it would
    /// start from must be committed, and so must a record of this epoch.
    private mutating func changeError(_ turn: inout RaftTurn) -> KafkaError? {
        _ = expireVoterChange(&turn)
        if duties?.addition != nil || duties?.removal != nil { return .requestTimedOut }
        guard let highWatermark = quorum.highWatermark else { return .requestTimedOut }
        if !control.isReconfigurable { return .unsupportedVersion }
        guard let offset = control.votersOffset, offset < highWatermark else {
            return .requestTimedOut
        }
        return nil
    }

    /// ADD_RAFT_VOTER (AddVoterHandler). The new voter is asked first which versions it supports.
    mutating func addVoter(
        _ add: RaftRequest.AddVoter, _ token: ReplyToken, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse? {
        if let error = leaderOnlyError(epoch: quorum.epoch) { return answer(error, .addVoter) }
        guard add.voter.id.rawValue >= 0, add.voter.directory != .unknown,
            let endpoint = add.endpoint
        else { return answer(.invalidRequest, .addVoter) }
        if let error = changeError(&turn) { return answer(error, .addVoter) }
        if control.voters.contains(add.voter.id) { return answer(.duplicateVoter, .addVoter) }
        let destination = RaftDestination(kind: .node(add.voter.id), endpoint: endpoint)
        if connections.wait(for: destination.kind, at: turn.now) != nil {
            return answer(.requestTimedOut, .addVoter)
        }
        let deadline = send(.apiVersions, to: destination, &turn)
        duties?.addition = VoterAddition(
            voter: add.voter, endpoint: endpoint, ackWhenCommitted: add.ackWhenCommitted,
            token: token, deadline: deadline)
        return nil
    }

    mutating func acceptAPIVersions(
        _ error: KafkaError, _ versions: ClosedRange<Int16>?, from source: RaftDestination.Kind,
        _ turn: inout RaftTurn
    ) throws(RaftDeath) -> Bool {
        guard let addition = duties?.addition, addition.request == source else { return true }
        if error != .none {
            failAddition(&turn)
            return false
        }
        guard let versions, versions.contains(control.version) else {
            answerAddition(.invalidRequest, &turn)
            duties?.addition = nil
            return true
        }
        guard quorum.leading?.isCaughtUp(addition.voter, turn.now) == true else {
            failAddition(&turn)
            return true
        }
        let voter = VoterSet.Voter(
            key: addition.voter, endpoint: addition.endpoint, versions: versions)
        guard let voters = control.voters.adding(voter) else {
            throw RaftDeath(.illegalState, .unrelatedVoterSet)
        }
        let offset = duties?.accumulator.append(control: [.voters(voters)])
        duties?.addition?.offset = offset
        turn.hasChanged = true
        if !addition.ackWhenCommitted { answerAddition(.none, &turn) }
        return true
    }

    /// The new voter did not answer, or lags.
    mutating func failAddition(_ turn: inout RaftTurn) {
        answerAddition(.requestTimedOut, &turn)
        duties?.addition = nil
    }

    private mutating func answerAddition(_ error: KafkaError, _ turn: inout RaftTurn) {
        guard let addition = duties?.addition, !addition.isAnswered else { return }
        duties?.addition?.isAnswered = true
        turn.effects.reply(answer(error, .addVoter), to: addition.token)
    }

    /// REMOVE_RAFT_VOTER (RemoveVoterHandler).
    mutating func removeVoter(
        _ key: ReplicaKey, _ token: ReplyToken, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse? {
        if let error = leaderOnlyError(epoch: quorum.epoch) { return answer(error, .removeVoter) }
        if key.id.rawValue < 0 || key.directory == .unknown {
            return answer(.invalidRequest, .removeVoter)
        }
        if let error = changeError(&turn) { return answer(error, .removeVoter) }
        guard let voters = control.voters.removing(key),
            let offset = duties?.accumulator.append(control: [.voters(voters)])
        else { return answer(.voterNotFound, .removeVoter) }
        duties?.removal = VoterRemoval(
            token: token, deadline: turn.now + configuration.settings.requestTimeout,
            offset: offset)
        return nil
    }

    /// UPDATE_RAFT_VOTER (UpdateVoterHandler): a voter listens elsewhere, or supports other
    /// versions. Under kraft.version 0 there is no place for that in the log; the leader remembers
    /// it until the version is raised (KAFKA-16538).
    mutating func updateVoter(
        _ update: RaftRequest.UpdateVoter, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse {
        if let error = leaderOnlyError(epoch: update.epoch) { return answer(error, .updateVoter) }
        guard update.voter.id.rawValue >= 0, update.voter.directory != .unknown,
            let endpoint = update.endpoint, update.minVersion >= 0,
            update.maxVersion >= update.minVersion
        else { return answer(.invalidRequest, .updateVoter) }
        var error = changeError(&turn)
        var gathered: VoterSet?
        if error == .unsupportedVersion {
            guard case .gathering(let voters)? = duties?.upgrade else {
                return answer(.requestTimedOut, .updateVoter)
            }
            gathered = voters
            error = nil
        }
        if let error { return answer(error, .updateVoter) }
        let versions = update.minVersion...update.maxVersion
        if !versions.contains(control.version) { return answer(.invalidRequest, .updateVoter) }
        let voter = VoterSet.Voter(key: update.voter, endpoint: endpoint, versions: versions)
        if let gathered {
            guard let voters = gathered.updatingAnyDirectory(voter) else {
                return answer(.voterNotFound, .updateVoter)
            }
            duties?.upgrade = .gathering(voters)
        } else {
            guard let voters = control.voters.updating(voter) else {
                return answer(.voterNotFound, .updateVoter)
            }
            _ = duties?.accumulator.append(control: [.voters(voters)])
        }
        if quorum.leading?.recordSignOfLife(from: update.voter, turn.now) == false {
            throw RaftDeath(.illegalArgument, .leaderIsSelf)
        }
        return answer(.none, .updateVoter)
    }

    /// Ends a change that takes too long; returns when the next one would.
    mutating func expireVoterChange(_ turn: inout RaftTurn) -> Instant {
        guard duties?.addition != nil || duties?.removal != nil else { return .never }
        if let addition = duties?.addition, addition.deadline <= turn.now { failAddition(&turn) }
        if let removal = duties?.removal, removal.deadline <= turn.now {
            turn.effects.reply(answer(.requestTimedOut, .removeVoter), to: removal.token)
            duties?.removal = nil
        }
        return min(duties?.addition?.deadline ?? .never, duties?.removal?.deadline ?? .never)
    }

    /// The high watermark has moved: a change below it is committed. A leader that has removed
    /// itself goes now.
    mutating func commitVoterChange(upTo highWatermark: Int64, _ turn: inout RaftTurn) {
        if let offset = duties?.addition?.offset, offset < highWatermark {
            answerAddition(.none, &turn)
            duties?.addition = nil
        }
        if let removal = duties?.removal, removal.offset < highWatermark {
            turn.effects.reply(answer(.none, .removeVoter), to: removal.token)
            duties?.removal = nil
            if !isVoter { duties?.isResigning = true }
        }
    }

    /// Raises kraft.version from 0 to 1, which needs to know every voter's directory and versions
    /// (`maybeAppendUpgradedKRaftVersion`).
    mutating func upgrade(
        to version: Int16, epoch: Int32, validateOnly: Bool
    ) -> RaftCallResult {
        guard duties != nil, epoch >= quorum.epoch else { return .refused(.notLeader) }
        if epoch > quorum.epoch { return .refused(.illegalArgument) }
        if case .requested(let pending)? = duties?.upgrade {
            return pending == version ? .upgraded : .refused(.error(.invalidUpdateVersion))
        }
        if version == control.version { return .upgraded }
        guard version > control.version, case .gathering(let voters)? = duties?.upgrade,
            voters.voters.allSatisfy({ $0.versions.contains(version) })
        else { return .refused(.error(.invalidUpdateVersion)) }
        guard voters.voters.allSatisfy({ $0.key.directory != .unknown }) else {
            return .refused(.illegalState)
        }
        if !validateOnly {
            duties?.upgrade = .requested(version)
            var records = [RaftControlRecord.kraftVersion(version)]
            if voters != control.voters { records.append(.voters(voters)) }
            _ = duties?.accumulator.append(control: records)
        }
        return .upgraded
    }
}

// MARK: - The follower's side

extension RaftNode {
    /// Whether this node may ask to become a voter by itself (KIP-1186).
    var mayJoin: Bool {
        configuration.canBecomeVoter && configuration.settings.autoJoin && control.isReconfigurable
    }

    /// A voter whose entry in the voter set is out of date tells the leader. Under kraft.version 0
    /// there is no such entry, and every new leader is told.
    private var mustUpdateLeader: Bool {
        if control.isReconfigurable { return control.voters.needsUpdate(to: localVoter) }
        return quorum.following?.hasUpdatedLeader == false
    }

    mutating func updateVoterOrFetch(_ turn: inout RaftTurn) -> Instant {
        guard mustUpdateLeader, let leader = leaderDestination else {
            resetUpdateVoterPeriod(turn.now)
            return fetchFromBestNode(&turn)
        }
        let versions = configuration.settings.versions
        let request = RaftRequest.UpdateVoter(
            epoch: quorum.epoch, voter: local, endpoint: configuration.endpoint,
            minVersion: versions.lowerBound, maxVersion: versions.upperBound)
        return sendForVoters(.updateVoter(request), to: leader, &turn)
    }

    /// An observer that may vote asks for it; if its node's former disk still votes, first for the
    /// removal of that.
    mutating func join(_ turn: inout RaftTurn) -> Instant {
        guard let leader = leaderDestination else { return .never }
        if let former = control.voters[configuration.id] {
            return sendForVoters(.removeVoter(former.key), to: leader, &turn)
        }
        let request = RaftRequest.AddVoter(
            voter: local, endpoint: configuration.endpoint, ackWhenCommitted: false)
        return sendForVoters(.addVoter(request), to: leader, &turn)
    }

    /// As `send`; when it did, the next such request waits for its period.
    private mutating func sendForVoters(
        _ request: RaftRequest, to leader: RaftDestination, _ turn: inout RaftTurn
    ) -> Instant {
        let isReady = connections.wait(for: leader.kind, at: turn.now) == nil
        if isReady { resetUpdateVoterPeriod(turn.now) }
        return send(request, to: leader, &turn)
    }

    /// UPDATE_RAFT_VOTER. The leader has heard from this voter, so it counts as a fetch.
    mutating func acceptUpdateVoter(_ error: KafkaError, at now: Instant) -> Bool {
        guard error == .none || error == .unsupportedVersion else { return false }
        quorum.following?.hasUpdatedLeader = true
        quorum.didFetch(at: now)
        return true
    }

    /// ADD_RAFT_VOTER, REMOVE_RAFT_VOTER: done, or the leader could not just now. Either way the
    /// next one waits for its period.
    mutating func acceptJoin(_ response: RaftResponse, at now: Instant) -> Bool {
        let isAdded = response.body == .addVoter && response.error == .duplicateVoter
        let isRemoved = response.body == .removeVoter && response.error == .voterNotFound
        guard response.error == .none || response.error == .requestTimedOut || isAdded || isRemoved
        else { return false }
        resetUpdateVoterPeriod(now)
        return true
    }

    private mutating func resetUpdateVoterPeriod(_ now: Instant) {
        quorum.following?.updateVoterDeadline = now + configuration.settings.fetchTimeout
    }
}
