import Kernel

/// One broker process (BrokerServer): it registers with the controller, follows the metadata log,
/// and leads or follows the partitions that the log gives it.
///
///     start ──▶ register ──▶ heartbeats ──▶ caught up ──▶ unfenced ──▶ opened ──▶ shut down
///                  metadata ──▶ roles of its partitions, from the first update on
///
/// It is one value with one door. A restarted process is a new one, made from the `storage` of
/// the old.
public struct Broker: Sendable {
    public let id: NodeID
    private let sharedSettings: Shared<BrokerSettings>
    let actor: ActorID
    let generation: Generation

    /// As the process found it, until it opens the logs; without them from then on.
    var disk: BrokerStorage
    var lifecycle: BrokerLifecycle
    var channels: ControllerChannels
    var producerIDs = ProducerIDs()
    /// Topics that the controller has been asked to make on demand. Ascending.
    var topicsUnderWay: [String] = []

    /// The partitions that it leads or follows, and their logs.
    public internal(set) var replicas: ReplicaManager
    var replicaEffects = ReplicaEffects()
    var replicaTimers = TimerTable<ReplicaTask>()
    /// Background work of logs, first come first.
    var background: [BackgroundTask] = []
    /// How long a flush takes that nobody waits for.
    var flushTime = Interval.zero
    public internal(set) var fetchers: ReplicaFetchers
    var fetcherEffects = FetcherEffects()
    var fetcherTurns = TimerTable<FetcherID>()
    /// In no order.
    var fetcherRequests: [FetcherRequest] = []

    var sessions: FetchSessionCache
    /// Fetches that are being answered, perhaps after a wait. In no order.
    var openFetches: [OpenFetch] = []
    /// Produce requests that get no answer (acks=0), as long as they are worked on.
    var unanswered: [ReplyToken] = []

    /// The cluster as far as it has applied the metadata log.
    public internal(set) var image = MetadataImage()
    /// Everything before this is applied.
    public internal(set) var metadataEndOffset: Int64 = 0
    /// The first update has come, and with it the logs were opened.
    var hasMetadata = false

    /// It serves clients. Until then their requests wait, as they do in a socket that nobody reads.
    public internal(set) var isOpen = false
    var held: [HeldRequest] = []
    /// When a controlled shutdown has taken too long.
    var shutdownDeadline = Instant.never
    public internal(set) var isStopped = false
    /// When it wants a `wake`.
    public private(set) var nextDeadline = Instant.never

    struct HeldRequest: Sendable {
        var request: BrokerRequest
        var token: ReplyToken
    }

    struct OpenFetch: Sendable {
        var token: ReplyToken
        var context: FetchContext
    }

    struct FetcherRequest: Sendable {
        var correlation: CorrelationID
        var fetcher: FetcherID
        var ticket: FetcherTicket
    }

    struct BackgroundTask: Sendable {
        var partition: TopicIDPartition
        var task: LogTask
        var due: Instant
    }

    public init(
        id: NodeID, settings: BrokerSettings, storage: BrokerStorage,
        generation: Generation = .current, actor: ActorID
    ) {
        self.id = id
        sharedSettings = Shared(settings)
        disk = storage
        lifecycle = BrokerLifecycle(settings)
        channels = ControllerChannels(settings)
        replicas = ReplicaManager(
            id: id, settings: ReplicaSettings(settings.properties), generation: generation)
        fetchers = ReplicaFetchers(
            id: id, settings: FetcherSettings(settings.properties), generation: generation)
        sessions = FetchSessionCache(actor, slots: settings.fetchSessionSlots)
        self.generation = generation
        self.actor = actor
    }

    /// What lies on its disks now: what a process that is killed leaves behind.
    public var storage: BrokerStorage {
        guard hasMetadata, !isStopped else { return disk }
        var storage = disk
        storage.replicas = replicas.disk
        return storage
    }

    /// Tells what has become of its logs since this was last asked.
    public mutating func tellChanges(_ changes: inout Outbox<ReplicaChange>) {
        replicas.tellChanges(&changes)
    }

    public var settings: BrokerSettings {
        _read { yield sharedSettings.value }
    }

    public var state: BrokerState { lifecycle.state }
    /// Of its registration; -1 before it has one.
    public var epoch: Int64 { lifecycle.epoch }

    /// The one door.
    public mutating func receive(
        _ input: consuming BrokerInput, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        if isStopped { return }
        switch consume input {
        case .start: start(at: now, &choices, &effects)
        case .wake: break
        case .request(let request, let token):
            if isOpen {
                handle(consume request, from: token, at: now, &choices, &effects)
            } else {
                held.append(HeldRequest(request: request, token: token))
            }
        case .metadata(let update): apply(update, at: now, &choices, &effects)
        case .controller(let leader):
            channels.quorumChanged(to: leader, at: now)
        case .answer(let reply, let correlation):
            answered(consume reply, to: correlation, at: now, &choices, &effects)
        case .failed(_, let correlation):
            failed(correlation, at: now, &choices, &effects)
        case .interrupt(let points):
            tell(.interrupt(at: points), at: now, &choices, &effects)
        case .resume(let id): tell(.resume(id), at: now, &choices, &effects)
        case .diskIsSlow(let interval):
            // No process notices: nothing is worked off because of it.
            flushTime = interval
            return
        case .clockJumped(let jump):
            clockJumped(by: jump, at: now, &choices, &effects)
            return
        case .directoryFails(let directory):
            directoryFails(directory, at: now, &choices, &effects)
        case .shutDown: beginShutdown(at: now, &choices, &effects)
        }
        settle(at: now, &choices, &effects)
    }

    /// (KafkaEventQueue, KafkaScheduler, SystemTimer.) Sessions, lags and retention go by the time
    /// of day.
    private mutating func clockJumped(
        by jump: Interval, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        lifecycle.clockJumped(by: jump)
        replicaTimers.clockJumped(by: jump)
        fetcherTurns.clockJumped(by: jump)
        for place in background.indices { background[place].due.shift(by: jump) }
        shutdownDeadline.shift(by: jump)
        tell(.clockJumped(by: jump), at: now, &choices, &effects)
        nextDeadline = isStopped ? .never : earliestDeadline
    }

    /// Does all that is due, first what keeps the broker in the cluster.
    private mutating func settle(
        at now: Instant, _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        while !isStopped, doNext(at: now, &choices, &effects) {}
        nextDeadline = isStopped ? .never : earliestDeadline
    }

    // In its place: called, it would be handed a copy of the broker.
    @inline(__always)
    private var earliestDeadline: Instant {
        let periodic = min(replicaTimers.next, fetcherTurns.next)
        let ownEnd = min(lifecycle.registrationDeadline, shutdownDeadline)
        return min(lifecycle.due, channels.deadline, periodic, ownEnd, backgroundDue)
    }

    /// False: nothing is due.
    private mutating func doNext(
        at now: Instant, _ choices: inout Choices, _ effects: inout BrokerEffects
    ) -> Bool {
        if backgroundDue <= now {
            workInBackground(at: now, &choices, &effects)
        } else if earliestDeadline > now {
            return false
        } else if lifecycle.due <= now {
            sendLifecycleMessage(at: now)
        } else if channels.deadline <= now {
            if let errand = channels.step(at: now, &effects) {
                gaveUp(errand, at: now, &choices, &effects)
            }
        } else if let task = replicaTimers.take(at: now) {
            tell(.timer(task), at: now, &choices, &effects)
        } else if let fetcher = fetcherTurns.take(at: now) {
            tellFetchers(.turn(fetcher), at: now, &choices, &effects)
        } else {
            finishShutdown(at: now, &effects)
        }
        return true
    }
}
