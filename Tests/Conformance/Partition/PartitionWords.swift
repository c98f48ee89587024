import Kernel

@testable import Kafka

/// What the vectors of partitions say of a broker's replicas, read and written.
enum PartitionWords {
    static let topic = TopicID(1)
    static let topicName = "orders"

    static func instant(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

    /// `clean`, `killed`: what a process that is no more has left behind, taken up by the next.
    static func orNone(_ value: (some CustomStringConvertible)?) -> String {
        value.map { "\($0)" } ?? "-"
    }

    static func nodes(_ list: [Substring]) throws -> [NodeID] {
        try list.map { NodeID(try VectorText.int($0)) }
    }

    static func list(_ nodes: [NodeID]) -> String {
        LogText.list(nodes.map { "\($0.rawValue)" })
    }

    static func milliseconds(_ instant: Instant) -> Int64 {
        instant == .longAgo ? 0 : (instant - .zero).wholeMilliseconds
    }

    // MARK: Metadata

    static func broker(_ line: VectorLine) throws -> BrokerRegistration {
        let id = NodeID(try line.int("id"))
        let rack = try line.text("rack")
        return BrokerRegistration(
            id: id, epoch: try line.int("epoch"), incarnation: IncarnationID(1),
            endpoint: Endpoint(host: id, port: 9092),
            rack: rack == "-" ? nil : String(rack), features: [],
            isFenced: try line.bool("fenced"),
            inControlledShutdown: try line.bool("shuttingDown"), directories: [])
    }

    static func registration(_ line: VectorLine) throws -> PartitionRegistration {
        let replicas = try nodes(try line.list("replicas"))
        return PartitionRegistration(
            replicas: replicas, isr: try nodes(try line.list("isr")),
            leader: try line.intOrNone("leader").map { NodeID($0) } ?? .noLeader,
            leaderEpoch: try line.int("leaderEpoch"),
            partitionEpoch: try line.int("partitionEpoch"), recovery: try recovery(line),
            adding: try nodes(try line.list("adding")),
            removing: try nodes(try line.list("removing")),
            directories: Array(repeating: .unassigned, count: replicas.count))
    }

    private static func recovery(_ line: VectorLine) throws -> LeaderRecoveryState {
        switch try line.text("recovery") {
        case "RECOVERED": .recovered
        case "RECOVERING": .recovering
        case let other: throw VectorFormError(description: "recovery=\(other)")
        }
    }

    static func error(_ name: Substring) throws -> KafkaError {
        guard let error = KafkaError(name: String(name)) else {
            throw VectorFormError(description: "no error \(name)")
        }
        return error
    }

    /// One partition's part of an AlterPartition answer.
    static func alteration(_ line: VectorLine) throws -> AlterPartitionAnswer {
        let top = try error(try line.text("topError"))
        guard top == .none else { return .failed(top) }
        guard line.value(of: "partition") != "missing" else { return .partitions([nil]) }
        let error = try error(try line.text("error"))
        guard error == .none else { return .partitions([.failed(error)]) }
        return .partitions([
            .altered(
                PartitionRegistration(
                    replicas: [], isr: try nodes(try line.list("isr")),
                    leader: NodeID(try line.int("leader")),
                    leaderEpoch: try line.int("leaderEpoch"),
                    partitionEpoch: try line.int("partitionEpoch"),
                    recovery: try recovery(line), directories: []))
        ])
    }

    static func members(_ members: [AlterPartitionRequest.Member]) -> String {
        LogText.list(members.map { "\($0.broker.rawValue)@\($0.epoch ?? -1)" })
    }

    // MARK: Records

    static func batch(
        records: Int32, valueSize: Int, at now: Int64, transaction line: VectorLine? = nil
    ) throws -> RecordBatch {
        let value = Payload.bytes([UInt8](repeating: 0, count: valueSize))
        let all = (0..<records).map {
            Record(offsetDelta: $0, timestamp: now, key: nil, value: value)
        }
        guard let line, line.has("pid") else { return RecordBatch(records: all) }
        return RecordBatch(
            attributes: line.value(of: "transactional") == "true" ? .transactional : [],
            producerID: ProducerID(try line.int("pid")),
            producerEpoch: try line.int("producerEpoch"), baseSequence: try line.int("seq"),
            records: all)
    }

    static func list(_ batches: [RecordBatch]) -> String {
        LogText.list(batches.map { "\($0.leaderEpoch):\($0.baseOffset)..\($0.lastOffset)" })
    }

    // MARK: Answers

    static func outcome(_ error: KafkaError) -> String {
        error == .none ? "ok" : "error \(error.name)"
    }

    static func text(_ reply: ProducePartitionReply) -> String {
        "\(outcome(reply.error)) base=\(reply.baseOffset) start=\(reply.logStartOffset)"
    }

    static func text(_ reply: FetchPartitionReply) -> String {
        let diverging = reply.diverging.map { "\($0.epoch)@\($0.endOffset)" } ?? "-"
        let preferred = reply.preferredReadReplica.map { " preferred=\($0.rawValue)" } ?? ""
        return "\(outcome(reply.error)) hw=\(reply.highWatermark) lso=\(reply.lastStableOffset)"
            + " start=\(reply.logStartOffset) diverging=\(diverging)"
            + " records=\(list(reply.batches)) bytes=\(reply.sizeInBytes)\(preferred)"
    }

    static func text(_ reply: ListOffsetsPartitionReply) -> String {
        guard reply.error == .none else { return outcome(reply.error) }
        return "ok offset=\(reply.offset) timestamp=\(reply.timestamp)"
            + " epoch=\(reply.leaderEpoch ?? -1)"
    }

    static func text(_ reply: OffsetsForLeaderEpochPartitionReply) -> String {
        guard reply.error == .none else { return outcome(reply.error) }
        return "ok epoch=\(reply.end?.epoch ?? -1) endOffset=\(reply.end?.endOffset ?? -1)"
    }

    static func text(_ reply: DeleteRecordsPartitionReply) -> String {
        "\(outcome(reply.error)) lowWatermark=\(reply.lowWatermark)"
    }

    /// A request about one partition is answered with one.
    static func text(_ reply: BrokerReply) throws -> String {
        switch reply {
        case .produce(let replies): text(replies[0])
        case .fetch(let reply): text(reply.partitions[0])
        case .listOffsets(let replies): text(replies[0])
        case .offsetsForLeaderEpoch(let replies): text(replies[0])
        case .deleteRecords(let replies): text(replies[0])
        default: throw VectorFormError(description: "an answer to something else")
        }
    }
}
