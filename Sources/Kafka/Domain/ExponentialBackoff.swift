import Kernel

/// How long to wait before the next attempt: doubling from `initial` up to `max` (KIP-580,
/// ExponentialBackoff). The random fifth that real clients add is drawn by whoever waits.
public struct ExponentialBackoff: Hashable, Sendable {
    public var initial: Interval
    public var max: Interval

    /// An initial delay that is not below the maximal one makes every delay the maximal one.
    public init(initial: Interval, max: Interval) {
        self.initial = min(initial, max)
        self.max = max
    }

    /// The delay after so many failures, counted from 0, without its random part.
    public func delay(after failures: Int32) -> Interval {
        guard .zero < initial, initial < max else { return initial }
        let doublings = Swift.min(failures, Int32(max.nanoseconds.bitWidth))
        var delay = initial.nanoseconds
        for _ in 0..<doublings {
            if delay >= max.nanoseconds { break }
            delay = delay > Int64.max / 2 ? max.nanoseconds : delay * 2
        }
        return Interval(nanoseconds: min(delay, max.nanoseconds))
    }
}
