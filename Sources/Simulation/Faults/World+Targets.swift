import Kafka
import Kernel

/// Whom targets mean.
extension World {
    /// The processes that a target means now, in the order of the world; a draw where it leaves
    /// one.
    mutating func resolve(_ target: Target, by step: Int32) -> [Int] {
        let targets: [Int]
        if case .any(let group) = target {
            let members = processes.indices.filter { belongs($0, to: group) }
            if members.isEmpty { return [] }
            let actor = ActorID(0x3000_0000 | UInt32(step + 1))
            let pick = turn.choices.draw(actor, .targetPick, below: UInt64(members.count))
            targets = [members[Int(pick)]]
        } else if case .several(let several) = target {
            var all: [Int] = []
            for each in several { all += resolve(each, by: step) }
            targets = processes.indices.filter { all.contains($0) }
        } else if case .allBut(let but) = target {
            let left = resolve(but, by: step)
            targets = nodes.indices.filter { !left.contains($0) }
        } else {
            targets = processes.indices.filter { means(target, $0) }
        }
        return targets
    }

    /// Whether a target means this process; `any` means each of its group.
    public func means(_ target: Target, _ process: Int) -> Bool {
        switch target {
        case .node(let id): return isNode(process) && configuration.nodes[process].id == id
        case .controller: return controller == process
        case .follower(let place):
            return nodes.indices.filter { belongs($0, to: .voter) && $0 != controller }
                .dropFirst(place).first == process
        case .client(let name):
            return !isNode(process) && configuration.name(of: process) == name
        case .leader(let partition):
            guard isNode(process), let its = registration(of: partition) else { return false }
            return its.leader == configuration.nodes[process].id
        case .replica(let partition, let place):
            guard isNode(process), let its = registration(of: partition) else { return false }
            return its.replicas.filter { $0 != its.leader }.dropFirst(place).first
                == configuration.nodes[process].id
        case .members(let membership, let partition):
            guard isNode(process), let its = registration(of: partition) else { return false }
            return its.has(configuration.nodes[process].id, among: membership)
        case .any(let group), .every(let group): return belongs(process, to: group)
        case .allBut(let target): return isNode(process) && !means(target, process)
        case .several(let targets): return targets.contains { means($0, process) }
        case .same: return script.lastTargets.contains(process)
        }
    }

    private func isNode(_ process: Int) -> Bool { process < nodes.count }

    public func belongs(_ process: Int, to group: Target.Group) -> Bool {
        if !isNode(process) { return isClient(process, of: group) }
        switch group {
        case .node: return true
        case .voter: return isVoter(process)
        case .observer: return !isVoter(process)
        case .follower:
            return isVoter(process) && processes[process].thread.isUp && controller != process
        case .down: return !processes[process].thread.isUp
        case .running: return processes[process].thread.isUp
        case .paused: return processes[process].thread.isPaused
        case .broker: return configuration.nodes[process].isBroker
        case .controller: return configuration.nodes[process].canBecomeVoter
        case .producer, .consumer, .client: return false
        }
    }

    private func isClient(_ process: Int, of group: Target.Group) -> Bool {
        switch group {
        case .producer: producer(at: process) != nil
        case .consumer: consumer(at: process) != nil
        case .client: producer(at: process) != nil || consumer(at: process) != nil
        default: false
        }
    }

    /// The producer in this process, by its place among producers.
    func producer(at process: Int) -> Int? {
        let place = process - nodes.count
        return producers.indices.contains(place) ? place : nil
    }

    /// The consumer in this process, by its place among consumers.
    func consumer(at process: Int) -> Int? {
        let place = process - nodes.count - producers.count
        return consumers.indices.contains(place) ? place : nil
    }

    /// The broker on this process, by its place among brokers.
    func broker(at process: Int) -> Int? {
        guard isNode(process), let lane = seating.brokerLane(in: process),
            case .broker(let place) = lanes[lane].seat
        else { return nil }
        return place
    }

    /// Whether the voter set that counts has this node: the controller's, or the longest log's.
    public func isVoter(_ node: Int) -> Bool {
        var source = controller
        if source == nil {
            source = nodes.indices.max {
                (nodes[$0].quorum.epoch, nodes[$0].log.end)
                    < (nodes[$1].quorum.epoch, nodes[$1].log.end)
            }
        }
        guard let source, !nodes[source].voters.voters.isEmpty else {
            return configuration.nodes[node].isVoter
        }
        let id = configuration.nodes[node].id
        return nodes[source].voters.voters.contains { $0.key.id == id }
    }
}

// MARK: - Partitions

extension World {
    /// Nil: the topic is not there, or has not so many partitions.
    func id(of partition: TopicPartition) -> TopicIDPartition? {
        guard let topic = feed.latest?.topicIDs[partition.topic] else { return nil }
        return TopicIDPartition(topic, partition.partition)
    }

    /// What the metadata log says of it, as far as anybody has read.
    func registration(of partition: TopicPartition) -> PartitionRegistration? {
        id(of: partition).flatMap { feed.latest?.partition($0) }
    }
}

extension PartitionRegistration {
    fileprivate func has(_ broker: NodeID, among membership: Target.Membership) -> Bool {
        switch membership {
        case .replicas: replicas.contains(broker)
        case .followers: replicas.contains(broker) && broker != leader
        case .isr: isr.contains(broker)
        case .elr: elr.contains(broker)
        }
    }
}

extension Purpose {
    /// Which of several possible targets a step means.
    static let targetPick = Purpose(code: 0x0302)
}
