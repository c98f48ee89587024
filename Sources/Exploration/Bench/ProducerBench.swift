import Kafka
import Kernel

/// A producer with the settings it has by default, but for lingering, and a broker that takes all.
private struct AnsweredProducer {
    private var producer: Producer
    private let topic: TopicRef
    private var choices = Choices(seed: 1)
    private var effects = ProducerEffects()
    private var now = Instant.zero + .seconds(1)
    private var nextOffset: Int64 = 0
    private var tickets: Int64 = 0
    private(set) var completed = 0

    init() {
        var settings = ProducerSettings()
        settings.linger = .zero
        producer = Producer(settings, actor: ActorID(1))
        topic = producer.topic(named: "orders")
        let leader = ProducerMetadata.Leadership(
            topic: topic, number: 0, leader: NodeID(1), leaderEpoch: 0)
        receive(.metadata([leader], nodes: [NodeID(1)]))
        for _ in 0..<10 { turn() }
    }

    mutating func send() {
        tickets += 1
        let record = Record(timestamp: 0, key: nil, value: .number(tickets, width: 100))
        receive(.send(record, SendTicket(tickets), to: .partition(0, of: topic)))
    }

    mutating func turn() {
        now = now + .microseconds(10)
        receive(.turn)
    }

    private mutating func receive(_ input: ProducerInput) {
        var next: ProducerInput? = input
        while let input = next {
            next = nil
            producer.receive(input, at: now, &choices, &effects)
            for effect in effects.items {
                switch effect {
                case .send(let request): next = answer(to: request)
                case .connect(let node): next = .connected(node, initProducerIDVersion: 6)
                case .completed(let completion):
                    guard case .written = completion.outcome else { fatalError("a send failed") }
                    completed += completion.tickets.count
                default: break
                }
            }
            effects.removeAll()
        }
    }

    private mutating func answer(to request: ProducerRequest) -> ProducerInput? {
        switch request.body {
        case .produce(let batches):
            let answers = batches.map { sent in
                defer { nextOffset += Int64(sent.batch.count) }
                return PartitionProduceAnswer(sent.partition, .none, baseOffset: nextOffset)
            }
            return .answer(request.number, .produced(answers, endpoints: []))
        case .transactional:
            let identity = ProducerIdentity(id: ProducerID(1), epoch: 0)
            return .answer(request.number, .identity(identity))
        case .metadata: return nil
        }
    }
}

func measureProducer(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    let rounds = effort == .quick ? 2_000 : 20_000
    var first: Double?
    return [1, 100].map { records in
        var producer = AnsweredProducer()
        var sent = 0
        let cost = bestNanoseconds(tries: 10, operations: rounds, stopwatch) {
            for _ in 0..<rounds {
                for _ in 0..<records { producer.send() }
                producer.turn()
                sent += records
            }
        }
        for _ in 0..<10 { producer.turn() }
        precondition(producer.completed == sent, "not every send was acknowledged")
        defer { first = first ?? cost }
        return Figure(
            "producer-send-to-ack-\(records)-record\(records == 1 ? "" : "s")", cost, "ns",
            yardstick: first.map { .init("a batch of one", $0) })
    }
}
