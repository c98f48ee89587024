import Kernel

/// What the metadata log says of one topic.
public struct TopicImage: Equatable, Sendable {
    public var id: TopicID
    public var name: String
    /// By partition number, without gaps.
    public var partitions = ForkableMap<Int32, PartitionRegistration>()

    public init(id: TopicID, name: String) {
        self.id = id
        self.name = name
    }
}

/// The cluster as the metadata log has it up to some offset. Whoever has applied the same records
/// has an equal image, and copies share whatever they agree on: a thousand brokers at the same
/// offset hold one image, and one that is a record behind holds another that differs in a leaf.
public struct MetadataImage: Equatable, Sendable {
    public private(set) var brokers = ForkableMap<NodeID, BrokerRegistration>()
    public private(set) var topics = ForkableMap<TopicID, TopicImage>()
    public private(set) var topicIDs = ForkableMap<String, TopicID>()
    public private(set) var configs = ForkableMap<ConfigResource, ForkableMap<String, String>>()
    /// Those above level 0, in the order of `Feature`.
    public private(set) var features: [FeatureLevel] = []
    /// The first producer id that nobody has been given.
    public private(set) var nextProducerID: Int64 = 0

    public init() {}

    public func topic(named name: String) -> TopicImage? {
        topicIDs[name].flatMap { topics[$0] }
    }

    public func partition(_ partition: TopicIDPartition) -> PartitionRegistration? {
        topics.project(partition.topic) { $0.partitions[partition.partition] } ?? nil
    }

    public func level(of feature: Feature) -> Int16 {
        features.first { $0.feature == feature }?.level ?? 0
    }

    /// The lowest one until the log names another.
    public var metadataVersion: MetadataVersion {
        MetadataVersion(level: max(level(of: .metadataVersion), MetadataVersion.minimum.level))
    }

    public var hasELR: Bool { level(of: .eligibleLeaderReplicasVersion) > 0 }

    public func config(_ key: String, of resource: ConfigResource) -> String? {
        configs.project(resource) { $0[key] } ?? nil
    }

    public func isActive(_ broker: NodeID) -> Bool {
        brokers.project(broker) { $0.isActive } ?? false
    }
}

extension MetadataImage {
    /// The image with one record more. Records come from a log that a controller has written after
    /// checking them, so one that does not fit is an error of ours.
    public mutating func apply(_ record: MetadataRecord) {
        switch record {
        case .beginTransaction, .endTransaction, .noOp: break
        case .featureLevel(let finalized): apply(finalized)
        case .config(let resource, let key, let value): setConfig(key, of: resource, to: value)
        case .clearELR(let topic): clearELR(of: topic)
        case .topic(let name, let id):
            precondition(topicIDs[name] == nil, "a topic of that name exists")
            topics[id] = TopicImage(id: id, name: name)
            topicIDs[name] = id
        case .removeTopic(let id): removeTopic(id)
        case .partition(let id, let partition):
            topics[present: id.topic].partitions[id.partition] = partition
        case .partitionChange(let id, let change): apply(change, to: id)
        case .registerBroker(let broker): brokers[broker.id] = broker
        case .unregisterBroker(let id, let epoch):
            precondition(brokers[id]?.epoch == epoch, "no such registration")
            brokers[id] = nil
        case .brokerRegistrationChange(let change):
            precondition(brokers[change.id]?.epoch == change.epoch, "no such registration")
            brokers[present: change.id].apply(change)
        case .producerIDs(_, _, let next): nextProducerID = next
        }
    }

    /// What the partition was, and what it is.
    @discardableResult
    mutating func apply(
        _ change: PartitionChange, to id: TopicIDPartition
    ) -> (old: PartitionRegistration, new: PartitionRegistration) {
        func apply(
            _ partition: inout PartitionRegistration
        ) -> (old: PartitionRegistration, new: PartitionRegistration) {
            let old = partition
            partition.apply(change)
            return (old, partition)
        }
        return apply(&topics[present: id.topic].partitions[present: id.partition])
    }

    private mutating func apply(_ finalized: FeatureLevel) {
        features.removeAll { $0.feature == finalized.feature }
        guard finalized.level > 0 else { return }
        let place = features.firstIndex { $0.feature > finalized.feature } ?? features.count
        features.insert(finalized, at: place)
    }

    private mutating func setConfig(_ key: String, of resource: ConfigResource, to value: String?) {
        if configs[resource] == nil { configs[resource] = ForkableMap() }
        configs[present: resource][key] = value
        if configs[present: resource].isEmpty { configs[resource] = nil }
    }

    private mutating func removeTopic(_ id: TopicID) {
        guard let topic = topics.remove(id) else { preconditionFailure("no such topic") }
        topicIDs[topic.name] = nil
        configs[.topic(topic.name)] = nil
    }

    /// A partition without eligible leader replicas and without a last known one stays as it is.
    private mutating func clearELR(of name: String?) {
        var change = PartitionChange()
        change.elr = []
        change.lastKnownELR = []
        for (id, partition) in partitions(ofTopic: name) where partition.remembersLeaders {
            topics[present: id.topic].partitions[present: id.partition].apply(change)
        }
    }

    /// Of all topics, if none is named.
    func partitions(
        ofTopic name: String?
    ) -> [(id: TopicIDPartition, partition: PartitionRegistration)] {
        let ids = name.map { topicIDs[$0].map { [$0] } ?? [] } ?? topics.map(\.key)
        return ids.flatMap { topic in
            topics[present: topic].partitions.map {
                (TopicIDPartition(topic, $0.key), $0.value)
            }
        }
    }
}
