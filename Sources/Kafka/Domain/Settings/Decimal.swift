/// A number with a decimal point, exactly as it was written: what Kafka keeps as a `double`, which
/// must not decide anything here.
public struct Decimal: Sendable {
    /// The value is `digits` divided by ten to the power of `scale`.
    public let digits: Int64
    public let scale: Int

    public init(_ digits: Int64, scale: Int = 0) {
        self.digits = digits
        self.scale = scale
    }

    /// As Java reads it: `0.5`, `.5`, `5.`, `-1.5e-3`, `2d`. Nil for anything else, and for numbers
    /// of more than eighteen digits.
    public init?(_ text: some StringProtocol) {
        var mantissa = Substring(text)
        if let last = mantissa.utf8.last, "dDfF".utf8.contains(last) { mantissa.removeLast() }
        var exponent = 0
        if let e = mantissa.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let power = Int(mantissa[mantissa.index(after: e)...]), abs(power) < 1_000 else {
                return nil
            }
            exponent = power
            mantissa = mantissa[..<e]
        }
        let isNegative = mantissa.first == "-"
        if isNegative || mantissa.first == "+" { mantissa = mantissa.dropFirst() }
        let parts = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        let all = parts[0] + fraction
        guard !all.isEmpty, all.utf8.count <= 18, let digits = UInt64(all), all.first != "+" else {
            return nil
        }
        let sign: Int64 = isNegative ? -1 : 1
        self.init(sign * Int64(digits), scale: fraction.utf8.count - exponent)
    }
}

extension Decimal: Comparable {
    public static func < (left: Decimal, right: Decimal) -> Bool {
        let (a, b) = aligned(left, right)
        return a < b
    }

    public static func == (left: Decimal, right: Decimal) -> Bool {
        let (a, b) = aligned(left, right)
        return a == b
    }

    /// Both as whole numbers of the smaller unit; saturated where that is too large.
    private static func aligned(_ left: Decimal, _ right: Decimal) -> (Int64, Int64) {
        let scale = max(left.scale, right.scale)
        return (left.digits(at: scale), right.digits(at: scale))
    }

    /// Rounded towards zero.
    public var millionths: Int64 {
        if scale <= 6 { return digits(at: 6) }
        return (6..<scale).reduce(digits) { value, _ in value / 10 }
    }

    private func digits(at scale: Int) -> Int64 {
        var value = digits
        for _ in self.scale..<max(scale, self.scale) where value != 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return value > 0 ? .max : .min }
            value = product
        }
        return value
    }
}

extension Decimal: CustomStringConvertible {
    /// As it was written, except for an exponent: `0.50`, `12`.
    public var description: String {
        guard scale > 0 else { return "\(digits)" + String(repeating: "0", count: -scale) }
        let all = String(digits.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - all.count)) + all
        let point = padded.index(padded.endIndex, offsetBy: -scale)
        return (digits < 0 ? "-" : "") + padded[..<point] + "." + padded[point...]
    }
}
