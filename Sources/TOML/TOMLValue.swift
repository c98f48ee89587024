/// A place in a document, both counted from 1; a column is a Unicode scalar.
public struct TOMLPosition: Comparable, Hashable, Sendable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: TOMLPosition, right: TOMLPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A value and where it stands. Tables keep the order in which keys were written.
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
        public var value: TOMLValue
    }

    public internal(set) var entries: [Entry] = []

    public init() {}
}

/// One of TOML's four kinds of date and time, kept as written (RFC 3339).
public struct TOMLDateTime: Hashable, Sendable {
    public var text: String
}

/// Why a document is not TOML.
public struct TOMLError: Error, Hashable, Sendable {
    public var position: TOMLPosition
    public var message: String
}

/// Reads a complete TOML 1.0 document.
public func readTOML(_ bytes: [UInt8]) throws(TOMLError) -> TOMLTable {
    fatalError("skeleton")
}
