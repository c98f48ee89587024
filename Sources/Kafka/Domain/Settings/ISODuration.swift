/// Milliseconds of an ISO 8601 duration in days and smaller units, as Java reads it: `P1DT2H`,
/// `PT0.5S`, `-PT1M`. Nil if it is none.
public func isoDuration(_ text: some StringProtocol) -> Int64? {
    var rest = text.uppercased()[...]
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest = rest.dropFirst() }
    guard rest.first == "P" else { return nil }
    let parts = rest.dropFirst().split(
        separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 ? parts[1].isEmpty : parts[0].isEmpty { return nil }
    guard let days = milliseconds(parts[0], [("D", 86_400_000)]),
        let time = milliseconds(
            parts.count == 2 ? parts[1] : "", [("H", 3_600_000), ("M", 60_000), ("S", 1_000)])
    else { return nil }
    return isNegative ? -(days + time) : days + time
}

/// The sum of numbers that are each followed by their unit, in the order of the units. Only the
/// last unit may have a fraction, and only where that is seconds.
private func milliseconds(
    _ text: Substring, _ units: [(letter: Character, length: Int64)]
) -> Int64? {
    var rest = text
    var sum: Int64 = 0
    for unit in units {
        guard let end = rest.firstIndex(of: unit.letter) else { continue }
        guard let number = Decimal(rest[..<end]), unit.letter == "S" || number.scale == 0 else {
            return nil
        }
        var part = number.digits.multipliedReportingOverflow(by: unit.length)
        for _ in 0..<max(0, number.scale) { part.partialValue /= 10 }
        let total = sum.addingReportingOverflow(part.partialValue)
        if part.overflow || total.overflow { return nil }
        sum = total.partialValue
        rest = rest[rest.index(after: end)...]
    }
    return rest.isEmpty ? sum : nil
}
