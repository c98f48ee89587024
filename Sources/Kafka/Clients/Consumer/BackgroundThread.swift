import Kernel

/// The newer consumer's second thread and the queues between the two (KIP-848's AsyncKafkaConsumer,
/// ConsumerNetworkThread, ApplicationEventProcessor).
///
/// The program's thread puts events into `queue` and mostly waits for what becomes of them; the
/// network's thread works them off when it gets a turn, and what goes wrong there is told to the
/// program at its next `poll`.
struct BackgroundThread: Sendable {
    /// Names an event.
    struct EventID: Hashable, Sendable {
        let rawValue: Int32
    }

    struct Event: Sendable {
        let id: EventID
        /// Somebody waits for it at most until then; nil: nobody.
        let deadline: Instant?
        let body: Body
    }

    enum Body: Sendable {
        /// The program polls: positions are looked after, and records asked for.
        case poll
        case prefetch
        case assign([PartitionRef], called: Instant)
        case unsubscribe
        case seek(PartitionRef, CommittedPosition)
        case reset([PartitionRef], ResetStrategy)
        case pause([PartitionRef], Bool)
        case currentLag(PartitionRef)
        case lookUp([(partition: PartitionRef, query: OffsetQuery)])
        case checkPositions
        case fetchCommitted([PartitionRef])
        case commitSync([ConsumerCall.OffsetsToCommit]?)
        case commitAsync([ConsumerCall.OffsetsToCommit]?, CommitTicket?)
        case commitOnClose
        case stopFindingCoordinator
        case leaveGroup
    }

    /// A poll of the program, as the network's thread sees it.
    struct Poll: Sendable {
        let id: EventID
        let deadline: Instant
        let called: Instant
        var hasCheckedPositions = false
        var isComplete = false
        var error: ClientError?
    }

    /// Positions that are being looked up.
    struct PositionUpdate: Sendable {
        let id: EventID
        let deadline: Instant
        let initializing: [PartitionRef]
        /// Answers to resets that are still to come.
        var answersToCome = 0
    }

    enum EventResult: Sendable {
        case done(CallResult)
        case failed(ClientError)
    }

    /// An event that was begun and may run out of time.
    struct Begun: Sendable {
        let id: EventID
        let deadline: Instant
        let knowsMetadataErrors: Bool
    }

    var queue: [Event] = []
    /// For the program's next poll.
    var errors: [ClientError] = []
    var begun: [Begun] = []
    var results: [(id: EventID, result: EventResult)] = []
    /// Commits of which the offsets are taken down.
    var commitsReady: [EventID] = []
    private var lastEvent: Int32 = 0

    // The program's thread.
    var call: ProgramCall?
    var closing: Closing?
    var polls: [Poll] = []
    var inflightPoll: EventID?
    var lastAsyncCommit: EventID?

    // The network's thread.
    var updates: [PositionUpdate] = []
    /// An error that came when its poll was over, for the next one.
    var lateError: ClientError?
    var isFetchWanted = false
    var pollsWantingFetch: [EventID] = []
    /// Waits for the turn of those who look after offsets.
    var staged: [ConsumerNetwork.Unsent] = []
    var lookups: [(lookup: LookupID, event: EventID?)] = []
    /// Searches that wait for metadata.
    var stalledLookups: [LookupID] = []
    var metadataError: ClientError?
    var commits: CommitManager
    var coordinatorSearch: RetryState
    var fatalCoordinatorError: ClientError?
    var hasStoppedSearching = false
    /// How long the program's thread may sleep, said the network's thread after its last turn.
    var maximumWait = Interval.seconds(5)
    var pollTimer: CoarseTimer
    var isRunning = true
    var hasCleanedUp = false

    init(_ settings: ConsumerSettings, at now: Instant) {
        commits = CommitManager(settings, at: now)
        coordinatorSearch = RetryState()
        pollTimer = CoarseTimer(settings.maxPollInterval, at: now)
    }

    /// An event that never enters the queue: there is nothing to do for it.
    mutating func addDone() -> EventID {
        lastEvent += 1
        let id = EventID(rawValue: lastEvent)
        results.append((id, .done(.done)))
        return id
    }

    mutating func add(_ body: Body, until deadline: Instant?) -> EventID {
        lastEvent += 1
        let id = EventID(rawValue: lastEvent)
        queue.append(Event(id: id, deadline: deadline, body: body))
        return id
    }

    func result(of id: EventID) -> EventResult? { results.first { $0.id == id }?.result }

    mutating func finish(_ id: EventID, _ result: EventResult) {
        begun.removeAll { $0.id == id }
        guard self.result(of: id) == nil else { return }
        results.append((id, result))
    }

    mutating func forget(_ id: EventID) {
        results.removeAll { $0.id == id }
        commitsReady.removeAll { $0 == id }
    }

    func poll(_ id: EventID) -> Poll? { polls.first { $0.id == id } }

    mutating func withPoll(_ id: EventID, _ change: (inout Poll) -> Void) {
        guard let index = polls.firstIndex(where: { $0.id == id }) else { return }
        change(&polls[index])
        if polls[index].isComplete, inflightPoll != id { polls.remove(at: index) }
    }
}

/// What the program's thread waits for.
enum ProgramCall: Sendable {
    typealias EventID = BackgroundThread.EventID

    case event(EventID)
    case position(PartitionRef, deadline: Instant, EventID)
    /// For records.
    case poll(deadline: Instant, until: Instant)
    /// Nothing to wait for, and yet not over: Kafka's thread spins.
    case spinning(deadline: Instant, since: Instant, news: Int64)
    case unsubscribe(EventID, deadline: Instant, lookAgain: Instant)
    /// Until the offsets are taken down.
    case commitAsync(EventID, deadline: Instant)
    case commitSync(EventID, deadline: Instant, timeout: Interval)
    /// For the asynchronous commits before it.
    case commitsBefore(EventID, deadline: Instant)
    case commit(EventID, deadline: Instant)
    case leave(EventID)
    case pendingCommits(deadline: Instant)
    /// For the network's thread to end.
    case end
}

/// A call of `close` on its way.
struct Closing: Sendable {
    let deadline: Instant
    var error: ClientError?
    /// The network's thread cleans up until then.
    var cleanUpUntil = Instant.zero
}

/// How often something has failed, and when it may be tried again (RequestState).
struct RetryState: Sendable {
    private(set) var isInFlight = false
    private var lastEnd: Instant?
    private var attempts: Int32 = 0
    private(set) var backoff = Interval.zero

    var hasFailed: Bool { attempts > 0 }

    func canSend(at now: Instant) -> Bool { !isInFlight && remaining(at: now) == .zero }

    func remaining(at now: Instant) -> Interval {
        guard let lastEnd else { return .zero }
        return max(.zero, backoff - (now - lastEnd))
    }

    mutating func begin() { isInFlight = true }

    mutating func succeed(at now: Instant, _ delays: ExponentialBackoff) {
        isInFlight = false
        lastEnd = now
        backoff = delays.delay(after: 0)
        attempts = 0
    }

    mutating func fail(at now: Instant, _ delays: ExponentialBackoff) {
        isInFlight = false
        lastEnd = now
        backoff = delays.delay(after: attempts)
        attempts += 1
    }
}

/// A timer that knows the time only when it is told (Timer).
struct CoarseTimer: Sendable {
    private(set) var now: Instant
    private(set) var deadline: Instant

    init(_ interval: Interval, at now: Instant) {
        self.now = now
        deadline = now + interval
    }

    var isExpired: Bool { now >= deadline }
    var remaining: Interval { max(.zero, deadline - now) }

    mutating func update(_ time: Instant) { now = max(now, time) }
    mutating func reset(_ interval: Interval) { deadline = now + interval }
}

/// What the network's thread has to ask and tell the group's coordinator (CommitRequestManager).
struct CommitManager: Sendable {
    enum Purpose: Sendable {
        case awaited(BackgroundThread.EventID)
        case unawaited(BackgroundThread.EventID, CommitTicket?)
        case automatic
    }

    struct Commit: Sendable {
        let id: GroupRequestID
        let offsets: [ConsumerCall.OffsetsToCommit]
        let purpose: Purpose
        let deadline: Instant
        var retry = RetryState()
    }

    struct Fetch: Sendable {
        let id: GroupRequestID
        let partitions: [PartitionRef]
        let deadline: Instant
        /// Events whose positions wait for it.
        var updates: [BackgroundThread.EventID]
        /// A call that does.
        var event: BackgroundThread.EventID?
        var retry = RetryState()
    }

    var commits: [Commit] = []
    var fetches: [Fetch] = []
    /// What polls wait for, and go on waiting for.
    var pendingFetch: GroupRequestID?
    /// Nil: nothing is committed automatically.
    var autoCommit: CoarseTimer?
    var isAutoCommitInFlight = false
    var isClosing = false

    init(_ settings: ConsumerSettings, at now: Instant) {
        if settings.commitsAutomatically, let interval = settings.autoCommitInterval {
            autoCommit = CoarseTimer(interval, at: now)
        }
    }
}
