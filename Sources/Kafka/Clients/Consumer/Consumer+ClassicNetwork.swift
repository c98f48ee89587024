import Kernel

/// How the classic consumer polls the network (ConsumerNetworkClient).
extension Consumer {
    /// Does what hangs on requests that have ended.
    private mutating func fireEnded(
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        var hasFired = false
        while !network.ended.isEmpty {
            let one = network.ended.removeFirst()
            try handle(one, now, &effects)
            hasFired = true
        }
        if hasFired { network.isWoken = true }
    }

    private mutating func closeConnections(_ effects: inout ConsumerEffects) {
        let nodes = group.toClose
        group.toClose = []
        for node in nodes { network.close(node, &effects) }
    }

    private mutating func trySend(_ now: Instant, _ effects: inout ConsumerEffects) {
        network.send(metadata.nodes, settings, now, &effects)
    }

    /// Up to where a poll of the network may wait. Nil: it need not.
    mutating func beginNetworkPoll(
        until deadline: Instant, unless reason: ClassicThread.Reason?, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) throws(ClientError) -> Instant? {
        try fireEnded(now, &effects)
        closeConnections(&effects)
        maybeSendMetadataRequest(now)
        trySend(now, &effects)
        guard network.ended.isEmpty, !network.isWoken, network.arrived.isEmpty else { return nil }
        if let reason, holds(reason) { return nil }
        var until = min(deadline, now + min(settings.heartbeatInterval, .seconds(5)))
        for one in network.unsent {
            guard let node = one.node,
                let delay = network.connections.pollDelay(of: node, at: now)
            else { continue }
            until = min(until, now + delay)
        }
        if network.inFlight.isEmpty { until = min(until, now + settings.retryDelay) }
        return until > now ? until : nil
    }

    mutating func endNetworkPoll(
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        if network.giveUp(now, &effects) { hasLostServer(now) }
        network.take()
        network.failUnreachable()
        trySend(now, &effects)
        let oldest = now - settings.requestTimeout
        network.failUnsent(.requestTimedOut) { $0.created < oldest }
        try fireEnded(now, &effects)
        if let error = metadata.takeError() { throw error }
    }

    /// A poll that does not wait.
    mutating func pollNetworkNow(
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        _ = try beginNetworkPoll(until: now, unless: nil, now, &effects)
        try endNetworkPoll(now, &effects)
    }

    /// Sends, and hears without acting on it.
    mutating func transmit(_ now: Instant, _ effects: inout ConsumerEffects) {
        trySend(now, &effects)
        network.take()
    }

    @inline(__always)
    private func holds(_ reason: ClassicThread.Reason) -> Bool {
        switch reason {
        case .records: hasAvailableFetches
        case .over(let awaited): isOver(awaited)
        }
    }

    private var hasAvailableFetches: Bool {
        buffer.waiting.contains { subscription.isFetchable($0.partition) }
    }

    func isOver(_ awaited: ClassicThread.Awaited) -> Bool {
        switch awaited {
        case .coordinator:
            if case .ended = group.search { true } else { false }
        case .metadata(let version): metadata.version != version
        case .group(let id): group.outcome(of: id) != nil
        case .lookup(let id): lookup(id)?.hasEnded ?? true
        case .silence(let node):
            !network.unsent.contains { $0.node == node }
                && !network.inFlight.contains { $0.node == node }
        case .sessionEnds: !isEndingSession
        }
    }

    private var isEndingSession: Bool {
        func isEnd(_ errand: ConsumerErrand) -> Bool {
            if case .endSession = errand { true } else { false }
        }
        return network.unsent.contains { isEnd($0.errand) }
            || network.inFlight.contains { isEnd($0.errand) }
            || network.arrived.contains { isEnd($0.errand) }
            || network.ended.contains { isEnd($0.errand) }
    }
}
