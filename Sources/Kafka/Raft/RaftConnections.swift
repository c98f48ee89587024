import Kernel

/// What a node waits for from others, one request a destination (RequestManager).
///
/// Times that have passed are noticed only when somebody looks, as in Kafka: an answer that comes
/// after its request timed out still counts if nobody has looked in between.
struct RaftConnections: Sendable {
    private enum State {
        case awaiting(CorrelationID, since: Instant)
        case backingOff(since: Instant)
    }

    private struct Connection {
        let kind: RaftDestination.Kind
        let api: RaftAPI
        var state: State
    }

    /// Those that are not simply ready.
    private var list: [Connection] = []
    private var lastCorrelation: Int32 = 0
    private let requestTimeout: Interval
    private let retryBackoff: Interval

    init(_ settings: RaftSettings) {
        requestTimeout = settings.requestTimeout
        retryBackoff = settings.retryBackoff
    }

    /// Forgets every request; answers to them are not expected any more. Happens with every change
    /// of role or epoch (`KafkaRaftClient.resetConnections`).
    mutating func resetAll() {
        list.removeAll(keepingCapacity: true)
    }

    mutating func reset(_ kind: RaftDestination.Kind) {
        list.removeAll { $0.kind == kind }
    }

    /// Nil if a request may be sent there now, else when to look again.
    mutating func wait(for kind: RaftDestination.Kind, at now: Instant) -> Instant? {
        guard let index = list.firstIndex(where: { $0.kind == kind }) else { return nil }
        let end = end(of: list[index].state)
        if now < end { return end }
        remove(index)
        return nil
    }

    func isBackingOff(_ kind: RaftDestination.Kind, at now: Instant) -> Bool {
        guard case .backingOff(let since) = state(of: kind) else { return false }
        return now < since + retryBackoff
    }

    func hasTimedOut(_ kind: RaftDestination.Kind, at now: Instant) -> Bool {
        guard case .awaiting(_, let since) = state(of: kind) else { return false }
        return now >= since + requestTimeout
    }

    /// A request leaves; returns its number and when it times out.
    mutating func didSend(
        _ api: RaftAPI, to kind: RaftDestination.Kind, at now: Instant
    ) -> (correlation: CorrelationID, timeout: Instant) {
        lastCorrelation += 1
        let correlation = CorrelationID(lastCorrelation)
        let connection = Connection(
            kind: kind, api: api, state: .awaiting(correlation, since: now))
        if let index = list.firstIndex(where: { $0.kind == kind }) {
            list[index] = connection
        } else {
            list.append(connection)
        }
        return (correlation, now + requestTimeout)
    }

    /// Who was asked, and what; nil if nobody waits for this answer any more.
    func asked(
        by correlation: CorrelationID
    ) -> (source: RaftDestination.Kind, api: RaftAPI)? {
        for connection in list {
            if case .awaiting(correlation, _) = connection.state {
                return (connection.kind, connection.api)
            }
        }
        return nil
    }

    /// The answer was of use, or the request failed and is not repeated for a while.
    mutating func didAnswer(_ correlation: CorrelationID, usefully: Bool, at now: Instant) {
        let index = list.firstIndex {
            if case .awaiting(correlation, _) = $0.state { true } else { false }
        }
        guard let index else { return }
        if usefully {
            remove(index)
        } else {
            list[index].state = .backingOff(since: now)
        }
    }

    /// Whether any request is under way. There must be only one FETCH at a time, over all
    /// destinations, or the same records could be written twice.
    mutating func hasAnyInFlight(at now: Instant) -> Bool {
        var index = 0
        while index < list.count {
            if now >= end(of: list[index].state) {
                remove(index)
            } else if case .awaiting = list[index].state {
                return true
            } else {
                index += 1
            }
        }
        return false
    }

    /// When a fetch from some bootstrap server is worth trying again; now if one is ready.
    mutating func nextChance(of servers: [RaftDestination], at now: Instant) -> Instant {
        var earliest = now + retryBackoff
        var index = 0
        while index < list.count {
            let end = end(of: list[index].state)
            if now >= end {
                remove(index)
                continue
            }
            if case .awaiting = list[index].state { return end }
            earliest = min(earliest, end)
            index += 1
        }
        for server in servers where wait(for: server.kind, at: now) == nil { return now }
        return earliest
    }

    private mutating func remove(_ index: Int) {
        list.swapAt(index, list.count - 1)
        list.removeLast()
    }

    private func state(of kind: RaftDestination.Kind) -> State? {
        for connection in list where connection.kind == kind { return connection.state }
        return nil
    }

    @inline(__always)
    private func end(of state: State) -> Instant {
        switch state {
        case .awaiting(_, let since): since + requestTimeout
        case .backingOff(let since): since + retryBackoff
        }
    }
}
