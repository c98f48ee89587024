import Kafka
import Kernel
import Simulation
import Testing

@Suite struct StepTests {
    private func run(_ steps: [Step], seed: UInt64 = 5, until end: Int64 = 15) -> Recorded {
        var configuration = WorldConfiguration(controllers: 3, observers: 1)
        configuration.seed = seed
        configuration.proposers = [ProposerConfiguration(every: .milliseconds(50))]
        configuration.steps = steps
        return Recorded(configuration, until: seconds(end))
    }

    @Test func `a step fires as soon as its condition holds, and its delay later`() {
        let recorded = run([
            Step(
                .when(.highWatermark(.controller, atLeast: 40)), delay: .milliseconds(700),
                .fault(.pause(.node(NodeID(1))))),
        ])
        let reached = recorded.notes.first {
            if case .movedHighWatermark(_, let to) = $0.note.happening {
                return to >= 40 && recorded.world.name($0.note.node) != "broker-4"
            }
            return false
        }!
        #expect(recorded.times(of: .paused) == [reached.at + .milliseconds(700)])
    }

    @Test func `a step waits for the n-th of what it waits for`() {
        let recorded = run([
            Step(
                .after(Occurrence(.appended, by: .node(NodeID(4)), count: 10)),
                .fault(.crash(.node(NodeID(4))))),
        ])
        let tenth = recorded.times(of: .appended, node: 3)[9]
        #expect(recorded.times(of: .crashed) == [tenth])
    }

    @Test func `a step whose time never comes, or who finds nobody, is reported`() {
        let recorded = run([
            Step(.at(Instant(nanoseconds: 1)), .fault(.crash(.controller))),
            Step(.after(Occurrence(.lostPower)), .fault(.crash(.node(NodeID(1))))),
            Step(.at(seconds(5)), .fault(.crash(.node(NodeID(1))))),
            Step(.when(.epoch(.any(.node), atLeast: 1_000)), .heal(.all)),
        ])
        #expect(recorded.world.unfiredSteps == [0, 1, 3])
    }

    @Test func `targets are resolved when the step fires`() {
        let recorded = run([
            Step(.at(seconds(5)), .fault(.crash(.controller))),
            Step(.at(seconds(10)), .fault(.crash(.controller))),
        ])
        let crashed = recorded.notes.filter { $0.note.happening == .crashed }.map(\.note.node)
        #expect(crashed.count == 2)
        #expect(crashed[0] != crashed[1])
    }

    @Test func `any of a group is drawn by the seed`() {
        var victims: [Int] = []
        for seed in 0..<9 as Range<UInt64> {
            let recorded = run(
                [Step(.at(seconds(1)), .fault(.crash(.any(.voter))))], seed: seed, until: 2)
            victims += recorded.notes.filter { $0.note.happening == .crashed }.map(\.note.node)
        }
        #expect(victims.count == 9)
        for voter in 0..<3 { #expect(victims.contains(voter)) }
        #expect(!victims.contains(3))
    }

    @Test func `a standing fault heals when it has lasted long enough`() {
        let recorded = run([
            Step(.at(seconds(5)), .fault(.crash(.node(NodeID(1)))), lasting: .seconds(2)),
        ])
        #expect(recorded.times(of: .started, node: 0).last == seconds(7))
    }

    @Test func `an administrator removes a voter and adds it again`() {
        let recorded = run(
            [
                Step(.at(seconds(5)), .admin(.removeVoter(.follower(0)))),
                Step(.at(seconds(10)), .admin(.addVoter(.same))),
                Step(.at(seconds(14)), .admin(.describe)),
            ], until: 18)
        let counts = recorded.notes.compactMap { entry -> Int? in
            if case .changedVoters(let count) = entry.note.happening { return count }
            return nil
        }
        #expect(counts.contains(2))
        #expect(counts.last == 3)
        #expect(recorded.lines.contains { $0.contains("DescribeQuorum ok") })
    }
}
