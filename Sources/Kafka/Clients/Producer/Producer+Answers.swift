import Kernel

/// What comes back from the network, and to whom it goes.
extension Producer {
    mutating func hear(
        _ input: ProducerInput, _ now: Instant, _ effects: inout ProducerEffects
    ) {
        if case .connected(let node, let version) = input {
            connections.becomeConnected(node, initProducerIDVersion: version)
            return wake(now, &effects)
        }
        if case .sleeping = step {
            inbox.append(input)
            return
        }
        switch input {
        case .answer(let number, let answer): end(number, .answered(answer), now, &effects)
        case .disconnected(let node):
            connections.becomeDown(node, at: now)
            endAll(at: node, .disconnected, now, &effects)
            hasLostServer(now)
        case .connectionTimedOut(let node): giveUp(node, now, &effects)
        default: break
        }
        wake(now, &effects)
    }

    private mutating func giveUp(
        _ node: NodeID, _ now: Instant, _ effects: inout ProducerEffects
    ) {
        effects.append(.disconnect(node))
        connections.becomeDown(node, at: now)
        endAll(at: node, .timedOut, now, &effects)
        hasLostServer(now)
    }

    /// Closes connections that did not come about, and those whose oldest request has been under
    /// way for too long: the broker may still have it (NetworkClient.handleTimedOutRequests).
    mutating func giveUpOverdue(_ now: Instant, _ effects: inout ProducerEffects) {
        for node in connections.overdue(at: now) { giveUp(node, now, &effects) }
        while let oldest = inFlight.first, now - oldest.sent > connections.requestTimeout {
            giveUp(oldest.node, now, &effects)
        }
    }

    /// How a request ended.
    enum RequestEnd: Sendable {
        case answered(ProducerAnswer)
        case disconnected
        case timedOut
        /// It needs no answer and has been written.
        case written
    }

    private mutating func endAll(
        at node: NodeID, _ how: RequestEnd, _ now: Instant, _ effects: inout ProducerEffects
    ) {
        for number in inFlight.filter({ $0.node == node }).map(\.number) {
            end(number, how, now, &effects)
        }
    }

    mutating func endUnanswered(
        _ number: RequestNumber, _ now: Instant, _ effects: inout ProducerEffects
    ) {
        end(number, .written, now, &effects)
    }

    private mutating func end(
        _ number: RequestNumber, _ how: RequestEnd, _ now: Instant,
        _ effects: inout ProducerEffects
    ) {
        guard let index = inFlight.firstIndex(where: { $0.number == number }) else { return }
        let request = inFlight.remove(at: index)
        connections.ended(request.node)
        do throws(ClientError) {
            switch request.kind {
            case .produce(let ids): try endProduce(ids, how, now, &effects)
            case .transactional(let request): try endTransactional(request, how)
            case .metadata: endMetadata(how, now, &effects)
            }
        } catch {
            effects.append(.uncaught(error))
        }
    }
}
