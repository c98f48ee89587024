import Kernel

/// Why a broker asks the controller: what is to be done with the answer.
enum Errand: Sendable {
    case registration
    case heartbeat
    case alterPartition
    case producerIDs
    /// Where replicas lie; what is not heard is told again when they change.
    case directories
    /// For a client, which waits.
    case forwarded(ReplyToken)
    /// For a client, too. Nil where the controller decides: it is asked only about those.
    case configs(ReplyToken, outcomes: [KafkaError?])
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
    private var lookingSince = Instant.never
    /// Who leads the quorum as far as the process knows, and since when it knows.
    private var leader: NodeID?
    private var leaderSince = Instant.zero
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

    mutating func start(at now: Instant) {
        lookingSince = now
    }

    /// The quorum has another leader, or none. Whoever has found the one before keeps it.
    mutating func quorumChanged(to leader: NodeID?, at now: Instant) {
        find(at: now)
        self.leader = leader
        leaderSince = now
        if controller == nil, !queue.isEmpty { deadline = min(deadline, nextLook) }
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

    /// What is to be done now, one thing at a time.
    mutating func nextStep(at now: Instant) -> Step {
        deadline = .never
        guard inFlight == nil, let first = queue.first else { return .nothing }
        if now - first.createdAt >= patience {
            queue.removeFirst()
            deadline = now
            return .gaveUp(first.errand)
        }
        find(at: now)
        guard let controller else {
            deadline = min(first.createdAt + patience, nextLook)
            return .nothing
        }
        queue.removeFirst()
        inFlight = first
        let destination = BrokerDestination(controller, purpose)
        return .send(first.request, to: destination, timeout: requestTimeout)
    }

    /// It finds the leader when it looks, whether it has something to say or not.
    private mutating func find(at now: Instant) {
        if controller == nil, let leader, nextLook <= now { controller = leader }
    }

    /// When it looks for the first time after the leader was known: it looks at once when it has
    /// lost its controller, and every tenth of a second from then on.
    private var nextLook: Instant {
        guard leader != nil, lookingSince != .never else { return .never }
        let interval = Self.lookInterval.nanoseconds
        let waited = max((leaderSince - lookingSince).nanoseconds, 0)
        let looks = (waited + interval - 1) / interval
        return lookingSince + Interval(nanoseconds: looks * interval)
    }
}
