/// One measured figure of this build on this machine.
public struct Figure: Equatable, Sendable {
    public enum Better: Sendable { case lower, higher }

    /// Something measured in the same minute that the figure is held against.
    public struct Yardstick: Equatable, Sendable {
        public var name: String
        public var value: Double

        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    public var name: String
    public var value: Double
    public var unit: String
    public var better: Better
    public var yardstick: Yardstick?

    public init(
        _ name: String, _ value: Double, _ unit: String, better: Better = .lower,
        yardstick: Yardstick? = nil
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.better = better
        self.yardstick = yardstick
    }

    /// The figure in yardsticks; nil without one.
    public var ratio: Double? {
        yardstick.flatMap { $0.value == 0 ? nil : value / $0.value }
    }
}

/// Reads a clock outside the simulation, in nanoseconds. Handed in by whoever may touch the
/// operating system.
public typealias Stopwatch = () -> Int64

/// The best of several tries, in nanoseconds an operation: on a shared machine the disturbance is
/// always upwards.
func bestNanoseconds(
    tries: Int, operations: Int, _ stopwatch: Stopwatch, _ work: () -> Void
) -> Double {
    var best = Int64.max
    for _ in 0..<tries {
        let start = stopwatch()
        work()
        best = min(best, stopwatch() - start)
    }
    return Double(max(1, best)) / Double(operations)
}
