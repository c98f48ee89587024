/// Between so many seconds and so many.
struct Delay {
    var low = 0
    var high = 0

    init(low: Int = 0, high: Int = 0) {
        self.low = low
        self.high = high
    }

    init(anyOf delays: [Delay]) {
        low = delays.map(\.low).min() ?? 0
        high = delays.map(\.high).max() ?? 0
    }

    func after(seconds: Int) -> Delay { Delay(low: low + seconds, high: high + seconds) }

    func after(_ other: Delay) -> Delay { Delay(low: low + other.low, high: high + other.high) }

    /// As the scenario language has it; `hurry` is what no time at all means.
    func words(orElse hurry: String) -> String {
        if high == 0 { return hurry }
        let end = low == 0 ? hurry.split(separator: ".").first.map(String.init) ?? hurry : "\(low)s"
        return low == high ? end : "\(end)..\(high)s"
    }
}
