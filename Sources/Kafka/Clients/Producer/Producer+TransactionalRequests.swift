import Kernel

/// The sender's turn for requests of the transactional half
/// (Sender.maybeSendAndPollTransactionalRequest). One is under way at a time, and while it is,
/// nothing else is sent.
extension Producer {
    /// Returns whether the turn was used for it.
    mutating func sendTransactionalRequest(
        _ now: Instant, _ effects: inout ProducerEffects
    ) throws(ClientError) -> Bool {
        if transaction.underWay != nil {
            poll(settings.transactionalBackoff, now, &effects)
            return true
        }
        if transaction.hasAbortableError || transaction.phase == .aborting {
            let reason = transaction.lastError ?? ClientError(.transactionAborted)
            abortUndrained(because: reason, &effects)
        }
        guard let request = try nextRequest() else { return false }
        go(with: request, now, &effects)
        return true
    }

    /// The most urgent request, unless the transaction's end must wait for its records.
    private mutating func nextRequest() throws(ClientError) -> TransactionalRequest? {
        transaction.requestNewPartitions(identity.identity)
        guard let first = transaction.pending.first else { return nil }
        if first.isEnd, batches.incompleteCount > 0 { return nil }
        guard let next = transaction.dequeue() else { return nil }
        if transaction.hasFatalError || transaction.hasAbortableError,
            let error = transaction.lastError,
            !(transaction.hasAbortableError && next.isFindCoordinator)
        {
            transaction.outcomes.fail(next.call, error)
            return nil
        }
        if next.isEnd, !transaction.hasStarted {
            transaction.outcomes.complete(next.call)
            if !transaction.hasFatalError { try transaction.becomeComplete(&identity) }
            return transaction.dequeue()
        }
        return next
    }

    private mutating func go(
        with request: TransactionalRequest, _ now: Instant, _ effects: inout ProducerEffects
    ) {
        let kind = request.coordinator(isTransactional: settings.isTransactional)
        let node: NodeID?
        if let kind {
            node = transaction.coordinator(kind)
        } else {
            node = connections.leastLoaded(of: metadata.nodes, at: now)
        }
        guard let node else {
            if kind != nil { return goBack(request, now, &effects) }
            transaction.retry(request)
            return poll(settings.transactionalBackoff, now, &effects)
        }
        // Whether the node is ready shows only after a look at the network, which may bring
        // answers (NetworkClientUtils.awaitReady).
        step = .connecting(request, node: node, until: now + settings.requestTimeout)
        poll(.zero, now, &effects)
    }

    mutating func waitForConnection(
        _ request: TransactionalRequest, _ node: NodeID, _ until: Instant, _ now: Instant,
        _ effects: inout ProducerEffects
    ) {
        if isReady(node, now, &effects) {
            step = .polling
            goReady(request, to: node, now, &effects)
        } else if connections.isDown(node) || until <= now {
            step = .polling
            goBack(request, now, &effects)
        } else {
            effects.append(.wake(at: until))
        }
    }

    private mutating func goReady(
        _ request: TransactionalRequest, to node: NodeID, _ now: Instant,
        _ effects: inout ProducerEffects
    ) {
        if request.coordinator(isTransactional: settings.isTransactional) == .transaction {
            transaction.coordinatorRaisesEpochs = connections[node].initProducerIDVersion >= 3
        }
        if request.isRetry {
            let backoff = request.retriesSoon ? Interval.milliseconds(20) : .seconds(3_600)
            sleep(
                min(settings.transactionalBackoff, backoff), request, node: node, now, &effects)
        } else {
            sendNow(request, to: node, now, &effects)
        }
    }

    /// There is no way to whom the request is for: find out who that is now, or if it is for
    /// anybody, wait for better metadata.
    private mutating func goBack(
        _ request: TransactionalRequest, _ now: Instant, _ effects: inout ProducerEffects
    ) {
        if lookUpCoordinator(of: request) {
            transaction.retry(request)
            wake(now, &effects)
        } else {
            sleep(settings.transactionalBackoff, request, node: nil, now, &effects)
        }
    }

    /// False: it needs none.
    mutating func lookUpCoordinator(of request: TransactionalRequest) -> Bool {
        switch request.coordinator(isTransactional: settings.isTransactional) {
        case .transaction: transaction.lookUp(.transaction, key: settings.transactionalID ?? "")
        case .group:
            guard case .commitOffsets(let group, _, _, _) = request.body else { return false }
            transaction.lookUp(.group, key: group.group)
        case nil: return false
        }
        return true
    }

    /// The one thread sleeps: nothing is sent and no answer is heard until then.
    private mutating func sleep(
        _ interval: Interval, _ request: TransactionalRequest, node: NodeID?, _ now: Instant,
        _ effects: inout ProducerEffects
    ) {
        step = .sleeping(until: now + interval, then: request, node: node)
        effects.append(.sleep(until: now + interval))
    }

    mutating func wakeUp(
        _ request: TransactionalRequest, _ node: NodeID?, _ now: Instant,
        _ effects: inout ProducerEffects
    ) {
        if let node { return sendNow(request, to: node, now, &effects) }
        metadata.requestUpdate()
        transaction.retry(request)
        wake(now, &effects)
    }

    private mutating func sendNow(
        _ request: TransactionalRequest, to node: NodeID, _ now: Instant,
        _ effects: inout ProducerEffects
    ) {
        transaction.underWay = request.call
        let number = begin(.transactional(request), at: node, now)
        effects.append(
            .send(
                ProducerRequest(
                    number: number, node: node, body: .transactional(request.body),
                    isAnswered: true, isV2: transaction.isV2)))
        poll(settings.transactionalBackoff, now, &effects)
    }
}
