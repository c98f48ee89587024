import Kernel

/// The life of a broker as the controller sees it (BrokerLifecycleManager, KIP-631): it registers
/// as a new incarnation, shows by heartbeats that it lives, says when it is fit to serve, and asks
/// to be relieved of its leaderships before it stops.
///
/// One message at a time is under way; the answer decides when the next one is due.
struct BrokerLifecycle: Sendable {
    /// What is to be sent.
    enum Message: Sendable {
        case registration
        case heartbeat
    }

    /// What an answer leads to, beyond the next message.
    enum Turn: Hashable, Sendable {
        case none
        /// The controller sees that the broker has applied its own registration.
        case caughtUp
        case unfenced
        /// Nothing holds the process any longer.
        case mayStop
    }

    private(set) var state = BrokerState.notRunning
    /// Of its registration; -1 before it has one.
    private(set) var epoch: Int64 = -1
    private(set) var incarnation = IncarnationID(0)
    /// Of the last process, if that one stopped cleanly.
    private(set) var previousEpoch: Int64?
    private(set) var isRegistered = false
    /// It is fit to serve: from now on heartbeats do not ask for the fence.
    private var isReady = false
    private var isInFlight = false
    /// The next message is not to wait.
    private var isUrgent = false
    /// In a row.
    private var failures: Int32 = 0
    private var hasShutdownReply = false
    /// When the next message is due.
    private(set) var due = Instant.never
    /// When a broker that could not register gives up.
    private(set) var registrationDeadline = Instant.never

    private let heartbeatInterval: Interval
    private let backoff: ExponentialBackoff

    init(_ settings: BrokerSettings) {
        heartbeatInterval = settings.heartbeatInterval
        backoff = ExponentialBackoff(initial: .milliseconds(100), max: settings.sessionTimeout)
    }

    /// The controller would not have it yet, or nobody answered.
    var isRefused: Bool { !isRegistered && failures > 0 }
    var wantsFence: Bool { !isReady }
    var wantsShutdown: Bool { state == .pendingControlledShutdown }
    var isStarting: Bool { state == .starting || state == .recovery }

    mutating func start(
        _ incarnation: IncarnationID, previousEpoch: Int64?, registrationDeadline: Instant,
        at now: Instant
    ) {
        self.incarnation = incarnation
        self.previousEpoch = previousEpoch
        self.registrationDeadline = registrationDeadline
        state = .starting
        due = now
    }

    /// The message that is due, if one is.
    mutating func takeMessage(at now: Instant) -> Message? {
        guard due <= now else { return nil }
        due = .never
        if isInFlight {
            isUrgent = true
            return nil
        }
        isInFlight = true
        return isRegistered ? .heartbeat : .registration
    }

    /// It has caught up and applied what it caught up with.
    mutating func becomeReady(at now: Instant) {
        isReady = true
        schedule(at: now)
    }

    /// There is something that the controller should hear soon.
    mutating func hurry(at now: Instant) {
        if isRegistered { due = now }
    }

    mutating func registered(epoch: Int64, at now: Instant) {
        isInFlight = false
        failures = 0
        self.epoch = epoch
        isRegistered = true
        registrationDeadline = .never
        schedule(at: now)
    }

    /// The controller knows it no more, and it has not served anybody yet: it begins once more.
    mutating func becomeUnregistered() {
        guard isStarting else { return }
        state = .starting
        isRegistered = false
        isReady = false
    }

    mutating func heard(_ reply: BrokerHeartbeatReply, at now: Instant) -> Turn {
        isInFlight = false
        failures = 0
        switch state {
        case .starting:
            if reply.isCaughtUp { state = .recovery }
            schedule(after: .milliseconds(10), at: now)
            return reply.isCaughtUp ? .caughtUp : .none
        case .recovery:
            if !reply.isFenced { state = .running }
            schedule(after: heartbeatInterval, at: now)
            return reply.isFenced ? .none : .unfenced
        case .running:
            schedule(after: heartbeatInterval, at: now)
            return .none
        case .pendingControlledShutdown:
            if reply.shouldShutDown { return .mayStop }
            schedule(after: hasShutdownReply ? heartbeatInterval : .milliseconds(50), at: now)
            hasShutdownReply = true
            return .none
        case .notRunning, .shuttingDown:
            return .none
        }
    }

    /// The message was refused, or never arrived. `jitter` is a share of the wait, in parts of ten
    /// thousand.
    mutating func failed(jitter: Int64, at now: Instant) {
        isInFlight = false
        isUrgent = false
        let delay = backoff.delay(after: failures).nanoseconds
        failures += 1
        let jittered = min(delay + delay / 10_000 * jitter, backoff.max.nanoseconds)
        schedule(after: Interval(nanoseconds: jittered), at: now)
    }

    /// A fifth of a tenth up or down.
    static let jitter: ClosedRange<Int64> = -200...200

    /// Precondition: it runs.
    mutating func becomePendingControlledShutdown(at now: Instant) {
        precondition(state == .running, "only a running broker can be relieved")
        state = .pendingControlledShutdown
        schedule(at: now)
    }

    mutating func clockJumped(by jump: Interval) {
        due.shift(by: jump)
        registrationDeadline.shift(by: jump)
    }

    mutating func becomeShuttingDown() {
        state = .shuttingDown
        due = .never
        registrationDeadline = .never
    }

    /// Takes the place of an earlier plan.
    private mutating func schedule(after delay: Interval = .zero, at now: Instant) {
        due = isUrgent ? now : now + delay
        isUrgent = false
    }
}
