import Kernel

/// What a consumer has under way (NetworkClient, ConsumerNetworkClient, NetworkClientDelegate):
/// requests that wait for a connection, requests in flight, answers that nobody has looked at.
struct ConsumerNetwork: Sendable {
    struct Unsent: Sendable {
        /// Nil: whichever has least to do.
        let node: NodeID?
        let body: ConsumerRequest.Body
        let errand: ConsumerErrand
        let created: Instant
    }

    struct InFlight: Sendable {
        let number: RequestNumber
        let node: NodeID
        let errand: ConsumerErrand
        let sent: Instant
    }

    /// A request that has ended.
    struct Ended: Sendable {
        let node: NodeID?
        let errand: ConsumerErrand
        let outcome: Outcome
    }

    enum Outcome: Sendable {
        case answer(ConsumerAnswer)
        case failed(ClientError)
    }

    var connections: ClientConnections
    var unsent: [Unsent] = []
    var inFlight: [InFlight] = []
    /// Came in, and waits for the next poll of the network.
    var arrived: [Ended] = []
    /// Taken from the network; what hangs on them has not been done.
    var ended: [Ended] = []
    /// The next poll of the network does not wait.
    var isWoken = false
    private var lastNumber = RequestNumber(0)

    init(_ settings: ConsumerSettings) {
        connections = ClientConnections(
            maxInFlight: 100, requestTimeout: settings.requestTimeout,
            backoff: settings.reconnectBackoff)
    }

    mutating func queue(
        _ body: ConsumerRequest.Body, to node: NodeID?, for errand: ConsumerErrand, at now: Instant
    ) {
        unsent.append(Unsent(node: node, body: body, errand: errand, created: now))
        isWoken = true
    }

    /// The connection has failed, and it is too early to try again.
    func isUnavailable(_ node: NodeID, at now: Instant) -> Bool {
        hasFailed(node) && connections.pollDelay(of: node, at: now) ?? .zero > .zero
    }

    func hasFailed(_ node: NodeID) -> Bool {
        connections.isDown(node) && connections[node].failures > 0
    }

    var hasReadyNode: Bool {
        connections.all.contains { if case .up = $0.state { true } else { false } }
    }

    /// Or it has asked in vain, and has not been told yet.
    var isAskingForMetadata: Bool {
        for one in arrived { if case .metadata = one.errand { return true } }
        for one in inFlight { if case .metadata = one.errand { return true } }
        for one in unsent { if case .metadata = one.errand { return true } }
        return false
    }

    var hasPending: Bool { !unsent.isEmpty || !inFlight.isEmpty }

    // MARK: Sending

    /// Sends what can be sent. Of several requests to one node none overtakes another.
    mutating func send(
        _ nodes: [NodeID], _ settings: ConsumerSettings, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) {
        if unsent.isEmpty { return }
        var left: [Unsent] = []
        for request in unsent {
            let target = request.node ?? connections.leastLoaded(of: nodes, at: now)
            guard let node = target else {
                left.append(request)
                continue
            }
            if connections.canSend(to: node), !left.contains(where: { $0.node == node }) {
                lastNumber.rawValue += 1
                connections.began(node)
                inFlight.append(
                    InFlight(number: lastNumber, node: node, errand: request.errand, sent: now))
                effects.append(
                    .send(ConsumerRequest(number: lastNumber, node: node, body: request.body)))
            } else {
                left.append(request)
                connect(node, settings, now, &effects)
            }
        }
        if left.isEmpty { unsent.removeAll(keepingCapacity: true) } else { unsent = left }
    }

    mutating func connect(
        _ node: NodeID, _ settings: ConsumerSettings, _ now: Instant,
        _ effects: inout ConsumerEffects
    ) {
        guard connections.canConnect(to: node, at: now) else { return }
        connections.becomeConnecting(
            node, at: now, until: now + settings.connectionSetupTimeout)
        effects.append(.connect(node))
    }

    // MARK: Ending

    mutating func receive(_ answer: ConsumerAnswer, to number: RequestNumber) {
        guard let index = inFlight.firstIndex(where: { $0.number == number }) else { return }
        let one = inFlight.remove(at: index)
        connections.ended(one.node)
        arrived.append(Ended(node: one.node, errand: one.errand, outcome: .answer(answer)))
    }

    /// All that was under way there has failed, the oldest first.
    mutating func lose(_ node: NodeID, at now: Instant) {
        connections.becomeDown(node, at: now)
        failInFlight(to: node)
    }

    private mutating func failInFlight(to node: NodeID) {
        for one in inFlight where one.node == node {
            arrived.append(
                Ended(node: node, errand: one.errand, outcome: .failed(.disconnected)))
        }
        inFlight.removeAll { $0.node == node }
    }

    /// We close a connection ourselves.
    mutating func close(_ node: NodeID, _ effects: inout ConsumerEffects) {
        failUnsent(.disconnected) { $0.node == node }
        failInFlight(to: node)
        connections.forget(node)
        effects.append(.disconnect(node))
    }

    mutating func failUnsent(_ error: ClientError, where isMeant: (Unsent) -> Bool) {
        if unsent.isEmpty { return }
        for one in unsent where isMeant(one) {
            ended.append(Ended(node: one.node, errand: one.errand, outcome: .failed(error)))
        }
        unsent.removeAll(where: isMeant)
    }

    /// Requests for nodes whose connection has failed.
    mutating func failUnreachable() {
        if unsent.isEmpty { return }
        let failed = unsent.compactMap(\.node).filter(hasFailed)
        failUnsent(.disconnected) { one in one.node.map(failed.contains) ?? false }
    }

    /// Takes what has come in.
    mutating func take() {
        isWoken = false
        if arrived.isEmpty { return }
        if ended.isEmpty { return swap(&ended, &arrived) }
        ended += arrived
        arrived = []
    }

    /// Connections that are given up: of requests without answer, or that did not come about.
    /// Whether there were any.
    mutating func giveUp(_ now: Instant, _ effects: inout ConsumerEffects) -> Bool {
        var late = connections.overdue(at: now)
        for one in inFlight where one.sent + connections.requestTimeout <= now {
            if !late.contains(one.node) { late.append(one.node) }
        }
        for node in late {
            lose(node, at: now)
            effects.append(.disconnect(node))
        }
        return !late.isEmpty
    }

    /// When something of this is due.
    func nextDeadline(after now: Instant) -> Instant {
        var next = connections.nextDeadline(after: now)
        for one in inFlight { next = min(next, one.sent + connections.requestTimeout) }
        return next
    }
}

extension ClientError {
    static let disconnected = ClientError(.disconnected)
    static let requestTimedOut = ClientError.code(.requestTimedOut)
}

/// What a request was sent for.
enum ConsumerErrand: Sendable {
    case fetch
    case endSession
    /// The update of positions that it belongs to, if somebody waits for that.
    case reset(
        [(partition: PartitionRef, strategy: ResetStrategy)], for: BackgroundThread.EventID?)
    case lookUp(LookupID)
    case validate([(partition: PartitionRef, position: FetchPosition)])
    case findCoordinator
    case fetchCommitted(GroupRequestID)
    case commit(GroupRequestID)
    case metadata
}

/// Names a search for offsets.
struct LookupID: Hashable, Sendable {
    let rawValue: Int32
}

/// Names a question to the group's coordinator.
struct GroupRequestID: Hashable, Sendable {
    let rawValue: Int32
}
