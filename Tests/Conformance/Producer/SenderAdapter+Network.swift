import Kernel

@testable import Kafka

/// The network below the sender: everything that happens on it waits for the poll at the end of a
/// run, though the requests that ended no longer count as being in flight.
extension SenderAdapter {
    enum Arrival {
        case answer(Producer.InFlight, ProducerAnswer)
        case disconnected(NodeID, [Producer.InFlight])
        case timedOut(NodeID, [Producer.InFlight])
    }

    mutating func arrive(
        from node: NodeID, _ make: (NodeID, [Producer.InFlight]) -> Arrival
    ) {
        let ended = producer.inFlight.filter { $0.node == node }
        producer.inFlight.removeAll { $0.node == node }
        arrivals.append(make(node, ended))
    }

    mutating func respond(_ line: VectorLine) throws {
        let number = RequestNumber(try VectorText.int(try line.word(0).dropFirst()))
        guard let index = producer.inFlight.firstIndex(where: { $0.number == number }),
            let body = kinds[number]
        else { throw VectorFormError(description: "no such request in flight") }
        let answer = try answer(line, to: body)
        arrivals.append(.answer(producer.inFlight.remove(at: index), answer))
    }

    private func answer(
        _ line: VectorLine, to body: ProducerRequest.Body
    ) throws -> ProducerAnswer {
        if line.has("unsupported") { return .unsupportedVersion }
        if let name = line.value(of: "error") { return .refused(try error(name)) }
        switch body {
        case .produce:
            let answers = try partitions(line).map { try produceAnswer($0, $1) }
            return .produced(answers, endpoints: try ProducerWords.nodes(line.list("nodes")))
        case .metadata: throw VectorFormError(description: "metadata comes unasked")
        case .transactional(.findCoordinator):
            return .coordinator(NodeID(try line.int("node")))
        case .transactional(.initProducerID):
            return .identity(try identity(line.text("id")))
        case .transactional(.addPartitions):
            return .addedPartitions(
                try partitions(line).map { (try partition($0), try error($1)) })
        case .transactional(.addOffsets): return .addedOffsets
        case .transactional(.commitOffsets):
            return .committedOffsets(
                try partitions(line).map { number, text in
                    (TopicIDPartition(TopicID(1), Int32(number)), try error(text))
                })
        case .transactional(.end):
            return .ended(next: try line.value(of: "id").map(identity) ?? .none)
        }
    }

    private func error(_ name: Substring) throws -> KafkaError {
        guard let error = KafkaError(name: String(name)) else {
            throw VectorFormError(description: "\(name) is no error")
        }
        return error
    }

    private func identity(_ text: Substring) throws -> ProducerIdentity {
        let (id, epoch) = VectorText.halves(text, at: "/")
        return ProducerIdentity(
            id: ProducerID(try VectorText.int(id)), epoch: try VectorText.int(epoch ?? ""))
    }

    /// `p0=… p1=…`
    private func partitions(_ line: VectorLine) throws -> [(Int, Substring)] {
        try line.fields.compactMap { name, value in
            guard name.first == "p" else { return nil }
            return (try VectorText.int(name.dropFirst()), value)
        }
    }

    /// `ERROR[:offset=][:appendTime=][:logStart=][:leader=node@epoch][:records=[…]]`
    private func produceAnswer(
        _ number: Int, _ text: Substring
    ) throws -> PartitionProduceAnswer {
        let parts = VectorText.split(text, at: UInt8(ascii: ":"), outsideBrackets: true)
        var answer = PartitionProduceAnswer(try partition(number), try error(parts[0]))
        for part in parts.dropFirst() {
            let (name, value) = VectorText.halves(part, at: "=")
            let text = value ?? ""
            switch name {
            case "offset": answer.baseOffset = try VectorText.int(text)
            case "appendTime": answer.logAppendTime = try VectorText.int(text)
            case "logStart": answer.logStartOffset = try VectorText.int(text)
            case "leader":
                let (node, epoch) = VectorText.halves(text, at: "@")
                answer.leader = NodeID(try VectorText.int(node))
                answer.leaderEpoch = try VectorText.int(epoch ?? "")
            case "records":
                answer.refusedRecords = try VectorText.list(text).map { try VectorText.int($0) }
            default: throw VectorFormError(description: "unknown part \(name)")
            }
        }
        return answer
    }
}

/// Turns of the sender.
extension SenderAdapter {
    mutating func run() -> String {
        connect()
        var wait: Interval??
        var slept = Interval.zero
        var hasEnded = false
        var failure: ClientError?
        var goesOn = true
        var thrown: [ClientError] = []
        while goesOn {
            goesOn = false
            var polled = false
            var failed = false
            for effect in receive(.turn) {
                switch effect {
                case .poll(let timeout):
                    // A connection that fails at once is one that could be tried again soon.
                    let soon = Interval.milliseconds(50)
                    wait = .some(failed ? min(timeout ?? soon, soon) : timeout)
                    if case .connecting = producer.step {
                        thrown += hear()
                        goesOn = true
                    } else {
                        polled = true
                    }
                case .sleep(let until):
                    slept = slept + (until - now)
                    now = until
                    goesOn = true
                case .connect(let node):
                    _ = receive(.disconnected(node))
                    if case .connecting = producer.step { goesOn = true } else { failed = true }
                case .uncaught(let error): failure = error
                case .ended: hasEnded = true
                default: break
                }
            }
            if producer.life == .ended { hasEnded = true }
            if isLooping, !polled, !hasEnded { goesOn = true }
        }
        if wait != nil { thrown += hear() }
        let waitWord = wait.map { $0.map { "\($0.wholeMilliseconds)" } ?? "max" } ?? "-"
        var answer = failure.map { "error \($0.words)" } ?? "ok"
        answer += " wait=\(waitWord) slept=\(slept.wholeMilliseconds)"
        if !thrown.isEmpty { answer += " threw=\(ProducerWords.list(thrown.map(\.words)))" }
        return hasEnded ? answer + " ended=true" : answer
    }

    /// The poll. Returns the exceptions of answer handlers.
    private mutating func hear() -> [ClientError] {
        let heard = arrivals
        arrivals = []
        var thrown: [ClientError] = []
        for arrival in heard {
            let effects: [ProducerEffect]
            switch arrival {
            case .answer(let request, let answer):
                producer.inFlight.append(request)
                effects = receive(.answer(request.number, answer))
            case .disconnected(let node, let ended):
                effects = end(ended, .disconnected(node))
            case .timedOut(let node, let ended):
                effects = end(ended, .connectionTimedOut(node))
            }
            for case .uncaught(let error) in effects { thrown.append(error) }
        }
        return thrown
    }

    /// Only what was in flight at that time ends.
    private mutating func end(
        _ requests: [Producer.InFlight], _ input: ProducerInput
    ) -> [ProducerEffect] {
        let others = producer.inFlight
        producer.inFlight = requests
        let effects = receive(input)
        producer.inFlight += others
        return effects
    }

    /// All connections stand, but those to nodes that are not there.
    private mutating func connect() {
        producer.connections.all = nodes.map { node in
            var state = ClientConnections.State.up
            if down.contains(node) { state = .down(until: now + .milliseconds(50)) }
            if unreachable.contains(node) { state = .down(until: now) }
            var connection = ClientConnections.Connection(node: node, state: state)
            connection.inFlight = producer.inFlight.count { $0.node == node }
            connection.initProducerIDVersion = initProducerIDVersion
            return connection
        }
    }
}
