import Kernel
import Simulation

/// A world and the judge who looks at it after every event: what every run is at its heart.
///
/// The world lies in a box, so that a look at it copies nothing. A copy of both is a snapshot.
public struct JudgedWorld: Sendable {
    private var box: Shared<World>
    public private(set) var judge: Judge

    /// A world that has not begun.
    public init(_ configuration: WorldConfiguration) {
        let world = World(configuration)
        judge = Judge(world)
        box = Shared(world)
    }

    public var world: World {
        _read { yield box.value }
        _modify { yield &box.value }
    }

    /// Lets the next event happen, if it does not lie after `end`, and judges it. False: none did.
    public mutating func step(notAfter end: Instant = .never) -> Bool {
        guard box.value.step(notAfter: end) else { return false }
        // By a hold of its own on the box: who reads through `self` while a part of it is written
        // is handed a copy.
        let its = box
        judge.observe(its.value)
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
    public mutating func conclude() { judge.conclude(box.value) }
}
