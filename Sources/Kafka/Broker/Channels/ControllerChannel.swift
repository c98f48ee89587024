import Kernel

/// Why a broker asks the controller: what is to be done with the answer.
enum Errand: Sendable {
    case registration
    case heartbeat
    case alterPartition
    case producerIDs
    /// For a client, which waits.
    case forwarded(ReplyToken)
    /// For clients that have asked about these topics, and do not wait.
    case topicCreation([String])
}

/// One connection of a broker to whoever leads the quorum (NodeToControllerChannelManager): what
/// has to be said is said in order, one thing at a time, and again if it was said to somebody who
/// was not there or not in charge. So a request may be carried out twice.
///
/// The controller that was found is kept until it fails, whatever the quorum says meanwhile.
struct ControllerChannel: Sendable {
    struct Item: Sendable {
        var request: ControllerRequest
        var errand: Errand
        var createdAt: Instant
    }

    /// What the channel wants its broker to do.
    enum Step: Sendable {
        case send(ControllerRequest, to: BrokerDestination, timeout: Interval)
        /// It has waited too long. The next step may be there at once.
        case gaveUp(Errand)
        case nothing
    }

    let purpose: BrokerDestination.Purpose
    /// What is older than that is given up.
    private let patience: Interval
    /// How long an answer may take.
    private let requestTimeout: Interval
    /// In the order in which they are to be sent.
    private var queue: [Item] = []
    /// Whom it speaks to.
    private var controller: NodeID?
    /// Since when it does not know whom to speak to.
    private var lookingSince = Instant.zero
    private var inFlight: Item?
    /// When there is a step to be taken without anything having happened.
    private(set) var deadline = Instant.never

    /// How long it waits before it looks again whether the quorum has a leader.
    private static let lookInterval = Interval.milliseconds(100)

    init(_ purpose: BrokerDestination.Purpose, patience: Interval, requestTimeout: Interval) {
        self.purpose = purpose
        self.patience = patience
        self.requestTimeout = min(patience, requestTimeout)
    }

    var isEmpty: Bool { queue.isEmpty && inFlight == nil }

    mutating func enqueue(_ request: ControllerRequest, for errand: Errand, at now: Instant) {
        queue.append(Item(request: request, errand: errand, createdAt: now))
        deadline = min(deadline, now)
    }

    /// The quorum has another leader, or none: whoever is looking for one looks again.
    mutating func quorumChanged(at now: Instant) {
        guard controller == nil, !queue.isEmpty else { return }
        deadline = min(deadline, nextLook(at: now))
    }

    /// An answer came. Nil: nobody in charge has given it, and the request is sent again over a new
    /// connection.
    mutating func answered(
        _ reply: ControllerReply, at now: Instant, _ effects: inout BrokerEffects
    ) -> Errand? {
        guard let item = inFlight else { preconditionFailure("nothing was asked") }
        inFlight = nil
        deadline = now
        guard case .failed(.notController) = reply else { return item.errand }
        if let controller { effects.append(.disconnect(BrokerDestination(controller, purpose))) }
        retry(item, at: now)
        return nil
    }

    /// No answer came: whatever the reason was, it is sent again.
    mutating func failed(at now: Instant) {
        guard let item = inFlight else { preconditionFailure("nothing was asked") }
        inFlight = nil
        retry(item, at: now)
    }

    private mutating func retry(_ item: Item, at now: Instant) {
        queue.insert(item, at: 0)
        controller = nil
        lookingSince = now
        deadline = now
    }

    /// What is to be done now, one thing at a time; `leader` is who leads the quorum as far as the
    /// process knows.
    mutating func nextStep(leader: NodeID?, at now: Instant) -> Step {
        deadline = .never
        guard inFlight == nil, let first = queue.first else { return .nothing }
        if now - first.createdAt >= patience {
            queue.removeFirst()
            deadline = now
            return .gaveUp(first.errand)
        }
        if controller == nil, let leader, nextLook(at: now) == now { controller = leader }
        guard let controller else {
            deadline = first.createdAt + patience
            if leader != nil { deadline = min(deadline, nextLook(at: now)) }
            return .nothing
        }
        queue.removeFirst()
        inFlight = first
        let destination = BrokerDestination(controller, purpose)
        return .send(first.request, to: destination, timeout: requestTimeout)
    }

    /// When it looks next who leads the quorum: at once when it has lost its controller, and every
    /// tenth of a second from then on.
    private func nextLook(at now: Instant) -> Instant {
        let interval = Self.lookInterval.nanoseconds
        let waited = (now - lookingSince).nanoseconds
        let looks = (waited + interval - 1) / interval
        return lookingSince + Interval(nanoseconds: looks * interval)
    }
}
