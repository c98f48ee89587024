import TOML

/// How a value of one kind is written: what a reader expects, and how text becomes the value.
struct Form<Value>: Sendable {
    /// For "expected …": `a duration such as "200ms"`.
    var expectation: String
    /// Nil when the value is of another type altogether.
    var read: @Sendable (TOMLValue.Kind) throws(Complaint) -> Value?
    /// Kinds that are ordered can be left open as `"1s..20s"`.
    var span: Span?

    struct Span: Sendable {
        /// How many steps lie between the bounds; nil if they stand the wrong way round.
        var steps: @Sendable (_ low: Value, _ high: Value) -> UInt64?
        var value: @Sendable (_ low: Value, _ step: UInt64) -> Value
    }

    init(
        _ expectation: String, span: Span? = nil,
        read: @escaping @Sendable (TOMLValue.Kind) throws(Complaint) -> Value?
    ) {
        self.expectation = expectation
        self.span = span
        self.read = read
    }

    /// The same, for fewer values.
    func checked(_ check: @escaping @Sendable (Value) throws(Complaint) -> Void) -> Form {
        Form(expectation, span: span) { kind throws(Complaint) in
            guard let value = try read(kind) else { return nil }
            try check(value)
            return value
        }
    }
}

extension TOMLValue.Kind {
    /// For "found …".
    var name: String {
        switch self {
        case .string: "a text"
        case .integer: "an integer"
        case .float: "a number with a point"
        case .boolean: "true or false"
        case .dateTime: "a date or time"
        case .array: "a list"
        case .table: "a table"
        }
    }
}
