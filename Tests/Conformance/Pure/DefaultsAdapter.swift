import Kafka

/// defaults.vec: every setting by name, with type, default and accepted values.
struct DefaultsAdapter: VectorAdapter {
    init(case settings: VectorLine) {}

    static func kind(_ text: Substring) throws -> SettingKind {
        switch text {
        case "producer": .producer
        case "consumer": .consumer
        case "admin": .admin
        case "topic": .topic
        case "broker": .broker
        case "group": .group
        case "client-metrics": .clientMetrics
        case "user-quota": .userQuota
        case "ip-quota": .ipQuota
        case "broker-quota": .brokerQuota
        default: throw VectorFormError(description: "\(text) is no kind of settings")
        }
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        let kind = try Self.kind(try operation.text("kind"))
        switch operation.verb {
        case "count": return "ok settings=\(Settings.all(of: kind).count)"
        case "config":
            let name = String(try operation.text("name"))
            guard let setting = Settings.setting(name, of: kind) else { return "error unknown" }
            return "ok \(describe(setting, kind))"
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func describe(_ setting: Setting, _ kind: SettingKind) -> String {
        var text = "type=\(setting.type.rawValue.uppercased()) default=\(describe(setting.default))"
        text += " valid=\(describe(setting.rule))"
        text += " importance=\(setting.importance.rawValue.uppercased())"
        text += " internal=\(setting.isInternal)"
        if kind == .broker {
            text += " source=\(setting.source ?? "-") update=\(setting.update.rawValue)"
        }
        if kind == .topic {
            let names = setting.synonyms.map {
                $0.unit == .same ? $0.name : "\($0.name)/\($0.unit.rawValue)"
            }
            text += " broker-name=\(names.first ?? "-") synonyms=[\(names.joined(separator: ","))]"
        }
        return text
    }

    private func describe(_ value: Setting.Default) -> String {
        switch value {
        case .required: "required"
        case .value(.null): "null"
        case .value(.boolean(let boolean)): "\(boolean)"
        case .value(.number(let number)): "\(number)"
        case .value(.decimal(let decimal)): Self.asJava(decimal)
        case .value(.text(let text)): text.isEmpty ? "empty" : text
        case .value(.list(let list)): "[\(list.joined(separator: ","))]"
        }
    }

    /// As Java prints a double: with an exponent from ten million on.
    private static func asJava(_ decimal: Decimal) -> String {
        var digits = "\(decimal.digits)"
        let exponent = digits.count - 1 - decimal.scale
        if exponent < 7 { return "\(decimal)" }
        while digits.count > 2 && digits.hasSuffix("0") { digits.removeLast() }
        return "\(digits.prefix(1)).\(digits.dropFirst())E\(exponent)"
    }

    private func describe(_ rule: SettingRule) -> String {
        switch rule {
        case .any: "-"
        case .range(let low, nil, _): "[\(low),...]"
        case .range(let low, let high?, let exception):
            "[\(low),...,\(high)]" + (exception.map { "_or_\($0)" } ?? "")
        case .decimalRange(let low, let high): "[\(low),...,\(high)]"
        case .oneOf(let words), .modeOf(let words): "[\(words.joined(separator: ","))]"
        case .oneOfIgnoringCase(let words): "(case_insensitive)_[\(words.joined(separator: ","))]"
        case .filledText: "non-empty_string"
        case .presentText: "non-null_string"
        case .addresses: "non-empty_list"
        case .unique(let words, let mayBeEmpty, let mayBeNull):
            (words.isEmpty ? "any" : "[\(words.joined(separator: ","))]") + ";no_duplicates;"
                + (mayBeEmpty ? "may_be_empty;" : "not_empty;")
                + (mayBeNull ? "may_be_null" : "not_null")
        case .throttledReplicas: "[partitionId]:[brokerId],[partitionId]:[brokerId],..."
        case .offsetReset(let mayBeNone):
            "[latest,earliest,\(mayBeNone ? "none," : "")by_duration:PnDTnHnMn.nS]"
        }
    }
}
