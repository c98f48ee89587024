/// How an integer is spread, as a table of quantiles: between two neighbours it is a straight line,
/// so a handful of points draws any shape, a long tail included, without floating point.
public struct Distribution: Hashable, Sendable {
    /// `rank` parts of `whole` lie at or below `value`.
    public struct Quantile: Hashable, Sendable {
        public var rank: UInt64
        public var value: Int64

        public init(rank: UInt64, value: Int64) {
            self.rank = rank
            self.value = value
        }
    }

    /// The parts that a rank counts: 500,000,000 is the median, 999,000,000 one in a thousand.
    public static let whole: UInt64 = 1_000_000_000

    /// Invariant: begins at rank 0, ends at `whole`, ranks rise, values do not fall.
    public let quantiles: [Quantile]

    /// Nil when the invariant does not hold.
    public init?(quantiles: [Quantile]) {
        guard let first = quantiles.first, let last = quantiles.last, quantiles.count >= 2,
            first.rank == 0, last.rank == Self.whole
        else { return nil }
        for (left, right) in zip(quantiles, quantiles.dropFirst()) {
            guard left.rank < right.rank, left.value <= right.value else { return nil }
        }
        self.quantiles = quantiles
    }

    /// Every integer of the range alike.
    public init(uniform range: ClosedRange<Int64>) {
        quantiles = [
            Quantile(rank: 0, value: range.lowerBound),
            Quantile(rank: Self.whole, value: range.upperBound),
        ]
    }

    public init(always value: Int64) {
        self.init(uniform: value...value)
    }

    public var least: Int64 { quantiles[0].value }

    public var greatest: Int64 { quantiles[quantiles.count - 1].value }

    /// The value below which `rank` parts of `whole` lie. Precondition: rank <= whole.
    public func value(atRank rank: UInt64) -> Int64 {
        precondition(rank <= Self.whole, "a rank is a part of the whole")
        var upper = 1
        while quantiles[upper].rank < rank { upper += 1 }
        let low = quantiles[upper - 1]
        let high = quantiles[upper]
        let span = UInt64(bitPattern: high.value &- low.value)
        let (top, bottom) = span.multipliedFullWidth(by: rank - low.rank)
        let width = high.rank - low.rank
        let offset = top == 0 ? bottom / width : width.dividingFullWidth((top, bottom)).quotient
        return low.value &+ Int64(bitPattern: offset)
    }
}
