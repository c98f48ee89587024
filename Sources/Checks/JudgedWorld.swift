import Kernel
import Simulation

/// A world and the judge who looks at it after every event: what every run is at its heart. A copy
/// is a snapshot of both.
public struct JudgedWorld: Sendable {
    public var world: World
    public private(set) var judge: Judge

    /// A world that has not begun.
    public init(_ configuration: WorldConfiguration) {
        world = World(configuration)
        judge = Judge(world)
    }

    /// Lets the next event happen, if it does not lie after `end`, and judges it. False: none did.
    public mutating func step(notAfter end: Instant = .never) -> Bool {
        guard world.step(notAfter: end) else { return false }
        // To show a world to somebody takes time: whatever is no news is not shown.
        if !world.notes.isEmpty || judge.isWatching { judge.observe(world) }
        return true
    }

    /// Lets everything happen that happens up to this instant.
    public mutating func run(until end: Instant) {
        while step(notAfter: end) {}
    }

    public mutating func run(events: Int) {
        for _ in 0..<events { _ = step() }
    }

    /// To be called once, at the end of a run in which everything has healed.
    public mutating func conclude() { judge.conclude(world) }
}
