import Kernel

@testable import Kafka

/// What the files about partitioners say of the metadata of their one topic.
struct PartitionerMetadata {
    private(set) var metadata = ProducerMetadata(listing: .hashTable)
    let topic: TopicRef

    init() {
        topic = metadata.topic(named: "A")
    }

    /// `metadata leaders=[partition:broker or -]`
    mutating func update(_ line: VectorLine) throws -> String {
        let leaders = try line.list("leaders").map { text in
            let (number, node) = VectorText.halves(text, at: ":")
            return ProducerMetadata.Leadership(
                topic: topic, number: try VectorText.int(number),
                leader: node == "-" ? nil : NodeID(try VectorText.int(node ?? "")),
                leaderEpoch: 0)
        }
        let nodes = Set(leaders.compactMap(\.leader)).sorted()
        metadata.update(leaders, nodes: nodes)
        let led = nodes.map { node in
            " node\(node.rawValue)=\(words(metadata.partitions(ledBy: node)))"
        }
        return "ok order=\(words(metadata.listed)) available=\(words(available))"
            + led.joined()
    }

    var available: [PartitionRef] { metadata.topics[topic.index].available }
    var availableNumbers: [Int32] { available.map { metadata[$0].number } }
    var count: Int32 { Int32(metadata.topics[topic.index].partitions.count) }

    private func words(_ partitions: [PartitionRef]) -> String {
        "[\(partitions.map { "\(metadata[$0].number)" }.joined(separator: ","))]"
    }
}

/// partitioner-sticky.vec: the sticky partitioner alone.
struct StickyPartitionerAdapter: VectorAdapter {
    private var metadata = PartitionerMetadata()
    private var partitioner: StickyPartitioner

    init(case line: VectorLine) throws {
        partitioner = StickyPartitioner(batchSize: try line.int("sticky-bytes"))
    }

    mutating func perform(_ line: VectorLine, _ effects: inout [String]) throws -> String? {
        switch line.verb {
        case "metadata": return try metadata.update(line)
        case "peek":
            let draws = partitioner.partition == nil
            if draws { try become(line) }
            return "ok partition=\(partition) drawn=\(draws ? 1 : 0)"
        case "produced":
            let switches = partitioner.shouldSwitch(
                after: try line.int("bytes"), mayLeaveBatch: try line.bool("may-switch"))
            if switches { try become(line) }
            return "ok switched=\(switches) partition=\(partition) drawn=\(switches ? 1 : 0)"
        case "load":
            partitioner.updateLoad(try queues(line))
            return "ok weights=\(partitioner.load.weights)"
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private var partition: String { partitioner.partition.map { "\($0)" } ?? "-" }

    private mutating func become(_ line: VectorLine) throws {
        partitioner.become(
            random: try line.int("random"), available: metadata.availableNumbers,
            of: metadata.count)
    }

    private func queues(_ line: VectorLine) throws -> PartitionQueues? {
        if try line.text("queues") == "-" { return nil }
        let length = try line.int("length", as: Int.self)
        let lengths: [Int32] = try line.list("queues").map { try VectorText.int($0) }
        var queues = PartitionQueues()
        queues.partitions = try line.list("ids").prefix(length).map { try VectorText.int($0) }
        queues.lengths = Array(lengths.prefix(length))
        queues.isComplete = length == lengths.count
        return queues
    }
}

extension PartitionLoad? {
    /// `uniform` or `[partition:weight]`.
    var weights: String {
        guard let load = self else { return "uniform" }
        let words = load.partitions.indices.map { index in
            let before = index == 0 ? 0 : load.cumulative[index - 1]
            return "\(load.partitions[index]):\(load.cumulative[index] - before)"
        }
        return "[\(words.joined(separator: ","))]"
    }
}

/// partitioner-round-robin.vec.
struct RoundRobinPartitionerAdapter: VectorAdapter {
    private var metadata = PartitionerMetadata()
    private var partitioner = RoundRobinPartitioner()

    init(case line: VectorLine) {}

    mutating func perform(_ line: VectorLine, _ effects: inout [String]) throws -> String? {
        if line.verb == "metadata" { return try metadata.update(line) }
        let partition = partitioner.next(
            available: metadata.availableNumbers, of: metadata.count)
        return "ok partition=\(partition)"
    }
}

/// partitioner-queues.vec: the sticky partitioner in the record accumulator, with Java's orders.
struct PartitionerQueuesAdapter: VectorAdapter {
    private var metadata = PartitionerMetadata()
    private var accumulator: RecordAccumulator
    private var batches = BatchTable()
    private var identity = IdempotentState(.current)
    private let transaction = TransactionClient(transactionalID: nil, generation: .current)
    private var choices = Choices(seed: 0)
    private let actor = ActorID(1)
    private var now = Instant.zero

    init(case line: VectorLine) throws {
        var settings = ProducerSettings()
        settings.isIdempotent = false
        settings.batchSize = try line.int("batch-size")
        settings.linger = .milliseconds(try line.int("linger-ms"))
        settings.adaptivePartitioning = try line.bool("adaptive")
        settings.availabilityTimeout = .milliseconds(try line.int("availability-timeout-ms"))
        accumulator = RecordAccumulator(settings, actor: actor)
    }

    mutating func perform(_ line: VectorLine, _ effects: inout [String]) throws -> String? {
        switch line.verb {
        case "metadata":
            let answer = try metadata.update(line)
            accumulator.extend(to: metadata.metadata)
            return answer
        case "append": return try append(line)
        case "ready": return ready()
        case "drain": return try drain(line)
        case "state": return state()
        case "tick": now = now + .milliseconds(try VectorText.int(try line.word(0)))
        case "can-send", "cannot-send":
            accumulator.noteAttempt(
                at: NodeID(try line.int("node")), now, couldSend: line.verb == "can-send")
        default: throw VectorFormError(description: "unknown verb")
        }
        return nil
    }

    private mutating func append(_ line: VectorLine) throws -> String {
        let known = metadata.metadata
        let destination: RecordDestination
        if let number = try line.intOrNone("partition", as: Int.self) {
            destination = .partition(known.topics[metadata.topic.index].partitions[number])
        } else {
            destination = .anyPartition(of: metadata.topic)
        }
        let made = choices.made(actor, .producerStickyPartition)
        for (offset, random) in try line.list("randoms").enumerated() {
            choices.override(
                Choices.Key(
                    actor: actor, purpose: .producerStickyPartition,
                    ordinal: made + UInt32(offset)),
                with: try VectorText.int(random))
        }
        let size = try line.int("value-size", as: Int.self)
        let record = Record(
            timestamp: now.nanoseconds / 1_000_000, key: nil,
            value: .bytes([UInt8](repeating: 0, count: size)))
        let outcome = try accumulator.append(
            record, SendTicket(0), to: destination, &batches, known, at: now, &choices)
        guard case .appended(let partition, let isReady, let isNew, let growth) = outcome
        else { return "error" }
        let drawn = choices.made(actor, .producerStickyPartition) - made
        return "ok partition=\(known[partition].number) new-batch=\(isNew) ready=\(isReady)"
            + " bytes=\(growth) drawn=\(drawn)"
    }

    private mutating func ready() -> String {
        let ready = accumulator.ready(
            &batches, metadata.metadata, at: now, isCompleting: false)
        let nodes = ready.nodes.sorted().map { "\($0.rawValue)" }.joined(separator: ",")
        let next = ready.nextCheck.map { "\($0.wholeMilliseconds)" } ?? "-"
        let leaderless = ready.leaderless.isEmpty ? "" : "A"
        let load = accumulator.topics[metadata.topic.index].partitioner.load
        return "ok nodes=[\(nodes)] next-check=\(next) no-leader=[\(leaderless)]"
            + " weights=\(load.weights)"
    }

    private mutating func drain(_ line: VectorLine) throws -> String {
        var answer = "ok"
        for name in try line.list("nodes") {
            let ids = accumulator.drain(
                NodeID(try VectorText.int(name)), &batches, metadata.metadata, at: now,
                maxSize: try line.int("max-bytes"), &identity, transaction)
            let words = ids.map { id in
                "A-\(metadata.metadata[batches[id].partition].number):\(batches[id].count)"
                    + ":\(batches[id].size)"
            }
            answer += " node\(name)=[\(words.joined(separator: ","))]"
        }
        return answer
    }

    private func state() -> String {
        let queues = metadata.metadata.topics[metadata.topic.index].partitions.compactMap {
            partition -> String? in
            let queue = accumulator.partitions[partition.index]
            if !queue.exists { return nil }
            let counts = queue.batches.all.map { "\(batches[$0].count)" }
            let number = metadata.metadata[partition].number
            return "\(number):\(counts.joined(separator: "+"))"
        }
        return "ok queues=[\(queues.joined(separator: ","))]"
    }
}
