/// Why a text is not an interval. Facts only; `description` puts them into words.
public enum IntervalSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case negative
    /// No number where one belongs, at this byte of the text.
    case malformedNumber(at: Int)
    case missingUnit
    case unknownUnit(String, nearest: String)
    case tooLong
    case tooFine

    public var description: String {
        switch self {
        case .empty: "the duration is empty; write one such as \"200ms\" or \"1.5s\""
        case .negative: "a duration cannot be negative"
        case .malformedNumber: "a duration is a number and a unit, such as \"200ms\" or \"1.5s\""
        case .missingUnit: "the unit is missing; write ns, us, ms, s, m, h or d after the number"
        case .unknownUnit(let unit, let nearest):
            "unknown unit \"\(unit)\"; did you mean \"\(nearest)\"?"
        case .tooLong: "a duration is at most 2^63 - 1 nanoseconds, some 292 years"
        case .tooFine: "a duration cannot be finer than a nanosecond"
        }
    }
}

/// The units of a duration, the longest first.
private enum TimeUnit: String, CaseIterable {
    case d, h, m, s, ms, us, ns

    var nanoseconds: UInt64 {
        switch self {
        case .d: 86_400_000_000_000
        case .h: 3_600_000_000_000
        case .m: 60_000_000_000
        case .s: 1_000_000_000
        case .ms: 1_000_000
        case .us: 1_000
        case .ns: 1
        }
    }

    /// Both code points that people type for micro are read; neither is printed.
    init?(spelled text: String) {
        self.init(rawValue: text == "\u{b5}s" || text == "\u{3bc}s" ? "us" : text)
    }

    /// What someone who wrote this most likely meant.
    static func nearest(to text: String) -> TimeUnit {
        let text = text.lowercased()
        if let unit = TimeUnit(spelled: text) { return unit }
        let beginnings: [(String, TimeUnit)] = [
            ("ms", .ms), ("mil", .ms), ("mic", .us), ("m", .m), ("us", .us), ("u", .us),
            ("n", .ns), ("h", .h), ("d", .d), ("w", .d),
        ]
        return beginnings.first { text.hasPrefix($0.0) }?.1 ?? .s
    }
}

extension Interval: CustomStringConvertible {
    /// Reads a number, decimals allowed, and a unit: `10ns`, `3us`, `3µs`, `200ms`, `1.5s`, `5m`,
    /// `1h`, `2d`. The value is exact or an error, never rounded.
    public init(parsing text: some StringProtocol) throws(IntervalSyntaxError) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first else { throw .empty }
        if first == UInt8(ascii: "-") { throw .negative }
        let wholeEnd = endOfDigits(bytes, from: 0)
        guard wholeEnd > 0 else { throw .malformedNumber(at: 0) }
        var end = wholeEnd
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            end = endOfDigits(bytes, from: wholeEnd + 1)
            guard end > wholeEnd + 1 else { throw .malformedNumber(at: end) }
        }
        guard end < bytes.count else { throw .missingUnit }
        let spelling = String(decoding: bytes[end...], as: UTF8.self)
        guard let unit = TimeUnit(spelled: spelling) else {
            throw .unknownUnit(spelling, nearest: TimeUnit.nearest(to: spelling).rawValue)
        }
        let whole = try wholeNanoseconds(bytes[..<wholeEnd], unit.nanoseconds)
        let fraction = try fractionNanoseconds(bytes[wholeEnd..<end].dropFirst(), unit.nanoseconds)
        let (sum, overflow) = whole.addingReportingOverflow(fraction)
        guard !overflow, let nanoseconds = Int64(exactly: sum) else { throw .tooLong }
        self.init(nanoseconds: nanoseconds)
    }

    /// The shortest text that reads back as the same value and does not begin with a naked
    /// fraction (`100ms`, not `0.1s`); of equally short ones the one with the longer unit.
    public var description: String {
        guard nanoseconds != 0 else { return "0s" }
        var shortest: String?
        for unit in TimeUnit.allCases {
            guard let digits = decimal(nanoseconds.magnitude, per: unit.nanoseconds) else {
                continue
            }
            let text = digits + unit.rawValue
            if shortest.map({ text.utf8.count < $0.utf8.count }) ?? true { shortest = text }
        }
        return (nanoseconds < 0 ? "-" : "") + shortest!
    }
}

private func endOfDigits(_ bytes: [UInt8], from start: Int) -> Int {
    bytes[start...].firstIndex { $0 < 0x30 || $0 > 0x39 } ?? bytes.count
}

private func wholeNanoseconds(
    _ digits: ArraySlice<UInt8>, _ unit: UInt64
) throws(IntervalSyntaxError) -> UInt64 {
    var count: UInt64 = 0
    for digit in digits {
        let (high, low) = count.multipliedFullWidth(by: 10)
        guard high == 0, low <= UInt64(Int64.max) else { throw .tooLong }
        count = low + UInt64(digit - 0x30)
    }
    let (high, low) = count.multipliedFullWidth(by: unit)
    guard high == 0 else { throw .tooLong }
    return low
}

/// A day is 2^16 * 5^11 * 27 ns: seventeen decimals that do not end in zero are never whole.
private let mostDecimals = 16

private func fractionNanoseconds(
    _ digits: ArraySlice<UInt8>, _ unit: UInt64
) throws(IntervalSyntaxError) -> UInt64 {
    var digits = digits
    while digits.last == 0x30 { digits.removeLast() }
    guard digits.count <= mostDecimals else { throw .tooFine }
    var count: UInt64 = 0
    var parts: UInt64 = 1
    for digit in digits {
        count = count * 10 + UInt64(digit - 0x30)
        parts *= 10
    }
    let division = parts.dividingFullWidth(count.multipliedFullWidth(by: unit))
    guard division.remainder == 0 else { throw .tooFine }
    return division.quotient
}

/// The count as a decimal number of units; nil when it is less than one unit or does not end.
private func decimal(_ nanoseconds: UInt64, per unit: UInt64) -> String? {
    guard nanoseconds >= unit else { return nil }
    var text = String(nanoseconds / unit)
    var rest = nanoseconds % unit
    if rest > 0 { text += "." }
    var decimals = 0
    while rest > 0 {
        decimals += 1
        guard decimals <= mostDecimals else { return nil }
        text += String(rest * 10 / unit)
        rest = rest * 10 % unit
    }
    return text
}
