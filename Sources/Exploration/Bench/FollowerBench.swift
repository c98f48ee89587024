import Kafka
import Kernel

/// A broker that follows one leader in many partitions. The leader is played: it answers at once.
private struct Follower {
    private static let topic = TopicID(1)

    private var replicas = ReplicaManager(id: NodeID(2), settings: ReplicaSettings())
    private var fetchers = ReplicaFetchers(id: NodeID(2), settings: FetcherSettings())
    private var effects = FetcherEffects()
    private let id = FetcherID(source: NodeID(1), slot: 0)
    private var ends: [Int64]

    init(partitions: Int32) {
        ends = Array(repeating: 0, count: Int(partitions))
        var image = MetadataImage()
        var delta = MetadataDelta()
        for node in [NodeID(1), NodeID(2)] {
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
                    replicas: [NodeID(1), NodeID(2)], isr: [NodeID(1), NodeID(2)],
                    leader: NodeID(1), directories: [.unassigned, .unassigned]))
            delta.note(record, before: image)
            image.apply(record)
        }
        var wishes = ReplicaEffects()
        replicas.receive(.metadata(image, delta), at: .zero, &wishes)
        let started = wishes.items.compactMap { effect -> FetchStart? in
            if case .startFetching(let start) = effect { start } else { nil }
        }
        fetchers.receive(.assigned(stopped: [], started: started), at: .zero, &replicas, &effects)
        let all = (0..<partitions).map {
            FetchPartitionReply(
                TopicIDPartition(Self.topic, $0), highWatermark: 0, lastStableOffset: 0,
                logStartOffset: 0)
        }
        turn { all }
    }

    /// One turn with one fetch. Returns how many partitions it named.
    @discardableResult
    mutating func turn(_ answer: () -> [FetchPartitionReply]) -> Int {
        effects.removeAll()
        fetchers.receive(.turn(id), at: .zero, &replicas, &effects)
        var sent: (named: Int, ticket: FetcherTicket)?
        for effect in effects.items {
            if case .send(.fetch(let fetch), _, let ticket) = effect {
                sent = (fetch.partitions.count, ticket)
            }
        }
        guard let sent else { fatalError("a follower that is ready does not fetch") }
        effects.removeAll()
        let reply = FetchReply(sessionID: 1, partitions: answer())
        fetchers.receive(.answer(.fetch(reply), id, sent.ticket), at: .zero, &replicas, &effects)
        return sent.named
    }

    /// A turn that brings one batch for one partition.
    mutating func copyBatch(to number: Int) -> Int {
        var batch = RecordBatch(
            generated: GeneratedRecords(stream: 1, firstIndex: 0, count: 1, valueSize: 100),
            timestamp: 0)
        batch.baseOffset = ends[number]
        batch.leaderEpoch = 0
        ends[number] += 1
        let partition = TopicIDPartition(Self.topic, Int32(number))
        let end = ends[number]
        return turn {
            [
                FetchPartitionReply(
                    partition, highWatermark: end, lastStableOffset: end, logStartOffset: 0,
                    batches: [batch], sizeInBytes: batch.sizeInBytes)
            ]
        }
    }
}

func measureFollowers(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var figures: [Figure] = []
    for partitions in [Int32(10), effort == .quick ? 1_000 : 10_000] {
        var follower = Follower(partitions: partitions)
        let window = 2_000
        var named = 0
        let idle = bestNanoseconds(tries: 10, operations: window, stopwatch) {
            for _ in 0..<window { named += follower.turn { [] } }
        }
        let copy = bestNanoseconds(tries: 10, operations: window, stopwatch) {
            for step in 0..<window {
                named += follower.copyBatch(to: step &* 7_919 % Int(partitions))
            }
        }
        precondition(named > 0)
        for (name, cost) in [("idle-turn", idle), ("batch", copy)] {
            let few = figures.first { $0.name == "follower-\(name)-of-10" }
            figures.append(
                Figure(
                    "follower-\(name)-of-\(partitions)", cost, "ns",
                    yardstick: few.map { .init("ten partitions", $0.value) }))
        }
    }
    return figures
}
