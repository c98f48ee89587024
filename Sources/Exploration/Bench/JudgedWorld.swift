import Checks
import Kernel
import Simulation

/// A judged world, as every run has it: figures with the checks off would be figures of nothing.
struct JudgedWorld {
    var world: World
    var judge: Judge

    init(_ configuration: WorldConfiguration) {
        world = World(configuration)
        judge = Judge(world)
    }

    @inline(__always)
    mutating func step() -> Bool {
        guard world.step() else { return false }
        judge.observe(world)
        return true
    }

    mutating func run(until end: Instant) {
        while world.nextEventAt <= end, step() {}
    }

    mutating func run(events: Int) {
        for _ in 0..<events { _ = step() }
    }
}
