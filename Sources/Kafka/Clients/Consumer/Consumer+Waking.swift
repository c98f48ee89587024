import Kernel

/// How the newer consumer's two threads take turns.
extension Consumer {
    mutating func goOnInBackground(
        _ input: ConsumerInput, _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        var isTurn = false
        if case .turn = input { isTurn = true }
        if background.isRunning {
            if isTurn { takeTurn(now, &effects) }
        } else {
            cleanUp(isFirst: false, now, &effects)
            if isTurn { maybeReturnFromClose(&effects) }
        }
        goOnInProgram(now, &effects)
        if let next = nextTurn(now) { effects.append(.wake(at: next)) }
    }

    /// When one of the two threads has something to do, if nothing happens before.
    private func nextTurn(_ now: Instant) -> Instant? {
        if isClosed { return nil }
        if !background.isRunning {
            return background.hasCleanedUp ? now : background.closing?.cleanUpUntil
        }
        let isBusy = !background.queue.isEmpty || !background.staged.isEmpty
            || !network.arrived.isEmpty || background.isFetchWanted
        if isBusy { return now }
        var next = network.nextDeadline(after: now)
        next = min(next, refresh.due(isRequested: metadata.isUpdateRequested))
        if let until = waitingUntil(now) { next = min(next, until) }
        for one in background.begun { next = min(next, one.deadline) }
        for one in network.unsent { next = min(next, one.created + settings.requestTimeout) }
        if group.exists { next = min(next, nextGroupTurn(now)) }
        return next == .never ? nil : max(next, now)
    }

    private func nextGroupTurn(_ now: Instant) -> Instant {
        guard group.coordinator != nil else {
            if background.coordinatorSearch.isInFlight || background.hasStoppedSearching {
                return .never
            }
            return now + background.coordinatorSearch.remaining(at: now)
        }
        var next = Instant.never
        for one in background.commits.commits where !one.retry.isInFlight {
            next = min(next, now + one.retry.remaining(at: now))
        }
        for one in background.commits.fetches where !one.retry.isInFlight {
            next = min(next, now + one.retry.remaining(at: now))
        }
        return next
    }

    /// Until when the program's thread waits.
    private func waitingUntil(_ now: Instant) -> Instant? {
        switch background.call {
        case .poll(_, let until): buffer.isWoken ? now : until
        case .spinning(_, let since, _): since + settings.spin
        case .unsubscribe(_, let deadline, let lookAgain): min(deadline, lookAgain)
        case .commitAsync(_, let deadline), .commitSync(_, let deadline, _),
            .commitsBefore(_, let deadline), .commit(_, let deadline),
            .pendingCommits(let deadline):
            deadline
        case .event, .position, .leave, .end, nil: nil
        }
    }
}
