/// A distribution of times with a long tail, as integer quantiles.
///
/// Three tiers of 64 equally likely steps: the body, the last 64th of it, and the last 64th of
/// that, so the slowest in 4,096 have their own shape. Between two steps times are even.
public struct LatencyTable: Hashable, Sendable {
    /// 65 bounds a tier, in nanoseconds, never falling.
    @usableFromInline let bounds: [Int64]

    /// The time that at most `perMillion` of all draws stay below.
    public struct Quantile: Hashable, Sendable {
        public var perMillion: Int64
        public var time: Interval

        public init(_ perMillion: Int64, _ time: Interval) {
            self.perMillion = perMillion
            self.time = time
        }
    }

    /// Precondition: rising in both, from 0 to 1,000,000 per million; no time is negative.
    public init(_ quantiles: [Quantile]) {
        precondition(quantiles.first?.perMillion == 0 && quantiles.last?.perMillion == 1_000_000)
        precondition(zip(quantiles, quantiles.dropFirst()).allSatisfy {
            $0.perMillion < $1.perMillion && $0.time <= $1.time
        })
        precondition(quantiles[0].time >= .zero)
        var bounds: [Int64] = []
        for tier in 0..<3 {
            // Positions count in 64ths of 64ths of 64ths.
            let width: Int64 = [4096, 64, 1][tier]
            let start = 262_144 - 64 * width
            for step in 0...64 {
                bounds.append(Self.value(at: start + Int64(step) * width, of: quantiles))
            }
        }
        self.bounds = bounds
    }

    private static func value(at position: Int64, of quantiles: [Quantile]) -> Int64 {
        let perMillionScaled = position * 1_000_000
        let upper = quantiles.dropFirst().first { $0.perMillion * 262_144 >= perMillionScaled }!
        let lower = quantiles.last { $0.perMillion < upper.perMillion }!
        let width = (upper.perMillion - lower.perMillion) * 262_144
        let rise = upper.time.nanoseconds - lower.time.nanoseconds
        let into = perMillionScaled - lower.perMillion * 262_144
        let product = rise.multipliedFullWidth(by: into)
        return lower.time.nanoseconds + width.dividingFullWidth(product).quotient
    }

    /// Always the same.
    public static func constant(_ time: Interval) -> LatencyTable {
        LatencyTable([Quantile(0, time), Quantile(1_000_000, time)])
    }

    /// Evenly between two times.
    public static func uniform(_ range: ClosedRange<Interval>) -> LatencyTable {
        LatencyTable([Quantile(0, range.lowerBound), Quantile(1_000_000, range.upperBound)])
    }

    /// Two machines on one switch: a quarter of a millisecond, now and then a lost packet's time.
    public static let sameRack = LatencyTable([
        Quantile(0, .microseconds(100)), Quantile(500_000, .microseconds(250)),
        Quantile(900_000, .microseconds(400)), Quantile(990_000, .microseconds(1_000)),
        Quantile(999_000, .milliseconds(5)), Quantile(1_000_000, .milliseconds(40)),
    ])

    /// A flush to a solid-state disk.
    public static let solidState = LatencyTable([
        Quantile(0, .microseconds(30)), Quantile(500_000, .microseconds(80)),
        Quantile(900_000, .microseconds(200)), Quantile(990_000, .microseconds(1_000)),
        Quantile(999_000, .milliseconds(8)), Quantile(1_000_000, .milliseconds(30)),
    ])

    /// The time that belongs to an even draw from 0 ..< 2^32.
    @inlinable
    public func time(for draw: UInt32) -> Interval {
        var tier = 0
        var rest = draw
        var step = Int(rest >> 26)
        while step == 63, tier < 2 {
            tier += 1
            rest <<= 6
            step = Int(rest >> 26)
        }
        let low = bounds[tier * 65 + step]
        let high = bounds[tier * 65 + step + 1]
        let into = Int64((rest & 0x3FF_FFFF) >> 6)
        return Interval(nanoseconds: low + ((high - low) * into) >> 20)
    }

    /// The shortest and the longest time that it can give.
    public var range: ClosedRange<Interval> {
        Interval(nanoseconds: bounds[0])...Interval(nanoseconds: bounds[194])
    }
}
