/// A point of virtual time: nanoseconds since the world began. Integer, so that every machine and
/// every build agrees on it to the last bit; it never comes from a wall clock.
public struct Instant: Comparable, Hashable, Sendable {
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// When the world begins.
    @inlinable public static var zero: Instant { Instant(nanoseconds: 0) }

    /// Later than everything that can happen: a timer that does not run out.
    @inlinable public static var never: Instant { Instant(nanoseconds: .max) }

    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Saturates at `never`, so that "now plus an endless wait" never fires and never traps.
    @inlinable
    public static func + (instant: Instant, interval: Interval) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(interval.nanoseconds)
        return Instant(nanoseconds: overflow ? (interval.nanoseconds > 0 ? .max : .min) : sum)
    }

    /// Saturates as `+` does.
    @inlinable
    public static func - (instant: Instant, interval: Interval) -> Instant {
        let (difference, overflow) = instant.nanoseconds
            .subtractingReportingOverflow(interval.nanoseconds)
        guard !overflow else { return Instant(nanoseconds: interval > .zero ? .min : .max) }
        return Instant(nanoseconds: difference)
    }

    /// `never` stays what it is.
    @inlinable
    public mutating func shift(by interval: Interval) {
        if self != .never { self = self + interval }
    }

    @inlinable
    public static func - (later: Instant, earlier: Instant) -> Interval {
        let (difference, overflow) = later.nanoseconds
            .subtractingReportingOverflow(earlier.nanoseconds)
        return Interval(nanoseconds: overflow ? (later > earlier ? .max : .min) : difference)
    }
}
