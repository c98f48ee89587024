import Kernel

/// Turns of the network's thread (ConsumerNetworkThread.runOnce), and what it does with events.
extension Consumer {
    mutating func takeTurn(_ now: Instant, _ effects: inout ConsumerEffects) {
        guard background.isRunning else { return }
        let events = background.queue
        background.queue = []
        for event in events { begin(event, now) }
        findCoordinatorInBackground(now)
        sendGroupRequests(now)
        if let error = background.fatalCoordinatorError {
            background.fatalCoordinatorError = nil
            background.errors.append(error)
        }
        sendStaged(now)
        if background.isFetchWanted {
            background.isFetchWanted = false
            // Nothing to ask for: the program's thread would wait in vain.
            if sendFetches(now) == 0 { buffer.wake() }
            let polls = background.pollsWantingFetch
            background.pollsWantingFetch = []
            for poll in polls { background.withPoll(poll) { $0.isComplete = true } }
        }
        pollNetworkInBackground(now, &effects)
        noteMaximumWait(now)
        expireEvents(now)
        failOnMetadataError(background.begun.filter(\.knowsMetadataErrors).map(\.id))
    }

    private mutating func sendStaged(_ now: Instant) {
        let staged = background.staged
        background.staged = []
        for one in staged { network.queue(one.body, to: one.node, for: one.errand, at: now) }
    }

    mutating func pollNetworkInBackground(_ now: Instant, _ effects: inout ConsumerEffects) {
        if network.giveUp(now, &effects) { hasLostServer(now) }
        maybeSendMetadataRequest(now)
        let oldest = now - settings.requestTimeout
        network.failUnsent(.requestTimedOut) { $0.created <= oldest }
        handleEnded(now, &effects)
        network.send(metadata.nodes, settings, now, &effects)
        network.take()
        handleEnded(now, &effects)
        if let error = metadata.takeError() { background.metadataError = error }
        network.failUnreachable()
        handleEnded(now, &effects)
    }

    /// What flies out of a handler here is lost in the future that it was to complete.
    private mutating func handleEnded(_ now: Instant, _ effects: inout ConsumerEffects) {
        while !network.ended.isEmpty {
            let one = network.ended.removeFirst()
            try? handle(one, now, &effects)
        }
    }

    private mutating func noteMaximumWait(_ now: Instant) {
        background.commits.autoCommit?.update(now)
        background.pollTimer.update(now)
        background.maximumWait =
            background.commits.autoCommit?.remaining ?? Instant.never - .zero
    }

    private mutating func expireEvents(_ now: Instant) {
        for one in background.begun where one.deadline <= now {
            background.finish(one.id, .failed(.requestTimedOut))
        }
    }

    /// Returns whether there was an error to tell.
    @discardableResult
    private mutating func failOnMetadataError(
        _ events: [BackgroundThread.EventID]
    ) -> Bool {
        guard !events.isEmpty, let error = background.metadataError else { return false }
        background.metadataError = nil
        for event in events {
            background.finish(event, .failed(error))
            background.withPoll(event) {
                $0.isComplete = true
                $0.error = error
            }
        }
        return true
    }

    // MARK: Events

    private mutating func begin(_ event: BackgroundThread.Event, _ now: Instant) {
        var knowsMetadataErrors = false
        switch event.body {
        case .poll, .checkPositions: knowsMetadataErrors = true
        default: break
        }
        if let deadline = event.deadline {
            background.begun.append(
                .init(
                    id: event.id, deadline: deadline, knowsMetadataErrors: knowsMetadataErrors))
        }
        if knowsMetadataErrors, failOnMetadataError([event.id]) { return }
        do throws(ClientError) {
            if let result = try carryOut(event, now) {
                background.finish(event.id, .done(result))
            }
        } catch {
            background.finish(event.id, .failed(error))
        }
    }

    /// Nil: it is not done yet, or nobody waits for it.
    private mutating func carryOut(
        _ event: BackgroundThread.Event, _ now: Instant
    ) throws(ClientError) -> CallResult? {
        switch event.body {
        case .poll:
            beginPoll(event.id, now)
            return nil
        case .prefetch:
            background.isFetchWanted = true
            return nil
        case .assign(let partitions, let called):
            updateTimerAndMaybeCommit(called)
            if try subscription.assign(byHand: partitions, metadata.names) {
                metadata.requestUpdateForNewTopics()
            }
        case .unsubscribe, .leaveGroup: subscription.unsubscribe()
        case .seek(let partition, let target):
            metadata.noteEpoch(target.leaderEpoch, of: partition)
            guard subscription.isAssigned(partition) else { throw .illegalState }
            let position = FetchPosition(
                target.offset, offsetEpoch: target.leaderEpoch,
                leader: metadata.leader(of: partition))
            seek(partition, to: position)
        case .reset(let partitions, let strategy): try reset(partitions, to: strategy)
        case .pause(let partitions, let isPaused): try pause(partitions, isPaused)
        case .currentLag(let partition): return .lag(try currentLag(of: partition, now))
        case .lookUp(let times):
            let id = beginLookup(times, isAwaited: true)
            background.lookups.append((id, event.id))
            startLookup(id, now)
            return nil
        case .checkPositions:
            beginPositionUpdate(event.id, until: event.deadline ?? now, now)
            return nil
        case .fetchCommitted(let partitions):
            requestCommitted(partitions, until: event.deadline ?? now, for: nil, event.id)
            return nil
        case .commitSync(let offsets):
            return requestCommit(
                offsets, .awaited(event.id), until: event.deadline ?? now, event.id)
        case .commitAsync(let offsets, let ticket):
            return requestCommit(
                offsets, .unawaited(event.id, ticket), until: .never, event.id)
        case .commitOnClose:
            background.commits.isClosing = true
            return nil
        case .stopFindingCoordinator:
            background.hasStoppedSearching = true
            return nil
        }
        return .done
    }

    private mutating func beginPoll(_ id: BackgroundThread.EventID, _ now: Instant) {
        guard let poll = background.poll(id) else { return }
        if group.exists {
            updateTimerAndMaybeCommit(poll.called)
            background.pollTimer.update(poll.called)
            background.pollTimer.reset(settings.maxPollInterval)
        }
        beginPositionUpdate(id, until: poll.deadline, now)
        background.withPoll(id) { $0.hasCheckedPositions = true }
    }

    // MARK: Positions

    /// Looks after positions: doubtful ones, and partitions that have none.
    private mutating func beginPositionUpdate(
        _ id: BackgroundThread.EventID, until deadline: Instant, _ now: Instant
    ) {
        if let error = background.lateError {
            background.lateError = nil
            return positionsAreUpdated(id, error)
        }
        do throws(ClientError) {
            try validatePositions(now)
        } catch {
            return positionsAreUpdated(id, error)
        }
        if subscription.hasAllPositions { return positionsAreUpdated(id, nil) }
        let initializing = subscription.initializing
        background.updates.append(
            .init(id: id, deadline: deadline, initializing: initializing))
        if group.exists, !initializing.isEmpty {
            requestCommittedPositions(initializing, until: deadline, for: id, now)
        } else {
            goOnWithoutCommitted(id, now)
        }
    }

    /// Partitions that nothing was committed for begin where the policy says.
    mutating func goOnWithoutCommitted(_ id: BackgroundThread.EventID, _ now: Instant) {
        guard let index = background.updates.firstIndex(where: { $0.id == id }) else { return }
        let initializing = background.updates[index].initializing
        do throws(ClientError) {
            try subscription.resetInitializing(
                where: { initializing.contains($0) }, metadata.names)
            resettingUpdate = id
            defer { resettingUpdate = nil }
            let count = try resetPositions(now)
            background.updates[index].answersToCome = count
            if count == 0 { end(id, nil, now) }
        } catch {
            end(id, error, now)
        }
    }

    mutating func resetHasAnswered(_ id: BackgroundThread.EventID?, _ now: Instant) {
        guard let id, let index = background.updates.firstIndex(where: { $0.id == id })
        else { return }
        background.updates[index].answersToCome -= 1
        if background.updates[index].answersToCome == 0 { end(id, nil, now) }
    }

    mutating func end(_ id: BackgroundThread.EventID, _ error: ClientError?, _ now: Instant) {
        guard let index = background.updates.firstIndex(where: { $0.id == id }) else { return }
        let update = background.updates.remove(at: index)
        if let error, update.deadline <= now { keepForNextPoll(error, of: id) }
        positionsAreUpdated(id, error)
    }

    /// An error that comes too late for its poll is kept. Without the fix also one that its poll
    /// is told all the same, because the program does not wait at all.
    private mutating func keepForNextPoll(
        _ error: ClientError, of id: BackgroundThread.EventID
    ) {
        let isTold = background.inflightPoll == id
        if settings.generation.has(.pollZeroThrowsTwice), isTold { return }
        background.lateError = error
    }

    private mutating func positionsAreUpdated(
        _ id: BackgroundThread.EventID, _ error: ClientError?
    ) {
        if background.poll(id) == nil {
            background.finish(id, error.map { .failed($0) } ?? .done(.done))
            return
        }
        if let error, error.kind != .code(.requestTimedOut) {
            background.withPoll(id) {
                $0.isComplete = true
                $0.error = error
            }
            return
        }
        background.isFetchWanted = true
        background.pollsWantingFetch.append(id)
    }

    // MARK: Lookups

    func event(of lookup: LookupID) -> BackgroundThread.EventID? {
        background.lookups.first { $0.lookup == lookup }.flatMap(\.event)
    }

    /// Without a leader to ask it waits for metadata.
    mutating func startLookup(_ id: LookupID, _ now: Instant) {
        if !sendLookup(id, now) { background.stalledLookups.append(id) }
    }

    mutating func resumeLookups(_ now: Instant) {
        let stalled = background.stalledLookups
        background.stalledLookups = []
        for id in stalled { startLookup(id, now) }
    }

    mutating func finishLookup(_ id: LookupID, _ error: ClientError?) {
        guard let lookup = lookup(id) else { return }
        if let event = event(of: id) {
            background.finish(event, error.map { .failed($0) } ?? .done(result(of: lookup)))
        }
        background.lookups.removeAll { $0.lookup == id }
        endLookup(id)
        metadata.clearTransient()
    }
}
