/// A value and where it stands: its first character, or for a table its header's bracket
/// (for a table that only dotted keys made, the key that made it).
public struct TOMLValue: Hashable, Sendable {
    public indirect enum Kind: Hashable, Sendable {
        case string(String)
        case integer(Int64)
        case float(Double)
        case boolean(Bool)
        case dateTime(TOMLDateTime)
        case array([TOMLValue])
        case table(TOMLTable)
    }

    public var kind: Kind
    public var position: TOMLPosition

    public init(_ kind: Kind, at position: TOMLPosition) {
        self.kind = kind
        self.position = position
    }
}

/// Keys in the order of the document, each once.
public struct TOMLTable: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public var key: String
        public var keyPosition: TOMLPosition
        /// Where the dotted key begins that this one was written in: in `a.b = 1` the place of `a`.
        public var pathPosition: TOMLPosition
        public var value: TOMLValue

        public init(
            key: String, keyPosition: TOMLPosition, pathPosition: TOMLPosition, value: TOMLValue
        ) {
            self.key = key
            self.keyPosition = keyPosition
            self.pathPosition = pathPosition
            self.value = value
        }
    }

    public internal(set) var entries: [Entry]

    public init() {
        entries = []
    }

    init(entries: [Entry]) {
        self.entries = entries
    }

    /// Looks at the entries one by one: meant for a reader that asks for a handful of names.
    public subscript(key: String) -> TOMLValue? {
        entries.first { $0.key == key }?.value
    }
}
