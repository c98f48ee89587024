import Testing

/// Where a rule is broken, and how.
struct Offence: CustomStringConvertible, Equatable {
    var path: String
    var line: Int
    var what: String

    var description: String { "\(path):\(line): \(what)" }
}

/// A rule of the house. A machine could not say why; the comments at the rules do.
struct Rule: CustomTestStringConvertible, Sendable {
    var name: String
    var offences: @Sendable (SourceTree) -> [Offence]

    var testDescription: String { name }

    static let all = textRules + importRules + roomRules + stateRules + shapeRules + switchRules
}
