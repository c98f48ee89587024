import Kernel

@testable import Kafka

/// A producer over a network that obeys, for stories. Commands, each with what it says:
///
///     producer [plain] [transactional v1|v2] [with=FIX,…] [linger=5] [retries=1] [memory=400] …
///     leaders 1 2 [epoch=2]      who leads partition 0, 1, …; 0 is nobody
///     send 0 [count=3] [size=20] records for partition 0; 100 bytes fill half a batch
///     turn                       turns of the sender until it waits
///     answer 3 [ERROR] [offset=7] [log-start=9] [hint=2@5] [id=7/0] [node=2]
///     disconnect 1 | down 1 | up 1 | timeout 1
///     pass 100                   milliseconds
///     init | begin | commit | abort | offsets 0=5 | flush | close
///     show 0                     what the producer keeps of a partition
struct ProducerStage: InteractionStage {
    private var scene = ProducerScene()
    private var epoch: Int32 = 1
    /// Calls of send that have blocked.
    private var waiting: [SendTicket] = []

    init() {}

    mutating func perform(_ command: InteractionCommand) throws -> [String] {
        scene.told = []
        switch command.verb {
        case "producer": try start(command)
        case "leaders":
            if let text = command.value("epoch") { epoch = Int32(text) ?? epoch }
            scene.lead(try command.words.indices.map { try command.int($0) }, epoch: epoch)
        case "send":
            for _ in 0..<(command.value("count").flatMap { Int($0) } ?? 1) {
                let size = command.value("size").flatMap { Int32($0) } ?? 100
                scene.send(try command.int(0), size: size)
            }
        case "turn": turn()
        case "answer": try answer(command)
        case "disconnect": scene.disconnect(try command.int(0))
        case "timeout": scene.receive(.connectionTimedOut(NodeID(try command.int(0))))
        case "down": scene.takeDown(try command.int(0))
        case "up": scene.bringUp(try command.int(0))
        case "pass": scene.pass(try command.int(0))
        case "flush": scene.receive(.flush)
        case "close": scene.receive(.close)
        case "show": return [show(PartitionRef(try command.int(0)))]
        default: try call(command)
        }
        let lines = scene.told.compactMap(words)
        for case .sendReturned(let ticket, .blocked) in scene.told { waiting.append(ticket) }
        return lines
    }

    /// Where a connection had to come first, the turn after it is what the story is about.
    private mutating func turn() {
        scene.turn()
        let sends = scene.told.contains { if case .send = $0 { true } else { false } }
        if !sends, scene.told.contains(where: { if case .connect = $0 { true } else { false } }) {
            scene.told.removeAll(where: \.isPoll)
            scene.turn()
        }
    }

    private mutating func start(_ command: InteractionCommand) throws {
        let names = (command.value("with") ?? "").split(separator: ",").map(String.init)
        let fixes = Fix.allCases.filter { names.contains($0.name) }
        if fixes.count != names.count {
            throw InteractionCommand.NotUnderstood(description: "no such fix")
        }
        func number(_ name: String) -> Int64? { command.value(name).flatMap { Int64($0) } }
        scene = ProducerScene(with: fixes) { settings in
            settings.isIdempotent = !command.has("plain")
            if command.has("transactional") { settings.transactionalID = "till" }
            if let linger = number("linger") { settings.linger = .milliseconds(linger) }
            if let retries = number("retries") { settings.retries = Int32(retries) }
            if let memory = number("memory") { settings.bufferMemory = memory }
            if let inFlight = number("in-flight") { settings.maxInFlight = Int(inFlight) }
        }
        if command.has("transactional") {
            scene.receive(
                .features(transactionVersion: command.has("v2") ? 2 : 1, epoch: 1))
        }
        scene.told = []
    }

    private mutating func call(_ command: InteractionCommand) throws {
        switch command.verb {
        case "init": scene.receive(.initTransactions)
        case "begin": return scene.receive(.beginTransaction)
        case "commit": scene.receive(.commitTransaction)
        case "abort": scene.receive(.abortTransaction)
        case "offsets":
            let offsets = command.fields.compactMap { field in
                Int32(field.name).flatMap { partition in
                    Int64(field.value).map {
                        OffsetToCommit(TopicIDPartition(TopicID(9), partition), offset: $0)
                    }
                }
            }
            scene.receive(.sendOffsets(offsets, GroupMembership(group: "billing")))
        default: throw InteractionCommand.NotUnderstood(description: command.verb)
        }
        if !scene.told.contains(where: \.isCallReturned) { scene.receive(.awaitCall) }
    }

    private mutating func answer(_ command: InteractionCommand) throws {
        let number: Int64 = try command.int(0)
        guard let request = scene.sent.last(where: { $0.number.rawValue == number }) else {
            throw InteractionCommand.NotUnderstood(description: "no request \(number)")
        }
        let error = command.words.count > 1 ? KafkaError(name: command.words[1]) : KafkaError.none
        guard let error else {
            throw InteractionCommand.NotUnderstood(description: "no such error")
        }
        func field(_ name: String) -> [Int64] {
            (command.value(name) ?? "").split(whereSeparator: { "/@".contains($0) })
                .compactMap { Int64($0) }
        }
        let id = field("id")
        let identity = ProducerIdentity(
            id: ProducerID(id.first ?? -1), epoch: Int16(id.last ?? -1))
        switch request.body {
        case .produce(let batches):
            let hint = field("hint")
            let answers = batches.map { one in
                PartitionProduceAnswer(
                    one.partition, error, baseOffset: field("offset").first ?? -1,
                    logStartOffset: field("log-start").first ?? -1,
                    leader: hint.first.map { NodeID(Int32($0)) },
                    leaderEpoch: Int32(hint.last ?? -1))
            }
            let endpoints = hint.first.map { [NodeID(Int32($0))] } ?? []
            scene.answer(request, .produced(answers, endpoints: endpoints))
        case .metadata: break
        case .transactional(.addPartitions(let partitions, _)):
            scene.answer(request, .addedPartitions(partitions.map { ($0, error) }))
        case .transactional(.commitOffsets(_, let offsets, _, _)):
            scene.answer(request, .committedOffsets(offsets.map { ($0.partition, error) }))
        case .transactional where error != .none: scene.answer(request, .refused(error))
        case .transactional(.findCoordinator):
            let node = Int32(field("node").first ?? 1)
            scene.answer(request, .coordinator(NodeID(node)))
        case .transactional(.initProducerID): scene.answer(request, .identity(identity))
        case .transactional(.addOffsets): scene.answer(request, .addedOffsets)
        case .transactional(.end): scene.answer(request, .ended(next: identity))
        }
    }
}

/// Words.
extension ProducerStage {
    private func words(_ effect: ProducerEffect) -> String? {
        switch effect {
        case .send(let request):
            return "#\(request.number.rawValue) to node \(request.node.rawValue): "
                + words(request.body)
        case .completed(let completion): return words(completion)
        case .sendReturned(let ticket, .accepted):
            return waiting.contains(ticket) ? "send \(ticket.rawValue) goes on" : nil
        case .sendReturned(let ticket, .blocked): return "send \(ticket.rawValue) waits"
        case .sendReturned(let ticket, .failed(let error, let appended)):
            let rest = appended == nil ? "" : ", and yet the record stays"
            return "send \(ticket.rawValue) throws \(error.word)\(rest)"
        case .callReturned(let error): return error.map { "call throws \($0.word)" } ?? "call ends"
        case .callAbandoned: return "call timed out"
        case .flushed: return "flush ends"
        case .sleep(let until): return "sender sleeps until \(milliseconds(until))"
        case .poll(.some(.zero)): return nil
        case .poll(let wait):
            return "sender waits \(wait.map { "\($0.wholeMilliseconds) ms" } ?? "for ever")"
        case .uncaught(let error): return "sender logs \(error.word)"
        case .ended: return "sender ends"
        case .connect(let node): return "connects to node \(node.rawValue)"
        case .disconnect(let node): return "closes the connection to node \(node.rawValue)"
        case .wake: return nil
        }
    }

    private func milliseconds(_ instant: Instant) -> String {
        "\((instant - .zero).wholeMilliseconds) ms"
    }

    private func words(_ body: ProducerRequest.Body) -> String {
        switch body {
        case .produce(let batches):
            let all = batches.map { one in
                let records = "orders-\(one.partition.rawValue) \(words(one.tickets))"
                if one.batch.baseSequence == Absent.sequence { return records }
                return records + " as \(one.batch.producerID.rawValue)"
                    + "/\(one.batch.producerEpoch) sequence \(one.batch.baseSequence)"
            }
            return "Produce \(all.joined(separator: ", "))"
        case .metadata: return "Metadata"
        case .transactional(let body): return words(body)
        }
    }

    private func words(_ tickets: [SendTicket]) -> String {
        let first = tickets[0].rawValue
        return tickets.count == 1
            ? "record \(first)" : "records \(first) to \(tickets[tickets.count - 1].rawValue)"
    }

    private func words(_ identity: ProducerIdentity) -> String {
        "\(identity.id.rawValue)/\(identity.epoch)"
    }

    private func words(_ body: TransactionalRequest.Body) -> String {
        switch body {
        case .findCoordinator(let kind, let key): "FindCoordinator of \(kind) \(key)"
        case .initProducerID(let identity, let raisesEpoch):
            raisesEpoch ? "InitProducerId after \(words(identity))" : "InitProducerId"
        case .addPartitions(let partitions, let identity):
            "AddPartitionsToTxn \(words(identity)) "
                + partitions.map { "orders-\($0.rawValue)" }.joined(separator: " ")
        case .addOffsets(let group, _, let identity):
            "AddOffsetsToTxn \(words(identity)) \(group.group)"
        case .commitOffsets(let group, _, let identity, _):
            "TxnOffsetCommit \(words(identity)) \(group.group)"
        case .end(let commits, let identity, let isV2):
            "EndTxn \(words(identity)) \(commits ? "commit" : "abort") v\(isV2 ? 5 : 4)"
        }
    }

    private func words(_ completion: BatchCompletion) -> String {
        let records = "orders-\(completion.partition.rawValue) \(words(completion.tickets))"
        switch completion.outcome {
        case .written(let offset, _):
            return records + (offset < 0 ? ": written" : ": written at \(offset)")
        case .failed(let error), .refused(_, let error): return records + ": \(error.word)"
        }
    }

    private func show(_ partition: PartitionRef) -> String {
        let producer = scene.producer
        let batches = producer.accumulator.partitions[partition.index].batches.all.map { id in
            let batch = producer.batches[id]
            let attempt = batch.attempts > 0 ? " attempt \(batch.attempts + 1)" : ""
            return words(batch.tickets) + attempt
        }
        let sequences = producer.identity.sequences(of: partition)
        return "queue: \(batches.isEmpty ? "empty" : batches.joined(separator: ", "));"
            + " in flight: \(producer.flying[partition.index].count);"
            + " next sequence: \(words(sequences.identity)) \(sequences.next)"
    }
}

extension ProducerEffect {
    fileprivate var isCallReturned: Bool {
        if case .callReturned = self { true } else { false }
    }
}
