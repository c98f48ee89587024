import Kafka
import Kernel
import Simulation
import Testing

@testable import Checks

/// A judge that objects to what is in order is as bad as one that is blind.
@Suite struct QuietRunTests {
    private func judge(
        _ configuration: WorldConfiguration, until end: Instant, concludes: Bool = true
    ) -> (Judge, World) {
        var world = World(configuration)
        var judge = Judge(world)
        while world.nextEventAt <= end, world.step() { judge.observe(world) }
        if concludes { judge.conclude(world) }
        return (judge, world)
    }

    @Test func `a world that has not begun breaks no promise`() {
        let world = World(WorldConfiguration(controllers: 3))
        var judge = Judge(world)
        judge.observe(world)
        #expect(judge.findings.violations.isEmpty)
    }

    @Test(arguments: [1, 2, 3, 5])
    func `a quorum that is left alone keeps every promise`(_ controllers: Int) {
        var configuration = WorldConfiguration(controllers: controllers, observers: 1)
        configuration.seed = 5
        configuration.proposers = [
            ProposerConfiguration(every: .milliseconds(20), until: .zero + .seconds(8))
        ]
        let (judge, world) = judge(configuration, until: .zero + .seconds(10))
        #expect(judge.findings.violations.map(\.summary) == [])
        #expect(world.nodes[0].log.end > 200)
    }

    @Test func `a quorum without anybody who may lead keeps its promises and does not recover`() {
        var configuration = WorldConfiguration(controllers: 3)
        configuration.steps = [Step(.at(.zero), .fault(.crash(.every(.voter))))]
        let (judge, _) = judge(configuration, until: .zero + .seconds(5))
        #expect(judge.findings.violations.map(\.guarantee) == [.raftQuorumRecovers])
    }

    @Test func `a forked judge goes on to find what the original finds`() {
        var configuration = WorldConfiguration(controllers: 3)
        configuration.seed = 3
        configuration.raft.generation.remove(.checkQuorum)
        configuration.proposers = [ProposerConfiguration(every: .milliseconds(20))]
        configuration.steps = [
            Step(.at(.zero + .seconds(4)), .fault(.cut(.controller, from: nil, .both, .stall)))
        ]
        var world = World(configuration)
        var judge = Judge(world)
        while world.now < .zero + .seconds(6), world.step() { judge.observe(world) }
        var (forkedWorld, forkedJudge) = (world, judge)
        while world.nextEventAt <= .zero + .seconds(30), world.step() { judge.observe(world) }
        while forkedWorld.nextEventAt <= .zero + .seconds(30), forkedWorld.step() {
            forkedJudge.observe(forkedWorld)
        }
        #expect(judge.findings.count(of: .raftStaleLeaderResigns) == 1)
        #expect(judge.findings == forkedJudge.findings)
    }
}
