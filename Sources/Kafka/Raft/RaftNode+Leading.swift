import Kernel

/// Leading: writing records, serving fetches, moving the high watermark, and keeping an eye on the
/// others.
extension RaftNode {
    /// The log gets a record of the new epoch at once: only with it can older ones be committed.
    mutating func becomeLeader(_ turn: inout RaftTurn) throws(RaftDeath) {
        let granting = quorum.votes?.granting ?? []
        let epochStart = storage.log.end
        try quorum.becomeLeader(epochStart: epochStart, voters: control.voters, at: turn.now)
        persistElection(&turn)
        var duties = LeaderDuties(
            accumulator: RaftAccumulator(
                epoch: quorum.epoch, baseOffset: epochStart,
                linger: configuration.settings.appendLinger),
            upgrade: .done)
        if !control.isReconfigurable {
            duties.upgrade = .gathering(
                control.voters.updatingAnyDirectory(localVoter) ?? control.voters)
        }
        storage.log.initializeLeaderEpoch(quorum.epoch)
        let first = startOfEpochRecords(grantedBy: granting)
        _ = duties.accumulator.append(control: first)
        self.duties = duties
        connections.resetAll()
    }

    var localVoter: VoterSet.Voter {
        VoterSet.Voter(
            key: local, endpoint: configuration.endpoint, versions: configuration.settings.versions)
    }

    /// The first leader of a cluster with dynamic voters copies them from the snapshot at 0@0 into
    /// the log, and any leader that has moved writes where it listens now.
    private func startOfEpochRecords(grantedBy granting: [NodeID]) -> [RaftControlRecord] {
        let voters = control.voters
        var records: [RaftControlRecord] = [
            .leaderChange(
                leader: configuration.id, voters: voters.voters.map(\.key.id), grantedBy: granting)
        ]
        if control.isReconfigurable,
            control.votersOffset == -1 || voters.needsUpdate(to: localVoter)
        {
            records.append(.kraftVersion(control.version))
            records.append(.voters(voters.updating(localVoter) ?? voters))
        }
        return records
    }

    /// The role has changed: whoever waits for a voter change hears that this node leads no more.
    mutating func leaveLeadership(_ turn: inout RaftTurn) {
        guard let former = duties else { return }
        duties = nil
        if let addition = former.addition, !addition.isAnswered {
            turn.effects.reply(answer(.notLeaderOrFollower, .addVoter), to: addition.token)
        }
        if let removal = former.removal {
            turn.effects.reply(answer(.notLeaderOrFollower, .removeVoter), to: removal.token)
        }
    }

    mutating func pollLeader(_ turn: inout RaftTurn) throws(RaftDeath) -> Instant {
        maybeTellLeadership(&turn)
        let quorumDeadline = checkQuorumDeadline
        if shutdownEnd != nil || duties?.isResigning == true || quorumDeadline <= turn.now {
            try resign(&turn)
            return turn.now
        }
        let changeDeadline = expireVoterChange(&turn)
        try maybeAppendBatches(&turn)
        let drainTime = duties?.accumulator.drainTime ?? .never
        let announcement = try maybeSendBeginQuorumEpoch(&turn)
        return min(min(drainTime, announcement), min(quorumDeadline, changeDeadline))
    }

    /// KAFKA-15489: a leader that a majority has not fetched from for a while gives up. Before, it
    /// went on as if it led for as long as it was cut off.
    private var checkQuorumDeadline: Instant {
        guard configuration.settings.generation.has(.checkQuorum) else { return .never }
        return quorum.leading?.checkQuorumDeadline ?? .never
    }

    private mutating func maybeAppendBatches(_ turn: inout RaftTurn) throws(RaftDeath) {
        guard let time = duties?.accumulator.drainTime, time <= turn.now else { return }
        let batches = duties?.accumulator.drain() ?? []
        turn.hasChanged = true
        if !batches.isEmpty {
            var bytes: Int64 = 0
            for batch in batches {
                storage.log.append(batch)
                bytes += Int64(batch.sizeInBytes)
            }
            turn.effects.append(.write(.log, bytes: bytes))
            try control.read(storage.log, appended: batches)
        }
        // Fetches that wait are served before the flush: followers may have the records on disk
        // sooner than the leader.
        try updateLocalEnd(&turn)
        flushLog(&turn)
    }

    private mutating func updateLocalEnd(_ turn: inout RaftTurn) throws(RaftDeath) {
        let isNewSet = duties?.votersSeen != control.changes
        if isNewSet { duties?.votersSeen = control.changes }
        let voters = isNewSet ? control.voters : nil
        if quorum.leading?.updateLocalEnd(storage.log.end, voters: voters) == true {
            try highWatermarkMoved(&turn)
        }
        try completeParkedFetches(&turn)
    }

    /// Who waits for the high watermark hears of it, replicas before the state machine.
    private mutating func highWatermarkMoved(_ turn: inout RaftTurn) throws(RaftDeath) {
        quorum.adoptLeadersHighWatermark()
        guard let highWatermark = quorum.highWatermark else { return }
        storage.log.updateHighWatermark(highWatermark)
        if duties?.addition != nil || duties?.removal != nil {
            commitVoterChange(upTo: highWatermark, &turn)
        }
        try completeParkedFetches(&turn)
        try tellCommitted(upTo: highWatermark, &turn)
    }

    private mutating func maybeSendBeginQuorumEpoch(
        _ turn: inout RaftTurn
    ) throws(RaftDeath) -> Instant {
        let due = quorum.leading?.nextBeginQuorumEpoch ?? .never
        if turn.now < due { return due }
        guard let leading = quorum.leading else { return .never }
        for voter in leading.voters where leading.needsBeginQuorumEpoch(voter, turn.now) {
            guard let endpoint = control.voters[voter.key.id]?.endpoint else {
                throw RaftDeath(.illegalState, .voterWithoutAddress)
            }
            let request = RaftRequest.BeginQuorumEpoch(
                epoch: quorum.epoch, leader: configuration.id, endpoint: configuration.endpoint,
                voter: voter.key)
            let destination = RaftDestination(kind: .node(voter.key.id), endpoint: endpoint)
            _ = send(.beginQuorumEpoch(request), to: destination, &turn)
        }
        quorum.leading?.resetBeginQuorumEpochTimer(turn.now)
        return quorum.leading?.nextBeginQuorumEpoch ?? .never
    }

    /// A voter can have been removed while its answer was under way. Kafka 4.3.1 does not expect
    /// that (LeaderState.ensureValidVoter) and dies of it.
    mutating func acceptBeginQuorumEpoch(
        from source: RaftDestination.Kind
    ) throws(RaftDeath) -> Bool {
        guard quorum.role == .leader, case .node(let voter) = source,
            quorum.leading?.acknowledge(voter) == false,
            !configuration.settings.generation.has(.removedVoterAnswers)
        else { return true }
        throw RaftDeath(.illegalArgument, .notAVoter)
    }

    /// BEGIN_QUORUM_EPOCH (`handleBeginQuorumEpochRequest`): a leader makes itself known. Whom it
    /// was meant for is asked only after it has been believed.
    mutating func respond(
        to begin: RaftRequest.BeginQuorumEpoch, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse {
        if let error = claimError(from: begin.leader, epoch: begin.epoch) {
            return answer(error, .beginQuorumEpoch)
        }
        let endpoint = begin.endpoint ?? control.voters[begin.leader]?.endpoint
        try follow(begin.leader, epoch: begin.epoch, at: endpoint, &turn)
        return answer(isMeant(by: begin.voter) ? .none : .invalidVoterKey, .beginQuorumEpoch)
    }
}

// MARK: - Serving fetches

extension RaftNode {
    /// FETCH (`handleFetchRequest`). Nil: it waits.
    mutating func respond(
        to fetch: RaftRequest.Fetch, _ token: ReplyToken, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse? {
        if fetch.maxWaitMilliseconds < 0 || fetch.offset < 0 || fetch.lastFetchedEpoch < 0
            || fetch.lastFetchedEpoch > fetch.epoch
        {
            return answer(.invalidRequest, .fetch(.init(highWatermark: nil)))
        }
        let response = try serve(fetch, &turn)
        guard response.error == .none, fetch.maxWaitMilliseconds > 0,
            case .fetch(let body) = response.body, !body.isNews(to: fetch)
        else { return response }
        parked.park(
            ParkedFetch(
                request: fetch, token: token,
                deadline: turn.now + .milliseconds(Int64(fetch.maxWaitMilliseconds)),
                epoch: response.epoch, highWatermark: body.highWatermark))
        return nil
    }

    /// What a fetch gets now (`tryCompleteFetchRequest`). It is also how the leader learns what
    /// its follower has, so it may move the high watermark.
    mutating func serve(
        _ fetch: RaftRequest.Fetch, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse {
        if let error = leaderOnlyError(epoch: fetch.epoch) {
            return answer(error, .fetch(.init(highWatermark: nil)))
        }
        var body = RaftResponse.Fetch(highWatermark: nil)
        switch position(of: fetch) {
        case .diverging(let position): body.detour = .diverging(position)
        case .snapshot(let id): body.detour = .snapshot(id)
        case .valid:
            // Most fetches are for what comes next.
            var offset = fetch.offset
            if offset < storage.log.end {
                body.records = storage.log.read(
                    from: offset, maxBytes: configuration.settings.fetchMaxBytes)
                offset = storage.log.readStart(for: offset)
            }
            if let replica = fetch.replica {
                switch quorum.leading?.recordFetch(from: replica, at: offset, turn.now) {
                case true?: try highWatermarkMoved(&turn)
                case false?: break
                case nil: return answer(.unknownServerError, .fetch(.init(highWatermark: nil)))
                }
            }
        }
        body.highWatermark = quorum.highWatermark
        return answer(.none, .fetch(body))
    }

    /// Somebody who has nothing gets a snapshot rather than a long log, if there is a proper one.
    @inline(__always)
    private func position(of fetch: RaftRequest.Fetch) -> RaftLog.Position {
        if fetch.offset == 0, let latest = storage.log.snapshots.last?.id,
            latest != OffsetAndEpoch(0, 0)
        {
            return .snapshot(latest)
        }
        return storage.log.validate(offset: fetch.offset, epoch: fetch.lastFetchedEpoch)
    }

    /// DESCRIBE_QUORUM
    mutating func describeQuorum(_ turn: inout RaftTurn) -> RaftResponse {
        quorum.leading?.forgetInactiveObservers(turn.now)
        guard let leading = quorum.leading else {
            return answer(
                .notLeaderOrFollower,
                .describeQuorum(.init(highWatermark: nil, voters: [], observers: [])))
        }
        func describe(
            _ replica: LeaderState.Replica
        ) -> RaftResponse.DescribeQuorum.Replica {
            // A leader takes itself to be caught up at any time.
            let isLocal = replica.key.id == configuration.id
            return .init(
                key: replica.key, logEnd: replica.end,
                lastFetch: isLocal ? turn.now : replica.lastFetch,
                lastCaughtUp: isLocal ? turn.now : replica.lastCaughtUp)
        }
        return answer(
            .none,
            .describeQuorum(
                .init(
                    highWatermark: leading.highWatermark, voters: leading.voters.map(describe),
                    observers: leading.observers.map(describe))))
    }
}

extension RaftResponse.Fetch {
    /// Whether it says something that the fetch did not know: records, where to cut, a snapshot,
    /// or a higher high watermark (KIP-1166).
    func isNews(to fetch: RaftRequest.Fetch) -> Bool {
        !records.isEmpty || detour != nil
            || highWatermark ?? -1 > fetch.highWatermark ?? -1
    }
}
