import Kernel

@testable import Kafka

/// A producer over a network that does at once what it is told: connections come about when they
/// are wanted, unless the node is down, and a sleeping sender wakes up in time.
struct ProducerScene {
    fileprivate(set) var producer: Producer
    let topic: TopicRef
    private(set) var now = Instant.zero + .seconds(1)
    private var choices = Choices(seed: 1)
    private var tickets: Int64 = 0
    private(set) var down: [NodeID] = []
    private var nodes: [NodeID] = []
    /// The requests that left, oldest first.
    private(set) var sent: [ProducerRequest] = []
    /// What became of records, in order.
    private(set) var completions: [BatchCompletion] = []
    /// What was said by the latest input, without what is above.
    private(set) var others: [ProducerEffect] = []
    /// All that was said since somebody listened, in order.
    var told: [ProducerEffect] = []

    init(
        with fixes: [Fix] = [], without missing: [Fix] = [],
        _ change: (inout ProducerSettings) -> Void = { _ in }
    ) {
        var settings = ProducerSettings()
        settings.linger = .zero
        settings.batchSize = 200
        settings.listing = .byNumber
        settings.requestTimeout = .milliseconds(500)
        settings.deliveryTimeout = .seconds(2)
        for fix in fixes { settings.generation.insert(fix) }
        for fix in missing { settings.generation.remove(fix) }
        change(&settings)
        producer = Producer(settings, actor: ActorID(1))
        // Metadata comes unasked, and who gives up on whom is the test's affair.
        let never = Instant.never - Instant.zero
        producer.connections.requestTimeout = never
        producer.refresh = MetadataRefresh(
            maxAge: never, backoff: ExponentialBackoff(initial: never, max: never))
        producer.refresh.succeeded(at: .zero, isNews: true)
        topic = producer.topic(named: "orders")
    }

    mutating func receive(_ input: ProducerInput) {
        var effects = ProducerEffects()
        producer.receive(input, at: now, &choices, &effects)
        for effect in effects.items {
            told.append(effect)
            switch effect {
            case .send(let request): sent.append(request)
            case .completed(let completion): completions.append(completion)
            case .connect(let node):
                receive(
                    down.contains(node)
                        ? .disconnected(node) : .connected(node, initProducerIDVersion: 6))
            default: others.append(effect)
            }
        }
    }

    /// One leader (0: none) a partition, at one epoch.
    mutating func lead(_ leaders: [Int32], epoch: Int32 = 1) {
        let answer = leaders.enumerated().map { number, node in
            ProducerMetadata.Leadership(
                topic: topic, number: Int32(number), leader: node == 0 ? nil : NodeID(node),
                leaderEpoch: epoch)
        }
        nodes = Array(Set(leaders.filter { $0 > 0 })).sorted().map { NodeID($0) }
        receive(.metadata(answer, nodes: nodes))
    }

    /// Records of which none fits into a batch with another one, unless they are small.
    @discardableResult
    mutating func send(_ partition: Int32, size: Int32 = 100) -> SendTicket {
        tickets += 1
        let record = Record(
            timestamp: now.nanoseconds / 1_000_000, key: nil,
            value: .number(tickets, width: size))
        others = []
        receive(.send(record, SendTicket(tickets), to: .partition(partition, of: topic)))
        return SendTicket(tickets)
    }

    /// Turns of the sender until one ends in waiting.
    mutating func turn() {
        others = []
        for _ in 0..<20 {
            let before = others.count
            receive(.turn)
            for case .sleep(let until) in others[before...] { now = max(now, until) }
            if case .polling = producer.step, others[before...].contains(where: \.isPoll) { return }
        }
    }

    mutating func pass(_ milliseconds: Int64) { now = now + .milliseconds(milliseconds) }

    /// A turn in which something is sent, and its requests.
    mutating func turnAndSend() -> [ProducerRequest] {
        let before = sent.count
        turn()
        return Array(sent[before...])
    }

    /// Answers a request to one partition.
    mutating func answer(
        _ request: ProducerRequest, _ error: KafkaError = .none, offset: Int64 = -1,
        logStart: Int64 = -1
    ) {
        let partition = request.batches.first?.partition ?? PartitionRef(0)
        let answer = PartitionProduceAnswer(
            partition, error, baseOffset: offset, logStartOffset: logStart)
        receive(.answer(request.number, .produced([answer], endpoints: [])))
    }

    mutating func answer(_ request: ProducerRequest, _ answer: ProducerAnswer) {
        receive(.answer(request.number, answer))
    }

    mutating func disconnect(_ node: Int32) { receive(.disconnected(NodeID(node))) }

    mutating func takeDown(_ node: Int32) {
        down.append(NodeID(node))
        disconnect(node)
    }

    mutating func bringUp(_ node: Int32) { down.removeAll { $0 == NodeID(node) } }

    /// The producer gets its id and is ready to send.
    mutating func becomeReady(epoch: Int16 = 0) {
        for request in turnAndSend() {
            answer(request, .identity(ProducerIdentity(id: ProducerID(1_000), epoch: epoch)))
        }
    }

    /// `initTransactions` from begin to end.
    mutating func initTransactions(version: Int16) {
        receive(.features(transactionVersion: version, epoch: 1))
        receive(.initTransactions)
        receive(.awaitCall)
        for _ in 0..<4 {
            for request in turnAndSend() {
                switch request.body {
                case .transactional(.findCoordinator): answer(request, .coordinator(NodeID(1)))
                case .transactional(.initProducerID):
                    answer(
                        request, .identity(ProducerIdentity(id: ProducerID(1_000), epoch: 0)))
                default: break
                }
            }
        }
    }

    /// What has become of a record; nil: nothing yet.
    func outcome(of ticket: SendTicket) -> String? {
        for completion in completions where completion.tickets.contains(ticket) {
            switch completion.outcome {
            case .written(let offset, _):
                let index = completion.tickets.firstIndex(of: ticket) ?? 0
                return offset < 0 ? "written" : "written at \(offset + Int64(index))"
            case .failed(let error), .refused(_, let error): return error.word
            }
        }
        return nil
    }
}

extension ProducerRequest {
    var batches: [PartitionBatch] {
        if case .produce(let batches) = body { batches } else { [] }
    }

    /// Base sequences of its batches.
    var sequences: [Int32] { batches.map(\.batch.baseSequence) }
}

extension ClientError {
    /// As programs know it, with what it wraps.
    var word: String { cause.map { "\(kind.name) of \($0.name)" } ?? kind.name }
}

extension ProducerEffect {
    var isPoll: Bool {
        if case .poll = self { true } else { false }
    }
}

extension ProducerScene {
    /// As if so many records of the partition had been acknowledged before.
    mutating func assume(_ partition: Int32, next: Int32, acknowledged: Int32) {
        producer.identity.assume(
            PartitionRef(partition), next: next, acknowledged: acknowledged)
    }
}
