import Kafka
import Kernel

/// A whole cluster as one value: every process, log, connection, timer and undelivered message.
/// Nothing outside it takes part in a run, so a copy is a snapshot: a copied world runs to the same
/// digests as the original would have.
///
/// The loop is: `step()` takes the earliest event and lets one process, link or disk react. After
/// each step `notes` says what changed, `digest` is new, and, if asked for, `lines` tells the
/// event.
///
///     queue ──▶ packet ──▶ network ──▶ inbox of a process ──▶ node.receive ──▶ effects
///       ▲                                                                        │
///       └── flights, wake-ups, flushes ◀── send · flush · persist · tell ◀───────┘
public struct World: Sendable {
    /// Virtual time.
    public internal(set) var now = Instant.zero
    /// How many events have happened.
    public internal(set) var eventCount: UInt64 = 0
    /// How many requests and answers have been delivered.
    public internal(set) var messageCount: UInt64 = 0
    /// The Raft processes, in the order of the configuration.
    public internal(set) var nodes: Roster<RaftNode>
    /// What changed during the last event.
    public internal(set) var notes: [Note] = []
    /// The process (by its place in `nodes`) that the last event let act, if it was one.
    public internal(set) var touchedNode: Int?
    /// Whether events are told in `lines` and in `story`.
    public var isTracing = false
    /// The last event, if tracing.
    var told: [TraceLine] = []
    var answerNames = AnswerNames()
    var processes: Roster<Process>
    var network: Network
    var queue = EventQueue<Event>()
    var parcels = ParcelTable()
    /// The dice, and the outbox of the process that is at work.
    var turn: RaftTurn
    var workload: Workload
    // What runs on the quorum; all empty in a bare one.
    var lanes: Roster<Lane>
    var controllers: Roster<ControllerSeat>
    var brokers: Roster<BrokerSeat>
    var producers: Roster<ProducerSeat>
    var consumers: Roster<ConsumerSeat>
    var administrator = Administrator()
    /// What has befallen each client, producers first.
    var tallies: [ClientTally]
    /// What the metadata log says, and the outbox of the controller that is at work.
    var quorumTurn: QuorumTurn
    var feed = MetadataFeed()
    /// The outboxes of the broker or client that is at work.
    var brokerEffects = BrokerEffects()
    var producerEffects = ProducerEffects()
    var consumerEffects = ConsumerEffects()
    var replicaChanges = Outbox<ReplicaChange>()
    /// How often each kind of happening has happened, by its raw value.
    var counts = InlineArray<64, Int>(repeating: 0)
    var fingerprint = Fingerprint()
    /// The kinds of `notes`, as a set of bits.
    public internal(set) var noted: UInt64 = 0
    // Seldom written, so a fork shares them.
    var sharedConfiguration: Shared<WorldConfiguration>
    private var sharedScript: Shared<Script>
    private let sharedSeating: Shared<Seating>

    /// Folds every event so far and what it left behind: two runs with one digest were one run.
    public var digest: UInt64 { fingerprint.value }

    /// The dice.
    public var choices: Choices { turn.choices }

    /// A cluster that is formatted and about to start.
    public init(_ configuration: WorldConfiguration) {
        sharedConfiguration = Shared(configuration)
        now = configuration.beginsAt
        // What comes before zero is the same for every seed.
        let seed = configuration.cluster == nil ? configuration.seed : 0
        turn = RaftTurn(now: .zero, choices: Choices(seed: seed))
        for override in configuration.overrides {
            turn.choices.override(override.key, with: override.value)
        }
        network = Network(configuration)
        processes = Roster((0..<configuration.processCount).map { Process($0, configuration) })
        nodes = Roster(configuration.nodes.indices.map { RaftNode($0, configuration) })
        sharedScript = Shared(Script(configuration))
        let seating = Seating(configuration)
        sharedSeating = Shared(seating)
        lanes = Roster(
            seating.seats.map {
                Lane($0.seat, process: $0.process, actor: configuration.actor(of: $0.process))
            })
        controllers = Roster(
            seating.controllers.map {
                ControllerSeat(QuorumController(.init(seating.seats[$0].process, configuration)))
            })
        brokers = Roster(
            seating.brokers.map {
                let process = seating.seats[$0].process
                return BrokerSeat(
                    process, configuration, BrokerStorage(process, configuration))
            })
        producers = Roster(
            (configuration.cluster?.producers ?? []).map {
                ProducerSeat($0, actor: configuration.actor(ofClient: $0.name))
            })
        consumers = Roster(
            (configuration.cluster?.consumers ?? []).map {
                ConsumerSeat($0, actor: configuration.actor(ofClient: $0.name))
            })
        tallies = Array(repeating: ClientTally(), count: producers.count + consumers.count)
        quorumTurn = QuorumTurn(
            now: .zero, choices: Choices(seed: seed), contents: MetadataContents())
        if configuration.cluster != nil { queue.schedule(.begin, at: .zero) }
        workload = Workload(configuration.proposers)
        scheduleStarts(ofClients: false)
        if configuration.cluster == nil { scheduleScript() }
        for place in configuration.proposers.indices {
            queue.schedule(.propose(Int32(place)), at: configuration.proposers[place].from)
        }
    }

    /// What it was made from.
    public var configuration: WorldConfiguration {
        _read { yield sharedConfiguration.value }
    }

    var script: Script {
        _read { yield sharedScript.value }
        _modify { yield &sharedScript.value }
    }

    var seating: Seating {
        _read { yield sharedSeating.value }
    }

    /// Nodes and the administrator begin to make a cluster; clients come when it stands.
    private mutating func scheduleStarts(ofClients: Bool) {
        for place in processes.indices where configuration.isClient(place) == ofClients {
            let start = configuration.start(of: place)
            if start < .never { queue.schedule(.start(Int32(place)), at: start) }
        }
    }

    private mutating func begin() {
        turn.choices.reseed(configuration.seed)
        fingerprint.combine(configuration.seed)
        scheduleStarts(ofClients: true)
        scheduleScript()
        administrator.worldHasBegun = true
        maybeStartClients()
        watch()
    }

    /// When the next event will happen.
    public var nextEventAt: Instant { queue.nextInstant ?? .never }

    /// Lets the next event happen. False if nothing is ever going to happen again.
    public mutating func step() -> Bool { step(notAfter: .never) }

    /// The same, unless that event lies after `end`.
    public mutating func step(notAfter end: Instant) -> Bool {
        guard let (at, event) = queue.popNext(notAfter: end) else { return false }
        happen(event, at: at)
        return true
    }

    /// Lets everything happen that happens up to this instant; `now` is that instant then.
    public mutating func run(until end: Instant) {
        while let (at, event) = queue.popNext(notAfter: end) { happen(event, at: at) }
        now = max(now, end)
    }

    /// One event, and everything that follows from it at once.
    private mutating func happen(_ event: Event, at instant: Instant) {
        now = instant
        eventCount += 1
        touchedNode = nil
        if noted != 0 {
            noted = 0
            while !notes.isEmpty { notes.removeLast() }
        }
        if isTracing { told.removeAll() }
        fingerprint.combine(instant)
        switch event {
        case .packet(let packet): deliver(packet)
        case .wake(let process, let life): wake(Int(process), life: life)
        case .laneWake(let lane, let life): wake(lane: Int(lane), life: life)
        case .flushed(let process, let life): finishFlush(Int(process), life: life)
        case .start(let process): startFirst(Int(process))
        case .begin: begin()
        case .propose(let proposer): propose(Int(proposer))
        case .step(let step): fire(Int(step))
        case .heal(let standing): endStanding(Int(standing))
        case .chaos(let family): strike(Int(family))
        case .chaosEnds: endChaos()
        case .delayed(let place): applyDelayed(Int(place))
        }
        if noted & script.watched != 0 || script.hasAdvanced { watch() }
    }
}

// MARK: - Looking at a world

extension World {
    /// Whether a process is there to work, paused or not.
    public func isRunning(_ node: Int) -> Bool { processes[node].thread.isUp }

    public func isPaused(_ node: Int) -> Bool { processes[node].thread.isPaused }

    /// The place of the node with this id in `nodes`.
    public func index(of id: NodeID) -> Int? {
        configuration.nodes.firstIndex { $0.id == id }
    }

    /// What the trace calls it: `controller-1`, `broker-4`.
    public func name(_ node: Int) -> String {
        configuration.name(of: node)
    }

    /// What a process's own clock says now.
    public func localTime(_ node: Int) -> Instant {
        ProcessClock.time(at: now, ahead: processes[node].clockAhead)
    }

    /// As its own clock would have it if nobody had ever set that: how Java's nanoTime goes.
    func steadyTime(_ node: Int) -> Instant {
        ProcessClock.time(at: now, ahead: processes[node].steadyAhead)
    }

    public func role(_ node: Int) -> Role { processes[node].summary.role }

    /// The end of the log on this node's disk: what a power loss now would certainly leave. A disk
    /// that lies has less than it said.
    public func durableLogEnd(_ node: Int) -> Int64 { processes[node].flushedLogEnd }

    /// The running process that leads the highest epoch, if any does.
    public var controller: Int? {
        var best: Int?
        for (place, process) in processes.enumerated()
        where process.thread.isUp && process.summary.role == .leader {
            if let before = best, processes[before].summary.epoch >= process.summary.epoch {
                continue
            }
            best = place
        }
        return best
    }

    /// How many messages and commands have been made and not been read yet.
    public var messagesUnderWay: Int { parcels.count }

    /// How often each kind of happening has happened, by its raw value.
    public var occurrences: [Int] { Happening.Kind.allCases.map { counts[$0.rawValue] } }

    /// When each step (by number) came, whether or not there was anybody to act on.
    public var stepTimes: [Instant?] { script.steps.map(\.firedAt) }

    /// What came of the orders that steps gave to the administrator, in order of time.
    public var adminAnswers: [AdminAnswer] { script.answers }

    /// The steps (by number) whose trigger never came, or for which there was no target then.
    public var unfiredSteps: [Int] {
        script.steps.indices.filter { !script.steps[$0].hasFired }
    }
}
