import Kernel

let minISRKey = "min.insync.replicas"
let uncleanElectionKey = "unclean.leader.election.enable"

/// Dynamic settings (ConfigurationControlManager, KIP-339).
extension Controller {
    /// What a setting of a topic was set to: the topic's own, or else that of this very
    /// controller's node id, or of the cluster. Nil: the controller's properties file decides.
    func dynamicConfig(_ key: String, of topic: String) -> String? {
        if state.image.configs.isEmpty { return nil }
        return state.image.config(key, of: .topic(topic))
            ?? state.image.config(key, of: .broker(id)) ?? state.image.config(key, of: .cluster)
    }

    func alterConfigs(_ alterations: [ConfigAlteration]) -> Decision {
        var records: [MetadataRecord] = []
        var outcomes: [KafkaError] = []
        for alteration in alterations {
            do throws(RequestFailure) {
                records += try configRecords(alteration, isNew: false)
                outcomes.append(.none)
            } catch {
                outcomes.append(error.code)
            }
        }
        return Decision(records, .outcomes(outcomes))
    }

    func creationConfigRecords(
        of topic: CreateTopicsRequest.Topic
    ) throws(RequestFailure) -> [MetadataRecord] {
        let settings = topic.configs.map { ConfigAlteration.Setting($0.key, .set($0.value)) }
        return try configRecords(ConfigAlteration(.topic(topic.name), settings), isNew: true)
    }

    /// A setting of a topic that stays as it is writes nothing; one of a broker does, because a
    /// broker takes the record as a call to read its files again (KAFKA-14136).
    private func configRecords(
        _ alteration: ConfigAlteration, isNew: Bool
    ) throws(RequestFailure) -> [MetadataRecord] {
        let resource = alteration.resource
        var records: [MetadataRecord] = []
        var values = state.image.configs[resource] ?? ForkableMap()
        var clearsELR = false
        for setting in inHashOrder(alteration.settings) {
            let old = values[setting.key]
            let new = try value(of: setting, after: old, resource)
            if new == old, case .topic = resource { continue }
            values[setting.key] = new
            records.append(.config(resource, key: setting.key, value: new))
            if setting.key == minISRKey, state.image.hasELR {
                try checkMinISRUnderELR(resource, new)
                clearsELR = true
            }
        }
        try validate(values, of: resource)
        if !isNew { try checkExistence(of: resource) }
        if clearsELR {
            // Who is eligible was decided by the old number (KIP-966).
            if case .topic(let name) = resource {
                records.append(.clearELR(topic: name))
            } else {
                records.append(.clearELR(topic: nil))
            }
        }
        return records
    }

    /// Kafka keeps the changes of a resource in a hash map.
    private func inHashOrder(_ settings: [ConfigAlteration.Setting]) -> [ConfigAlteration.Setting] {
        JavaOrder.put(settings.map { JavaOrder.hash(of: $0.key) }).map { settings[$0] }
    }

    private func value(
        of setting: ConfigAlteration.Setting, after old: String?, _ resource: ConfigResource
    ) throws(RequestFailure) -> String? {
        let change: String
        switch setting.operation {
        case .set(let value): return value
        case .delete: return nil
        case .append(let value), .subtract(let value): change = value
        }
        guard let known = Settings.setting(setting.key, of: resource.settingKind),
            known.type == .list
        else { throw .refused(.invalidConfig) }
        var text = old ?? ""
        if old == nil, case .value(.list(let elements)) = known.default {
            text = elements.joined(separator: ",")
        }
        var parts = text.split(separator: ",")
        for part in change.split(separator: ",") {
            if case .append = setting.operation {
                if !parts.contains(part) { parts.append(part) }
            } else if let place = parts.firstIndex(of: part) {
                parts.remove(at: place)
            }
        }
        return parts.joined(separator: ",")
    }
}

extension ConfigResource {
    fileprivate var settingKind: SettingKind {
        switch self {
        case .topic: .topic
        case .cluster, .broker: .broker
        case .group: .group
        }
    }
}
