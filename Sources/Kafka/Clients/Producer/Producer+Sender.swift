import Kernel

/// One turn of the sender (Sender.runOnce): first what sequences and transactions need, then
/// records.
extension Producer {
    mutating func runOnce(_ now: Instant, _ effects: inout ProducerEffects) {
        if settings.isIdempotent {
            do throws(ClientError) {
                if try isBusyOtherwise(now, &effects) { return }
            } catch {
                effects.append(.uncaught(error))
                return wake(now, &effects)
            }
        }
        sendRecords(now, &effects)
    }

    /// Returns whether that was all for this turn.
    private mutating func isBusyOtherwise(
        _ now: Instant, _ effects: inout ProducerEffects
    ) throws(ClientError) -> Bool {
        try resolveSequences()
        if transaction.hasFatalError {
            if let error = transaction.lastError { abortAll(because: error, &effects) }
            poll(settings.transactionalBackoff, now, &effects)
            return true
        }
        if transaction.hasAbortableError, let error = transaction.lastError,
            error.isAuthorizationOfProducer
        {
            try becomeUninitialized(error, &effects)
            wake(now, &effects)
            return true
        }
        if !settings.isTransactional { try maybeRenewIdentity() }
        return try sendTransactionalRequest(now, &effects)
    }

    /// Sequences that expired while nobody knew their fate: either all is acknowledged after all,
    /// or there is a gap that only another epoch can close.
    private mutating func resolveSequences() throws(ClientError) {
        for partition in identity.undecidable {
            identity.begin(partition)
            if !identity.isComplete(partition) {
                if settings.isTransactional {
                    if transaction.survivesErrors {
                        if transaction.raisesEpochItself { identity.needsEpochBump = true }
                        try transaction.becomeAbortable(.kafka, on: .sender)
                    } else {
                        transaction.becomeFatal(.kafka)
                    }
                } else {
                    try identity.requestBump(for: partition, because: .gap, &batches)
                }
            }
            identity.becomeResolved(partition)
        }
    }

    private mutating func becomeUninitialized(
        _ error: ClientError, _ effects: inout ProducerEffects
    ) throws(ClientError) {
        let failure = ClientError(.authentication, cause: error.kind)
        for request in transaction.pending {
            transaction.outcomes.fail(request.call, failure)
            try transaction.becomeAbortable(failure, on: .sender)
        }
        abortAll(because: error, &effects)
        try transaction.becomeUninitialized(error)
    }

    /// A producer that is idempotent only raises its epoch itself, and asks for an id when it has
    /// none.
    private mutating func maybeRenewIdentity() throws(ClientError) {
        if identity.needsEpochBump, try identity.bumpEpoch(&batches) {
            try transaction.become(.uninitialized, on: .sender)
        }
        if transaction.phase != .initializing, !identity.identity.isValid {
            // An identity that was given up: before KIP-360 nobody kept to states then.
            if transaction.phase == .ready { try transaction.become(.uninitialized, on: .sender) }
            try transaction.become(.initializing, on: .sender)
            transaction.enqueue(
                TransactionalRequest(
                    .initProducerID(.none, raisesEpoch: false), for: transaction.beginCall()))
        }
    }

    private mutating func sendRecords(_ now: Instant, _ effects: inout ProducerEffects) {
        let ready = accumulator.ready(
            &batches, metadata, at: now, isCompleting: transaction.isCompleting)
        if !ready.leaderless.isEmpty { metadata.requestUpdate() }
        var wait = ready.nextCheck
        var isSending = false
        var drained: [(node: NodeID, batches: [BatchID])] = []
        for node in ready.nodes.count < 2 ? ready.nodes : ready.nodes.sorted() {
            let canSend = isReady(node, now, &effects)
            accumulator.noteAttempt(at: node, now, couldSend: canSend)
            guard canSend else {
                wait = shorter(wait, connections.pollDelay(of: node, at: now))
                continue
            }
            isSending = true
            let ids = accumulator.drain(
                node, &batches, metadata, at: now, maxSize: settings.maxRequestSize, &identity,
                transaction)
            if !ids.isEmpty { drained.append((node, ids)) }
        }
        becomeFlying(drained)
        expire(now, &effects)
        if accumulator.nextExpiry < .never {
            wait = shorter(wait, max(.zero, accumulator.nextExpiry - now))
        }
        for (node, ids) in drained { sendProduce(ids, to: node, now, &effects) }
        poll(isSending ? .zero : wait, now, &effects, isSpinning: isSending && drained.isEmpty)
    }

    private func shorter(_ left: Interval?, _ right: Interval?) -> Interval? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }

    /// Whether a request can go out now; if there is no connection, one is begun.
    mutating func isReady(
        _ node: NodeID, _ now: Instant, _ effects: inout ProducerEffects
    ) -> Bool {
        if connections.canSend(to: node) { return true }
        if connections.canConnect(to: node, at: now) {
            connections.becomeConnecting(
                node, at: now, until: now + settings.connectionSetupTimeout)
            effects.append(.connect(node))
        }
        return false
    }

    private mutating func becomeFlying(_ drained: [(node: NodeID, batches: [BatchID])]) {
        for (_, ids) in drained {
            for id in ids {
                let partition = batches[id].partition
                flying[partition.index].append(id)
                batches.hold(id, as: .flying)
                batches.hold(id, as: .request)
                if settings.mutesPartitionsInFlight { accumulator.mute(partition) }
            }
        }
    }

    private mutating func sendProduce(
        _ ids: [BatchID], to node: NodeID, _ now: Instant, _ effects: inout ProducerEffects
    ) {
        let content = ids.map { id in
            ProducerRequest.PartitionBatch(
                partition: batches[id].partition, batch: batches[id].wireBatch,
                tickets: batches[id].tickets)
        }
        let number = begin(.produce(ids), at: node, now)
        let isAnswered = settings.acks != .none
        effects.append(
            .send(
                ProducerRequest(
                    number: number, node: node, body: .produce(content), isAnswered: isAnswered,
                    isV2: transaction.isV2)))
        if !isAnswered { unanswered.append(number) }
    }

    mutating func begin(
        _ kind: InFlight.Kind, at node: NodeID, _ now: Instant
    ) -> RequestNumber {
        lastRequest.rawValue += 1
        inFlight.append(InFlight(number: lastRequest, node: node, sent: now, kind: kind))
        connections.began(node)
        return lastRequest
    }

    /// The end of a turn: requests without answer are done, what came meanwhile is heard, and the
    /// sender waits.
    mutating func poll(
        _ wait: Interval?, _ now: Instant, _ effects: inout ProducerEffects,
        isSpinning: Bool = false
    ) {
        effects.append(.poll(wait))
        maybeRequestMetadata(now, &effects)
        if !unanswered.isEmpty {
            for number in unanswered { endUnanswered(number, now, &effects) }
            unanswered = []
        }
        if !inbox.isEmpty {
            let heard = inbox
            inbox = []
            for input in heard { hear(input, now, &effects) }
        }
        if life == .ended { return }
        let next = nextTurn(now, isSpinning ? settings.spin : wait)
        effects.append(.wake(at: next))
    }

    /// When something is due: what the sender waits for, the end of somebody's patience, or
    /// metadata.
    @inline(__always)
    private func nextTurn(_ now: Instant, _ wait: Interval?) -> Instant {
        if case .connecting = step { return now }
        var next = wait.map { now + $0 } ?? .never
        // The client looks at its requests when it is woken up, and at the latest after the time
        // that one may take; not in the moment in which one has taken too long.
        if !inFlight.isEmpty {
            next = min(next, now + connections.requestTimeout + .milliseconds(1))
        }
        next = min(next, connections.nextDeadline(after: now))
        if !metadata.topics.isEmpty, !inFlight.contains(where: \.isMetadata) {
            // What is due already waits for a connection.
            let due = refresh.due(isRequested: metadata.isUpdateRequested)
            if due > now { next = min(next, due) }
        }
        return max(next, now)
    }
}

extension ClientError {
    /// The producer itself is not allowed to exist, which an operator can mend.
    var isAuthorizationOfProducer: Bool {
        kind == .code(.transactionalIDAuthorizationFailed)
            || kind == .code(.clusterAuthorizationFailed)
    }
}
