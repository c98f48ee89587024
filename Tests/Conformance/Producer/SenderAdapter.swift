import Kernel

@testable import Kafka

/// plain.vec, idempotent.vec and transactional-*.vec: the whole producer above a network that does
/// what the file says.
struct SenderAdapter: VectorAdapter {
    var producer: Producer
    var choices = Choices(seed: 0)
    let topic: TopicRef
    var now: Instant
    var names = RecordNames()
    var states = ChangedFields()
    /// What the next poll hears.
    var arrivals: [Arrival] = []
    var kinds: [RequestNumber: ProducerRequest.Body] = [:]
    var down: [NodeID] = []
    var unreachable: [NodeID] = []
    let nodes: [NodeID]
    let initProducerIDVersion: Int16
    let tellsMemory: Bool
    /// The sender's own loop is at work.
    var isLooping = false
    var call: Substring?
    var log = RunLog()

    init(case line: VectorLine) throws {
        var settings = try ProducerWords.settings(line)
        let mode = try line.text("mode")
        settings.isIdempotent = mode != "plain"
        settings.acks = try ProducerSettings.Acks(rawValue: line.int("acks")) ?? .all
        settings.retries = try line.int("retries")
        settings.maxInFlight = try line.int("max.in.flight")
        settings.maxRequestSize = try line.int("max.request.size")
        settings.requestTimeout = try ProducerWords.interval(line, "request.timeout")
        settings.transactionalBackoff = try ProducerWords.interval(line, "backoff")
        settings.reconnectBackoff = ExponentialBackoff(
            initial: .milliseconds(50), max: .milliseconds(50))
        if mode == "transactional" {
            settings.transactionalID = "tx"
            settings.transactionTimeout = try ProducerWords.interval(line, "transaction.timeout")
        }
        producer = Producer(settings, actor: ActorID(1))
        producer.refreshesAfterLoss = false
        // Nothing times out by itself, and nobody asks for metadata.
        producer.connections.requestTimeout = Instant.never - .zero
        producer.refresh = MetadataRefresh(
            maxAge: Instant.never - .zero,
            backoff: ExponentialBackoff(
                initial: Instant.never - .zero, max: Instant.never - .zero))
        producer.refresh.succeeded(at: .zero, isNews: true)
        topic = producer.topic(named: ProducerWords.topic)
        now = .zero + (try ProducerWords.interval(line, "start"))
        let count = try line.int("nodes", as: Int32.self)
        nodes = (1...count).map { NodeID($0) } + [NodeID(11), NodeID(12), NodeID(13)]
        initProducerIDVersion = try line.intOrNone("initProducerIdVersion") ?? 6
        tellsMemory = try line.int("buffer.memory", as: Int.self) < 1_000_000
        if let version = try line.intOrNone("transaction.version", as: Int16.self) {
            _ = receive(.features(transactionVersion: version, epoch: 1))
        }
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        ["sent", "done", "flushed", "unblocked", "state"].contains(line.verb)
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        log = RunLog()
        let answer = try act(operation)
        effects += log.lines()
        tellStates(&effects)
        return answer
    }

    private mutating func act(_ line: VectorLine) throws -> String? {
        switch line.verb {
        case "metadata":
            let leaders = try ProducerWords.leaders(line, of: topic)
            _ = receive(.metadata(leaders, nodes: nodes.filter { $0 < NodeID(11) }))
        case "append": return try append(line)
        case "run": return run()
        case "tick": now = now + .milliseconds(try VectorText.int(try line.word(0)))
        case "respond": try respond(line)
        case "disconnect": arrive(from: NodeID(try line.int("node"))) { .disconnected($0, $1) }
        case "timeout": arrive(from: NodeID(try line.int("node"))) { .timedOut($0, $1) }
        case "down":
            let node = NodeID(try line.int("node"))
            down.append(node)
            arrive(from: node) { .disconnected($0, $1) }
        case "unreachable":
            let node = NodeID(try line.int("node"))
            unreachable.append(node)
            arrive(from: node) { .disconnected($0, $1) }
        case "up":
            let node = NodeID(try line.int("node"))
            down.removeAll { $0 == node }
            unreachable.removeAll { $0 == node }
        case "flush":
            _ = receive(.flush)
            return "ok"
        case "close":
            _ = act { producer, now, choices, effects in
                producer.accumulator.close()
                producer.resumeBlockedSends(now, &choices, &effects)
            }
            return "ok"
        case "close-and-wait":
            isLooping = true
            _ = receive(.close)
            return "ok"
        case "force-close":
            _ = receive(.forceClose)
            return "ok"
        case "sequences":
            producer.identity.assume(
                try partition(line.int("p")), next: try line.int("next"),
                acknowledged: try line.int("acked"))
        case "features":
            _ = receive(
                .features(
                    transactionVersion: try line.int("transaction.version"),
                    epoch: try line.int("epoch")))
        default: return try call(line)
        }
        return nil
    }

    func partition(_ number: Int) throws -> PartitionRef {
        producer.metadata.topics[topic.index].partitions[number]
    }

    /// Returns the effects that are not written into the log.
    @discardableResult
    mutating func receive(_ input: ProducerInput) -> [ProducerEffect] {
        act { producer, now, choices, effects in
            producer.receive(input, at: now, &choices, &effects)
        }
    }

    private mutating func act(
        _ act: (inout Producer, Instant, inout Choices, inout ProducerEffects) -> Void
    ) -> [ProducerEffect] {
        var effects = ProducerEffects()
        act(&producer, now, &choices, &effects)
        var others: [ProducerEffect] = []
        for effect in effects.items {
            switch effect {
            case .send(let request):
                kinds[request.number] = request.body
                log.sent(words(request))
            case .completed(let completion): log.done(completion, names)
            case .flushed: log.after("flushed -> ok")
            case .sendReturned(let ticket, let result): note(ticket, result)
            default: others.append(effect)
            }
        }
        return others
    }
}

/// Appending.
extension SenderAdapter {
    private mutating func append(_ line: VectorLine) throws -> String {
        log.appending = names.next
        let number = try line.int("p", as: Int32.self)
        log.partition = number
        // Without the checks with which KafkaProducer.doSend begins.
        let record = try ProducerWords.record(line)
        let ticket = names.next
        let destination = RecordDestination.partition(try partition(Int(number)))
        _ = act { producer, now, choices, effects in
            producer.append(record, ticket, destination, nil, now, &choices, &effects)
            producer.resumeBlockedSends(now, &choices, &effects)
        }
        if log.isBlocked {
            if line.value(of: "block") == "wait" {
                return "blocked rec=\(names.add(to: number))"
            }
            _ = receive(.sendTimedOut(names.next))
        }
        return log.answer ?? "error nothing"
    }

    private mutating func note(_ ticket: SendTicket, _ result: SendResult) {
        let isAppending = log.appending == ticket
        let name = { (names: inout RecordNames, partition: PartitionRef) -> String in
            isAppending
                ? names.add(to: partition.rawValue)
                : "\(names[ticket].partition):\(names[ticket].index)"
        }
        let answer: String
        switch result {
        case .blocked:
            log.isBlocked = true
            return
        case .accepted(let partition, let isReady, let isNew):
            answer = "ok rec=\(name(&names, partition)) full=\(isReady) new=\(isNew)"
        case .failed(let error, let appended):
            let record = appended.map { " rec=\(name(&names, $0))" } ?? ""
            answer = "error \(error.words)\(record)"
        }
        if isAppending {
            log.answer = answer
        } else {
            let one = names[ticket]
            log.after("unblocked rec=\(one.partition):\(one.index) -> \(answer)")
        }
    }
}

/// Calls.
extension SenderAdapter {
    private mutating func call(_ line: VectorLine) throws -> String {
        let input: ProducerInput
        switch line.verb {
        case "init-transactions": input = .initTransactions
        case "begin-transaction": input = .beginTransaction
        case "commit-transaction": input = .commitTransaction
        case "abort-transaction": input = .abortTransaction
        case "send-offsets": input = .sendOffsets(try offsets(line), try group(line))
        case "await": return awaitCall()
        default: throw VectorFormError(description: "unknown verb")
        }
        for case .callReturned(.some(let error)) in receive(input) { return "error \(error.words)" }
        if line.verb != "begin-transaction" { call = Substring(line.verb) }
        return "ok"
    }

    private mutating func awaitCall() -> String {
        for case .callReturned(let error) in receive(.awaitCall) {
            call = nil
            return error.map { "error \($0.words)" } ?? "ok"
        }
        _ = receive(.callTimedOut)
        return "timeout"
    }

    private func offsets(_ line: VectorLine) throws -> [OffsetToCommit] {
        try line.list("offsets").map { text in
            let (partition, offset) = VectorText.halves(text, at: "=")
            return OffsetToCommit(
                TopicIDPartition(TopicID(1), try VectorText.int(partition)),
                offset: try VectorText.int(offset ?? ""))
        }
    }

    private func group(_ line: VectorLine) throws -> GroupMembership {
        GroupMembership(
            group: String(try line.text("group")), member: String(try line.text("member")),
            generation: try line.int("generation"))
    }
}
