import Checks
import Foundation
import Testing

@testable import Scenarios

/// Each fix of the quorum's has random faults that find what goes wrong without it, from any seeds;
/// where they have found it, the same seed is clean with the fix. Two thousand seeds of each are
/// one command, which the files name.
@Suite struct TakenOutTests {
    struct Fixed: CustomTestStringConvertible, Sendable {
        let fix: String
        let chaos: String
        let guarantee: Guarantee

        var testDescription: String { fix }
    }

    @Test(arguments: [
        Fixed(fix: "KIP-996", chaos: "cuts-that-last", guarantee: .raftNoNeedlessElection),
        Fixed(fix: "KAFKA-15489", chaos: "cuts-that-last", guarantee: .raftStaleLeaderResigns),
        Fixed(
            fix: "voted-key-kept", chaos: "votes-that-come-late", guarantee: .raftOneVotePerEpoch),
        Fixed(
            fix: "KAFKA-10533", chaos: "the-quorum-in-trouble", guarantee: .raftHighWatermark),
        Fixed(
            fix: "KAFKA-12619", chaos: "the-quorum-in-trouble", guarantee: .raftHighWatermark),
    ])
    func `what a fix is for is found without it, and only without it`(_ fixed: Fixed) throws {
        let file = repository.appendingPathComponent("Scenarios/Chaos/\(fixed.chaos).toml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let without = try Scenario.load(
            text: "without = [\"\(fixed.fix)\"]\n" + text, file: "without")
        let caught = (1...100 as ClosedRange<UInt64>).first { seed in
            violated(without, seed).contains(fixed.guarantee)
        }
        let seed = try #require(caught)
        #expect(violated(try Scenario.load(text: text, file: "with"), seed) == [])
    }

    private func violated(_ scenario: Scenario, _ seed: UInt64) -> [Guarantee] {
        var run = Run(scenario, seed: seed)
        run.finish()
        return run.outcome().verdicts.filter { $0.count > 0 }.map(\.guarantee)
    }
}
