import Exploration

/// Figures as a table, and as one JSON object keyed by name.
public struct BenchReport: Sendable {
    public init() {}

    public func line(of figure: Figure) -> String {
        let value = decimal(figure.value)
        let number = String(repeating: " ", count: max(0, 14 - value.count)) + value
        var line = figure.name.padded(to: 34) + number + " " + figure.unit.padded(to: 11)
        if let yardstick = figure.yardstick, let ratio = figure.ratio {
            line += " \(decimal(ratio, digits: 2))× \(yardstick.name) (\(decimal(yardstick.value)))"
        }
        return line + "\n"
    }

    public func json(_ figures: [Figure]) -> String {
        var json = JSONText()
        json.object { json in
            for figure in figures {
                json.key(figure.name)
                json.object { json in
                    json.key("value")
                    json.literal(decimal(figure.value, digits: 3, grouped: false))
                    json.member("unit", figure.unit)
                    json.member("better", figure.better == .lower ? "lower" : "higher")
                    json.key("yardstick")
                    if let yardstick = figure.yardstick {
                        json.literal(decimal(yardstick.value, digits: 3, grouped: false))
                        json.member("yardstick-name", yardstick.name)
                        json.key("ratio")
                        json.literal(decimal(figure.ratio ?? 0, digits: 3, grouped: false))
                    } else {
                        json.null()
                    }
                }
            }
        }
        return json.text + "\n"
    }
}

/// A decimal with this many digits behind the point, made without the C library's locale.
private func decimal(_ value: Double, digits: Int = 1, grouped isGrouped: Bool = true) -> String {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    guard value.isFinite, value < 1e15 else { return "0" }
    let scaled = UInt64((max(0, value) * Double(scale)).rounded())
    let whole = scaled / UInt64(scale)
    let fraction = String(scaled % UInt64(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return (isGrouped ? grouped(whole) : String(whole)) + "." + zeros + fraction
}
