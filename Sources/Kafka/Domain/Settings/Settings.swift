import Kernel

/// Settings that were given, and Kafka's defaults for all others.
///
///     let settings = try Settings(.producer, [("acks", "1")])
///     settings.text("acks")          // "1"
///     settings.number("linger.ms")   // 5
///
/// Every value has been read and is one that its setting accepts; whether they go together is what
/// `checked…` functions ask.
public struct Settings: Sendable {
    public let kind: SettingKind
    /// Names that Kafka does not know. For clients and brokers it only warns of them.
    public let unknown: [String]
    /// By name.
    private var given: [(name: String, value: SettingValue)]
    /// Those of them that nobody said: they follow from others.
    private var derived: [String] = []

    /// Reads what was given. When several values are wrong the one is blamed whose setting stands
    /// first in Kafka's definition. Of values for one name the last counts.
    public init(
        _ kind: SettingKind, _ texts: [(name: String, text: String)]
    ) throws(SettingRefusal) {
        self.kind = kind
        var known: [(setting: Setting, text: String)] = []
        var unknown: [String] = []
        for (name, text) in texts {
            guard let setting = Settings.setting(name, of: kind) else {
                if !unknown.contains(name) { unknown.append(name) }
                continue
            }
            known.removeAll { $0.setting.name == name }
            known.append((setting, text))
        }
        self.unknown = unknown.sorted()
        given = []
        for (setting, text) in known.sorted(by: { $0.setting.position < $1.setting.position }) {
            given.append((setting.name, try setting.value(of: text)))
        }
        given.sort { $0.name < $1.name }
    }

    /// Nothing is given.
    init(empty kind: SettingKind) {
        self.kind = kind
        unknown = []
        given = []
    }

    /// All settings of a kind, by name.
    public static func all(of kind: SettingKind) -> [Setting] { SettingTable.settings(of: kind) }

    /// Nil: Kafka has none with this name.
    public static func setting(_ name: String, of kind: SettingKind) -> Setting? {
        let all = SettingTable.settings(of: kind)
        let index = firstIndex(in: all) { $0.name >= name }
        return index < all.count && all[index].name == name ? all[index] : nil
    }

    public func isGiven(_ name: String) -> Bool { given.contains { $0.name == name } }

    /// What was given, or the default. Precondition: there is such a setting; one that has no
    /// default and was not given has no value.
    public func value(_ name: String) -> SettingValue {
        if let found = given.first(where: { $0.name == name }) { return found.value }
        guard let setting = Settings.setting(name, of: kind) else {
            preconditionFailure("\(kind) has no setting \(name)")
        }
        guard case .value(let value) = setting.default else { return .null }
        return value
    }

    /// Whether somebody said it, rather than that it is the default or follows from others.
    public func isSaid(_ name: String) -> Bool { isGiven(name) && !derived.contains(name) }

    /// Replaces a value by one that follows from others.
    mutating func derive(_ name: String, _ value: SettingValue) {
        if !isSaid(name), !derived.contains(name) { derived.append(name) }
        given.removeAll { $0.name == name }
        given.insert((name, value), at: firstIndex(in: given) { $0.name >= name })
    }
}

// MARK: Values by type

extension Settings {
    /// Precondition: the setting is a number and has a value.
    public func number(_ name: String) -> Int64 {
        guard let number = numberOrNone(name) else { preconditionFailure("\(name) has no value") }
        return number
    }

    /// Of a setting that counts milliseconds, or seconds. Whoever writes the largest number means
    /// for ever: no simulated time comes near fifty years.
    public func interval(_ name: String) -> Interval {
        let unit: Int64 = name.hasSuffix(".seconds") ? 1_000 : 1
        let forEver: Int64 = 50 * 365 * 86_400_000
        let most = forEver / unit
        return .milliseconds(min(max(number(name), -most), most) * unit)
    }

    /// Nil: it has no value. Precondition: the setting is a number.
    public func numberOrNone(_ name: String) -> Int64? {
        switch value(name) {
        case .number(let number): return number
        case .null: return nil
        default: preconditionFailure("\(name) is not a number")
        }
    }

    /// Precondition: the setting is a boolean.
    public func boolean(_ name: String) -> Bool {
        guard case .boolean(let boolean) = value(name) else {
            preconditionFailure("\(name) is not a boolean")
        }
        return boolean
    }

    /// Nil: it has no value. Precondition: the setting is text.
    public func text(_ name: String) -> String? {
        switch value(name) {
        case .text(let text): return text
        case .null: return nil
        default: preconditionFailure("\(name) is not text")
        }
    }

    /// Empty if it has no value. Precondition: the setting is a list.
    public func list(_ name: String) -> [String] {
        switch value(name) {
        case .list(let list): return list
        case .null: return []
        default: preconditionFailure("\(name) is not a list")
        }
    }

    /// Precondition: the setting is a number with a decimal point.
    public func decimal(_ name: String) -> Decimal {
        guard case .decimal(let decimal) = value(name) else {
            preconditionFailure("\(name) is not a decimal number")
        }
        return decimal
    }
}

extension Settings: Equatable {
    public static func == (left: Settings, right: Settings) -> Bool {
        left.kind == right.kind && left.unknown == right.unknown && left.derived == right.derived
            && left.given.elementsEqual(right.given) { $0 == $1 }
    }
}
