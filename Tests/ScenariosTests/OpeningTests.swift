import Kernel
import Testing

@testable import Scenarios

@Suite struct OpeningTests {
    private func openings(_ text: String, seed: UInt64) throws -> [String: UInt64] {
        let plan = try Scenario.load(text: text, file: "f").plan(seed: seed)
        let pairs = plan.openings.map { ($0.path, $0.choice.value) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test func `the same seed fills an opening in the same way`() throws {
        let text = "[[step]]\nat = \"1s..20s\"\ncrash = { any = [\"voter 1\", \"voter 2\"] }"
        for seed in 0..<20 as Range<UInt64> {
            #expect(try openings(text, seed: seed) == openings(text, seed: seed))
        }
    }

    @Test func `different seeds reach both ends of a range and every alternative`() throws {
        let scenario = try Scenario.load(
            text: "[cluster]\ncontrollers = \"1..3\"\nobservers = { any = [0, 2, \"4..5\"] }",
            file: "f")
        var controllers: Set<Int> = []
        var observers: Set<Int> = []
        for seed in 0..<200 as Range<UInt64> {
            let nodes = scenario.plan(seed: seed).configuration.nodes
            controllers.insert(nodes.count { $0.isVoter })
            observers.insert(nodes.count { !$0.canBecomeVoter })
        }
        #expect(controllers == [1, 2, 3])
        #expect(observers == [0, 2, 4, 5])
    }

    @Test func `opening another value leaves the first one's luck alone`() throws {
        let one = "[[step]]\nname = \"cut\"\nat = \"1s..20s\"\ncrash = \"controller\""
        let two =
            "[cluster]\ncontrollers = \"3..5\"\n[[step]]\nat = \"1s..9s\"\nheal = \"all\"\n" + one
        for seed in 0..<50 as Range<UInt64> {
            let alone = try openings(one, seed: seed)["step[cut].at"]
            #expect(try openings(two, seed: seed)["step[cut].at"] == alone)
            #expect(alone != nil)
        }
    }

    @Test func `an override decides an opening, whatever the seed`() throws {
        let scenario = try Scenario.load(text: "[cluster]\ncontrollers = \"1..9\"", file: "f")
        var overrides = SortedMap<Choices.Key, UInt64>()
        overrides[Opening.key(of: "cluster.controllers")] = 6
        for seed in 0..<20 as Range<UInt64> {
            let plan = scenario.plan(seed: seed, overrides: overrides)
            #expect(plan.configuration.nodes.count == 7)
        }
    }

    @Test func `a range of a setting in milliseconds stays on whole milliseconds`() throws {
        let scenario = try Scenario.load(
            text: "[cluster]\ncontroller.quorum.fetch.timeout.ms = \"1s..2s\"", file: "f")
        var values: Set<Int64> = []
        for seed in 0..<50 as Range<UInt64> {
            let timeout = scenario.plan(seed: seed).configuration.raft.fetchTimeout
            #expect(timeout.nanoseconds % 1_000_000 == 0)
            #expect((.seconds(1)...(.seconds(2))).contains(timeout))
            values.insert(timeout.nanoseconds)
        }
        #expect(values.count > 40)
    }

    @Test func `a target that exists only in some runs is no mistake`() throws {
        let text = "[cluster]\ncontrollers = \"1..5\"\n[[step]]\nat = \"1s\"\ncrash = \"voter 5\""
        #expect(throws: Never.self) { try Scenario.load(text: text, file: "f") }
    }
}
