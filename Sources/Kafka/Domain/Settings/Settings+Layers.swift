import Kernel

/// Settings lie above one another: what a topic says hides what the brokers say, and what was said
/// to the running cluster hides what stands in the properties files (KIP-226).
extension Settings {
    /// The same settings, but for those that are given here. A text that is no value of its setting
    /// hides nothing: Kafka logs it and keeps what it had.
    public func overridden(by texts: ForkableMap<String, String>) -> Settings {
        var result = self
        for entry in texts {
            guard let setting = Settings.setting(entry.key, of: kind),
                let value = try? setting.value(of: entry.value)
            else { continue }
            result.derive(entry.key, value)
        }
        return result
    }

    /// What a topic has that says nothing itself. Precondition: these are a broker's settings.
    public var topicDefaults: Settings {
        precondition(kind == .broker, "only brokers have defaults for topics")
        var result = Settings(empty: .topic)
        for setting in Settings.all(of: .topic) {
            if let value = synonym(of: setting) { result.derive(setting.name, value) }
        }
        return result
    }

    /// What the strongest of the broker's settings that stand for this one says: the first that was
    /// given, or the first that has a default.
    private func synonym(of setting: Setting) -> SettingValue? {
        let valued = setting.synonyms.filter { self.value($0.name) != .null }
        guard let chosen = valued.first(where: { isGiven($0.name) }) ?? valued.first else {
            return nil
        }
        let value = self.value(chosen.name)
        guard case .number(let number) = value else { return value }
        switch chosen.unit {
        case .same: return value
        case .minutes: return .number(number < 0 ? number : number * 60_000)
        case .hours: return .number(number < 0 ? number : number * 3_600_000)
        }
    }
}
