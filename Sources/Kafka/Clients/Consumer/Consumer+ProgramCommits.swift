import Kernel

/// Committing and closing in the program's thread (AsyncKafkaConsumer).
extension Consumer {
    mutating func commitSync(
        _ offsets: [ConsumerCall.OffsetsToCommit]?, _ timeout: Interval, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        guard group.exists else { throw .code(.invalidGroupID) }
        try runCommitCallbacks(now, &effects)
        if let offsets, offsets.isEmpty {
            try awaitCommitsBefore(nil, until: now + timeout, now, &effects)
            return
        }
        let id = background.add(.commitSync(offsets), until: now + timeout)
        background.call = .commitSync(id, deadline: now + settings.callTimeout, timeout: timeout)
    }

    mutating func commitAsync(
        _ offsets: [ConsumerCall.OffsetsToCommit]?, _ ticket: CommitTicket?, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        guard group.exists else { throw .code(.invalidGroupID) }
        try runCommitCallbacks(now, &effects)
        if let offsets, offsets.isEmpty {
            group.completions.append(.init(kind: .commitAsync(ticket, []), error: nil))
            effects.append(.returned(.done))
            return
        }
        let id = background.add(.commitAsync(offsets, ticket), until: nil)
        background.lastAsyncCommit = id
        background.call = .commitAsync(id, deadline: now + settings.callTimeout)
    }

    mutating func goOnCommitting(
        _ call: ProgramCall, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        let late = ClientError(.code(.requestTimedOut), cause: .timedOut)
        switch call {
        case .commitSync(let id, let deadline, let timeout):
            guard background.commitsReady.contains(id) else {
                if deadline <= now { throw late }
                return
            }
            background.commitsReady.removeAll { $0 == id }
            try awaitCommitsBefore(id, until: now + timeout, now, &effects)
        case .commitsBefore(let id, let deadline):
            guard hasLastAsyncCommitEnded else {
                if deadline <= now { throw late }
                return
            }
            forgetLastAsyncCommit()
            try runCommitCallbacks(now, &effects)
            background.call = .commit(id, deadline: deadline)
            try goOnCommitting(.commit(id, deadline: deadline), now, &effects)
        case .commit(let id, let deadline):
            guard try take(id) != nil else {
                if deadline <= now { throw late }
                return
            }
            commitHasReturned(now, &effects)
        case .leave(let id):
            do throws(ClientError) {
                guard try take(id) != nil else { return }
            } catch {}
            closePendingCommits(now, &effects)
        case .pendingCommits(let deadline):
            guard hasLastAsyncCommitEnded || deadline <= now else { return }
            if hasLastAsyncCommitEnded {
                forgetLastAsyncCommit()
                try runCommitCallbacks(now, &effects)
            } else {
                background.closing?.error = late
            }
            endNetworkThread(now, &effects)
        default: break
        }
    }

    private var hasLastAsyncCommitEnded: Bool {
        background.lastAsyncCommit.map { background.result(of: $0) != nil } ?? true
    }

    private mutating func forgetLastAsyncCommit() {
        if let id = background.lastAsyncCommit { background.forget(id) }
        background.lastAsyncCommit = nil
    }

    /// Nil: a commit of nothing, which is done as soon as those before it are.
    private mutating func awaitCommitsBefore(
        _ id: BackgroundThread.EventID?, until deadline: Instant, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        let commit = id ?? background.addDone()
        background.call = .commitsBefore(commit, deadline: deadline)
        try goOnCommitting(.commitsBefore(commit, deadline: deadline), now, &effects)
    }

    private mutating func commitHasReturned(_ now: Instant, _ effects: inout ConsumerEffects) {
        if background.closing != nil {
            closeAfterCommit(now, &effects)
        } else {
            answer(.done, &effects)
        }
    }

    // MARK: close

    mutating func close(
        _ timeout: Interval, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        let deadline = now + min(timeout, settings.requestTimeout)
        background.closing = Closing(deadline: deadline)
        guard group.exists else { return endNetworkThread(now, &effects) }
        guard settings.commitsAutomatically else { return closeAfterCommit(now, &effects) }
        try commitSync(nil, deadline - now, now, &effects)
    }

    /// What goes wrong on the way does not keep it from closing.
    mutating func failClosing(
        _ error: ClientError, _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        closeAfterCommit(now, &effects)
    }

    private mutating func closeAfterCommit(_ now: Instant, _ effects: inout ConsumerEffects) {
        guard let closing = background.closing else { return }
        _ = background.add(.commitOnClose, until: nil)
        _ = background.add(.stopFindingCoordinator, until: nil)
        let id = background.add(.leaveGroup, until: closing.deadline)
        background.call = .leave(id)
    }

    private mutating func closePendingCommits(_ now: Instant, _ effects: inout ConsumerEffects) {
        guard let closing = background.closing else { return }
        background.call = .pendingCommits(deadline: closing.deadline)
        try? goOnCommitting(
            .pendingCommits(deadline: closing.deadline), now, &effects)
    }

    /// The network's thread ends its sessions and what it has under way, while there is time.
    private mutating func endNetworkThread(_ now: Instant, _ effects: inout ConsumerEffects) {
        guard let closing = background.closing else { return }
        background.isRunning = false
        background.closing?.cleanUpUntil = max(now, closing.deadline)
        background.call = .end
        sendSessionEnds(now)
        cleanUp(isFirst: true, now, &effects)
    }

    mutating func cleanUp(
        isFirst: Bool, _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        guard let closing = background.closing, !background.hasCleanedUp else { return }
        if network.hasPending || !network.arrived.isEmpty,
            isFirst || now < closing.cleanUpUntil
        {
            pollNetworkInBackground(now, &effects)
        }
        if !network.hasPending || closing.cleanUpUntil <= now { background.hasCleanedUp = true }
    }

    /// The network's thread has come to its end.
    mutating func maybeReturnFromClose(_ effects: inout ConsumerEffects) {
        guard background.hasCleanedUp, let closing = background.closing else { return }
        dropBuffered { _ in false }
        isClosed = true
        background.call = nil
        background.closing = nil
        if closing.error == nil {
            effects.append(.returned(.done))
        } else {
            effects.append(.failed(ClientError(.kafka, cause: closing.error?.kind)))
        }
        effects.append(.closed)
    }
}
