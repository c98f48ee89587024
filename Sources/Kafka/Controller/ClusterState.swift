import Kernel

/// All that a controller knows from the metadata log: the image that everybody has, and what only
/// a controller looks up in it. A copy is a snapshot.
struct ClusterState: Sendable {
    private(set) var image = MetadataImage()
    private(set) var index = PartitionIndex()
    /// Where the record of each registration stands: a broker that has applied it is caught up.
    private(set) var registrationOffsets = ForkableMap<NodeID, Int64>()
    private(set) var directoryOwners = ForkableMap<DirectoryID, NodeID>()
    /// Topics by their name with periods as underscores, as metrics spell it (KAFKA-13743).
    private(set) var topicsByMetricName = ForkableMap<String, ForkableSet<String>>()
    /// Topics of which a partition has changed since they last got a new one: all that decides the
    /// order in which Kafka's table has their partitions (see `firstInTimelineHashMap`).
    private(set) var changedTopics = ForkableSet<TopicID>()
    /// Nothing has been replayed: the log is empty.
    private(set) var isEmpty = true

    init() {}

    /// What a controller knows that starts from a snapshot; indices hold nothing stale then.
    init(_ image: MetadataImage, upTo lastOffset: Int64) {
        self.image = image
        isEmpty = false
        for broker in image.brokers {
            registrationOffsets[broker.key] = lastOffset
            own(broker.value.directories, from: [], by: broker.key)
        }
        for topic in image.topics {
            enterMetricName(topic.value.name)
            for partition in topic.value.partitions {
                let id = TopicIDPartition(topic.key, partition.key)
                index.update(id, from: nil, to: partition.value)
            }
        }
    }

    mutating func apply(_ record: MetadataRecord, at offset: Int64, _ generation: Generation) {
        isEmpty = false
        switch record {
        case .partition(let id, let new):
            let old = image.partition(id)
            image.apply(record)
            index.update(id, from: old, to: new)
            note(isChange: old != nil, of: id.topic)
            return
        case .partitionChange(let id, let change):
            let (old, new) = image.apply(change, to: id)
            index.update(id, from: old, to: new)
            note(isChange: true, of: id.topic)
            return
        case .topic(let name, _): enterMetricName(name)
        case .removeTopic(let id):
            if let topic = image.topics[id] {
                index.remove(topic, generation)
                removeMetricName(topic.name)
                changedTopics.remove(id)
            }
        case .clearELR(let name): clearELR(of: name, generation)
        case .registerBroker(let broker):
            registrationOffsets[broker.id] = offset
            own(broker.directories, from: directories(of: broker.id), by: broker.id)
        case .unregisterBroker(let broker, _):
            registrationOffsets[broker] = nil
            own([], from: directories(of: broker), by: broker)
        case .brokerRegistrationChange(let change):
            let old = directories(of: change.id)
            image.apply(record)
            own(directories(of: change.id), from: old, by: change.id)
            return
        default: break
        }
        image.apply(record)
    }

    private mutating func note(isChange: Bool, of topic: TopicID) {
        guard changedTopics.contains(topic) != isChange else { return }
        if isChange { changedTopics.insert(topic) } else { changedTopics.remove(topic) }
    }

    private func directories(of broker: NodeID) -> [DirectoryID] {
        image.brokers[broker]?.directories ?? []
    }

    private mutating func own(
        _ new: [DirectoryID], from old: [DirectoryID], by broker: NodeID
    ) {
        guard new != old else { return }
        for directory in old { directoryOwners[directory] = nil }
        for directory in new where !directory.isReserved { directoryOwners[directory] = broker }
    }

    private mutating func clearELR(of name: String?, _ generation: Generation) {
        for topic in image.topics where name == nil || topic.value.name == name {
            for partition in topic.value.partitions where !partition.value.elr.isEmpty {
                let id = TopicIDPartition(topic.key, partition.key)
                index.clearELR(id, partition.value, generation)
                note(isChange: true, of: topic.key)
            }
        }
    }

    private mutating func enterMetricName(_ name: String) {
        guard let metricName = TopicName.metricName(of: name) else { return }
        if topicsByMetricName[metricName] == nil { topicsByMetricName[metricName] = ForkableSet() }
        topicsByMetricName[present: metricName].insert(name)
    }

    private mutating func removeMetricName(_ name: String) {
        guard let metricName = TopicName.metricName(of: name) else { return }
        topicsByMetricName[present: metricName].remove(name)
        if topicsByMetricName[present: metricName].isEmpty { topicsByMetricName[metricName] = nil }
    }
}
