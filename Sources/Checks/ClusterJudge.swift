import Kafka
import Kernel
import Simulation

/// Judges what runs on the quorum. In a bare quorum it has nothing to do.
struct ClusterJudge: Sendable {
    private var ghost = ClusterGhost()
    private var replication = ReplicationGuarantees()
    private var histories = HistoryJudge()
    private let controllerStates = ControllerStates()
    private let recovers = ClusterRecovers()

    /// What became of a replica's log.
    mutating func observe(
        _ change: ReplicaChange, of node: Int, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        switch change {
        case .movedHighWatermark(let id, let from, let to):
            replication.movedHighWatermark(
                of: &ghost[id], from: from, to: to, at: node, world, chronicle, &findings)
        case .appended(let id, let from, let to):
            replication.appended(
                to: &ghost[id], from: from, to: to, by: node, world, chronicle, &findings)
        case .opened(let id, _, _, _), .movedStart(let id, _, _):
            ghost.observe(change, of: node, in: world)
            replication.judgeOffsets(of: id, at: node, world, chronicle, &findings)
        case .truncated, .closed:
            ghost.observe(change, of: node, in: world)
        }
    }

    mutating func observe(
        _ change: MetadataChange, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        switch change {
        case .partition(let id, let registration):
            replication.decided(
                registration, of: &ghost[id], world, chronicle, &findings)
        case .removedTopic(let topic):
            ghost.remove(topic)
            histories.remove(topic)
        case .replicas, .config: break
        case .registered(let broker, let isFenced):
            replication.isrWithinReplicas.note(broker, isFenced: isFenced)
        case .fenced(let broker):
            replication.isrWithinReplicas.note(broker, isFenced: true)
        case .unfenced(let broker):
            replication.isrWithinReplicas.note(broker, isFenced: false)
        }
    }

    mutating func observe(
        _ note: ReplicaNote, of node: Int, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        switch note {
        case .becameLeader(let id, let epoch, _):
            replication.becameLeader(
                of: &ghost[id], epoch: epoch, at: node, world, chronicle, &findings)
        case .committedISR(let id, _), .proposedISR(let id, _):
            replication.changedISR(of: ghost[id], world, chronicle, &findings)
        case .becameFollower, .removed, .compacted: break
        }
    }

    mutating func observe(
        _ note: ClientNote, of client: Int, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        switch note {
        case .acknowledged(let tickets, let id, let offset?, let broker):
            histories.acknowledged(
                tickets, at: offset, to: client, by: broker.flatMap { world.index(of: $0) },
                &ghost[id], replication.acknowledged, world, chronicle, &findings)
        case .acknowledged(let tickets, let id, nil, _):
            // The answer to a repeated batch has no offset either, and was judged the first time.
            guard world.acks(ofProducerIn: client) == ProducerSettings.Acks.none,
                world.saysNumbers(producerIn: client)
            else { break }
            ghost[id].unanswered.tell(tickets, to: client, at: world.now)
        case .received(let id, let from, let last):
            histories.received(
                from, to: last, by: client, &ghost[id], world, chronicle, &findings)
        case .reset(let id, let offset, let epoch):
            histories.reset(client, in: id)
            if let epoch {
                replication.highWatermark.judge(
                    end: offset, toldIn: epoch, to: client, ghost[id], world, chronicle, &findings)
            }
        case .failed, .refused, .lookedUp, .threw: break
        }
    }

    /// A broker takes requests from now on.
    mutating func opened(
        _ node: Int, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        for id in Array(ghost.all) {
            ghost[id].register(node)
            guard ghost[id].leaderNode == node else { continue }
            replication.judgeLeader(of: &ghost[id], at: node, world, chronicle, &findings)
        }
    }

    /// A client begins a new life.
    mutating func restarted(_ client: Int) {
        histories.restarted(client)
        for id in Array(ghost.all) { ghost[id].restarted(client) }
    }

    /// Everything has healed, and there was time.
    mutating func conclude(
        _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard world.hasCluster else { return }
        for id in Array(ghost.all) {
            replication.conclude(&ghost[id], world, chronicle, &findings)
        }
        histories.conclude(ghost, world, chronicle, &findings)
        controllerStates.conclude(world, chronicle, &findings)
        recovers.conclude(world, chronicle, &findings)
    }
}
