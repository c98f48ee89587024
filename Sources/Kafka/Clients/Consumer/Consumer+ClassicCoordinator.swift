import Kernel

/// The coordinator and the commits of the classic consumer (AbstractCoordinator,
/// ConsumerCoordinator), as far as partitions that were assigned by hand need them.
extension Consumer {
    // MARK: Finding it

    /// Whether it is not known, or can no longer be reached.
    mutating func isCoordinatorUnknown(_ now: Instant) -> Bool {
        if let known = group.coordinator, network.isUnavailable(known, at: now) {
            group.markCoordinatorUnknown(isDisconnected: true)
        }
        return group.coordinator == nil
    }

    private mutating func markCoordinatorUnknown() {
        if group.coordinator != nil { network.isWoken = true }
        group.markCoordinatorUnknown(isDisconnected: false)
    }

    /// A search is under way, or has just failed for want of a broker.
    mutating func searchCoordinator(_ now: Instant) {
        guard case .none = group.search, let id = group.id else { return }
        guard let node = network.connections.leastLoaded(of: metadata.nodes, at: now) else {
            group.search = .ended(ClientError(.noBrokersAvailable))
            return
        }
        group.search = .underWay
        network.queue(
            .findCoordinator(group: id), to: node, for: .findCoordinator, at: now)
    }

    mutating func receiveClassicCoordinator(
        _ outcome: ConsumerNetwork.Outcome, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        do throws(ClientError) {
            guard case .coordinator(let error, let node) = try outcome.answer() else {
                throw .illegalState
            }
            if error == .none, let node {
                group.coordinator = node.asCoordinator
                network.connect(node.asCoordinator, settings, now, &effects)
                group.search = .ended(nil)
            } else {
                group.search = .ended(.code(error))
            }
        } catch {
            group.search = .ended(error)
            if !error.isRetriable { group.fatalError = error }
        }
        try releaseWaitingCommits(now, &effects)
    }

    private mutating func releaseWaitingCommits(
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        guard case .ended(let error) = group.search else { return }
        let waiting = group.waitingCommits
        group.waitingCommits = []
        for commit in waiting {
            if let error {
                let failure = ClientError(.retriableCommitFailed, cause: error.kind)
                group.completions.append(.init(kind: commit.kind, error: failure))
            } else {
                sendAsyncCommit(commit.offsets, commit.kind, now)
                try pollNetworkNow(now, &effects)
            }
        }
    }

    /// One attempt to find it, without waiting. True if it is known.
    mutating func findCoordinatorNow(
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) -> Bool {
        if !isCoordinatorUnknown(now) { return true }
        try throwFatalError()
        searchCoordinator(now)
        try pollNetworkNow(now, &effects)
        guard case .ended(let error) = group.search else { return !isCoordinatorUnknown(now) }
        if let error, error.isRetriable {
            metadata.requestUpdate()
            try pollNetworkNow(now, &effects)
        } else if let known = group.coordinator, network.isUnavailable(known, at: now) {
            markCoordinatorUnknown()
        }
        group.search = .none
        if let error, !error.isRetriable { throw error }
        return !isCoordinatorUnknown(now)
    }

    private mutating func throwFatalError() throws(ClientError) {
        guard let error = group.fatalError else { return }
        group.fatalError = nil
        throw error
    }

    /// As `findCoordinatorNow`, as often as it takes and there is time (ensureCoordinatorReady).
    mutating func findCoordinator(
        _ deadline: Instant, _ attempts: Int32, _ step: ClassicThread.FindStep, _ now: Instant
    ) throws(ClientError) {
        func become(_ step: ClassicThread.FindStep, _ attempts: Int32) {
            classic.become(.findCoordinator(deadline: deadline, attempts: attempts, step))
        }
        switch step {
        case .begin:
            if !isCoordinatorUnknown(now) { return classic.pop(true) }
            try throwFatalError()
            searchCoordinator(now)
            become(.looked, attempts)
            classic.push(.networkUntil(.coordinator, deadline: deadline, hasPolled: false))
        case .looked:
            guard case .ended(let error) = group.search else {
                return classic.pop(!isCoordinatorUnknown(now))
            }
            let pause = min(deadline, now + settings.retryBackoff.delay(after: attempts))
            if let error {
                guard error.isRetriable else {
                    group.search = .none
                    throw error
                }
                become(.slept, attempts + 1)
                classic.push(.sleep(until: pause))
            } else if let known = group.coordinator, network.isUnavailable(known, at: now) {
                markCoordinatorUnknown()
                become(.refreshed, attempts + 1)
                classic.push(.sleep(until: pause))
            } else {
                become(.refreshed, attempts)
            }
        case .slept:
            metadata.requestUpdate()
            become(.refreshed, attempts)
            let awaited = ClassicThread.Awaited.metadata(after: metadata.version)
            classic.push(.networkUntil(awaited, deadline: deadline, hasPolled: false))
        case .refreshed:
            group.search = .none
            let isUnknown = isCoordinatorUnknown(now)
            guard isUnknown, now < deadline else { return classic.pop(!isUnknown) }
            become(.begin, attempts)
        }
    }

    // MARK: Committed offsets

    mutating func fetchCommitted(
        _ partitions: [PartitionRef], _ deadline: Instant, _ attempts: Int32,
        _ step: ClassicThread.FetchStep, _ now: Instant
    ) throws(ClientError) {
        func become(_ step: ClassicThread.FetchStep, _ attempts: Int32) {
            classic.become(
                .fetchCommitted(partitions, deadline: deadline, attempts: attempts, step))
        }
        switch step {
        case .begin:
            if attempts == 0 { forgetOtherFetch(than: partitions) }
            become(.found, attempts)
            classic.push(.findCoordinator(deadline: deadline, attempts: 0, .begin))
        case .found:
            guard classic.returned.flag, let node = group.coordinator else {
                return giveNoOffsets()
            }
            let id = group.pendingFetch ?? group.begin(.fetch(partitions))
            if group.pendingFetch == nil { queueCommittedFetch(partitions, id, to: node, now) }
            group.pendingFetch = id
            become(.answered(id), attempts)
            classic.push(.networkUntil(.group(id), deadline: deadline, hasPolled: false))
        case .answered(let id):
            guard let outcome = group.outcome(of: id) else { return giveNoOffsets() }
            group.forget(id)
            group.pendingFetch = nil
            switch outcome {
            case .offsets(let offsets):
                classic.returned.offsets = offsets
                classic.pop(true)
            case .failed(let error) where error.isRetriable:
                become(.slept, attempts + 1)
                let delay = settings.retryBackoff.delay(after: attempts)
                classic.push(.sleep(until: min(deadline, now + delay)))
            case .failed(let error): throw error
            case .committed: throw .illegalState
            }
        case .slept:
            if now < deadline { become(.begin, attempts) } else { giveNoOffsets() }
        }
    }

    private mutating func giveNoOffsets() {
        classic.returned.offsets = nil
        classic.pop(false)
    }

    /// An answer to another question is of no use.
    private mutating func forgetOtherFetch(than partitions: [PartitionRef]) {
        guard let id = group.pendingFetch,
            case .fetch(let asked) = group.requests.first(where: { $0.id == id })?.kind,
            asked.sorted() != partitions.sorted()
        else { return }
        group.forget(id)
        group.pendingFetch = nil
    }

    mutating func receiveClassicCommitted(
        _ id: GroupRequestID, _ outcome: ConsumerNetwork.Outcome
    ) {
        do throws(ClientError) {
            guard case .offsets(let reply) = try coordinatorAnswer(outcome) else {
                throw .illegalState
            }
            if reply.error == .coordinatorNotAvailable || reply.error == .notCoordinator {
                markCoordinatorUnknown()
            }
            if reply.error.isRetriable || reply.error == .groupAuthorizationFailed {
                throw .code(reply.error)
            }
            if reply.error != .none { throw .kafka }
            let answer = try CommittedAnswer(reply, &metadata)
            if !answer.unstable.isEmpty { throw .code(.unstableOffsetCommit) }
            group.end(id, .offsets(answer.positions))
        } catch {
            group.end(id, .failed(error))
        }
    }

    /// A lost connection means that the coordinator is gone.
    private mutating func coordinatorAnswer(
        _ outcome: ConsumerNetwork.Outcome
    ) throws(ClientError) -> ConsumerAnswer {
        do throws(ClientError) {
            return try outcome.answer()
        } catch {
            if error.kind == .disconnected { group.markCoordinatorUnknown(isDisconnected: true) }
            throw error
        }
    }

    // MARK: Commits

    mutating func maybeAutoCommit(
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        guard let due = group.autoCommitAt, due <= now, let interval = settings.autoCommitInterval
        else { return }
        group.autoCommitAt = now + interval
        try commitAsync(consumedOffsets(), .autoCommit, now, &effects)
    }

    mutating func commitAsync(
        _ offsets: [ConsumerCall.OffsetsToCommit], _ kind: GroupClient.Kind, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        try runCommitCallbacks(now, &effects)
        if offsets.isEmpty {
            sendAsyncCommit(offsets, kind, now)
        } else if try findCoordinatorNow(now, &effects) {
            sendAsyncCommit(offsets, kind, now)
        } else {
            group.waitingCommits.append(.init(offsets: offsets, kind: kind))
            searchCoordinator(now)
            if case .ended = group.search {
                try releaseWaitingCommits(now, &effects)
                group.search = .none
            }
        }
        try pollNetworkNow(now, &effects)
    }

    private mutating func sendAsyncCommit(
        _ offsets: [ConsumerCall.OffsetsToCommit], _ kind: GroupClient.Kind, _ now: Instant
    ) {
        let id = sendCommit(offsets, kind, now)
        group.asyncCommitsInFlight += 1
        if group.outcome(of: id) != nil { asyncCommitHasEnded(id) }
    }

    mutating func sendCommit(
        _ offsets: [ConsumerCall.OffsetsToCommit], _ kind: GroupClient.Kind, _ now: Instant
    ) -> GroupRequestID {
        let id = group.begin(kind)
        if offsets.isEmpty {
            group.end(id, .committed)
        } else if isCoordinatorUnknown(now) {
            group.end(id, .failed(.code(.coordinatorNotAvailable)))
        } else if offsets.contains(where: { $0.position.offset < 0 }) {
            group.end(id, .failed(.illegalArgument))
        } else if let node = group.coordinator {
            queueCommit(offsets, id, to: node, now)
        }
        return id
    }

    mutating func receiveClassicCommit(
        _ id: GroupRequestID, _ outcome: ConsumerNetwork.Outcome
    ) {
        do throws(ClientError) {
            guard case .committed(let reply) = try coordinatorAnswer(outcome) else {
                throw .illegalState
            }
            try check(reply)
            group.end(id, .committed)
        } catch {
            group.end(id, .failed(error))
        }
        asyncCommitHasEnded(id)
    }

    private mutating func check(_ reply: OffsetCommitReply) throws(ClientError) {
        var unauthorized: [TopicRef] = []
        for one in reply.partitions {
            switch one.error {
            case .none: break
            case .topicAuthorizationFailed:
                unauthorized.append(metadata.topic(one.partition.topic))
            case .groupAuthorizationFailed, .offsetMetadataTooLarge, .invalidCommitOffsetSize,
                .coordinatorLoadInProgress, .unknownTopicOrPartition, .rebalanceInProgress,
                .fencedInstanceID:
                throw .code(one.error)
            case .coordinatorNotAvailable, .notCoordinator, .requestTimedOut:
                markCoordinatorUnknown()
                throw .code(one.error)
            case .unknownMemberID, .illegalGeneration: throw ClientError(.commitFailed)
            default: throw .kafka
            }
        }
        if unauthorized.isEmpty { return }
        throw ClientError(.code(.topicAuthorizationFailed), about: .topics(unauthorized))
    }

    private mutating func asyncCommitHasEnded(_ id: GroupRequestID) {
        guard let request = group.requests.first(where: { $0.id == id }) else { return }
        if case .commitSync = request.kind { return }
        group.forget(id)
        group.asyncCommitsInFlight -= 1
        var failure: ClientError?
        if case .failed(let error) = request.outcome {
            failure = error.isRetriable
                ? ClientError(.retriableCommitFailed, cause: error.kind) : error
        }
        if failure?.kind == .code(.fencedInstanceID) { group.isFenced = true }
        group.completions.append(.init(kind: request.kind, error: failure))
    }

    /// Callbacks of asynchronous commits run in the program's thread, in some later call.
    mutating func runCommitCallbacks(
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        if group.isFenced { throw .code(.fencedInstanceID) }
        let completions = group.completions
        group.completions = []
        for one in completions {
            switch one.kind {
            case .commitAsync(let ticket, let offsets):
                if let ticket { effects.append(.callback(ticket, offsets, one.error)) }
            case .autoCommit:
                if one.error?.kind == .retriableCommitFailed {
                    group.autoCommitAt = now + settings.retryDelay
                }
            case .fetch, .commitSync: break
            }
        }
    }

    mutating func commitSync(
        _ offsets: [ConsumerCall.OffsetsToCommit], _ deadline: Instant, _ attempts: Int32,
        _ step: ClassicThread.CommitStep, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        func become(_ step: ClassicThread.CommitStep, _ attempts: Int32) {
            classic.become(
                .commitSync(offsets, deadline: deadline, attempts: attempts, step))
        }
        switch step {
        case .begin:
            if attempts == 0 { try runCommitCallbacks(now, &effects) }
            if offsets.isEmpty {
                become(.drained, attempts)
                classic.push(.drainCommits(deadline: deadline, attempts: 0, .begin))
                return
            }
            become(.found, attempts)
            classic.push(.findCoordinator(deadline: deadline, attempts: 0, .begin))
        case .drained: classic.pop(classic.returned.flag)
        case .found:
            guard classic.returned.flag else { return classic.pop(false) }
            let id = sendCommit(offsets, .commitSync, now)
            become(.answered(id), attempts)
            classic.push(.networkUntil(.group(id), deadline: deadline, hasPolled: false))
        case .answered(let id):
            try runCommitCallbacks(now, &effects)
            let outcome = group.outcome(of: id)
            if outcome != nil { group.forget(id) }
            if case .committed = outcome { return classic.pop(true) }
            if case .failed(let error) = outcome, !error.isRetriable { throw error }
            become(.slept, attempts + 1)
            let delay = settings.retryBackoff.delay(after: attempts)
            classic.push(.sleep(until: min(deadline, now + delay)))
        case .slept:
            if now < deadline { become(.begin, attempts) } else { classic.pop(false) }
        }
    }

    /// Waits for the asynchronous commits before it (invokePendingAsyncCommits).
    mutating func drainCommits(
        _ deadline: Instant, _ attempts: Int32, _ step: ClassicThread.DrainStep, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        func become(_ step: ClassicThread.DrainStep, _ attempts: Int32) {
            classic.become(.drainCommits(deadline: deadline, attempts: attempts, step))
        }
        switch step {
        case .begin:
            if attempts == 0, group.asyncCommitsInFlight == 0 { return classic.pop(true) }
            become(.found, attempts)
            classic.push(.findCoordinator(deadline: deadline, attempts: 0, .begin))
        case .found:
            become(.polled, attempts)
            classic.push(.network(deadline: deadline, unless: nil, hasWaited: false))
        case .polled:
            try runCommitCallbacks(now, &effects)
            if group.asyncCommitsInFlight == 0 { return classic.pop(true) }
            become(.slept, attempts + 1)
            let delay = settings.retryBackoff.delay(after: attempts)
            classic.push(.sleep(until: min(deadline, now + delay)))
        case .slept:
            if now < deadline { become(.begin, attempts) } else { classic.pop(false) }
        }
    }
}
