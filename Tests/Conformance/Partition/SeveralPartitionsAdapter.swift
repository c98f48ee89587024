import Kernel

@testable import Kafka

/// several-partitions.vec: requests that touch several partitions of one broker.
struct SeveralPartitionsAdapter: VectorAdapter {
    private var replicas: ReplicaManager
    private var image = MetadataImage()
    private var now: Int64
    private var alarm: Instant?
    private var tokens: UInt64 = 0
    private var names: [ReplyToken: String] = [:]
    private var pending = 0
    private var states: [String]

    init(case line: VectorLine) throws {
        now = try line.int("now")
        var settings = ReplicaSettings()
        settings.minInSyncReplicas = try line.int("minIsr")
        settings.maxLag = .milliseconds(try line.int("lagMs"))
        replicas = ReplicaManager(id: NodeID(try line.int("broker")), settings: settings)
        states = ["", "", ""]
        image.apply(.topic(name: PartitionWords.topicName, id: PartitionWords.topic))
        for broker in 0..<3 {
            image.apply(
                .registerBroker(
                    BrokerRegistration(
                        id: NodeID(Int32(broker)), epoch: Int64(100 + broker),
                        incarnation: IncarnationID(1),
                        endpoint: Endpoint(host: NodeID(Int32(broker))), features: [],
                        isFenced: false, directories: [])))
        }
        var lines: [String] = []
        tell(.metadata(image, MetadataDelta()), &lines)
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        line.verb == "completed" || line.verb == "state"
    }

    mutating func perform(_ line: VectorLine, _ effects: inout [String]) throws -> String? {
        var answer: String?
        switch line.verb {
        case "partition-metadata":
            let id = id(try line.int("p"))
            image.apply(.partition(id, try PartitionWords.registration(line)))
            var delta = MetadataDelta()
            delta.note(partition: id)
            tell(.metadata(image, delta), &effects)
        case "tick": tick(try VectorText.int(try line.word(0)), &effects)
        default: answer = try ask(line, &effects)
        }
        tellStates(&effects)
        return answer
    }

    private func id(_ number: Int32) -> TopicIDPartition {
        TopicIDPartition(PartitionWords.topic, number)
    }

    private mutating func tellStates(_ effects: inout [String]) {
        let before = effects.count
        for number in 0..<3 {
            let state = text(replicas[id(Int32(number))])
            if state != states[number] { effects.append("state p=\(number) -> \(state)") }
            states[number] = state
        }
        if effects.count == before { effects.append("state -> unchanged") }
    }

    private func text(_ partition: Partition?) -> String {
        guard let partition else { return "role=none" }
        var text = "role=\(partition.isLeader ? "leader" : "follower")"
            + " leaderEpoch=\(partition.leaderEpoch)"
        if let leadership = partition.leadership {
            text += " isr=\(PartitionWords.list(leadership.isr.committed))"
                + " maximalIsr=\(PartitionWords.list(leadership.isr.maximal))"
        }
        let log = partition.log
        return text + " hw=\(log.highWatermark) leo=\(log.endOffset) start=\(log.logStartOffset)"
    }

    // MARK: Requests

    private mutating func ask(_ line: VectorLine, _ effects: inout [String]) throws -> String {
        tokens += 1
        let token = ReplyToken(tokens)
        let kind: String
        let request: BrokerRequest
        switch line.verb {
        case "produce": (kind, request) = ("p", .produce(try produce(line)))
        case "follower-fetch", "consumer-fetch": (kind, request) = ("f", .fetch(try fetch(line)))
        case "delete-records":
            let partitions = try numbered(line).map { number, value in
                DeleteRecordsRequest.Partition(
                    id(number), offset: value == "high-watermark" ? -1 : try VectorText.int(value))
            }
            (kind, request) = (
                "d",
                .deleteRecords(
                    DeleteRecordsRequest(
                        timeout: .milliseconds(try line.int("timeout")), partitions: partitions))
            )
        default: throw VectorFormError(description: "unknown verb")
        }
        var answer: String?
        var heard = ReplicaEffects()
        replicas.receive(.request(request, from: token), at: PartitionWords.instant(now), &heard)
        for effect in heard.items {
            if case .reply(let reply, token) = effect {
                answer = text(reply)
            } else {
                hear(effect, &effects)
            }
        }
        if let answer { return answer }
        pending += 1
        names[token] = "\(kind)\(pending)"
        return "pending id=\(kind)\(pending)"
    }

    /// The fields `pK=`, in their order.
    private func numbered(_ line: VectorLine) -> [(Int32, Substring)] {
        line.fields.compactMap { name, value in
            guard name.first == "p", let number = Int32(name.dropFirst()) else { return nil }
            return (number, value)
        }
    }

    private func produce(_ line: VectorLine) throws -> ProduceRequest {
        ProduceRequest(
            acks: try line.int("acks"), timeout: .milliseconds(try line.int("timeout")),
            partitions: try numbered(line).map { number, records in
                ProduceRequest.Partition(
                    id(number),
                    try PartitionWords.batch(
                        records: try VectorText.int(records), valueSize: 10, at: now))
            })
    }

    private func fetch(_ line: VectorLine) throws -> FetchRequest {
        let isFollower = line.verb == "follower-fetch"
        let partitions = try line.list("at").map { text -> FetchRequest.Partition in
            let (number, offset) = VectorText.halves(text, at: "@")
            let id = id(try VectorText.int(number))
            return FetchRequest.Partition(
                id, currentLeaderEpoch: replicas[id]?.leaderEpoch ?? 0,
                fetchOffset: try VectorText.int(offset ?? ""),
                logStartOffset: isFollower ? 0 : -1, maxBytes: try line.int("partitionMaxBytes"))
        }
        let fetcher: Fetcher
        if isFollower {
            let replica: Int32 = try line.int("replica")
            fetcher = .follower(NodeID(replica), brokerEpoch: Int64(100 + replica))
        } else {
            fetcher = .consumer(rack: nil, isolation: .uncommitted, tellsOfItself: true)
        }
        return FetchRequest(
            fetcher, maxWait: .milliseconds(try line.int("maxWait")),
            minBytes: try line.int("minBytes"), maxBytes: try line.int("maxBytes"),
            partitions: partitions)
    }

    /// Fetches are answered in the order of the request. The recorder sorted the others.
    private func text(_ reply: BrokerReply) -> String {
        switch reply {
        case .produce(let replies):
            "ok "
                + replies.sorted { $0.partition < $1.partition }.map {
                    "p\($0.partition.partition)=\($0.error.name):\($0.baseOffset)"
                }.joined(separator: " ")
        case .fetch(let reply):
            "ok "
                + reply.partitions.map {
                    "p\($0.partition.partition)=\($0.error.name):hw=\($0.highWatermark)"
                        + ":\(PartitionWords.list($0.batches)):\($0.sizeInBytes)"
                }.joined(separator: " ")
        case .deleteRecords(let replies):
            "ok "
                + replies.sorted { $0.partition < $1.partition }.map {
                    "p\($0.partition.partition)=\($0.error.name):\($0.lowWatermark)"
                }.joined(separator: " ")
        default: "?"
        }
    }

    // MARK: The machine

    private mutating func tell(_ input: ReplicaInput, _ lines: inout [String]) {
        var effects = ReplicaEffects()
        replicas.receive(input, at: PartitionWords.instant(now), &effects)
        for effect in effects.items { hear(effect, &lines) }
    }

    private mutating func hear(_ effect: ReplicaEffect, _ lines: inout [String]) {
        switch effect {
        case .reply(let reply, let token):
            lines.append("completed id=\(names[token] ?? "?") -> \(text(reply))")
        case .setTimer(.expireOperations, let instant): alarm = instant
        case .logTask(let id, let task): tell(.logTask(id, task), &lines)
        default: break
        }
    }

    private mutating func tick(_ milliseconds: Int64, _ lines: inout [String]) {
        let end = now + milliseconds
        while let next = alarm, next <= PartitionWords.instant(end) {
            alarm = nil
            now = PartitionWords.milliseconds(next)
            tell(.timer(.expireOperations), &lines)
        }
        now = end
    }
}
