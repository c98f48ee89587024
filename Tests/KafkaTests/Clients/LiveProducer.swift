import Kernel

@testable import Kafka

/// A producer and a toy cluster in virtual time: connections take time and break, answers get lost,
/// leaders move, and nobody tells the producer anything that it does not find out itself.
struct LiveProducer {
    private enum Event {
        case turn
        case send
        case connected(NodeID, life: Int)
        case arrival(ProducerRequest, life: Int)
        case answer(RequestNumber, NodeID, ProducerAnswer, life: Int)
        case broken(NodeID, life: Int)
    }

    /// One partition's log, and what it remembers of its producers.
    struct Log {
        var records: [SendTicket] = []
        fileprivate var epochs: [Int64: Int16] = [:]
        fileprivate var lastSequences: [Int64: Int32] = [:]
        fileprivate var recent: [(id: Int64, epoch: Int16, sequence: Int32, offset: Int64)] = []
    }

    private(set) var producer: Producer
    private(set) var logs: [Log]
    private(set) var outcomes: [SendTicket: String] = [:]
    private(set) var turns = 0
    private(set) var now = Instant.zero
    private let topic: TopicRef
    private var choices = Choices(seed: 1)
    private var random: TestRandom
    private var events: [(at: Instant, order: Int, event: Event)] = []
    private var order = 0
    private var nextTurn = Instant.never
    private var lives: [NodeID: Int] = [:]
    private var busy: [NodeID: (life: Int, until: Instant)] = [:]
    /// Connections that bring no requests any more.
    private var cut: [NodeID: Int] = [:]
    /// Connections that bring no answers any more.
    private var mute: [NodeID: Int] = [:]
    private var leaders: [Int32]
    private var leaderEpoch: Int32 = 1
    private var identities: Int64 = 0
    private var left: Int
    private var tickets: Int64 = 0
    /// Leaders move, or answers get lost, but not both: a producer that sends to the new leader
    /// while an old one owes it an answer can have more batches open than brokers remember
    /// (KAFKA-9199), and then nothing that is promised here holds.
    private let misfortunes: [Int]
    /// While it lasts a tenth of all requests meets some misfortune.
    private let troubleEnds: Instant

    init(
        seed: UInt64, records: Int, trouble: Interval,
        _ change: (inout ProducerSettings) -> Void
    ) {
        var settings = ProducerSettings()
        settings.bootstrapNodes = [NodeID(1), NodeID(2)]
        settings.requestTimeout = .milliseconds(500)
        change(&settings)
        producer = Producer(settings, actor: ActorID(1))
        topic = producer.topic(named: "orders")
        random = TestRandom(seed)
        misfortunes = seed % 2 == 0 ? [0, 1, 2] : [0, 2, 3, 4]
        leaders = [1, 2, 3, 1]
        logs = leaders.map { _ in Log() }
        left = records
        troubleEnds = .zero + trouble
        schedule(.send, after: .zero)
    }

    private mutating func schedule(_ event: Event, after delay: Interval) {
        schedule(event, at: now + delay)
    }

    /// On a connection nothing overtakes, and the broker sees to one request after the other.
    private mutating func schedule(
        _ event: Event, after delay: Interval, on connection: (NodeID, life: Int)
    ) {
        if busy[connection.0]?.life != connection.life {
            busy[connection.0] = (connection.life, .zero)
        }
        let at = max(now + delay, busy[connection.0]?.until ?? .zero)
        busy[connection.0] = (connection.life, at)
        schedule(event, at: at)
    }

    private mutating func schedule(_ event: Event, at: Instant) {
        order += 1
        let place = (at: at, order: order, event: event)
        let index = events.firstIndex { ($0.at, $0.order) < (place.at, place.order) }
        events.insert(place, at: index ?? events.count)
    }

    /// Until all has been said and done, or for so long, or until the sender has gone mad.
    mutating func run(for limit: Interval) {
        let end = now + limit
        while turns < 20_000, let next = events.last, next.at <= end {
            events.removeLast()
            now = next.at
            handle(next.event)
            if left == 0, outcomes.count == Int(tickets) { return }
        }
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .turn:
            guard nextTurn <= now else { return }
            nextTurn = .never
            turns += 1
            receive(.turn)
        case .send: send()
        case .connected(let node, let life):
            if lives[node] == life { receive(.connected(node, initProducerIDVersion: 6)) }
        case .arrival(let request, let life): arrive(request, life)
        case .answer(let number, let node, let answer, let life):
            if lives[node] == life { receive(.answer(number, answer)) }
        case .broken(let node, let life): if lives[node] == life { breakConnection(node) }
        }
    }

    private mutating func send() {
        for _ in 0..<(1 + random.below(4)) where left > 0 {
            left -= 1
            tickets += 1
            let record = Record(
                timestamp: 0, key: .number(tickets % 7, width: 4),
                value: .number(tickets, width: 100))
            receive(.send(record, SendTicket(tickets), to: .topic(topic)))
        }
        if left > 0 { schedule(.send, after: .milliseconds(Int64(random.below(6)))) }
    }

    private mutating func breakConnection(_ node: NodeID) {
        lives[node, default: 0] += 1
        receive(.disconnected(node))
    }

    private mutating func receive(_ input: ProducerInput) {
        var effects = ProducerEffects()
        producer.receive(input, at: now, &choices, &effects)
        for effect in effects.items {
            switch effect {
            case .send(let request):
                let delay = Interval.microseconds(200 + Int64(random.below(800)))
                let life = lives[request.node, default: 0]
                schedule(
                    .arrival(request, life: life), after: delay, on: (request.node, life))
            case .connect(let node):
                lives[node, default: 0] += 1
                let life = lives[node, default: 0]
                // A fiftieth is never heard of again.
                if now < troubleEnds, random.chance(1, in: 50) { continue }
                schedule(.connected(node, life: life), after: .milliseconds(1))
            case .disconnect(let node): lives[node, default: 0] += 1
            case .completed(let completion): note(completion)
            case .sendReturned(let ticket, .failed(let error, _)): outcomes[ticket] = error.word
            case .wake(let at), .sleep(let at):
                if at < nextTurn {
                    nextTurn = max(at, now)
                    schedule(.turn, after: nextTurn - now)
                }
            default: break
            }
        }
    }

    private mutating func note(_ completion: BatchCompletion) {
        for ticket in completion.tickets {
            switch completion.outcome {
            case .written: outcomes[ticket] = "written"
            case .failed(let error), .refused(_, let error): outcomes[ticket] = error.word
            }
        }
    }
}

/// The toy cluster.
extension LiveProducer {
    private mutating func arrive(_ request: ProducerRequest, _ life: Int) {
        let isTroubled = now < troubleEnds && random.chance(1, in: 10)
        let misfortune = isTroubled ? misfortunes[random.below(misfortunes.count)] : -1
        if cut[request.node] == life { return }
        if misfortune == 0 {
            cut[request.node] = life
            return schedule(.broken(request.node, life: life), after: .microseconds(300))
        }
        if misfortune == 1 { moveLeaders() }
        let answer = answer(request, refuses: misfortune == 2)
        var delay = Interval.microseconds(200 + Int64(random.below(800)))
        if misfortune == 3 { delay = .milliseconds(700) }
        let connection = (request.node, life: life)
        if misfortune == 4 {
            // It has been done, and nobody will know; nor of anything behind it.
            mute[request.node] = life
            schedule(.broken(request.node, life: life), after: delay)
        }
        if request.isAnswered, mute[request.node] != life {
            schedule(
                .answer(request.number, request.node, answer, life: life), after: delay,
                on: connection)
        }
    }

    private mutating func moveLeaders() {
        leaderEpoch += 1
        for index in leaders.indices { leaders[index] = leaders[index] % 3 + 1 }
    }

    private mutating func answer(
        _ request: ProducerRequest, refuses: Bool
    ) -> ProducerAnswer {
        switch request.body {
        case .metadata:
            let all = leaders.enumerated().map { number, node in
                ProducerMetadata.Leadership(
                    topic: topic, number: Int32(number), leader: NodeID(node),
                    leaderEpoch: leaderEpoch)
            }
            return .metadata(all, nodes: (1...3).map { NodeID($0) })
        case .produce(let batches):
            let answers = batches.map { one in
                refuses
                    ? PartitionProduceAnswer(one.partition, .notEnoughReplicas)
                    : append(one, at: request.node)
            }
            return .produced(answers, endpoints: [])
        case .transactional:
            identities += 1
            return .identity(ProducerIdentity(id: ProducerID(identities), epoch: 0))
        }
    }

    private mutating func append(
        _ one: ProducerRequest.PartitionBatch, at node: NodeID
    ) -> PartitionProduceAnswer {
        let index = one.partition.index
        let batch = one.batch
        guard leaders[index] == node.rawValue else {
            return PartitionProduceAnswer(one.partition, .notLeaderOrFollower)
        }
        let id = batch.producerID.rawValue
        if batch.hasProducerID {
            let epoch = logs[index].epochs[id] ?? -1
            if let known = logs[index].recent.first(where: {
                $0.id == id && $0.epoch == batch.producerEpoch && $0.sequence == batch.baseSequence
            }) {
                return PartitionProduceAnswer(one.partition, .none, baseOffset: known.offset)
            }
            let last = batch.producerEpoch > epoch ? nil : logs[index].lastSequences[id]
            let expected = last.map { incrementSequence($0, by: 1) } ?? 0
            if batch.producerEpoch < epoch {
                return PartitionProduceAnswer(one.partition, .invalidProducerEpoch)
            }
            if batch.baseSequence != expected {
                return PartitionProduceAnswer(one.partition, .outOfOrderSequenceNumber)
            }
            logs[index].epochs[id] = batch.producerEpoch
            logs[index].lastSequences[id] = batch.lastSequence
        }
        let offset = Int64(logs[index].records.count)
        logs[index].records += one.tickets
        logs[index].recent.append((id, batch.producerEpoch, batch.baseSequence, offset))
        if logs[index].recent.count > 5 { logs[index].recent.removeFirst() }
        return PartitionProduceAnswer(one.partition, .none, baseOffset: offset)
    }
}
