import Kafka
import Kernel

/// What random faults do to whom they strike.
extension World {
    mutating func drawFault(_ scourge: Scourge, _ victim: Int, _ chaos: Chaos) -> Fault? {
        let actor = scourge.actor
        let target: Target =
            victim < nodes.count
            ? .node(configuration.nodes[victim].id) : .client(configuration.name(of: victim))
        switch scourge.family {
        case .crashes: return .crash(target)
        case .powerLosses: return .losePower(target)
        case .pauses: return .pause(target)
        case .shutdowns: return .shutDown(target)
        case .clocks:
            let by = turn.choices.draw(
                actor, .chaosAmount, in: .milliseconds(-10_000)...(.milliseconds(10_000)))
            return .jumpClock(target, by: by)
        case .cuts:
            let direction = Fault.Direction.allCases[
                Int(turn.choices.draw(actor, .chaosAmount, below: 3))]
            let dies = turn.choices.happens(actor, .chaosAmount, 1, of: 4)
            let partner = drawPartner(actor)
            return .cut(target, from: partner, direction, dies ? .die : .stall)
        case .resets:
            let silently = turn.choices.happens(actor, .chaosAmount, 1, of: 2)
            return silently ? .silence(target, from: nil) : .reset(target, from: nil)
        case .clogs:
            let by = turn.choices.draw(
                actor, .chaosAmount, in: .milliseconds(1)...(.milliseconds(3_000)))
            let swizzles = turn.choices.happens(actor, .chaosAmount, 1, of: 3)
            return swizzles
                ? .swizzle(chaos.among ?? .every(.node), by: by, within: .seconds(3))
                : .clog(target, from: drawPartner(actor), by: by)
        case .slowDisks:
            let by = turn.choices.draw(
                actor, .chaosAmount, in: .milliseconds(1)...(.milliseconds(2_000)))
            return .slowDisk(target, by: by)
        case .lyingDisks: return .lieAboutFlushes(target)
        case .requests:
            let kind = turn.choices.draw(actor, .chaosAmount, below: 3)
            let action: RequestFault.Action =
                kind == 0 ? .drop : kind == 1 ? .delay(.milliseconds(3_000)) : .loseReply
            return .disturb(RequestFault(from: target, count: 2, action: action))
        case .voters, .elections, .reassignments, .deletions: return nil
        }
    }

    /// A voter is removed, or a controller that is none is added. False: it cannot be.
    mutating func changeVoters(_ victim: Int) -> Bool {
        guard configuration.kraftVersion > 0, configuration.nodes[victim].canBecomeVoter,
            let controller
        else { return false }
        let its = configuration.nodes[victim]
        let voters = nodes[controller].voters.voters
        if let known = voters.first(where: { $0.key.id == its.id }) {
            guard voters.count > 2 else { return false }
            ask(.removeVoter(known.key))
        } else {
            let voter = ReplicaKey(its.id, nodes[victim].storage.directory)
            let endpoint = Endpoint(host: its.id, port: processes[victim].port)
            ask(.addVoter(.init(voter: voter, endpoint: endpoint, ackWhenCommitted: true)))
        }
        return true
    }
}

// MARK: - What administrators do

extension Chaos.Family {
    /// Somebody orders it of the cluster; it strikes a partition, not a process.
    var isAdministration: Bool {
        switch self {
        case .elections, .reassignments, .deletions: true
        default: false
        }
    }
}

extension World {
    /// False: there is no partition yet, or nothing of that kind to do with it.
    mutating func administrate(_ scourge: Scourge) -> Bool {
        let names = partitionNames
        guard !names.isEmpty else { return false }
        let pick = turn.choices.draw(scourge.actor, .chaosVictim, below: UInt64(names.count))
        let partition = names[Int(pick)]
        guard let its = registration(of: partition) else { return false }
        switch scourge.family {
        case .elections: return preferAnother(partition, its, scourge.actor)
        case .reassignments: return reassign(partition, its, scourge.actor)
        case .deletions: return deleteSome(of: partition, scourge.actor)
        default: preconditionFailure("\(scourge.family) is no administration")
        }
    }

    /// Another replica becomes the preferred leader, and is elected.
    private mutating func preferAnother(
        _ partition: TopicPartition, _ its: PartitionRegistration, _ actor: ActorID
    ) -> Bool {
        let others = its.replicas.filter { $0 != its.leader }
        guard !others.isEmpty else { return false }
        let pick = turn.choices.draw(actor, .chaosAmount, below: UInt64(others.count))
        return prefer(.node(others[Int(pick)]), partition, by: -1)
    }

    /// As many replicas as it has now, on brokers and in an order drawn anew.
    private mutating func reassign(
        _ partition: TopicPartition, _ its: PartitionRegistration, _ actor: ActorID
    ) -> Bool {
        var left = nodes.indices.filter { configuration.nodes[$0].isBroker }
            .map { configuration.nodes[$0].id }
        let topics = configuration.cluster?.topics ?? []
        let topic = topics.first { $0.name == partition.topic }
        let wished = topic?.assignments.first?.count ?? Int(topic?.replicationFactor ?? 0)
        let count = wished > 0 ? wished : its.replicas.count
        guard count <= left.count else { return false }
        var replicas: [NodeID] = []
        for _ in 0..<count {
            let pick = turn.choices.draw(actor, .chaosAmount, below: UInt64(left.count))
            replicas.append(left.remove(at: Int(pick)))
        }
        return order(.reassign([.init(partition.topic, partition.partition, to: replicas)]))
    }

    /// What readers have long been able to read goes: half of the time all of it, otherwise up to
    /// any offset below the high watermark.
    private mutating func deleteSome(of partition: TopicPartition, _ actor: ActorID) -> Bool {
        guard let its = registration(of: partition), let id = id(of: partition),
            let leader = nodes.indices.first(where: { configuration.nodes[$0].id == its.leader }),
            let standing = standing(of: id, at: leader), standing.highWatermark > 0
        else { return false }
        let all = UInt64(standing.highWatermark)
        let offset = min(all, turn.choices.draw(actor, .chaosAmount, below: all * 2 + 1))
        return order(
            .deleteRecords(
                topic: partition.topic, partition: partition.partition, before: Int64(offset)))
    }
}
