import Kafka
import Kernel

/// A controller on its process, and what it wants to be woken for.
struct ControllerSeat: Sendable {
    var seat: QuorumController
    /// By task, on the process's clock.
    private var timers: [Instant]

    init(_ seat: QuorumController) {
        self.seat = seat
        timers = Array(repeating: .never, count: ControllerTask.allCases.count)
    }

    var nextDeadline: Instant { timers.min() ?? .never }

    mutating func set(_ task: ControllerTask, at instant: Instant) {
        timers[place(of: task)] = instant
    }

    /// A task whose time has come; it will not come again by itself.
    mutating func takeDue(at now: Instant) -> ControllerTask? {
        guard let due = timers.indices.first(where: { timers[$0] <= now }) else { return nil }
        timers[due] = .never
        return ControllerTask.allCases[due]
    }

    private func place(of task: ControllerTask) -> Int {
        ControllerTask.allCases.firstIndex(of: task)!
    }
}

extension World {
    mutating func startController(_ place: Int, _ lane: Int) {
        controllers[place] = ControllerSeat(
            QuorumController(.init(lanes[lane].process, configuration)))
    }

    mutating func wakeController(_ place: Int, _ lane: Int) {
        let time = steadyTime(lanes[lane].process)
        while let task = controllers[place].takeDue(at: time) {
            receive(.timer(task), controller: place, lane)
        }
    }

    mutating func receive(_ input: ControllerInput, controller place: Int, _ lane: Int) {
        quorumTurn.now = steadyTime(lanes[lane].process)
        swap(&quorumTurn.choices, &turn.choices)
        controllers[place].seat.receive(input, &quorumTurn)
        swap(&quorumTurn.choices, &turn.choices)
        carryOutQuorumEffects(lane)
    }

    /// What the Raft node of its process tells the controller.
    mutating func tell(_ news: RaftNews, controller place: Int, _ lane: Int) {
        let process = lanes[lane].process
        quorumTurn.now = steadyTime(process)
        swap(&quorumTurn.choices, &turn.choices)
        controllers[place].seat.hear(news, logEnd: nodes[process].log.end, &quorumTurn)
        swap(&quorumTurn.choices, &turn.choices)
        carryOutQuorumEffects(lane)
        if case .committed(let batches) = news { publish(batches, controllerLane: lane) }
        scheduleWake(ofLane: lane)
    }

    mutating func tell(_ result: RaftCallResult, controller place: Int, _ lane: Int) {
        quorumTurn.now = steadyTime(lanes[lane].process)
        controllers[place].seat.hear(result, &quorumTurn)
        carryOutQuorumEffects(lane)
    }

    private mutating func carryOutQuorumEffects(_ lane: Int) {
        guard !quorumTurn.effects.isEmpty else { return }
        let process = lanes[lane].process
        guard case .controller(let place) = lanes[lane].seat else { return }
        var effects: [QuorumEffect] = []
        swap(&effects, &quorumTurn.effects)
        for effect in effects {
            switch effect {
            case .raft(let input): processes[process].enqueue(.command(parcels.add(input)))
            case .reply(let reply, let token): self.reply(.controller(reply), to: token, lane)
            case .setTimer(let task, let instant): controllers[place].set(task, at: instant)
            case .fault(let reason): note(.controllerFault(reason), process)
            }
        }
    }
}

extension Controller {
    init(_ place: Int, _ world: WorldConfiguration) {
        let its = world.nodes[place]
        guard let cluster = world.cluster else { preconditionFailure("a bare quorum") }
        var settings = ControllerSettings(cluster.settings(of: its.id))
        settings.controllers = world.nodes.filter(\.canBecomeVoter).map(\.id)
        for level in cluster.features {
            settings.bootstrapFeatures.removeAll { $0.feature == level.feature }
            if level.level > 0 { settings.bootstrapFeatures.append(level) }
        }
        settings.bootstrapFeatures.sort { $0.feature < $1.feature }
        self.init(
            id: its.id, actor: ActorID(UInt32(bitPattern: its.id.rawValue)), settings: settings,
            generation: cluster.generation)
    }
}
