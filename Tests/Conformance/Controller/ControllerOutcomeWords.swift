import Kernel

@testable import Kafka

/// Topic ids as `T1`, `T2`, … in the order of their appearance, and records in words.
struct TopicWords {
    private var numbers: [TopicID: Int] = [:]
    private var names: [TopicID: String] = [:]

    mutating func learn(_ records: [MetadataRecord]) {
        for case .topic(let name, let id) in records where numbers[id] == nil {
            numbers[id] = numbers.count + 1
            names[id] = name
        }
    }

    func word(_ id: TopicID) -> String { "T\(numbers[id] ?? 0)" }

    /// One that nobody has for a number that has not appeared.
    func id(_ word: Substring) -> TopicID {
        let number = Int(word.dropFirst()) ?? 0
        return numbers.first { $0.value == number }?.key ?? TopicID(UInt64.max)
    }

    private func word(_ id: TopicIDPartition) -> String {
        "\(names[id.topic] ?? "?")-\(id.partition)"
    }

    /// Runs of changes of partitions in the order of topic name and partition, runs of settings of
    /// brokers in the order of broker ids.
    func inPrintedOrder(_ records: [MetadataRecord]) -> [MetadataRecord] {
        var printed: [MetadataRecord] = []
        var run: [(key: Key, record: MetadataRecord)] = []
        func flush() {
            let sorted = run.enumerated().sorted { left, right in
                (left.element.key, left.offset) < (right.element.key, right.offset)
            }
            printed += sorted.map(\.element.record)
            run.removeAll()
        }
        for record in records {
            guard let key = key(of: record) else {
                flush()
                printed.append(record)
                continue
            }
            if let first = run.first, first.key.kind != key.kind { flush() }
            run.append((key, record))
        }
        flush()
        return printed
    }

    private struct Key: Comparable {
        var kind: Int
        var name: String
        var number: Int32

        static func < (left: Key, right: Key) -> Bool {
            (left.name, left.number) < (right.name, right.number)
        }
    }

    private func key(of record: MetadataRecord) -> Key? {
        switch record {
        case .partition(let id, _):
            Key(kind: 0, name: names[id.topic] ?? "", number: id.partition)
        case .partitionChange(let id, _):
            Key(kind: 1, name: names[id.topic] ?? "", number: id.partition)
        case .config(.broker(let broker), _, _): Key(kind: 2, name: "", number: broker.rawValue)
        default: nil
        }
    }

    func words(_ record: MetadataRecord, isOld: Bool) -> String {
        switch record {
        case .beginTransaction: return "BeginTransaction"
        case .endTransaction: return "EndTransaction"
        case .noOp: return "NoOp"
        case .featureLevel(let level):
            return "FeatureLevel feature=\(level.feature.name) level=\(level.level)"
        case .config(let resource, let key, let value):
            return "Config resource=\(words(resource)) key=\(key) value=\(value ?? "-")"
        case .clearELR(let topic): return "ClearElr topic=\(topic ?? "all")"
        case .topic(let name, let id): return "Topic name=\(name) id=\(word(id))"
        case .removeTopic(let id): return "RemoveTopic id=\(word(id))"
        case .partition(let id, let partition): return words(id, partition, isOld: isOld)
        case .partitionChange(let id, let change):
            return "PartitionChange partition=\(word(id))\(ControllerWords.fields(change))"
        case .registerBroker(let broker):
            return "RegisterBroker broker=\(broker.id.rawValue) epoch=\(broker.epoch)"
                + " incarnation=I\(broker.incarnation.rawValue) rack=\(broker.rack ?? "-")"
                + " fenced=\(broker.isFenced) inControlledShutdown=\(broker.inControlledShutdown)"
                + " dirs=\(ControllerWords.list(broker.directories))"
        case .unregisterBroker(let broker, let epoch):
            return "UnregisterBroker broker=\(broker.rawValue) epoch=\(epoch)"
        case .brokerRegistrationChange(let change): return words(change)
        case .producerIDs(let broker, let epoch, let next):
            return "ProducerIds broker=\(broker.rawValue) epoch=\(epoch) nextProducerId=\(next)"
        }
    }

    private func words(_ resource: ConfigResource) -> String {
        switch resource {
        case .cluster: "cluster"
        case .broker(let broker): "broker:\(broker.rawValue)"
        case .topic(let name): "topic:\(name)"
        case .group(let name): "group:\(name)"
        }
    }

    private func words(
        _ id: TopicIDPartition, _ partition: PartitionRegistration, isOld: Bool
    ) -> String {
        "Partition partition=\(word(id)) replicas=\(ControllerWords.list(partition.replicas))"
            + " isr=\(ControllerWords.list(partition.isr)) leader=\(partition.leader.rawValue)"
            + " leaderEpoch=\(partition.leaderEpoch) partitionEpoch=\(partition.partitionEpoch)"
            + " recovery=\(ControllerWords.word(partition.recovery))"
            + (isOld ? "" : " dirs=\(ControllerWords.list(partition.directories))")
    }

    private func words(_ change: BrokerRegistrationChange) -> String {
        var text = "BrokerRegistrationChange broker=\(change.id.rawValue) epoch=\(change.epoch)"
        if let isFenced = change.isFenced { text += " fenced=\(isFenced)" }
        if change.entersControlledShutdown { text += " inControlledShutdown=true" }
        if let directories = change.directories {
            text += " dirs=\(ControllerWords.list(directories))"
        }
        if let cordoned = change.cordoned { text += " cordoned=\(ControllerWords.list(cordoned))" }
        return text
    }

    func reassignmentLines(_ reply: ControllerReply, _ effects: inout [String]) {
        guard case .reassignments(let ongoing) = reply else { return }
        let sorted = ongoing.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        for one in sorted {
            effects.append(
                "reassignment \(one.topic)-\(one.partition) ->"
                    + " replicas=\(ControllerWords.list(one.replicas))"
                    + " adding=\(ControllerWords.list(one.adding))"
                    + " removing=\(ControllerWords.list(one.removing))")
        }
    }
}

/// A reply in words.
struct ReplyWords {
    private let topics: TopicWords
    private let operation: VectorLine

    init(_ topics: TopicWords, _ operation: VectorLine) {
        self.topics = topics
        self.operation = operation
    }

    func words(_ reply: ControllerReply) -> String {
        switch reply {
        case .failed(.unknownServerError): "error UnknownServerException"
        case .failed(let error): "error \(error.name)"
        case .registered(let epoch): "ok epoch=\(epoch)"
        case .heartbeat(let reply):
            "ok caughtUp=\(reply.isCaughtUp) fenced=\(reply.isFenced)"
                + " inControlledShutdown=\(reply.inControlledShutdown)"
                + " shouldShutDown=\(reply.shouldShutDown)"
        case .alterPartition(let replies): words(replies[0])
        case .assignReplicas(let errors):
            "ok results=[\(results(zip(partitionNames, errors).map { ($0, $1) }))]"
        case .producerIDs(let start, let count): "ok start=\(start) length=\(count)"
        case .createTopics(let replies): words(replies[0])
        case .outcomes(let errors): errors[0] == .none ? "ok" : "error \(errors[0].name)"
        case .electLeaders(let replies): words(replies)
        case .reassignments(let ongoing): "ok reassigning=\(ongoing.count)"
        case .done: "ok"
        }
    }

    private var partitionNames: [String] {
        ((try? operation.list("partitions")) ?? []).map(String.init)
    }

    private func results(_ results: [(String, KafkaError)]) -> String {
        results.map { "\($0.0):\($0.1.name)" }.joined(separator: ",")
    }

    private func words(_ reply: AlterPartitionReply) -> String {
        switch reply {
        case .failed(let error): "error \(error.name)"
        case .altered(let partition):
            "ok leader=\(partition.leader.rawValue) isr=\(ControllerWords.list(partition.isr))"
                + " leaderEpoch=\(partition.leaderEpoch) partitionEpoch=\(partition.partitionEpoch)"
                + " recovery=\(ControllerWords.word(partition.recovery))"
        }
    }

    private func words(_ reply: CreateTopicReply) -> String {
        switch reply {
        case .failed(let error): "error \(error.name)"
        case .created(let id, let partitions, let factor):
            "ok" + (id == .zero ? "" : " id=\(topics.word(id))")
                + " partitions=\(partitions) rf=\(factor)"
        }
    }

    private func words(_ replies: [ElectLeadersReply]) -> String {
        let sorted = replies.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        return "ok results=[\(results(sorted.map { ("\($0.topic)-\($0.partition)", $0.error) }))]"
    }
}

/// What changed between two images, in words.
enum StateWords {
    static func changes(
        from old: MetadataImage, to new: MetadataImage
    ) -> (changed: [String], gone: [String]) {
        var changed: [String] = []
        var gone: [String] = []
        for entry in new.brokers where old.brokers[entry.key] != entry.value {
            changed.append("state broker-\(entry.key.rawValue) -> \(words(entry.value))")
        }
        for entry in old.brokers where !new.brokers.contains(entry.key) {
            gone.append("state broker-\(entry.key.rawValue) -> gone")
        }
        for topic in new.topicIDs {
            let before = old.topic(named: topic.key)?.partitions
            for entry in new.topics[topic.value]!.partitions
            where before?[entry.key] != entry.value {
                let fields = ControllerWords.fields(entry.value)
                changed.append("state \(topic.key)-\(entry.key) -> \(fields)")
            }
        }
        for topic in old.topicIDs {
            let after = new.topic(named: topic.key)?.partitions
            for entry in old.topics[topic.value]!.partitions where after?[entry.key] == nil {
                gone.append("state \(topic.key)-\(entry.key) -> gone")
            }
        }
        return (changed, gone)
    }

    private static func words(_ broker: BrokerRegistration) -> String {
        "epoch=\(broker.epoch) incarnation=I\(broker.incarnation.rawValue)"
            + " fenced=\(broker.isFenced) inControlledShutdown=\(broker.inControlledShutdown)"
            + " rack=\(broker.rack ?? "-") dirs=\(ControllerWords.list(broker.directories))"
            + " cordoned=\(broker.cordoned.map(ControllerWords.list) ?? "-")"
    }
}
