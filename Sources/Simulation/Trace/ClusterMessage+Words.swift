import Kafka
import Kernel

/// What topics are called: messages name them by their ids.
public struct TopicNames: Sendable {
    let image: MetadataImage
    let former: SortedMap<TopicID, String>

    func name(of topic: TopicID) -> String {
        image.topics[topic]?.name ?? former[topic] ?? "topic-\(topic.rawValue)"
    }

    /// `orders-0`
    func name(of partition: TopicIDPartition) -> String {
        "\(name(of: partition.topic))-\(partition.partition)"
    }
}

/// Messages between lanes in words: one stable line each, `Fetch orders-0 offset=49 epoch=3`.
extension ClusterRequest {
    func words(_ names: TopicNames) -> String {
        switch self {
        case .broker(let request): request.words(names)
        case .controller(let request): request.words(names)
        }
    }
}

extension ClusterReply {
    /// Nil: nobody knows what it answers.
    func words(_ names: TopicNames, to api: APIKey?) -> String {
        switch self {
        case .broker(.produce(let replies)):
            "Produce answer " + list(replies) {
                "\(names.name(of: $0.partition)) "
                    + ($0.error == .none ? "at=\($0.baseOffset)" : $0.error.name)
            }
        case .broker(.fetch(let its)): its.words(names)
        case .broker(.listOffsets(let replies)):
            "ListOffsets answer " + list(replies) {
                "\(names.name(of: $0.partition)) "
                    + ($0.error == .none ? "offset=\($0.offset)" : $0.error.name)
            }
        case .broker(.offsetsForLeaderEpoch(let replies)):
            "OffsetForLeaderEpoch answer " + list(replies) {
                "\(names.name(of: $0.partition)) "
                    + ($0.end.map { "end=\($0.endOffset)@\($0.epoch)" } ?? $0.error.name)
            }
        case .broker(.metadata(let its)): its.words
        case .broker(.initProducerID(let its)):
            "InitProducerId answer "
                + (its.error == .none
                    ? "producer=\(its.identity.id.rawValue) epoch=\(its.identity.epoch)"
                    : its.error.name)
        case .controller(.heartbeat(let its)):
            "BrokerHeartbeat answer" + (its.isFenced ? " fenced" : "")
                + (its.shouldShutDown ? " may-stop" : "")
        case .controller(.registered(let epoch)): "BrokerRegistration answer epoch=\(epoch)"
        case .controller(.alterPartition(let replies)):
            "AlterPartition answer " + list(replies) {
                switch $0 {
                case .failed(let error): error.name
                case .altered(let its): "isr=\(its.isr.words) partition-epoch=\(its.partitionEpoch)"
                }
            }
        default:
            (api.map { $0.spokenName + " " } ?? "") + "answer "
                + list(errors) { $0 == .none ? "ok" : $0.name }
        }
    }
}

extension BrokerRequest {
    fileprivate func words(_ names: TopicNames) -> String {
        switch self {
        case .produce(let its):
            "Produce acks=\(its.acks == -1 ? "all" : String(its.acks)) " + list(its.partitions) {
                "\(names.name(of: $0.partition)) records=\($0.batch.count)"
                    + ($0.batch.hasProducerID
                        ? " producer=\($0.batch.producerID.rawValue)@\($0.batch.producerEpoch)"
                            + " sequence=\($0.batch.baseSequence)" : "")
                    + $0.batch.recordWords
            }
        case .fetch(let its):
            "Fetch " + list(its.partitions) {
                "\(names.name(of: $0.partition)) offset=\($0.fetchOffset)"
                    + ($0.currentLeaderEpoch.map { " epoch=\($0)" } ?? "")
            }
        case .listOffsets(let its):
            "ListOffsets " + list(its.partitions) { names.name(of: $0.partition) }
        case .offsetsForLeaderEpoch(let its):
            "OffsetForLeaderEpoch " + list(its.partitions) {
                "\(names.name(of: $0.partition)) epoch=\($0.leaderEpoch)"
            }
        case .deleteRecords(let its):
            "DeleteRecords " + list(its.partitions) {
                "\(names.name(of: $0.partition)) before=\($0.offset)"
            }
        case .metadata(let its): its.words
        case .initProducerID: "InitProducerId"
        case .admin(let request): request.words(names)
        case .describeCluster: "DescribeCluster"
        case .describeTopics: "DescribeTopicPartitions"
        case .describeConfigs: "DescribeConfigs"
        }
    }
}

extension ControllerRequest {
    fileprivate func words(_ names: TopicNames) -> String {
        switch self {
        case .registerBroker(let its):
            "BrokerRegistration"
                + (its.previousEpoch.map { " previous-epoch=\($0)" } ?? " after-unclean-stop")
        case .heartbeat(let its):
            "BrokerHeartbeat epoch=\(its.epoch) offset=\(its.metadataOffset)"
                + (its.wantsFence ? " wants-fence" : "")
                + (its.wantsShutdown ? " wants-to-stop" : "")
        case .alterPartition(let its):
            "AlterPartition " + list(its.partitions) {
                "\(names.name(of: $0.partition)) isr=\($0.isr.map(\.broker).words)"
                    + " epoch=\($0.leaderEpoch) partition-epoch=\($0.partitionEpoch)"
            }
        default: api.spokenName
        }
    }
}

extension MetadataRequest {
    fileprivate var words: String {
        switch topics {
        case .named(let names) where !names.isEmpty: "Metadata " + list(names) { $0 }
        default: "Metadata"
        }
    }
}

extension MetadataReply {
    /// Who leads what, as that broker has it.
    fileprivate var words: String {
        let led = topics.flatMap { topic in
            let name = topic.name ?? "topic-\(topic.id.rawValue)"
            guard topic.error == .none else { return ["\(name) \(topic.error.name)"] }
            return topic.partitions.map {
                "\(name)-\($0.number) leader=" + ($0.leader.map { String($0.rawValue) } ?? "none")
                    + " epoch=\($0.leaderEpoch)"
            }
        }
        return "Metadata answer brokers=\(brokers.count)"
            + (led.isEmpty ? "" : " " + list(led) { $0 })
    }
}

extension FetchReply {
    fileprivate func words(_ names: TopicNames) -> String {
        if error != .none { return "Fetch answer \(error.name)" }
        return "Fetch answer " + list(partitions) {
            var text = names.name(of: $0.partition)
            if $0.error != .none { return text + " " + $0.error.name }
            if let first = $0.batches.first, let last = $0.batches.last {
                text += " records=\(first.baseOffset)..\(last.lastOffset)"
            }
            if let diverging = $0.diverging {
                text += " diverging=\(diverging.endOffset)@\(diverging.epoch)"
            }
            return text + " hw=\($0.highWatermark)"
        }
    }
}

extension [NodeID] {
    /// `[1,2,3]`
    var words: String { "[" + map { String($0.rawValue) }.joined(separator: ",") + "]" }
}

extension APIKey {
    /// `CreateTopics`, as Kafka's documentation writes it.
    public var spokenName: String {
        name.split(separator: "_").map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined()
    }
}

/// At most a few, so that a line stays a line.
private func list<Element>(_ elements: [Element], _ words: (Element) -> String) -> String {
    let shown = elements.prefix(4).map(words).joined(separator: "; ")
    return elements.count > 4 ? "\(shown); and \(elements.count - 4) more" : shown
}
