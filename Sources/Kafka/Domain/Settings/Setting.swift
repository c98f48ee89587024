/// Whose settings: each of Kafka's configuration classes has its own names.
public enum SettingKind: CaseIterable, Hashable, Sendable {
    case producer, consumer, admin, topic, broker, group, clientMetrics, userQuota, ipQuota
    case brokerQuota
}

/// What Kafka knows of one of its settings (ConfigDef.ConfigKey).
public struct Setting: Sendable {
    public enum ValueType: String, Sendable {
        case boolean, string, int, short, long, double, list, `class`, password
    }

    public enum Importance: String, Sendable {
        case high, medium, low
    }

    /// How a running broker can be given another value.
    public enum Update: String, Sendable {
        case readOnly = "read-only", perBroker = "per-broker", clusterWide = "cluster-wide"
    }

    public enum Default: Equatable, Sendable {
        /// There is none: it must be set.
        case required
        case value(SettingValue)
    }

    /// A broker's setting that gives a topic its default, in its own unit.
    public struct Synonym: Equatable, Sendable {
        public let name: String
        public let unit: Unit

        public enum Unit: String, Sendable {
            case same, minutes, hours
        }
    }

    public internal(set) var name = ""
    public internal(set) var type = ValueType.string
    public internal(set) var `default` = Default.required
    public internal(set) var rule = SettingRule.any
    public internal(set) var importance = Importance.low
    /// Meant for Kafka's own tests, and not documented.
    public internal(set) var isInternal = false
    /// Of a broker's setting: the class that defines it.
    public internal(set) var source: String?
    public internal(set) var update = Update.readOnly
    /// Of a topic's setting: from the strongest to the weakest.
    public internal(set) var synonyms: [Synonym] = []
    /// Where it stands in its definition, which is the order in which values are checked.
    public internal(set) var position = 0

    /// Reads and checks a value as it stands in a properties file.
    public func value(of text: some StringProtocol) throws(SettingRefusal) -> SettingValue {
        guard let value = SettingValue(text, type) else {
            throw SettingRefusal(.config, about: name, "\(text) is not a \(type.rawValue)")
        }
        try rule.check(value, name)
        return value
    }
}

/// Why Kafka refuses settings.
public struct SettingRefusal: Error, Hashable, Sendable {
    /// The exception that Kafka throws.
    public enum Exception: String, Sendable {
        case config = "ConfigException"
        case illegalArgument = "IllegalArgumentException"
        case invalidConfiguration = "INVALID_CONFIG"
        case kafka = "KafkaException"
        case arithmetic = "ArithmeticException"
    }

    public let exception: Exception
    /// The setting that Kafka blames, if it blames one in its usual form.
    public let setting: String?
    /// All settings that have to do with it, the one to change first.
    public let involved: [String]
    public let reason: String

    init(_ exception: Exception, about setting: String, _ reason: String) {
        self.exception = exception
        self.setting = setting
        involved = [setting]
        self.reason = reason
    }

    init(_ exception: Exception, involving names: [String], _ reason: String) {
        self.exception = exception
        setting = nil
        involved = names
        self.reason = reason
    }
}
