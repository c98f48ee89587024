import Kernel

/// The newer consumer's coordinator and commits (CoordinatorRequestManager, CommitRequestManager),
/// as far as partitions that were assigned by hand need them.
extension Consumer {
    // MARK: Finding it

    mutating func findCoordinatorInBackground(_ now: Instant) {
        guard let id = group.id, group.coordinator == nil, !background.hasStoppedSearching,
            background.coordinatorSearch.canSend(at: now)
        else { return }
        background.coordinatorSearch.begin()
        network.queue(.findCoordinator(group: id), to: nil, for: .findCoordinator, at: now)
    }

    mutating func receiveBackgroundCoordinator(
        _ outcome: ConsumerNetwork.Outcome, _ now: Instant
    ) {
        background.fatalCoordinatorError = nil
        do throws(ClientError) {
            guard case .coordinator(let error, let node) = try outcome.answer() else {
                throw .illegalState
            }
            guard error == .none, let node else { throw .code(error) }
            group.coordinator = node.asCoordinator
            background.coordinatorSearch.succeed(at: now, settings.retryBackoff)
        } catch {
            background.coordinatorSearch.fail(at: now, settings.retryBackoff)
            group.coordinator = nil
            if !error.isRetriable { background.fatalCoordinatorError = error }
        }
    }

    // MARK: Sending

    mutating func sendGroupRequests(_ now: Instant) {
        guard let node = group.coordinator else {
            if let error = background.fatalCoordinatorError { failUnsentGroupRequests(error, now) }
            return
        }
        if background.commits.isClosing { return drainCommits(to: node, now) }
        expireCommits(now)
        for index in background.commits.commits.indices
        where background.commits.commits[index].retry.canSend(at: now) {
            background.commits.commits[index].retry.begin()
            let one = background.commits.commits[index]
            queueCommit(one.offsets, one.id, to: node, now)
        }
        for index in background.commits.fetches.indices
        where background.commits.fetches[index].retry.canSend(at: now) {
            background.commits.fetches[index].retry.begin()
            let one = background.commits.fetches[index]
            queueCommittedFetch(one.partitions, one.id, to: node, now)
        }
    }

    /// Whatever has not been sent leaves now.
    private mutating func drainCommits(to node: NodeID, _ now: Instant) {
        for index in background.commits.commits.indices
        where !background.commits.commits[index].retry.isInFlight {
            background.commits.commits[index].retry.begin()
            let one = background.commits.commits[index]
            queueCommit(one.offsets, one.id, to: node, now)
        }
    }

    private mutating func failUnsentGroupRequests(_ error: ClientError, _ now: Instant) {
        let commits = background.commits.commits.filter { !$0.retry.isInFlight }
        let fetches = background.commits.fetches.filter { !$0.retry.isInFlight }
        for one in commits { commitHasEnded(one.id, error, now) }
        for one in fetches { committedHasFailed(one.id, error, now) }
    }

    private mutating func expireCommits(_ now: Instant) {
        let late = background.commits.commits.filter {
            $0.retry.hasFailed && !$0.retry.isInFlight && $0.deadline <= now
        }
        for one in late { commitHasEnded(one.id, .requestTimedOut, now) }
    }

    // MARK: Commits

    mutating func updateTimerAndMaybeCommit(_ called: Instant) {
        guard background.commits.autoCommit != nil else { return }
        background.commits.autoCommit?.update(called)
        guard background.commits.autoCommit?.isExpired ?? false,
            !background.commits.isAutoCommitInFlight,
            let interval = settings.autoCommitInterval
        else { return }
        let offsets = consumedOffsets()
        if !offsets.isEmpty {
            background.commits.isAutoCommitInFlight = true
            let id = group.begin(.autoCommit)
            background.commits.commits.append(
                .init(id: id, offsets: offsets, purpose: .automatic, deadline: .never))
        }
        background.commits.autoCommit?.reset(interval)
    }

    /// Nil: it has been put down, and its end will be told.
    mutating func requestCommit(
        _ asked: [ConsumerCall.OffsetsToCommit]?, _ purpose: CommitManager.Purpose,
        until deadline: Instant, _ event: BackgroundThread.EventID
    ) -> CallResult? {
        let offsets = asked ?? consumedOffsets()
        background.commitsReady.append(event)
        if offsets.isEmpty {
            if case .unawaited(_, let ticket) = purpose {
                group.completions.append(.init(kind: .commitAsync(ticket, []), error: nil))
            }
            return .done
        }
        noteEpochs(offsets)
        let id = group.begin(.commitSync)
        background.commits.commits.append(
            .init(id: id, offsets: offsets, purpose: purpose, deadline: deadline))
        return nil
    }

    mutating func receiveBackgroundCommit(
        _ id: GroupRequestID, _ outcome: ConsumerNetwork.Outcome, _ now: Instant
    ) {
        do throws(ClientError) {
            guard case .committed(let reply) = try answerInBackground(outcome) else {
                throw .illegalState
            }
            try checkInBackground(reply)
            commitHasEnded(id, nil, now)
        } catch {
            commitHasEnded(id, error, now)
        }
    }

    private mutating func answerInBackground(
        _ outcome: ConsumerNetwork.Outcome
    ) throws(ClientError) -> ConsumerAnswer {
        do throws(ClientError) {
            return try outcome.answer()
        } catch {
            if error.kind == .disconnected { group.coordinator = nil }
            throw error
        }
    }

    private mutating func checkInBackground(_ reply: OffsetCommitReply) throws(ClientError) {
        var unauthorized: [TopicRef] = []
        for one in reply.partitions {
            switch one.error {
            case .none: break
            case .topicAuthorizationFailed:
                unauthorized.append(metadata.topic(one.partition.topic))
            case .groupAuthorizationFailed, .offsetMetadataTooLarge, .invalidCommitOffsetSize,
                .coordinatorLoadInProgress, .unknownTopicOrPartition, .staleMemberEpoch,
                .unknownTopicID:
                throw .code(one.error)
            case .coordinatorNotAvailable, .notCoordinator, .requestTimedOut:
                group.coordinator = nil
                throw .code(one.error)
            case .unknownMemberID: throw ClientError(.commitFailed)
            default: throw .kafka
            }
        }
        if unauthorized.isEmpty { return }
        throw ClientError(.code(.topicAuthorizationFailed), about: .topics(unauthorized))
    }

    private mutating func commitHasEnded(
        _ id: GroupRequestID, _ error: ClientError?, _ now: Instant
    ) {
        guard let index = background.commits.commits.firstIndex(where: { $0.id == id })
        else { return }
        let one = background.commits.commits[index]
        if let error {
            background.commits.commits[index].retry.fail(at: now, settings.retryBackoff)
            if case .awaited = one.purpose, error.isRetriable, now < one.deadline { return }
        }
        background.commits.commits.remove(at: index)
        group.forget(id)
        switch one.purpose {
        case .awaited(let event): background.finish(event, result(of: error))
        case .unawaited(let event, let ticket):
            let failure = error.map {
                $0.isRetriable ? ClientError(.retriableCommitFailed, cause: $0.kind) : $0
            }
            background.finish(event, .done(.done))
            if background.lastAsyncCommit != event { background.forget(event) }
            group.completions.append(
                .init(kind: .commitAsync(ticket, one.offsets), error: failure))
        case .automatic: autoCommitHasEnded(error)
        }
    }

    private func result(of error: ClientError?) -> BackgroundThread.EventResult {
        guard let error else { return .done(.done) }
        if error.kind == .code(.staleMemberEpoch) { return .failed(ClientError(.commitFailed)) }
        guard error.isRetriable, error != .requestTimedOut else { return .failed(error) }
        return .failed(ClientError(.code(.requestTimedOut), cause: error.kind))
    }

    /// Without the fix a failure that would be worth another try soon is tried again only after
    /// the whole interval: it is looked for under a name that it does not have.
    private mutating func autoCommitHasEnded(_ error: ClientError?) {
        background.commits.isAutoCommitInFlight = false
        guard let error, error.isRetriable,
            settings.generation.has(.autoCommitNoBackoff)
        else { return }
        background.commits.autoCommit?.reset(settings.retryDelay)
    }

    // MARK: Committed offsets

    /// A question with the same partitions that is under way is waited for, not asked again.
    mutating func requestCommittedPositions(
        _ partitions: [PartitionRef], until deadline: Instant,
        for update: BackgroundThread.EventID, _ now: Instant
    ) {
        if let id = background.commits.pendingFetch,
            let index = background.commits.fetches.firstIndex(where: { $0.id == id }),
            background.commits.fetches[index].partitions.sorted() == partitions.sorted()
        {
            background.commits.fetches[index].updates.append(update)
            return
        }
        let patience = max(deadline, now + settings.callTimeout)
        let id = requestCommitted(partitions, until: patience, for: update, nil)
        background.commits.pendingFetch = id
    }

    @discardableResult
    mutating func requestCommitted(
        _ partitions: [PartitionRef], until deadline: Instant,
        for update: BackgroundThread.EventID?, _ event: BackgroundThread.EventID?
    ) -> GroupRequestID {
        let id = group.begin(.fetch(partitions))
        background.commits.fetches.append(
            .init(
                id: id, partitions: partitions, deadline: deadline,
                updates: update.map { [$0] } ?? [], event: event))
        return id
    }

    mutating func receiveBackgroundCommitted(
        _ id: GroupRequestID, _ outcome: ConsumerNetwork.Outcome, _ now: Instant
    ) {
        do throws(ClientError) {
            guard case .offsets(let reply) = try answerInBackground(outcome) else {
                throw .illegalState
            }
            if reply.error == .notCoordinator || reply.error == .coordinatorNotAvailable {
                group.coordinator = nil
            }
            switch reply.error {
            case .none: break
            case .unknownMemberID, .staleMemberEpoch, .groupAuthorizationFailed:
                throw .code(reply.error)
            case let error where error.isRetriable: throw .code(error)
            default: throw .kafka
            }
            var retriable: [PartitionRef] = []
            let answer = try committedAnswer(reply, &retriable)
            if !answer.unstable.isEmpty { throw .code(.unstableOffsetCommit) }
            committedHasCome(id, answer.positions, butFor: retriable, now)
        } catch {
            committedHasFailed(id, error, now)
        }
    }

    /// Partitions of topics that are not there may yet come to be.
    private mutating func committedAnswer(
        _ reply: OffsetFetchReply, _ retriable: inout [PartitionRef]
    ) throws(ClientError) -> CommittedAnswer {
        var rest = reply
        rest.partitions = []
        for one in reply.partitions {
            if one.error == .unknownTopicOrPartition || one.error == .unknownTopicID {
                retriable.append(metadata.partition(one.partition))
            } else {
                rest.partitions.append(one)
            }
        }
        return try CommittedAnswer(rest, &metadata)
    }

    private mutating func committedHasCome(
        _ id: GroupRequestID,
        _ positions: [(partition: PartitionRef, position: CommittedPosition?)],
        butFor retriable: [PartitionRef], _ now: Instant
    ) {
        guard let index = background.commits.fetches.firstIndex(where: { $0.id == id })
        else { return }
        if !retriable.isEmpty {
            background.commits.fetches[index].retry.fail(at: now, settings.retryBackoff)
            let one = background.commits.fetches[index]
            if now < one.deadline, one.deadline - now > one.retry.remaining(at: now) { return }
        }
        let fetch = background.commits.fetches.remove(at: index)
        group.forget(id)
        if background.commits.pendingFetch == id { background.commits.pendingFetch = nil }
        for (partition, position) in positions {
            metadata.noteEpoch(position?.leaderEpoch, of: partition)
        }
        if let event = fetch.event {
            let all = positions + retriable.map { ($0, nil) }
            background.finish(event, .done(.committed(all)))
        }
        if fetch.updates.isEmpty { return }
        let initializing = subscription.initializing
        applyCommitted(positions.filter { initializing.contains($0.partition) })
        for update in fetch.updates { goOnWithoutCommitted(update, now) }
    }

    private mutating func committedHasFailed(
        _ id: GroupRequestID, _ error: ClientError, _ now: Instant
    ) {
        guard let index = background.commits.fetches.firstIndex(where: { $0.id == id })
        else { return }
        background.commits.fetches[index].retry.fail(at: now, settings.retryBackoff)
        let fetch = background.commits.fetches[index]
        if error.isRetriable, now < fetch.deadline { return }
        background.commits.fetches.remove(at: index)
        group.forget(id)
        if background.commits.pendingFetch == id { background.commits.pendingFetch = nil }
        let told = error.isRetriable
            ? ClientError(.code(.requestTimedOut), cause: error.kind) : error
        if let event = fetch.event { background.finish(event, .failed(told)) }
        for update in fetch.updates { end(update, told, now) }
    }
}
