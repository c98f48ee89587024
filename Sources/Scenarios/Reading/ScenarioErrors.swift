import TOML

/// One mistake in a scenario file: where it stands, what is wrong, and the nearest right word.
public struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    public var file: String
    public var position: TOMLPosition
    public var what: String
    public var nearest: String?

    public init(file: String, position: TOMLPosition, what: String, nearest: String? = nil) {
        self.file = file
        self.position = position
        self.what = what
        self.nearest = nearest
    }

    /// The one form in which mistakes are shown: `file:line:column: what; did you mean "this"?`
    public var description: String {
        let help = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
        return "\(file):\(position.line):\(position.column): \(what)\(help)"
    }
}

/// Everything that is wrong with a scenario file, in the order of the file.
public struct ScenarioErrors: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file with more mistakes than this is not one that a person wrote.
    public static let limit = 100

    public private(set) var errors: [ScenarioError]
    /// Mistakes beyond the limit, only counted.
    public private(set) var unlisted: Int

    init(_ errors: [ScenarioError], unlisted: Int) {
        self.errors = errors.enumerated().sorted { left, right in
            (left.element.position, left.offset) < (right.element.position, right.offset)
        }.map(\.element)
        self.unlisted = unlisted
    }

    /// A file that could not even be read.
    public static func unreadable(_ file: String, reason: String) -> ScenarioErrors {
        let place = TOMLPosition(line: 1, column: 1)
        return ScenarioErrors(
            [ScenarioError(file: file, position: place, what: reason)], unlisted: 0)
    }

    public var description: String {
        var lines = errors.map(\.description)
        if unlisted > 0 { lines.append("\(errors[0].file): and \(unlisted) more mistakes") }
        return lines.joined(separator: "\n")
    }
}

/// What is wrong with one value, found by whoever reads it and does not know where it stands.
struct Complaint: Error {
    var what: String
    var nearest: String?
    /// Into a text: how many scalars before the place that is wrong.
    var offset: Int?

    init(_ what: String, nearest: String? = nil, offset: Int? = nil) {
        self.what = what
        self.nearest = nearest
        self.offset = offset
    }
}
