/// Which settings of a topic or a group go together.
extension Settings {
    /// As at the creation of a topic (`LogConfig.validate`), where unknown names are refused.
    public static func checkedTopic(
        _ texts: [(name: String, text: String)], remoteStorage: Bool = false
    ) throws(SettingRefusal) -> Settings {
        try refuseUnknown(texts, of: .topic)
        let settings = try Settings(.topic, texts)
        let (low, high) = ("min.compaction.lag.ms", "max.compaction.lag.ms")
        if settings.number(low) > settings.number(high) {
            throw SettingRefusal(
                .invalidConfiguration, involving: [low, high], "\(low) is above \(high)")
        }
        if settings.boolean("remote.storage.enable") && !remoteStorage {
            throw SettingRefusal(
                .config, involving: ["remote.storage.enable"], "the brokers have no remote storage")
        }
        return settings
    }

    private static func refuseUnknown(
        _ texts: [(name: String, text: String)], of kind: SettingKind
    ) throws(SettingRefusal) {
        for (name, _) in texts where setting(name, of: kind) == nil {
            throw SettingRefusal(
                .invalidConfiguration, involving: [name], "there is no such setting")
        }
    }

    /// The settings of one group (`GroupConfig.validate`): each has bounds that the broker sets,
    /// and what is not given is the broker's own value.
    public static func checkedGroup(
        _ texts: [(name: String, text: String)], broker: Settings
    ) throws(SettingRefusal) -> Settings {
        try refuseUnknown(texts, of: .group)
        var settings = try Settings(.group, texts)
        for bound in groupBounds where !settings.isGiven(bound.name) {
            settings.derive(bound.name, broker.value(bound.brokerName))
        }
        for bound in groupBounds {
            let value = settings.number(bound.name)
            if let name = bound.minimum, value < broker.number(name) {
                throw SettingRefusal(
                    .invalidConfiguration, involving: [bound.name], "below the broker's \(name)")
            }
            if let name = bound.maximum, value > broker.number(name) {
                throw SettingRefusal(
                    .invalidConfiguration, involving: [bound.name], "above the broker's \(name)")
            }
        }
        for group in ["consumer", "share", "streams"] {
            let (session, beat) = ("\(group).session.timeout.ms", "\(group).heartbeat.interval.ms")
            if settings.number(session) <= settings.number(beat) {
                throw SettingRefusal(
                    .invalidConfiguration, involving: [session, beat],
                    "a session must be longer than the interval of its heartbeats")
            }
        }
        return settings
    }

    private struct GroupBound {
        let name: String
        let brokerName: String
        let minimum: String?
        let maximum: String?
    }

    /// `consumer.session.timeout.ms` has `group.consumer.session.timeout.ms` as its default, and
    /// `group.consumer.min.session.timeout.ms` and `…max…` as bounds where those exist.
    private static let groupBounds: [GroupBound] = all(of: .group).compactMap { setting in
        guard setting.type == .int, let dot = setting.name.firstIndex(of: ".") else { return nil }
        let (group, rest) = (setting.name[..<dot], setting.name[dot...])
        func existing(_ name: String) -> String? {
            Settings.setting(name, of: .broker).map(\.name)
        }
        guard let brokerName = existing("group.\(setting.name)") else { return nil }
        let maximum = rest == ".num.standby.replicas"
            ? "group.\(group).max.standby.replicas" : "group.\(group).max\(rest)"
        return GroupBound(
            name: setting.name, brokerName: brokerName,
            minimum: existing("group.\(group).min\(rest)"), maximum: existing(maximum))
    }
}
