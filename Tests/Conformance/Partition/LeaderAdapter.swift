import Kernel

@testable import Kafka

/// leader-*.vec: one broker with one partition, which it mostly leads.
struct LeaderAdapter: VectorAdapter {
    private static let id = TopicIDPartition(PartitionWords.topic, 0)

    private let node: NodeID
    private var settings: ReplicaSettings
    private var live: PlayedProcess
    /// Processes that have ended. The recorder's clock outlived them, and with it their timers:
    /// what they would still have done is in the files.
    private var ended: [PlayedProcess] = []
    private var image = MetadataImage()
    private var delta = MetadataDelta()
    private var minISR: String?
    private var now: Int64
    private var states = PartitionStates()
    private var tokens: UInt64 = 0
    private var names: [ReplyToken: String] = [:]
    private var pending = 0
    /// Which process sent the request, by its number.
    private var senders: [Int] = []

    private var replicas: ReplicaManager { live.replicas }

    init(case line: VectorLine) throws {
        node = NodeID(try line.int("broker"))
        now = try line.int("now")
        settings = ReplicaSettings()
        settings.minInSyncReplicas = try line.int("minIsr")
        settings.maxLag = .milliseconds(try line.int("lagMs"))
        settings.log.segmentBytes = try line.int("segmentBytes")
        settings.log.verifiesTransactions = false
        if line.value(of: "selector") == "rack-aware" { settings.selector = .rackAware }
        live = PlayedProcess(
            replicas: ReplicaManager(id: node, settings: settings), number: 0)
        _ = live.receive(.brokerEpoch(try line.int("brokerEpoch")), at: now)
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        ["sent", "completed", "state", "replica"].contains(line.verb)
    }

    private static let silent = [
        "broker-metadata", "restart", "list-offsets", "offset-for-leader-epoch", "checkpoint-hw",
    ]

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        if operation.verb != "broker-metadata", operation.verb != "partition-metadata" {
            tellMetadata(&effects)
        }
        let answer = try act(operation, &effects)
        if !Self.silent.contains(operation.verb) {
            states.tell(replicas[Self.id], replicas.broker, &effects)
        }
        return answer
    }

    private mutating func act(_ line: VectorLine, _ lines: inout [String]) throws -> String? {
        switch line.verb {
        case "broker-metadata": apply(.registerBroker(try PartitionWords.broker(line)))
        case "partition-metadata":
            if image.topics[PartitionWords.topic] == nil {
                apply(.topic(name: PartitionWords.topicName, id: PartitionWords.topic))
            }
            apply(.partition(Self.id, try PartitionWords.registration(line)))
            tellMetadata(&lines)
        case "set-min-isr":
            minISR = String(try line.word(0))
            applyMinISR()
            tellMetadata(&lines)
        case "isr-shrink-check": tell(.timer(.shrinkISRs), &lines)
        case "tick": tick(try VectorText.int(try line.word(0)), &lines)
        case "alter-partition-response":
            try respond(line, &lines)
        case "restart": try restart(line, &lines)
        case "checkpoint-hw":
            tell(.timer(.checkpointHighWatermarks), &lines)
            return "ok hw=\(PartitionWords.orNone(replicas.checkpoints.highWatermarks[Self.id]))"
        default: return try ask(line, &lines)
        }
        return nil
    }

    private mutating func apply(_ record: MetadataRecord) {
        delta.note(record, before: image)
        image.apply(record)
    }

    private mutating func applyMinISR() {
        guard let minISR else { return }
        apply(
            .config(
                .topic(PartitionWords.topicName), key: "min.insync.replicas", value: minISR))
    }

    private mutating func tellMetadata(_ lines: inout [String]) {
        guard !delta.isEmpty else { return }
        let told = delta
        delta = MetadataDelta()
        tell(.metadata(image, told), &lines)
    }

    private mutating func restart(_ line: VectorLine, _ lines: inout [String]) throws {
        var last = live.replicas
        let disk = try line.bool("clean") ? last.stop() : last.disk
        let opened = ReplicaManager.open(
            disk, id: node, settings: settings, at: PartitionWords.instant(now))
        guard case .success(let manager) = opened else {
            throw VectorFormError(description: "the log does not open")
        }
        ended.append(live)
        live = PlayedProcess(replicas: manager, number: ended.count)
        image = MetadataImage()
        delta = MetadataDelta()
        applyMinISR()
        states.forget()
        let epoch = ReplicaInput.brokerEpoch(try line.int("brokerEpoch"))
        for index in ended.indices { _ = ended[index].receive(epoch, at: now) }
        tell(epoch, &lines)
    }

    private mutating func respond(_ line: VectorLine, _ lines: inout [String]) throws {
        let answer = ReplicaInput.alterPartitionAnswer(try PartitionWords.alteration(line))
        let number: Int = try line.int("request")
        guard number <= senders.count, senders[number - 1] < ended.count else {
            return tell(answer, &lines)
        }
        let sender = senders[number - 1]
        for effect in ended[sender].receive(answer, at: now) { hear(effect, from: sender, &lines) }
    }

    // MARK: Requests

    private mutating func ask(_ line: VectorLine, _ lines: inout [String]) throws -> String {
        tokens += 1
        let token = ReplyToken(tokens)
        let kind: String
        switch line.verb {
        case "produce":
            kind = "p"
            return try answer(to: .append(try append(line), from: token), token, kind, &lines)
        case "follower-fetch", "consumer-fetch":
            let answer = try answer(
                to: .request(.fetch(try fetch(line)), from: token), token, "f", &lines)
            return line.value(of: "topicId") == "T2" ? otherTopic(answer) : answer
        case "list-offsets":
            let request = ListOffsetsRequest(
                try asker(line), version: try line.int("version"),
                partitions: [
                    ListOffsetsRequest.Partition(
                        Self.id, currentLeaderEpoch: try line.intOrNone("currentLeaderEpoch"),
                        try query(try line.text("time")))
                ])
            return try answer(to: .request(.listOffsets(request), from: token), token, "l", &lines)
        case "offset-for-leader-epoch":
            let request = OffsetsForLeaderEpochRequest(
                follower: nil,
                partitions: [
                    OffsetsForLeaderEpochRequest.Partition(
                        Self.id, currentLeaderEpoch: try line.intOrNone("currentLeaderEpoch"),
                        leaderEpoch: try line.int("epoch"))
                ])
            return try answer(
                to: .request(.offsetsForLeaderEpoch(request), from: token), token, "e", &lines)
        case "delete-records":
            let offset = try line.text("offset")
            let request = DeleteRecordsRequest(
                timeout: .milliseconds(try line.int("timeout")),
                partitions: [
                    DeleteRecordsRequest.Partition(
                        Self.id,
                        offset: offset == "high-watermark" ? -1 : try VectorText.int(offset))
                ])
            return try answer(
                to: .request(.deleteRecords(request), from: token), token, "d", &lines)
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    /// Kafka's classes are handed a topic's name and an id that does not belong to it. Ours know
    /// topics by their ids alone, and one of another id is one that is not here.
    private func otherTopic(_ answer: String) -> String {
        let absent = "error UNKNOWN_TOPIC_OR_PARTITION"
        guard replicas[Self.id] != nil, answer.hasPrefix(absent) else { return answer }
        return "error INCONSISTENT_TOPIC_ID\(answer.dropFirst(absent.count))"
    }

    private func append(_ line: VectorLine) throws -> LocalAppend {
        let batch: RecordBatch
        if let marker = line.value(of: "marker") {
            batch = RecordBatch(
                marker: EndTransactionMarker(aborts: marker == "abort", coordinatorEpoch: 0),
                producerID: ProducerID(try line.int("pid")),
                producerEpoch: try line.int("producerEpoch"), timestamp: now)
        } else {
            batch = try PartitionWords.batch(
                records: try line.int("records"), valueSize: try line.int("valueSize"), at: now,
                transaction: line)
        }
        return LocalAppend(
            ProduceRequest(
                acks: try line.int("acks"), timeout: .milliseconds(try line.int("timeout")),
                partitions: [ProduceRequest.Partition(Self.id, batch)]),
            origin: line.has("marker") ? .coordinator : .client,
            transactionVersion: line.has("marker") ? 1 : 0)
    }

    private func fetch(_ line: VectorLine) throws -> FetchRequest {
        let isOther = line.value(of: "topicId") == "T2"
        let partition = FetchRequest.Partition(
            isOther ? TopicIDPartition(TopicID(2), 0) : Self.id,
            currentLeaderEpoch: try line.intOrNone("currentLeaderEpoch"),
            fetchOffset: try line.int("offset"),
            lastFetchedEpoch: try line.intOrNone("lastFetchedEpoch"),
            logStartOffset: try line.intOrNone("start") ?? -1,
            maxBytes: try line.int("maxBytes"))
        return FetchRequest(
            try fetcher(line), maxWait: .milliseconds(try line.int("maxWait")),
            minBytes: try line.int("minBytes"), maxBytes: 10 << 20, partitions: [partition])
    }

    private func fetcher(_ line: VectorLine) throws -> Fetcher {
        if line.verb == "follower-fetch" {
            return .follower(
                NodeID(try line.int("replica")), brokerEpoch: try line.int("brokerEpoch"))
        }
        let rack = try line.text("rack")
        return .consumer(
            rack: rack == "-" ? nil : String(rack),
            isolation: try line.text("isolation") == "read_committed" ? .committed : .uncommitted,
            tellsOfItself: try line.text("client") != "v10")
    }

    private func asker(_ line: VectorLine) throws -> ListOffsetsRequest.Asker {
        switch try line.text("by") {
        case "consumer": .consumer(.uncommitted)
        case "consumer-committed": .consumer(.committed)
        case "follower": .follower(NodeID(1))
        case "debug": .debugger
        case let other: throw VectorFormError(description: "by=\(other)")
        }
    }

    private func query(_ text: Substring) throws -> OffsetQuery {
        text == "max-timestamp" ? .maxTimestamp : try LogText.query(text)
    }

    // MARK: The machine

    private mutating func answer(
        to input: ReplicaInput, _ token: ReplyToken, _ kind: String, _ lines: inout [String]
    ) throws -> String {
        var answer: String?
        for effect in live.receive(input, at: now) {
            if case .reply(let reply, token) = effect {
                answer = try PartitionWords.text(reply)
            } else {
                hear(effect, from: live.number, &lines)
            }
        }
        if let answer { return answer }
        pending += 1
        names[token] = "\(kind)\(pending)"
        return "pending id=\(kind)\(pending)"
    }

    private mutating func tell(_ input: ReplicaInput, _ lines: inout [String]) {
        for effect in live.receive(input, at: now) { hear(effect, from: live.number, &lines) }
    }

    private mutating func hear(
        _ effect: ReplicaEffect, from process: Int, _ lines: inout [String]
    ) {
        switch effect {
        case .reply(let reply, let token):
            let text = (try? PartitionWords.text(reply)) ?? "?"
            lines.append("completed id=\(names[token] ?? "?") -> \(text)")
        case .alterPartition(let request):
            senders.append(process)
            let change = request.partitions[0]
            lines.append(
                "sent api=alter-partition request=\(senders.count)"
                    + " -> brokerEpoch=\(request.epoch) leaderEpoch=\(change.leaderEpoch)"
                    + " partitionEpoch=\(change.partitionEpoch)"
                    + " isr=\(PartitionWords.members(change.isr))"
                    + " recovery=\(change.recovery == .recovered ? "RECOVERED" : "RECOVERING")")
        default: break
        }
    }

    private mutating func tick(_ milliseconds: Int64, _ lines: inout [String]) {
        let end = now + milliseconds
        while true {
            let processes = ended + [live]
            let next = processes.compactMap { process in
                process.nextAlarm.map { (at: $0.at, process: process.number) }
            }.min { ($0.at, $0.process) < ($1.at, $1.process) }
            guard let next, next.at <= PartitionWords.instant(end) else { break }
            now = PartitionWords.milliseconds(next.at)
            let effects = next.process == live.number
                ? live.ring(at: now) : ended[next.process].ring(at: now)
            for effect in effects { hear(effect, from: next.process, &lines) }
        }
        now = end
    }
}

/// One process of the broker.
struct PlayedProcess {
    var replicas: ReplicaManager
    let number: Int
    private var alarms: [ReplicaTask: Instant] = [:]

    init(replicas: ReplicaManager, number: Int) {
        self.replicas = replicas
        self.number = number
    }

    var nextAlarm: (task: ReplicaTask, at: Instant)? {
        alarms.min { ($0.value, $0.key) < ($1.value, $1.key) }.map { ($0.key, $0.value) }
    }

    mutating func ring(at now: Int64) -> [ReplicaEffect] {
        guard let task = nextAlarm?.task else { return [] }
        alarms[task] = nil
        return receive(.timer(task), at: now)
    }

    /// What the machine wants, but for the timers that are kept here and for the background work
    /// that is done at once.
    mutating func receive(_ input: ReplicaInput, at now: Int64) -> [ReplicaEffect] {
        var effects = ReplicaEffects()
        replicas.receive(input, at: PartitionWords.instant(now), &effects)
        var left: [ReplicaEffect] = []
        for effect in effects.items {
            switch effect {
            case .setTimer(let task, let instant):
                // The files themselves say when the others are due.
                if task == .expireOperations || task == .resendAlterPartition {
                    alarms[task] = instant
                }
            case .logTask(let id, let task): left += receive(.logTask(id, task), at: now)
            default: left.append(effect)
            }
        }
        return left
    }
}
