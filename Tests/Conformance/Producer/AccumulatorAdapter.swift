import Kernel

@testable import Kafka

/// accumulator.vec: RecordAccumulator alone, without sender and sequences.
struct AccumulatorAdapter: VectorAdapter {
    private let settings: ProducerSettings
    private var metadata: ProducerMetadata
    private var accumulator: RecordAccumulator
    private var batches = BatchTable()
    private var identity: IdempotentState
    private let transaction: TransactionClient
    private let topic: TopicRef
    private var choices = Choices(seed: 0)
    private let actor = ActorID(1)
    private var now: Instant
    private var names = RecordNames()
    private var states = ChangedStates()
    private var drained: [String: BatchID] = [:]
    var tellsPartitioner = false

    init(case line: VectorLine) throws {
        var settings = try ProducerWords.settings(line)
        settings.adaptivePartitioning = try line.bool("adaptive")
        settings.availabilityTimeout = try ProducerWords.interval(line, "availability.timeout")
        self.settings = settings
        metadata = ProducerMetadata(listing: .byNumber)
        topic = metadata.topic(named: ProducerWords.topic)
        accumulator = RecordAccumulator(settings, actor: actor)
        accumulator.extend(to: metadata)
        identity = IdempotentState(settings.generation)
        transaction = TransactionClient(transactionalID: nil, generation: settings.generation)
        now = .zero + (try ProducerWords.interval(line, "start"))
        var untold: [String] = []
        for number in try 0..<line.int("partitions", as: Int32.self) {
            states.tell("p=\(number)", "queue=[]", &untold)
        }
    }

    static func isEffect(_ line: VectorLine) -> Bool { line.verb == "state" }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        let answer = try act(operation)
        if answer != nil { tellStates(&effects) }
        return answer
    }

    private mutating func act(_ line: VectorLine) throws -> String? {
        switch line.verb {
        case "metadata":
            let leaders = try ProducerWords.leaders(line, of: topic)
            metadata.update(leaders, nodes: Array(Set(leaders.compactMap(\.leader))))
            accumulator.extend(to: metadata)
            identity.extend(to: metadata)
        case "append": return try append(line)
        case "ready": return ready()
        case "drain": return try drain(line)
        case "reenqueue":
            accumulator.reenqueue(try batch(line), &batches, at: now, nil)
            return "ok"
        case "complete":
            let id = try batch(line)
            _ = batches.decide(id, .succeeded)
            accumulator.freeMemory(of: &batches[id])
            return "ok"
        case "split": return try split(line)
        case "mute": accumulator.mute(try partition(line))
        case "unmute": accumulator.unmute(try partition(line))
        case "expire": return expire()
        case "node-checked":
            accumulator.noteAttempt(
                at: NodeID(try line.int("node")), now, couldSend: try line.bool("drainable"))
        case "flush": accumulator.flushes += 1
        case "close": accumulator.close()
        case "tick": now = now + .milliseconds(try VectorText.int(try line.word(0)))
        default: throw VectorFormError(description: "unknown verb")
        }
        return nil
    }

    private func partition(_ line: VectorLine) throws -> PartitionRef {
        metadata.topics[topic.index].partitions[try line.int("p", as: Int.self)]
    }

    private func batch(_ line: VectorLine) throws -> BatchID {
        let name = String(try line.text("batch"))
        guard let id = drained[name] else { throw VectorFormError(description: "no such batch") }
        return id
    }

    private mutating func append(_ line: VectorLine) throws -> String {
        let destination: RecordDestination
        if try line.text("p") == "-" {
            destination = .anyPartition(of: topic)
            let made = choices.made(actor, .producerStickyPartition)
            for (offset, random) in try line.list("random").enumerated() {
                choices.override(
                    Choices.Key(
                        actor: actor, purpose: .producerStickyPartition,
                        ordinal: made + UInt32(offset)),
                    with: try VectorText.int(random))
            }
        } else {
            destination = .partition(try partition(line))
        }
        do {
            let outcome = try accumulator.append(
                try ProducerWords.record(line), names.next, to: destination, &batches, metadata,
                at: now, &choices)
            guard case .appended(let partition, let isReady, let isNew, let growth) = outcome
            else { return "error BufferExhaustedException" }
            let name = names.add(to: metadata[partition].number)
            return "ok rec=\(name) full=\(isReady) new=\(isNew) bytes=\(growth)"
        } catch let error as ClientError {
            return "error \(error.words)"
        }
    }

    private mutating func ready() -> String {
        let ready = accumulator.ready(&batches, metadata, at: now, isCompleting: false)
        let nodes = ready.nodes.sorted().map { "\($0.rawValue)" }
        let delay = ready.nextCheck.map { "\($0.wholeMilliseconds)" } ?? "max"
        return "ok nodes=\(ProducerWords.list(nodes)) delay=\(delay)"
            + " unknown=\(!ready.leaderless.isEmpty)"
    }

    private mutating func drain(_ line: VectorLine) throws -> String {
        var answer = "ok"
        for node in try ProducerWords.nodes(try line.list("nodes")) {
            let ids = accumulator.drain(
                node, &batches, metadata, at: now, maxSize: try line.int("max"), &identity,
                transaction)
            let words = ids.map { id in
                let name = "\(number(of: id)):\(names.range(batches[id].tickets))"
                drained[name] = id
                return "\(name):\(batches[id].size)"
            }
            answer += " n\(node.rawValue)=\(ProducerWords.list(words))"
        }
        return answer
    }

    private func number(of id: BatchID) -> Int32 { metadata[batches[id].partition].number }

    private mutating func split(_ line: VectorLine) throws -> String {
        let id = try batch(line)
        let parts = accumulator.split(id, &batches)
        for part in parts.reversed() { accumulator.insert(part, batches, nil) }
        _ = batches.decide(id, .split)
        accumulator.freeMemory(of: &batches[id])
        return "ok parts=\(parts.count)"
    }

    private mutating func expire() -> String {
        accumulator.forgetNextExpiry()
        let expired = accumulator.removeExpired(batches, at: now)
        let words = expired.map { "\(number(of: $0)):\(names.range(batches[$0].tickets))" }
        for id in expired {
            _ = batches.decide(id, .failed)
            accumulator.freeMemory(of: &batches[id])
        }
        let next = accumulator.nextExpiry
        let nextWord = next == .never ? "-" : "\((next - .zero).wholeMilliseconds)"
        return "ok batches=\(ProducerWords.list(words)) next=\(nextWord)"
    }

    private mutating func tellStates(_ effects: inout [String]) {
        for partition in metadata.topics[topic.index].partitions {
            let words = accumulator.partitions[partition.index].batches.all.map { id in
                let batch = batches[id]
                return "\(names.range(batch.tickets))/a\(batch.attempts)/\(batch.size)"
                    + "/\(batch.isFull ? "full" : "open")"
            }
            states.tell(
                "p=\(metadata[partition].number)", "queue=\(ProducerWords.list(words))", &effects)
        }
        states.tell("memory", "free=\(accumulator.pool.available)", &effects)
        let queues = accumulator.topics[topic.index]
        if !tellsPartitioner || queues.order.partitions.isEmpty { return }
        let partitioner = queues.partitioner
        let table = partitioner.load.map { load in
            ProducerWords.list(zip(load.partitions, load.cumulative).map { "\($0):\($1)" })
        }
        let sticky = partitioner.partition.map { "\($0)" } ?? "-"
        states.tell(
            "partitioner",
            "sticky=\(sticky) bytes=\(partitioner.producedBytes) table=\(table ?? "-")", &effects)
    }
}

/// partitioner.vec: the same with a look into the sticky partitioner.
struct PartitionerAdapter: VectorAdapter {
    private var accumulator: AccumulatorAdapter

    init(case line: VectorLine) throws {
        accumulator = try AccumulatorAdapter(case: line)
        accumulator.tellsPartitioner = true
    }

    static func isEffect(_ line: VectorLine) -> Bool { AccumulatorAdapter.isEffect(line) }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        try accumulator.perform(operation, &effects)
    }
}

extension ClientError {
    /// NAME or NAME/CAUSE.
    var words: String { cause.map { "\(kind.name)/\($0.name)" } ?? kind.name }
}
