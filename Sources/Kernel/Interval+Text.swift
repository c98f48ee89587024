/// Why a text is not an interval. Facts only; `description` puts them into words.
public enum IntervalSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case negative
    /// The text does not begin with a number, or continues it wrongly, at this byte.
    case malformedNumber(at: Int)
    case missingUnit
    case unknownUnit(String, nearest: String)
    /// More than 292 years.
    case tooLong
    /// A fraction of a nanosecond.
    case tooFine

    public var description: String {
        switch self {
        case .empty: "a duration is missing"
        case .negative: "a duration cannot be negative"
        case .malformedNumber: "a duration is a number and a unit, such as \"200ms\" or \"1.5s\""
        case .missingUnit: "the unit is missing: write \"ms\", \"s\", \"m\", ... behind the number"
        case .unknownUnit(let unit, let nearest):
            "unknown unit \"\(unit)\"; did you mean \"\(nearest)\"?"
        case .tooLong: "a duration holds at most 2^63 nanoseconds, some 292 years"
        case .tooFine: "a duration cannot be finer than a nanosecond"
        }
    }
}

extension Interval: CustomStringConvertible {
    public init(parsing text: some StringProtocol) throws(IntervalSyntaxError) {
        fatalError("comes next")
    }

    public var description: String { "\(nanoseconds)ns" }
}

extension Instant: CustomStringConvertible {
    /// Seconds with six decimals, as a line of the trace begins: `0.790123`.
    public var description: String { "\(nanoseconds)" }
}
