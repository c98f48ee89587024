/// All settings of Kafka 4.3.1, as lines of text that are read when they are first needed.
///
/// A line is `name type default importance`, and then, where it applies, the rule for its values,
/// `internal`, `@` how a running broker can be given another value, and `<` the broker's settings
/// that give a topic its default. Lines stand in the order in which Kafka checks the values.
/// `= Class` names the class that defines what follows, `+ client-security` stands for that table.
enum SettingTable {
    /// The settings of a kind, by name.
    static func settings(of kind: SettingKind) -> [Setting] {
        switch kind {
        case .producer: producerSettings
        case .consumer: consumerSettings
        case .admin: adminSettings
        case .topic: topicSettings
        case .broker: brokerSettings
        case .group: groupSettings
        case .clientMetrics: clientMetricsSettings
        case .userQuota: userQuotaSettings
        case .ipQuota: ipQuotaSettings
        case .brokerQuota: brokerQuotaSettings
        }
    }

    private static let producerSettings = read(producer)
    private static let consumerSettings = read(consumer)
    private static let adminSettings = read(admin)
    private static let topicSettings = read(topic)
    private static let brokerSettings = read(broker, brokerStorage, brokerCoordinators)
    private static let groupSettings = read(group)
    private static let clientMetricsSettings = read(clientMetrics)
    private static let userQuotaSettings = read(userQuota)
    private static let ipQuotaSettings = read(ipQuota)
    private static let brokerQuotaSettings = read(brokerQuota)

    static func read(_ tables: String...) -> [Setting] {
        var settings: [Setting] = []
        var source: String?
        for line in tables.flatMap({ $0.split(separator: "\n") }) {
            if line.hasPrefix("= ") {
                source = String(line.dropFirst(2))
            } else if line == "+ client-security" {
                for line in clientSecurity.split(separator: "\n") {
                    settings.append(setting(line, source, settings.count))
                }
            } else {
                settings.append(setting(line, source, settings.count))
            }
        }
        return settings.sorted { $0.name < $1.name }
    }

    private static func setting(_ line: Substring, _ source: String?, _ position: Int) -> Setting {
        let words = line.split(separator: " ")
        guard words.count >= 4, let type = Setting.ValueType(rawValue: String(words[1])),
            let importance = Setting.Importance(rawValue: String(words[3]))
        else { preconditionFailure("not a setting: \(line)") }
        var setting = Setting()
        setting.name = String(words[0])
        setting.type = type
        setting.default = defaultValue(words[2], type)
        setting.importance = importance
        setting.source = source
        setting.position = position
        for word in words.dropFirst(4) {
            switch word.first {
            case "@": setting.update = Setting.Update(rawValue: String(word.dropFirst()))!
            case "<": setting.synonyms = word.dropFirst().split(separator: ",").map(synonym)
            default:
                if word == "internal" {
                    setting.isInternal = true
                } else {
                    setting.rule = rule(word)
                }
            }
        }
        return setting
    }

    private static func defaultValue(
        _ word: Substring, _ type: Setting.ValueType
    ) -> Setting.Default {
        switch word {
        case "required": return .required
        case "null": return .value(.null)
        case "empty": return .value(.text(""))
        default:
            let text = type == .list ? word.dropFirst().dropLast() : word
            guard let value = SettingValue(text, type) else {
                preconditionFailure("\(word) is no \(type.rawValue)")
            }
            return .value(value)
        }
    }

    private static func synonym(_ text: Substring) -> Setting.Synonym {
        let parts = text.split(separator: "/")
        let unit = parts.count == 2 ? Setting.Synonym.Unit(rawValue: String(parts[1]))! : .same
        return Setting.Synonym(name: String(parts[0]), unit: unit)
    }
}

// MARK: Rules

extension SettingTable {
    /// `1...`, `0...3600`, `1...9|-1`, `0.5...1.0`, `in(a,b)`, `any-case(a,b)`, `filled`,
    /// `present`, `mode(a,b)`, `addresses(id)`, `unique(a,b)+filled+nullable`, `replicas`,
    /// `reset(none)`.
    private static func rule(_ text: Substring) -> SettingRule {
        if let dots = range(text) { return dots }
        let parts = text.split(separator: "+")
        let name = parts[0].prefix { $0 != "(" }
        let words = parts[0].dropFirst(name.count).dropFirst().dropLast()
            .split(separator: ",").map(String.init)
        switch name {
        case "in": return .oneOf(words)
        case "any-case": return .oneOfIgnoringCase(words)
        case "filled": return .filledText
        case "present": return .presentText
        case "mode": return .modeOf(words)
        case "addresses": return .addresses(withIDs: words == ["id"])
        case "replicas": return .throttledReplicas
        case "reset": return .offsetReset(mayBeNone: words == ["none"])
        case "unique":
            return .unique(
                of: words, mayBeEmpty: !parts.contains("filled"),
                mayBeNull: parts.contains("nullable"))
        default: preconditionFailure("not a rule: \(text)")
        }
    }

    private static func range(_ text: Substring) -> SettingRule? {
        guard let dots = text.firstRange(of: "...") else { return nil }
        let low = text[..<dots.lowerBound]
        let rest = text[dots.upperBound...].split(separator: "|", omittingEmptySubsequences: false)
        if let number = Int64(low), rest[0].isEmpty || Int64(rest[0]) != nil {
            return .range(
                from: number, to: Int64(rest[0]), or: rest.count == 2 ? Int64(rest[1]) : nil)
        }
        guard let from = Decimal(low), let to = Decimal(rest[0]) else {
            preconditionFailure("not a range: \(text)")
        }
        return .decimalRange(from: from, to: to)
    }
}
