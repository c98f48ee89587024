import Kafka
import Kernel

/// An active controller over a log that commits at once.
private struct BusyController {
    private var controller: Controller
    private var choices = Choices(seed: 1)
    private var effects = ControllerEffects()
    private var now = Instant.zero
    private var end: Int64 = 0
    private var token: UInt64 = 0
    private(set) var replies = 0
    private var topic = TopicID.zero
    private var brokerEpochs: [Int64] = []
    /// As the latest answers have them.
    private var partitions: [PartitionRegistration] = []
    private var altered = 0

    /// Partitions of one topic, each with three replicas.
    init(brokers: Int32, partitions: Int32) {
        controller = Controller(
            id: NodeID(3000), actor: ActorID(1), settings: ControllerSettings())
        receive(.becomeActive(epoch: 1, nextOffset: 0))
        for broker in 1...brokers {
            ask(
                .registerBroker(
                    BrokerRegistrationRequest(
                        broker: NodeID(broker), clusterID: "cluster",
                        incarnation: IncarnationID(UInt64(broker)), previousEpoch: nil,
                        endpoint: Endpoint(host: NodeID(broker)),
                        directories: [DirectoryID(1_000 + UInt64(broker))])))
            brokerEpochs.append(controller.image.brokers[NodeID(broker)]?.epoch ?? -1)
            beat(round: Int(broker) - 1)
        }
        let assignments = (0..<partitions).map { partition in
            CreateTopicsRequest.Assignment(
                partition, (0..<3).map { NodeID((partition + $0) % brokers + 1) })
        }
        ask(.createTopics(CreateTopicsRequest([.init("orders", assignments: assignments)])))
        guard let id = controller.image.topicIDs["orders"] else { fatalError("no topic") }
        topic = id
        self.partitions = (0..<partitions).compactMap { number in
            controller.image.partition(TopicIDPartition(id, number))
        }
    }

    /// The n-th heartbeat of brokers that take turns.
    mutating func beat(round: Int) {
        let broker = round % brokerEpochs.count
        ask(
            .heartbeat(
                BrokerHeartbeatRequest(
                    broker: NodeID(Int32(broker) + 1), epoch: brokerEpochs[broker],
                    metadataOffset: end - 1)))
    }

    /// The leader of a partition takes its last replica out of the ISR, or in again.
    mutating func alter(round: Int) {
        let number = round % partitions.count
        let partition = partitions[number]
        let isr = partition.isr.count == 3 ? partition.isr.dropLast() : partition.replicas[...]
        let asked = AlterPartitionRequest.Partition(
            TopicIDPartition(topic, Int32(number)), leaderEpoch: partition.leaderEpoch,
            partitionEpoch: partition.partitionEpoch, isr: isr.map { .init($0, epoch: nil) })
        altered = number
        ask(
            .alterPartition(
                AlterPartitionRequest(
                    broker: partition.leader,
                    epoch: brokerEpochs[Int(partition.leader.rawValue) - 1],
                    partitions: [asked])))
    }

    private mutating func ask(_ request: ControllerRequest) {
        token += 1
        now = now + .microseconds(10)
        receive(.request(request, from: ReplyToken(token)))
    }

    private mutating func receive(_ input: ControllerInput) {
        controller.receive(input, at: now, &choices, &effects)
        let before = end
        drain()
        if end > before {
            let committed = ControllerInput.committed([], firstOffset: before, endOffset: end)
            controller.receive(committed, at: now, &choices, &effects)
            drain()
        }
    }

    private mutating func drain() {
        for effect in effects.items {
            switch effect {
            case .append(let records, _, _): end += Int64(records.count)
            case .reply(.failed(let error), _): fatalError("a request failed: \(error)")
            case .reply(.alterPartition(let outcomes), _):
                guard case .altered(let partition) = outcomes[0] else { fatalError("refused") }
                partitions[altered] = partition
                replies += 1
            case .reply: replies += 1
            default: break
            }
        }
        effects.removeAll()
    }
}

private func measure(
    _ name: String, _ effort: Bench.Effort, _ stopwatch: Stopwatch,
    _ work: (inout BusyController, Int) -> Void
) -> [Figure] {
    let rounds = effort == .quick ? 2_000 : 20_000
    var first: Double?
    return [(Int32(3), Int32(100)), (30, 10_000)].map { brokers, partitions in
        var controller = BusyController(brokers: brokers, partitions: partitions)
        let before = controller.replies
        var done = 0
        let cost = bestNanoseconds(tries: 10, operations: rounds, stopwatch) {
            for _ in 0..<rounds {
                work(&controller, done)
                done += 1
            }
        }
        precondition(controller.replies - before == done, "not every request was answered")
        defer { first = first ?? cost }
        return Figure(
            "\(name)-\(brokers)-brokers-\(partitions)-partitions", cost, "ns",
            yardstick: first.map { .init("a small cluster", $0) })
    }
}

func measureHeartbeats(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    measure("controller-heartbeat", effort, stopwatch) { $0.beat(round: $1) }
}

/// As the controller has it: the round on the leader's side is the partition's to measure.
func measureAlterPartition(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    measure("controller-alter-partition", effort, stopwatch) { $0.alter(round: $1) }
}
