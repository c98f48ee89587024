/// Which values of its type a setting accepts (ConfigDef.Validator).
public enum SettingRule: Equatable, Sendable {
    case any
    case range(from: Int64, to: Int64?, or: Int64?)
    case decimalRange(from: Decimal, to: Decimal)
    case oneOf([String])
    /// Whatever the case of its letters.
    case oneOfIgnoringCase([String])
    /// The same, where Kafka's validator does not say that it ignores the case.
    case modeOf([String])
    case filledText
    /// Text, but not null.
    case presentText
    /// `host:port` entries, or `id@host:port` (QuorumConfig). Kafka calls it a non-empty list, but
    /// takes an empty one.
    case addresses(withIDs: Bool)
    /// A list without repetitions; of these values only, if there are some.
    case unique(of: [String], mayBeEmpty: Bool, mayBeNull: Bool)
    /// `partition:broker` pairs or `*` (ThrottledReplicaListValidator).
    case throttledReplicas
    /// `earliest`, `latest`, `by_duration:PT1H`, and for some `none` (KIP-1106).
    case offsetReset(mayBeNone: Bool)

    /// Whether the value may be; throws what is wrong with it otherwise.
    func check(_ value: SettingValue, _ name: String) throws(SettingRefusal) {
        switch (self, value) {
        case (.any, _), (.filledText, .null), (.presentText, .text): return
        case (.range(let low, let high, let exception), .number(let number)):
            if number == exception || (number >= low && number <= high ?? .max) { return }
            let bounds = high.map { "from \(low) to \($0)" } ?? "at least \(low)"
            throw SettingRefusal(.config, about: name, "\(number) is not \(bounds)")
        case (.decimalRange(let low, let high), .decimal(let number)):
            if number >= low && number <= high { return }
            throw SettingRefusal(.config, about: name, "\(number) is not from \(low) to \(high)")
        case (.range(let low, let high, _), .decimal(let number)):
            if number >= Decimal(low) && number <= Decimal(high ?? .max) { return }
            throw SettingRefusal(.config, about: name, "\(number) is out of bounds")
        case (.oneOf(let words), .text(let text)):
            if !words.contains(text) { throw refusal(of: text, words, name) }
        case (.oneOfIgnoringCase(let words), .text(let text)),
            (.modeOf(let words), .text(let text)):
            if !words.contains(where: { $0.uppercased() == text.uppercased() }) {
                throw refusal(of: text, words, name)
            }
        case (.filledText, .text(let text)):
            if text.isEmpty { throw SettingRefusal(.config, about: name, "it is empty") }
        case (.addresses(let withIDs), .list(let elements)):
            for element in elements where !Self.isAddress(element, withID: withIDs) {
                let form = withIDs ? "id@host:port" : "host:port"
                throw SettingRefusal(.config, involving: [name], "\(element) is not \(form)")
            }
        case (.unique(let words, let mayBeEmpty, let mayBeNull), _):
            if value == .null && mayBeNull { return }
            try checkUnique(value, words, mayBeEmpty: mayBeEmpty, name)
        case (.throttledReplicas, .list(let elements)):
            if !Self.areReplicas(elements) {
                throw SettingRefusal(
                    .config, about: name, "neither * nor a list of partition:broker")
            }
        case (.offsetReset(let mayBeNone), .text(let text)):
            try checkOffsetReset(text, mayBeNone: mayBeNone, name)
        default: throw SettingRefusal(.config, about: name, "it needs a value")
        }
    }

    private func refusal(of text: String, _ words: [String], _ name: String) -> SettingRefusal {
        SettingRefusal(
            .config, about: name, "\(text) is none of \(words.joined(separator: ", "))")
    }

    /// Kafka blames no setting in its usual form for what is wrong with a list as a whole.
    private func checkUnique(
        _ value: SettingValue, _ words: [String], mayBeEmpty: Bool, _ name: String
    ) throws(SettingRefusal) {
        guard case .list(let elements) = value else {
            throw SettingRefusal(.config, involving: [name], "it needs a value")
        }
        if elements.isEmpty && !mayBeEmpty {
            throw SettingRefusal(.config, involving: [name], "the list is empty")
        }
        for (index, element) in elements.enumerated() {
            if elements[..<index].contains(element) {
                throw SettingRefusal(.config, involving: [name], "\(element) stands in it twice")
            }
        }
        for element in elements {
            if element.isEmpty {
                throw SettingRefusal(.config, involving: [name], "an element is empty")
            }
            if !words.isEmpty && !words.contains(element) {
                throw refusal(of: element, words, name)
            }
        }
    }

    private static func isAddress(_ text: String, withID: Bool) -> Bool {
        var address = text[...]
        if withID {
            let parts = text.split(separator: "@")
            guard parts.count == 2, Int32(parts[0]) != nil else { return false }
            address = parts[1]
        }
        guard let colon = address.lastIndex(of: ":"), colon > address.startIndex else {
            return false
        }
        return UInt16(address[address.index(after: colon)...]) != nil
    }

    private static func areReplicas(_ elements: [String]) -> Bool {
        if elements.joined() == "*" { return true }
        return elements.allSatisfy { element in
            if element.isEmpty { return true }
            let parts = element.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 2
                && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
        }
    }

    private func checkOffsetReset(
        _ text: String, mayBeNone: Bool, _ name: String
    ) throws(SettingRefusal) {
        let words = ["earliest", "latest"] + (mayBeNone ? ["none"] : [])
        if words.contains(text) { return }
        let prefix = "by_duration:"
        if text.hasPrefix(prefix) {
            let time = isoDuration(text.dropFirst(prefix.utf8.count))
            if let time, time >= 0 { return }
        }
        throw refusal(of: text, words + ["by_duration:PnDTnHnMn.nS"], name)
    }
}
