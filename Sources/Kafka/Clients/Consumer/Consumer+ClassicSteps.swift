import Kernel

/// How the classic consumer's calls go on, step by step.
extension Consumer {
    /// Goes on with the call until it returns or has to wait.
    mutating func goOnClassic(_ now: Instant, _ effects: inout ConsumerEffects) {
        if let wait = classic.wait {
            guard isOver(wait, now) else { return wake(for: wait, now, &effects) }
            classic.wait = nil
        }
        do throws(ClientError) {
            while let frame = classic.frames.last {
                try step(frame, now, &effects)
                if let wait = classic.wait { return wake(for: wait, now, &effects) }
            }
        } catch {
            fail(error, &effects)
        }
    }

    private mutating func fail(_ error: ClientError, _ effects: inout ConsumerEffects) {
        for frame in classic.frames {
            if case .lookUp(let id, _, _) = frame { abandonLookup(id) }
            // A close swallows what goes wrong, and goes on.
            if case .close(let began, let deadline, let timeout, let step) = frame {
                classic.frames = [
                    .close(began: began, deadline: deadline, timeout: timeout, step.afterFailure)
                ]
                return
            }
        }
        classic.frames = []
        effects.append(.failed(error))
    }

    private func isOver(_ wait: ClassicThread.Wait, _ now: Instant) -> Bool {
        switch wait {
        case .network(let until):
            until <= now || !network.arrived.isEmpty || metadata.version != classic.metadataVersion
        case .sleep(let until): until <= now
        }
    }

    private func wake(
        for wait: ClassicThread.Wait, _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        switch wait {
        case .network(let until):
            let metadataDue = refresh.due(isRequested: metadata.isUpdateRequested)
            let due = min(until, max(now, network.nextDeadline(after: now)), metadataDue)
            effects.append(.wake(at: due > now ? due : until))
        case .sleep(let until): effects.append(.wake(at: until))
        }
    }

    private mutating func step(
        _ frame: ClassicThread.Frame, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        switch frame {
        case .poll(let deadline, let step): try poll(deadline, step, now, &effects)
        case .updatePositions(let deadline, let step): try updatePositions(deadline, step, now)
        case .fetchCommitted(let partitions, let deadline, let attempts, let step):
            try fetchCommitted(partitions, deadline, attempts, step, now)
        case .findCoordinator(let deadline, let attempts, let step):
            try findCoordinator(deadline, attempts, step, now)
        case .network(let deadline, let reason, let hasWaited):
            try pollNetwork(deadline, reason, hasWaited, now, &effects)
        case .networkUntil(let awaited, let deadline, let hasPolled):
            pollNetwork(until: awaited, deadline, hasPolled, now)
        case .sleep(let until):
            if now < until { classic.wait = .sleep(until: until) } else { classic.pop() }
        case .position(let partition, let deadline, let step):
            try position(partition, deadline, step, now, &effects)
        case .lookUp(let id, let deadline, let step): try lookUp(id, deadline, step, now, &effects)
        case .commitSync(let offsets, let deadline, let attempts, let step):
            try commitSync(offsets, deadline, attempts, step, now, &effects)
        case .drainCommits(let deadline, let attempts, let step):
            try drainCommits(deadline, attempts, step, now, &effects)
        case .answerCommit:
            guard classic.returned.flag else { throw .requestTimedOut }
            giveBack(.done, &effects)
        case .answerCommitted:
            guard let offsets = classic.returned.offsets else { throw .requestTimedOut }
            for (partition, position) in offsets {
                metadata.noteEpoch(position?.leaderEpoch, of: partition)
            }
            giveBack(.committed(offsets), &effects)
        case .close(let began, let deadline, let timeout, let step):
            try close(began, deadline, timeout, step, now, &effects)
        }
    }

    /// The call returns.
    private mutating func giveBack(_ result: CallResult, _ effects: inout ConsumerEffects) {
        classic.frames = []
        effects.append(.returned(result))
    }

    // MARK: poll

    private mutating func poll(
        _ deadline: Instant, _ step: ClassicThread.PollStep, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        func become(_ step: ClassicThread.PollStep) {
            classic.become(.poll(deadline: deadline, step))
        }
        switch step {
        case .begin:
            guard group.exists else { return become(.coordinated) }
            try runCommitCallbacks(now, &effects)
            become(.metadataIsFresh)
            guard metadata.isUpdateRequested, !network.hasReadyNode else { return }
            metadata.requestUpdate()
            let awaited = ClassicThread.Awaited.metadata(after: metadata.version)
            classic.push(.networkUntil(awaited, deadline: deadline, hasPolled: false))
        case .metadataIsFresh:
            try pollNetworkNow(now, &effects)
            try maybeAutoCommit(now, &effects)
            become(.coordinated)
        case .coordinated:
            become(.positioned)
            classic.push(.updatePositions(deadline: deadline, .begin))
        case .positioned:
            var until = deadline
            if let autoCommitAt = group.autoCommitAt { until = min(until, autoCommitAt) }
            let polled = try collect(now)
            if !polled.isEmpty { return hand(polled, now, &effects) }
            checkAgainstMetadata()
            sendFetches(now)
            if !classic.hasAllPositions { until = min(until, now + settings.retryDelay) }
            become(.fetched)
            classic.push(.network(deadline: until, unless: .records, hasWaited: false))
        case .fetched:
            let polled = try collect(now)
            if !polled.isEmpty { return hand(polled, now, &effects) }
            if now < deadline { become(.begin) } else { giveBack(.records(polled), &effects) }
        }
    }

    /// The next fetches leave before the program works on these records.
    private mutating func hand(
        _ polled: PolledRecords, _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        checkAgainstMetadata()
        if sendFetches(now) > 0 || network.hasPending { transmit(now, &effects) }
        giveBack(.records(polled), &effects)
    }

    // MARK: Positions

    private mutating func updatePositions(
        _ deadline: Instant, _ step: ClassicThread.PositionStep, _ now: Instant
    ) throws(ClientError) {
        switch step {
        case .begin:
            try validatePositions(now)
            classic.hasAllPositions = subscription.hasAllPositions
            if classic.hasAllPositions { return classic.pop(true) }
            let initializing = subscription.initializing
            classic.returned = ClassicThread.Returned(flag: true, offsets: [])
            classic.become(.updatePositions(deadline: deadline, .committed))
            if group.exists, !initializing.isEmpty {
                classic.push(
                    .fetchCommitted(initializing, deadline: deadline, attempts: 0, .begin))
            }
        case .committed:
            guard let committed = classic.returned.offsets else { return classic.pop(false) }
            applyCommitted(committed)
            try subscription.resetInitializing(where: { _ in true }, metadata.names)
            try resetPositions(now)
            classic.pop(true)
        }
    }

    private mutating func position(
        _ partition: PartitionRef, _ deadline: Instant, _ step: ClassicThread.LookStep,
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        switch step {
        case .begin:
            guard let one = subscription[partition] else { throw .illegalState }
            if one.hasValidPosition, let position = one.position {
                return giveBack(.position(position.offset), &effects)
            }
            classic.become(.position(partition, deadline: deadline, .updated))
            classic.push(.updatePositions(deadline: deadline, .begin))
        case .updated:
            classic.become(.position(partition, deadline: deadline, .polled))
            classic.push(.network(deadline: deadline, unless: nil, hasWaited: false))
        case .polled:
            guard now < deadline else { throw .requestTimedOut }
            classic.become(.position(partition, deadline: deadline, .begin))
        }
    }

    // MARK: Lookups

    private mutating func lookUp(
        _ id: LookupID, _ deadline: Instant, _ step: ClassicThread.LookUpStep, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        switch step {
        case .begin:
            _ = sendLookup(id, now)
            classic.become(.lookUp(id, deadline: deadline, .answered))
            classic.push(.networkUntil(.lookup(id), deadline: deadline, hasPolled: false))
        case .answered:
            guard let lookup = lookup(id), lookup.hasEnded else { throw .requestTimedOut }
            if lookup.remaining.isEmpty {
                let result = result(of: lookup)
                endLookup(id)
                metadata.clearTransient()
                return giveBack(result, &effects)
            }
            metadata.requestUpdate()
            classic.become(.lookUp(id, deadline: deadline, .refreshed))
            let awaited = ClassicThread.Awaited.metadata(after: metadata.version)
            classic.push(.networkUntil(awaited, deadline: deadline, hasPolled: false))
        case .refreshed:
            guard now < deadline else { throw .requestTimedOut }
            classic.become(.lookUp(id, deadline: deadline, .begin))
        }
    }

    // MARK: The network

    private mutating func pollNetwork(
        _ deadline: Instant, _ reason: ClassicThread.Reason?, _ hasWaited: Bool,
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        if !hasWaited,
            let until = try beginNetworkPoll(
                until: deadline, unless: reason, now, &effects)
        {
            classic.become(
                .network(deadline: deadline, unless: reason, hasWaited: true))
            classic.wait = .network(until: until)
            classic.metadataVersion = metadata.version
            return
        }
        try endNetworkPoll(now, &effects)
        classic.pop()
    }

    private mutating func pollNetwork(
        until awaited: ClassicThread.Awaited, _ deadline: Instant, _ hasPolled: Bool,
        _ now: Instant
    ) {
        if hasPolled, isOver(awaited) || deadline <= now { return classic.pop(isOver(awaited)) }
        classic.become(.networkUntil(awaited, deadline: deadline, hasPolled: true))
        let reason = awaited.isFuture ? ClassicThread.Reason.over(awaited) : nil
        classic.push(.network(deadline: deadline, unless: reason, hasWaited: false))
    }

    // MARK: close

    private mutating func close(
        _ began: Instant, _ deadline: Instant, _ timeout: Interval,
        _ step: ClassicThread.CloseStep, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        func become(_ step: ClassicThread.CloseStep, until end: Instant? = nil) {
            classic.become(
                .close(began: began, deadline: end ?? deadline, timeout: timeout, step))
        }
        switch step {
        case .begin:
            become(group.exists ? .committed : .silent)
            if group.autoCommitAt != nil {
                classic.push(
                    .commitSync(
                        consumedOffsets(), deadline: deadline, attempts: 0, .begin))
            }
        case .committed:
            try runCommitCallbacks(now, &effects)
            if !group.waitingCommits.isEmpty, now < deadline {
                become(.found)
                classic.push(.findCoordinator(deadline: deadline, attempts: 0, .begin))
                return
            }
            group.hasLeft = true
            become(.silent)
            guard !isCoordinatorUnknown(now), let node = group.coordinator else { return }
            classic.push(.networkUntil(.silence(of: node), deadline: deadline, hasPolled: true))
        case .found:
            become(.committed)
            classic.push(.network(deadline: deadline, unless: nil, hasWaited: false))
        case .silent:
            let left = max(.zero, timeout - (now - began))
            let end = now + min(left, settings.requestTimeout)
            sendSessionEnds(now)
            become(.sessionsEnded, until: end)
            classic.push(.networkUntil(.sessionEnds, deadline: end, hasPolled: true))
        case .sessionsEnded:
            dropBuffered { _ in false }
            isClosed = true
            classic.frames = []
            effects.append(.returned(.done))
            effects.append(.closed)
        }
    }
}
