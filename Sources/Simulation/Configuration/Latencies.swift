import Kernel

/// Nanoseconds, for worlds that say nothing else.
extension Distribution {
    /// Two machines on one switch: a quarter of a millisecond, now and then a lost packet's time.
    public static let sameRack = Distribution(quantiles: [
        Quantile(rank: 0, value: 100_000), Quantile(rank: 500_000_000, value: 250_000),
        Quantile(rank: 900_000_000, value: 400_000), Quantile(rank: 990_000_000, value: 1_000_000),
        Quantile(rank: 999_000_000, value: 5_000_000), Quantile(rank: whole, value: 40_000_000),
    ])!

    /// A flush to a solid-state disk.
    public static let solidState = Distribution(quantiles: [
        Quantile(rank: 0, value: 30_000), Quantile(rank: 500_000_000, value: 80_000),
        Quantile(rank: 900_000_000, value: 200_000), Quantile(rank: 990_000_000, value: 1_000_000),
        Quantile(rank: 999_000_000, value: 8_000_000), Quantile(rank: whole, value: 30_000_000),
    ])!
}
