import Kernel

/// The settings of topics and of the broker itself, and where each comes from (ConfigHelper).
extension Broker {
    /// Its own settings with what the running cluster was told since it started.
    var currentProperties: Settings {
        var properties = settings.properties
        if let cluster = image.configs[.cluster] { properties = properties.overridden(by: cluster) }
        if let own = image.configs[.broker(id)] { properties = properties.overridden(by: own) }
        return properties
    }

    func describe(_ resource: ConfigResource) -> ConfigDescription {
        switch resource {
        case .topic(let name):
            guard image.topicIDs.contains(name) else {
                return ConfigDescription(resource, .unknownTopicOrPartition)
            }
            return describeTopic(resource)
        case .broker(let broker):
            // Only a broker itself knows what stands in its properties file.
            if broker != id { return ConfigDescription(resource, .invalidRequest) }
            return describeBroker(resource)
        case .cluster, .group:
            let source = resource == .cluster
                ? ConfigDescription.Source.dynamicDefaultBroker : .group
            let entries = (image.configs[resource] ?? ForkableMap()).map {
                ConfigDescription.Entry($0.key, $0.value, source)
            }
            return ConfigDescription(resource, entries: entries)
        }
    }

    private func describeBroker(_ resource: ConfigResource) -> ConfigDescription {
        let properties = currentProperties
        let entries = Settings.all(of: .broker).filter { !$0.isInternal }.map { setting in
            ConfigDescription.Entry(
                setting.name, properties.value(setting.name).description, source(of: setting.name))
        }
        return ConfigDescription(resource, entries: entries)
    }

    /// Where a setting of the broker comes from.
    private func source(of name: String) -> ConfigDescription.Source {
        if image.config(name, of: .broker(id)) != nil { return .dynamicBroker }
        if image.config(name, of: .cluster) != nil { return .dynamicDefaultBroker }
        return settings.properties.isSaid(name) ? .staticBroker : .default
    }

    private func describeTopic(_ resource: ConfigResource) -> ConfigDescription {
        let own = image.configs[resource] ?? ForkableMap()
        let values = currentProperties.topicDefaults.overridden(by: own)
        let entries = Settings.all(of: .topic).filter { !$0.isInternal }.map { setting in
            let inherited = setting.synonyms.lazy.map { source(of: $0.name) }
                .first { $0 != .default }
            return ConfigDescription.Entry(
                setting.name, values.value(setting.name).description,
                own.contains(setting.name) ? .dynamicTopic : inherited ?? .default)
        }
        return ConfigDescription(resource, entries: entries)
    }
}

// MARK: - Changes

extension Broker {
    /// Settings of brokers are looked at by the broker that is asked, and the controller believes
    /// it; all others it looks at itself (ConfigAdminManager.preprocess).
    mutating func alterConfigs(
        _ alterations: [ConfigAlteration], from token: ReplyToken, at now: Instant,
        _ effects: inout BrokerEffects
    ) {
        let outcomes = alterations.map(refusal)
        let passed = zip(alterations, outcomes).filter { $0.1 == nil }.map(\.0)
        if passed.isEmpty {
            let refused = ControllerReply.outcomes(outcomes.compactMap { $0 })
            return effects.append(.reply(.admin(refused), to: token))
        }
        channels.enqueue(
            .alterConfigs(passed), for: .configs(token, outcomes: outcomes), at: now)
    }

    /// Nil: nothing is wrong as far as the broker can tell.
    private func refusal(of alteration: ConfigAlteration) -> KafkaError? {
        switch alteration.resource {
        case .topic, .group: return nil
        case .broker(let broker) where broker != id: return .invalidRequest
        case .broker, .cluster:
            let isForAll = alteration.resource == .cluster
            let areFine = alteration.settings.allSatisfy { isDynamic($0, isForAll: isForAll) }
            return areFine ? nil : .invalidRequest
        }
    }

    /// Whether a running broker can take it. What Kafka does not know it lets pass, for plugins.
    private func isDynamic(_ change: ConfigAlteration.Setting, isForAll: Bool) -> Bool {
        guard let setting = Settings.setting(change.key, of: .broker) else { return true }
        guard case .set(let text) = change.operation else { return true }
        switch setting.update {
        case .readOnly: return false
        case .perBroker where isForAll: return false
        case .perBroker, .clusterWide: return (try? setting.value(of: text)) != nil
        }
    }

    /// The outcomes in the order of the request.
    func joined(_ outcomes: [KafkaError?], with reply: ControllerReply) -> ControllerReply {
        guard case .outcomes(let decided) = reply else { return reply }
        var rest = decided[...]
        return .outcomes(outcomes.map { $0 ?? rest.popFirst() ?? .unknownServerError })
    }
}
