import Kernel

/// Settings of topics, as far as their replicas read them.
extension ReplicaManager {
    /// A topic's settings have changed. Nothing follows from that by itself: what is decided next
    /// is decided by the new ones.
    mutating func applyConfigs(_ delta: MetadataDelta) {
        for resource in delta.configs {
            guard case .topic(let name) = resource,
                let topic = broker.sharedMetadata.value.topic(named: name)
            else { continue }
            let config = logConfig(of: name)
            let minISR = minInSyncReplicas(of: name)
            for entry in topic.partitions {
                let id = TopicIDPartition(topic.id, entry.key)
                guard partitions.contains(id) else { continue }
                partitions[present: id].value.log.config = config
                partitions[present: id].value.minInSyncReplicas = minISR
            }
        }
    }

    /// The broker's own settings have changed.
    mutating func apply(_ settings: ReplicaSettings) {
        broker.use(settings)
        for id in hosted {
            guard let topic = broker.sharedMetadata.value.topics[id.topic]?.name else { continue }
            partitions[present: id].value.log.config = logConfig(of: topic)
            partitions[present: id].value.minInSyncReplicas = minInSyncReplicas(of: topic)
        }
    }

    func minInSyncReplicas(of topic: String) -> Int {
        let text = broker.sharedMetadata.value.config("min.insync.replicas", of: .topic(topic))
        return text.flatMap(Int.init) ?? broker.settings.minInSyncReplicas
    }

    /// The broker's own settings with what the topic says instead.
    func logConfig(of topic: String) -> LogConfig {
        let settings = broker.settings
        guard let own = broker.sharedMetadata.value.configs[.topic(topic)],
            let defaults = settings.topicDefaults, let properties = settings.properties
        else { return settings.log }
        return LogConfig(topic: defaults.overridden(by: own), broker: properties)
    }
}
