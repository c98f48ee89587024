import Kernel

extension Form where Value == Interval {
    /// A duration may be left open: `"1s..20s"`.
    static let duration = Form(
        "a duration such as \"200ms\"",
        span: Span(
            steps: { low, high in
                low <= high ? UInt64(high.nanoseconds - low.nanoseconds) : nil
            },
            value: { low, step in Interval(nanoseconds: low.nanoseconds + Int64(step)) })
    ) { kind throws(Complaint) in
        guard case .string(let text) = kind else { return nil }
        return try interval(text)
    }

    static let positiveDuration = duration.checked { interval throws(Complaint) in
        guard interval > .zero else { throw Complaint("must be more than 0") }
    }

    static let signedDuration = Form(
        "a duration such as \"200ms\" or \"-2s\""
    ) { kind throws(Complaint) in
        guard case .string(let text) = kind else { return nil }
        guard text.hasPrefix("-") else { return try interval(text) }
        return Interval(nanoseconds: -(try interval(text.dropFirst())).nanoseconds)
    }
}

/// The longest duration that means something in a scenario; sums of a few of them stay far from
/// where virtual time ends.
private let longestDuration = Interval.seconds(365 * 86_400)

func interval(_ text: some StringProtocol) throws(Complaint) -> Interval {
    let interval: Interval
    do throws(IntervalSyntaxError) {
        interval = try Interval(parsing: text)
    } catch {
        guard case .unknownUnit(let unit, let nearest) = error else {
            throw Complaint("\(error)")
        }
        throw Complaint("unknown unit \(shown(unit))", nearest: nearest)
    }
    guard interval <= longestDuration else { throw Complaint("that is more than a year") }
    return interval
}

/// A share of cases as a ratio of integers: nothing that decides a run is a floating-point number.
struct Ratio: Hashable, Sendable {
    var numerator: UInt64
    var denominator: UInt64

    var perMillion: UInt64 {
        denominator.dividingFullWidth(numerator.multipliedFullWidth(by: 1_000_000)).quotient
    }
}

extension Form where Value == Ratio {
    static let ratio = Form("a share such as \"5%\" or \"1/200\"") { kind throws(Complaint) in
        guard case .string(let text) = kind else { return nil }
        guard let ratio = ratio(text) else {
            throw Complaint("a share is written as \"5%\", \"0.1%\" or \"1/200\"")
        }
        guard ratio.numerator <= ratio.denominator else {
            throw Complaint("a share cannot be more than 100%")
        }
        return ratio
    }

    private static func ratio(_ text: String) -> Ratio? {
        if text.hasSuffix("%") {
            guard let (whole, places) = decimal(text.dropLast()) else { return nil }
            let hundredths = (0..<places).reduce(into: UInt64(100)) { power, _ in power *= 10 }
            return Ratio(numerator: whole, denominator: hundredths)
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let numerator = natural(parts[0]),
            let denominator = natural(parts[1]), denominator > 0
        else { return nil }
        return Ratio(numerator: numerator, denominator: denominator)
    }
}

/// Decimal digits and nothing else, at most eighteen.
func natural(_ text: some StringProtocol) -> UInt64? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return UInt64(text)
}

/// `1.25` as 125 and two places.
private func decimal(_ text: Substring) -> (whole: UInt64, places: Int)? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = natural(parts[0]) else { return nil }
    guard parts.count == 2 else { return (whole, 0) }
    guard natural(parts[1]) != nil, parts[0].utf8.count + parts[1].utf8.count <= 15,
        let all = natural(parts[0] + parts[1])
    else { return nil }
    return (all, parts[1].utf8.count)
}

private let sizeUnits: [(name: String, bytes: UInt64)] = [
    ("B", 1), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ("TiB", 1 << 40),
]

extension Form where Value == Int64 {
    /// Bytes: `"64KiB"`, `"1.5MB"`, or a plain integer.
    static let size = Form(
        "a size such as \"64KiB\"", span: integer().span
    ) { kind throws(Complaint) in
        switch kind {
        case .string(let text): return try size(text)
        case .integer(let bytes):
            guard bytes >= 0 else { throw Complaint("a size cannot be negative") }
            return bytes
        default: return nil
        }
    }

    fileprivate static func size(_ text: String) throws(Complaint) -> Int64 {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[number.endIndex...].drop { $0 == " " }
        guard let (whole, places) = decimal(number) else {
            throw Complaint("a size is a number and a unit, such as \"64KiB\" or \"1.5MB\"")
        }
        guard let known = sizeUnits.first(where: { $0.name == unit }) else {
            guard !unit.isEmpty else {
                throw Complaint("the unit is missing: write \"B\", \"KB\", \"KiB\", … behind it")
            }
            let nearest = nearestWord(to: String(unit), among: sizeUnits.map(\.name))
            throw Complaint("unknown unit \(shown(unit))", nearest: nearest)
        }
        let scale = (0..<places).reduce(into: UInt64(1)) { power, _ in power *= 10 }
        let (bytes, isTooBig) = whole.multipliedReportingOverflow(by: known.bytes)
        guard !isTooBig, bytes <= Int64.max else { throw Complaint("that is too large a size") }
        guard bytes % scale == 0 else { throw Complaint("that is not a whole number of bytes") }
        return Int64(bytes / scale)
    }
}

extension Form where Value == Int64? {
    /// Bytes a second: `"10MB/s"`; nil is no limit.
    static let rate = Form(
        "a rate such as \"10MB/s\", or \"unlimited\""
    ) { kind throws(Complaint) in
        guard case .string(let text) = kind else { return nil }
        if text == "unlimited" { return .some(nil) }
        guard text.hasSuffix("/s") else {
            throw Complaint("a rate is a size and \"/s\", such as \"10MB/s\", or \"unlimited\"")
        }
        let bytes = try Form<Int64>.size(String(text.dropLast(2)))
        guard bytes > 0 else { throw Complaint("a rate must be more than nothing") }
        return .some(bytes)
    }
}
