import Kernel

/// The connections of a broker to the controller, each with an order of its own: a heartbeat does
/// not wait behind what clients want.
struct ControllerChannels: Sendable {
    private(set) var heartbeats: ControllerChannel
    private(set) var alterPartition: ControllerChannel
    private(set) var forwarding: ControllerChannel
    /// Of the next request.
    private var sequence: Int32 = 0

    /// The two lowest bits of a correlation tell which connection it belongs to.
    enum Owner: Int32, Sendable {
        case heartbeats, alterPartition, forwarding, fetchers
    }

    init(_ settings: BrokerSettings) {
        let timeout = settings.controllerTimeout
        // A heartbeat that takes longer than half a session is tried elsewhere (KAFKA-14392).
        heartbeats = ControllerChannel(
            .heartbeats,
            patience: .milliseconds(settings.sessionTimeout.wholeMilliseconds / 2),
            requestTimeout: timeout)
        alterPartition = ControllerChannel(
            .alterPartition, patience: Interval(nanoseconds: .max), requestTimeout: timeout)
        forwarding = ControllerChannel(
            .forwarding, patience: .seconds(60), requestTimeout: timeout)
    }

    static func owner(of correlation: CorrelationID) -> Owner {
        Owner(rawValue: correlation.rawValue & 3)!
    }

    mutating func newCorrelation(_ owner: Owner) -> CorrelationID {
        sequence = sequence == .max >> 2 ? 0 : sequence + 1
        return CorrelationID(sequence << 2 | owner.rawValue)
    }

    var deadline: Instant {
        min(heartbeats.deadline, alterPartition.deadline, forwarding.deadline)
    }

    mutating func enqueue(_ request: ControllerRequest, for errand: Errand, at now: Instant) {
        switch errand {
        case .registration, .heartbeat:
            heartbeats.enqueue(request, for: errand, at: now)
        case .alterPartition:
            alterPartition.enqueue(request, for: errand, at: now)
        case .producerIDs, .directories, .forwarded, .configs, .topicCreation:
            forwarding.enqueue(request, for: errand, at: now)
        }
    }

    mutating func start(at now: Instant) {
        heartbeats.start(at: now)
        alterPartition.start(at: now)
        forwarding.start(at: now)
    }

    mutating func quorumChanged(to leader: NodeID?, at now: Instant) {
        heartbeats.quorumChanged(to: leader, at: now)
        alterPartition.quorumChanged(to: leader, at: now)
        forwarding.quorumChanged(to: leader, at: now)
    }

    /// Does one thing that is due. Returns what was given up, if that was it.
    mutating func step(at now: Instant, _ effects: inout BrokerEffects) -> Errand? {
        if heartbeats.deadline <= now {
            return step(\.heartbeats, .heartbeats, at: now, &effects)
        }
        if alterPartition.deadline <= now {
            return step(\.alterPartition, .alterPartition, at: now, &effects)
        }
        return step(\.forwarding, .forwarding, at: now, &effects)
    }

    private mutating func step(
        _ channel: WritableKeyPath<ControllerChannels, ControllerChannel>, _ owner: Owner,
        at now: Instant, _ effects: inout BrokerEffects
    ) -> Errand? {
        switch self[keyPath: channel].nextStep(at: now) {
        case .nothing: return nil
        case .gaveUp(let errand): return errand
        case .send(let request, let destination, let timeout):
            let correlation = newCorrelation(owner)
            effects.append(
                .send(.controller(request), to: destination, correlation, timeout: timeout))
            return nil
        }
    }

    /// What the answer was about; nil if it has to be asked again, of somebody else and over
    /// another connection.
    mutating func answered(
        _ reply: ControllerReply, _ owner: Owner, at now: Instant, _ effects: inout BrokerEffects
    ) -> Errand? {
        switch owner {
        case .heartbeats: heartbeats.answered(reply, at: now, &effects)
        case .alterPartition: alterPartition.answered(reply, at: now, &effects)
        case .forwarding: forwarding.answered(reply, at: now, &effects)
        case .fetchers: preconditionFailure("fetchers ask no controller")
        }
    }

    mutating func failed(_ owner: Owner, at now: Instant) {
        switch owner {
        case .heartbeats: heartbeats.failed(at: now)
        case .alterPartition: alterPartition.failed(at: now)
        case .forwarding: forwarding.failed(at: now)
        case .fetchers: preconditionFailure("fetchers ask no controller")
        }
    }
}
