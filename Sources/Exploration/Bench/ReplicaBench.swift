import Kafka
import Kernel

/// A broker that leads all partitions of a topic, with two followers that are played.
private struct Leader {
    private static let topic = TopicID(1)
    private static let brokers = [NodeID(1), NodeID(2), NodeID(3)]

    var replicas = ReplicaManager(id: NodeID(1), settings: ReplicaSettings())
    private var effects = ReplicaEffects()
    private var now = Instant.zero
    private var token: UInt64 = 0
    private(set) var replies = 0
    private var asked: AlterPartitionRequest?
    private var partitionEpochs: [Int32]
    private var ends: [Int64]

    init(partitions: Int32) {
        partitionEpochs = Array(repeating: 0, count: Int(partitions))
        ends = Array(repeating: 0, count: Int(partitions))
        var image = MetadataImage()
        var delta = MetadataDelta()
        for node in Self.brokers {
            image.apply(
                .registerBroker(
                    BrokerRegistration(
                        id: node, epoch: 1, incarnation: IncarnationID(1),
                        endpoint: Endpoint(host: node), features: [], isFenced: false,
                        directories: [])))
        }
        image.apply(.topic(name: "t", id: Self.topic))
        for number in 0..<partitions {
            let record = MetadataRecord.partition(
                TopicIDPartition(Self.topic, number),
                PartitionRegistration(
                    replicas: Self.brokers, isr: Self.brokers, leader: NodeID(1),
                    directories: [.unassigned, .unassigned, .unassigned]))
            delta.note(record, before: image)
            image.apply(record)
        }
        receive(.metadata(image, delta))
        for number in 0..<Int(partitions) {
            fetch(number, by: NodeID(2))
            fetch(number, by: NodeID(3))
        }
    }

    /// One batch of one record that nobody waits for.
    mutating func produce(to number: Int) {
        let batch = RecordBatch(
            generated: GeneratedRecords(stream: 1, firstIndex: 0, count: 1, valueSize: 100),
            timestamp: 0)
        ends[number] += 1
        ask(
            .produce(
                ProduceRequest(
                    acks: 1, timeout: .seconds(30), partitions: [.init(id(number), batch)])))
    }

    /// By a follower that has everything, or by a consumer that wants the last batch.
    mutating func fetch(_ number: Int, by follower: NodeID?) {
        let fetcher: Fetcher = follower.map { .follower($0, brokerEpoch: 1) }
            ?? .consumer(rack: nil, isolation: .uncommitted, tellsOfItself: true)
        let offset = follower == nil ? ends[number] - 1 : ends[number]
        ask(
            .fetch(
                FetchRequest(
                    fetcher, maxWait: .zero, minBytes: 1, maxBytes: 1_000_000,
                    partitions: [
                        .init(
                            id(number), currentLeaderEpoch: nil, fetchOffset: offset,
                            logStartOffset: follower == nil ? -1 : 0, maxBytes: 1_000_000)
                    ])))
    }

    /// A follower lags behind until it is proposed to leave the ISR, and the controller agrees;
    /// then it has caught up, and returns in the same way.
    mutating func alter(_ number: Int) {
        produce(to: number)
        now = now + .seconds(60)
        fetch(number, by: NodeID(2))
        receive(.timer(.shrinkISRs))
        agree()
        fetch(number, by: NodeID(3))
        agree()
    }

    private mutating func agree() {
        guard let request = asked else { fatalError("no change of an ISR was proposed") }
        asked = nil
        let answers = request.partitions.map { change -> AlterPartitionReply? in
            let number = Int(change.partition.partition)
            partitionEpochs[number] += 1
            var partition = PartitionRegistration(
                replicas: Self.brokers, isr: change.isr.map(\.broker), leader: NodeID(1),
                directories: [.unassigned, .unassigned, .unassigned])
            partition.partitionEpoch = partitionEpochs[number]
            return .altered(partition)
        }
        receive(.alterPartitionAnswer(.partitions(answers)))
    }

    private func id(_ number: Int) -> TopicIDPartition {
        TopicIDPartition(Self.topic, Int32(number))
    }

    private mutating func ask(_ request: BrokerRequest) {
        token += 1
        receive(.request(request, from: ReplyToken(token)))
    }

    private mutating func receive(_ input: ReplicaInput) {
        effects.removeAll()
        replicas.receive(input, at: now, &effects)
        for effect in effects.items {
            switch effect {
            case .reply: replies += 1
            case .alterPartition(let request): asked = request
            default: break
            }
        }
    }
}

/// What one broker's replicas take for a batch in, a batch out, and a fork.
func measureReplicas(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var figures: [Figure] = []
    let window = effort == .quick ? 1_000 : 10_000
    for partitions in [10, effort == .quick ? 1_000 : 10_000] {
        var leader = Leader(partitions: Int32(partitions))
        var step = 0
        func measure(_ name: String, _ work: (inout Leader, Int) -> Void) {
            let cost = bestNanoseconds(tries: 10, operations: window, stopwatch) {
                for _ in 0..<window {
                    step += 1
                    work(&leader, step &* 7_919 % partitions)
                }
            }
            let few = figures.first { $0.name == "replica-\(name)-of-10" }
            figures.append(
                Figure(
                    "replica-\(name)-of-\(partitions)", cost, "ns",
                    yardstick: few.map { .init("ten partitions", $0.value) }))
        }
        measure("append") { $0.produce(to: $1) }
        measure("follower-fetch") { $0.fetch($1, by: NodeID(2)) }
        for number in 0..<partitions {
            leader.produce(to: number)
            leader.fetch(number, by: NodeID(2))
            leader.fetch(number, by: NodeID(3))
        }
        measure("consumer-fetch") { $0.fetch($1, by: nil) }
        measure("fork-and-append") { leader, number in
            var fork = leader
            fork.produce(to: number)
        }
    }
    return figures
}

/// A change of an ISR as the partition's leader has it, with what it takes to notice the need.
func measureISRChanges(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var leader = Leader(partitions: 1)
    let window = effort == .quick ? 1_000 : 10_000
    let cost = bestNanoseconds(tries: 10, operations: 2 * window, stopwatch) {
        for _ in 0..<window { leader.alter(0) }
    }
    return [Figure("replica-alter-partition-round", cost, "ns")]
}
