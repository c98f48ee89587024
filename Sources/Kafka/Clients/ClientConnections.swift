import Kernel

/// A client's connections, one a node (NetworkClient, ClusterConnectionStates): which stand, which
/// may be tried again, and how many requests are under way on each.
struct ClientConnections: Sendable {
    enum State: Sendable {
        /// After failures in a row the next attempt waits.
        case down(until: Instant)
        /// A connection that has not come about by then will not.
        case connecting(until: Instant)
        case up
    }

    struct Connection: Sendable {
        let node: NodeID
        var state: State
        var inFlight = 0
        var failures: Int32 = 0
        /// When it was last tried; nil: it never was.
        var attemptedAt: Instant?
        var initProducerIDVersion: Int16 = -1

        var setupDeadline: Instant {
            if case .connecting(let until) = state { until } else { .never }
        }

        func wasAttempted(before other: Connection) -> Bool {
            guard let attempt = other.attemptedAt else { return false }
            return attemptedAt.map { $0 < attempt } ?? true
        }
    }

    var all: [Connection] = []
    let maxInFlight: Int
    /// How long a request may be under way before its connection is given up.
    var requestTimeout: Interval
    private let backoff: ExponentialBackoff

    init(maxInFlight: Int, requestTimeout: Interval, backoff: ExponentialBackoff) {
        self.maxInFlight = maxInFlight
        self.requestTimeout = requestTimeout
        self.backoff = backoff
    }

    subscript(node: NodeID) -> Connection {
        all.first { $0.node == node } ?? Connection(node: node, state: .down(until: .zero))
    }

    private mutating func change(_ node: NodeID, _ change: (inout Connection) -> Void) {
        let index = all.firstIndex { $0.node >= node } ?? all.count
        if index == all.count || all[index].node != node {
            all.insert(Connection(node: node, state: .down(until: .zero)), at: index)
        }
        change(&all[index])
    }

    func canSend(to node: NodeID) -> Bool {
        let connection = self[node]
        guard case .up = connection.state else { return false }
        return connection.inFlight < maxInFlight
    }

    func canConnect(to node: NodeID, at now: Instant) -> Bool {
        guard case .down(let until) = self[node].state else { return false }
        return until <= now
    }

    /// Whether one of them stands, or may be tried now.
    func canReach(_ nodes: [NodeID], at now: Instant) -> Bool {
        leastLoaded(of: nodes, at: now) != nil || nodes.contains { isUp($0) }
    }

    private func isUp(_ node: NodeID) -> Bool {
        if case .up = self[node].state { true } else { false }
    }

    func isDown(_ node: NodeID) -> Bool {
        if case .down = self[node].state { true } else { false }
    }

    func isConnecting(to node: NodeID) -> Bool {
        if case .connecting = self[node].state { true } else { false }
    }

    /// How long it is no use to look at the node again; nil: until something happens.
    func pollDelay(of node: NodeID, at now: Instant) -> Interval? {
        guard case .down(let until) = self[node].state else { return nil }
        return max(.zero, until - now)
    }

    /// The node with the fewest requests under way that takes another; else one that is being
    /// connected to; else, of those that may be, the one whose last attempt is longest ago
    /// (KAFKA-9074): a node that is gone is not tried over and over while others are there.
    /// Lowest number first.
    func leastLoaded(of nodes: [NodeID], at now: Instant) -> NodeID? {
        var best: Connection?
        for node in nodes where canSend(to: node) {
            let connection = self[node]
            if connection.inFlight < best?.inFlight ?? .max { best = connection }
        }
        if let best { return best.node }
        if let node = nodes.first(where: { isConnecting(to: $0) }) { return node }
        for node in nodes where canConnect(to: node, at: now) {
            let connection = self[node]
            if let found = best, !connection.wasAttempted(before: found) { continue }
            best = connection
        }
        return best?.node
    }

    mutating func becomeConnecting(_ node: NodeID, at now: Instant, until: Instant) {
        change(node) {
            $0.state = .connecting(until: until)
            $0.attemptedAt = now
        }
    }

    mutating func becomeConnected(_ node: NodeID, initProducerIDVersion: Int16) {
        change(node) {
            $0.state = .up
            $0.failures = 0
            $0.initProducerIDVersion = initProducerIDVersion
        }
    }

    mutating func becomeDown(_ node: NodeID, at now: Instant) {
        let backoff = backoff
        change(node) {
            $0.state = .down(until: now + backoff.delay(after: $0.failures))
            $0.failures += 1
            $0.inFlight = 0
        }
    }

    /// Connections that did not come about in time.
    func overdue(at now: Instant) -> [NodeID] {
        all.filter { $0.setupDeadline <= now }.map(\.node)
    }

    /// When one of them may be overdue, or tried again.
    func nextDeadline(after now: Instant) -> Instant {
        var next = Instant.never
        for connection in all {
            switch connection.state {
            case .connecting(let until): next = min(next, until)
            case .down(let until) where until > now: next = min(next, until)
            case .down, .up: break
            }
        }
        return next
    }

    mutating func began(_ node: NodeID) { change(node) { $0.inFlight += 1 } }
    mutating func ended(_ node: NodeID) { change(node) { $0.inFlight = max(0, $0.inFlight - 1) } }
}

extension ClientConnections {
    /// Closed by ourselves: nothing speaks against opening it again.
    mutating func forget(_ node: NodeID) {
        all.removeAll { $0.node == node }
    }
}
