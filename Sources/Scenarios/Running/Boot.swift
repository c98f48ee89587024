import Checks
import Simulation

/// A scenario's cluster as it stands when its runs begin. It is the same for all seeds, unless they
/// open something that it starts with; so runs under many seeds need to start it only once.
public struct Boot: Sendable {
    let world: World
    let judge: Judge

    /// Nil for a scenario that has nothing before its beginning: a bare quorum.
    public init?(_ plan: Plan) {
        guard plan.configuration.beginsAt < .zero else { return nil }
        var world = World(plan.configuration)
        var judge = Judge(world)
        while world.nextEventAt < .zero, world.step() { judge.observe(world) }
        self.world = world
        self.judge = judge
    }

    /// The beginning of a run, if the plan's cluster stands like this one.
    func beginning(of plan: Plan) -> (World, Judge)? {
        guard world.isBoot(of: plan.configuration) else { return nil }
        var world = world
        world.adopt(plan.configuration)
        return (world, judge)
    }
}
