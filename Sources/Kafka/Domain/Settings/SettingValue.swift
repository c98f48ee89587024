/// The value of a setting, read according to its type (`ConfigDef.parseType`).
public enum SettingValue: Equatable, Sendable {
    /// No value, which is not the empty text.
    case null
    case boolean(Bool)
    /// Of type int, short or long.
    case number(Int64)
    case decimal(Decimal)
    /// Of type string, class or password. Classes are not looked for: there is no Java here.
    case text(String)
    case list([String])

    /// Nil: not of that type.
    public init?(_ text: some StringProtocol, _ type: Setting.ValueType) {
        let text = SettingValue.trim(text[...])
        switch type {
        case .boolean:
            switch text.lowercased() {
            case "true": self = .boolean(true)
            case "false": self = .boolean(false)
            default: return nil
            }
        case .int: self.init(number: Int32(text).map(Int64.init))
        case .short: self.init(number: Int16(text).map(Int64.init))
        case .long: self.init(number: Int64(text))
        case .double:
            guard let decimal = Decimal(text) else { return nil }
            self = .decimal(decimal)
        case .string, .class, .password: self = .text(String(text))
        case .list:
            let elements = text.split(separator: ",", omittingEmptySubsequences: false)
            self = .list(text.isEmpty ? [] : elements.map { String(SettingValue.trim($0[...])) })
        }
    }

    private init?(number: Int64?) {
        guard let number else { return nil }
        self = .number(number)
    }

    /// Java's `trim`: blanks and control characters at both ends.
    private static func trim<Text: StringProtocol>(_ text: Text) -> Text.SubSequence {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.value <= 0x20 }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return text[text.endIndex...] }
        return text[first..<scalars.index(after: last)]
    }
}

extension SettingValue {
    /// As Kafka shows it; nil: it has no value.
    public var description: String? {
        switch self {
        case .null: nil
        case .boolean(let value): String(value)
        case .number(let value): String(value)
        case .decimal(let value): value.description
        case .text(let value): value
        case .list(let values): values.joined(separator: ",")
        }
    }
}
