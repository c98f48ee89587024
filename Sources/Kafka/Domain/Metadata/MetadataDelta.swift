import Kernel

/// What a stretch of the metadata log has touched (TopicsDelta and its neighbours): whoever keeps
/// something derived from the image looks at these, and at nothing else.
///
/// Invariant: each list ascends and holds nothing twice.
public struct MetadataDelta: Equatable, Sendable {
    /// Made, changed, or gone with their topic.
    public private(set) var partitions: [TopicIDPartition] = []
    public private(set) var brokers: [NodeID] = []
    /// Those with a setting that was changed or removed.
    public private(set) var configs: [ConfigResource] = []

    public init() {}

    /// `before` is the image that the records are applied to: the partitions of a topic that is
    /// removed are listed nowhere else.
    public init(_ records: some Sequence<MetadataRecord>, before: MetadataImage) {
        for record in records { note(record, before: before) }
    }

    public var isEmpty: Bool { partitions.isEmpty && brokers.isEmpty && configs.isEmpty }

    public mutating func note(_ record: MetadataRecord, before: MetadataImage) {
        switch record {
        case .partition(let id, _), .partitionChange(let id, _): note(partition: id)
        case .removeTopic(let id):
            for entry in before.topics[id]?.partitions ?? ForkableMap() {
                note(partition: TopicIDPartition(id, entry.key))
            }
        case .config(let resource, _, _): Self.insert(resource, into: &configs)
        case .registerBroker(let broker): Self.insert(broker.id, into: &brokers)
        case .unregisterBroker(let id, _): Self.insert(id, into: &brokers)
        case .brokerRegistrationChange(let change): Self.insert(change.id, into: &brokers)
        case .clearELR(let name):
            for (id, partition) in before.partitions(ofTopic: name)
            where partition.remembersLeaders {
                note(partition: id)
            }
        case .topic, .featureLevel, .producerIDs, .beginTransaction, .endTransaction,
            .noOp:
            break
        }
    }

    public mutating func note(partition: TopicIDPartition) {
        Self.insert(partition, into: &partitions)
    }

    public mutating func note(broker: NodeID) {
        Self.insert(broker, into: &brokers)
    }

    public mutating func note(config: ConfigResource) {
        Self.insert(config, into: &configs)
    }

    private static func insert<Element: Comparable>(
        _ element: Element, into list: inout [Element]
    ) {
        guard let last = list.last, element <= last else {
            list.append(element)
            return
        }
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle] < element { low = middle + 1 } else { high = middle }
        }
        if list[low] != element { list.insert(element, at: low) }
    }
}

extension MetadataDelta {
    /// All that is different between two images of which nobody says how one became the other.
    public init(from before: MetadataImage, to after: MetadataImage) {
        for image in [before, after] {
            for topic in image.topics {
                for partition in topic.value.partitions {
                    note(partition: TopicIDPartition(topic.key, partition.key))
                }
            }
            for broker in image.brokers { note(broker: broker.key) }
            for config in image.configs { note(config: config.key) }
        }
    }
}
