import Checks
import Kernel
import Simulation

/// A scenario's cluster as it stands when its runs begin. It is the same for all seeds, unless they
/// open something that it starts with; so runs under many seeds need to start it only once.
public struct Boot: Sendable {
    private let judged: JudgedWorld

    /// Nil for a scenario that has nothing before its beginning: a bare quorum.
    public init?(_ plan: Plan) {
        guard plan.configuration.beginsAt < .zero else { return nil }
        var judged = JudgedWorld(plan.configuration)
        judged.run(until: Instant(nanoseconds: -1))
        self.judged = judged
    }

    /// The beginning of a run, if the plan's cluster stands like this one.
    func beginning(of plan: Plan) -> JudgedWorld? {
        guard judged.world.isBoot(of: plan.configuration) else { return nil }
        var judged = judged
        judged.world.adopt(plan.configuration)
        return judged
    }
}
