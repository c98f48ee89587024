/// Records as the trace tells them: one stable line each, in Kafka's words.
extension MetadataRecord {
    /// `image` is the cluster as it is with the record or just before it, for the names of topics.
    public func words(in image: MetadataImage) -> String {
        switch self {
        case .beginTransaction: return "BeginTransaction"
        case .endTransaction: return "EndTransaction"
        case .noOp: return "NoOp"
        case .featureLevel(let level): return "FeatureLevel \(level.feature.name)=\(level.level)"
        case .config(let resource, let key, let value):
            return "Config \(resource.words) \(value.map { "\(key)=\($0)" } ?? "without \(key)")"
        case .clearELR(let topic): return "ClearElr \(topic ?? "of all topics")"
        case .topic(let name, _): return "Topic \(name)"
        case .removeTopic(let id): return "RemoveTopic \(image.topics[id]?.name ?? "?")"
        case .partition(let id, let partition):
            return "Partition \(image.name(of: id)) \(partition.words)"
        case .partitionChange(let id, let change):
            return "PartitionChange \(image.name(of: id))\(change.words)"
        case .registerBroker(let broker):
            return "RegisterBroker \(broker.id.rawValue) epoch=\(broker.epoch)"
                + (broker.isFenced ? " fenced" : "")
        case .unregisterBroker(let broker, _): return "UnregisterBroker \(broker.rawValue)"
        case .brokerRegistrationChange(let change): return change.words
        case .producerIDs(let broker, _, let next):
            return "ProducerIds broker=\(broker.rawValue) next=\(next)"
        }
    }
}

extension MetadataImage {
    /// `orders-0`
    public func name(of partition: TopicIDPartition) -> String {
        "\(topics[partition.topic]?.name ?? "?")-\(partition.partition)"
    }
}

extension PartitionRegistration {
    /// Lists that are empty and a recovery that is over are left out.
    public var words: String {
        var text = "leader=\(leader.words)@\(leaderEpoch) isr=\(isr.words)"
        if !elr.isEmpty { text += " elr=\(elr.words)" }
        if !lastKnownELR.isEmpty { text += " lastKnownLeader=\(lastKnownELR.words)" }
        text += " replicas=\(replicas.words)"
        if !adding.isEmpty { text += " adding=\(adding.words)" }
        if !removing.isEmpty { text += " removing=\(removing.words)" }
        return recovery == .recovering ? text + " recovering" : text
    }
}

extension PartitionChange {
    /// What it sets, each after a blank.
    var words: String {
        var text = leader.map { " leader=\($0.words)" } ?? ""
        let lists = [
            ("isr", isr), ("elr", elr), ("lastKnownLeader", lastKnownELR), ("replicas", replicas),
            ("adding", adding), ("removing", removing),
        ]
        for case (let name, let list?) in lists { text += " \(name)=\(list.words)" }
        switch recovery {
        case .recovering: text += " recovering"
        case .recovered: text += " recovered"
        case nil: break
        }
        return directories == nil ? text : text + " directories"
    }
}

extension BrokerRegistrationChange {
    fileprivate var words: String {
        var text = "BrokerRegistrationChange \(id.rawValue)"
        if let isFenced { text += isFenced ? " fenced" : " unfenced" }
        if entersControlledShutdown { text += " in controlled shutdown" }
        if let directories {
            let areLost = directories == [.lost]
            text += areLost ? " all directories lost" : " directories online: \(directories.count)"
        }
        if let cordoned { text += " directories cordoned: \(cordoned.count)" }
        return text
    }
}

extension ConfigResource {
    fileprivate var words: String {
        switch self {
        case .cluster: "of the cluster:"
        case .broker(let node): "of node \(node.rawValue):"
        case .topic(let name): "of topic \(name):"
        case .group(let name): "of group \(name):"
        }
    }
}

extension NodeID {
    fileprivate var words: String { self == .noLeader ? "none" : "\(rawValue)" }
}

extension [NodeID] {
    fileprivate var words: String {
        isEmpty ? "none" : map(\.words).joined(separator: ",")
    }
}
