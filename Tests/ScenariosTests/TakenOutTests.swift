import Checks
import Foundation
import Kafka
import Testing

@testable import Scenarios

/// Each fix has random faults that find what goes wrong without it, from any seeds;
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

    struct FixedInCluster: CustomTestStringConvertible, Sendable {
        let fix: String
        let chaos: String
        /// One of those that find it; the files say in which share of seeds it is found.
        let seed: UInt64
        let guarantee: Guarantee
        /// A fix that the file has beyond Kafka's, and that is enough to hide the lack of this one.
        var hiddenBy: String?

        var testDescription: String { fix }
    }

    @Test(arguments: [
        FixedInCluster(
            fix: "KIP-497", chaos: "brokers-in-trouble", seed: 1, guarantee: .committedPrefix),
        FixedInCluster(
            fix: "KAFKA-13173", chaos: "brokers-in-trouble", seed: 3,
            guarantee: .isrWithinReplicas),
        FixedInCluster(
            fix: "KIP-679", chaos: "brokers-in-trouble", seed: 1, guarantee: .duplicate),
        FixedInCluster(
            fix: "KAFKA-5494-sequences", chaos: "brokers-in-trouble", seed: 1,
            guarantee: .clusterRecovers),
        FixedInCluster(
            fix: "KAFKA-5494-retry-order", chaos: "brokers-in-trouble", seed: 1,
            guarantee: .clusterRecovers),
        FixedInCluster(
            fix: "KIP-101", chaos: "followers-that-lag", seed: 1,
            guarantee: .acknowledgedRecordLost),
        FixedInCluster(
            fix: "KIP-279", chaos: "followers-that-lag", seed: 1, guarantee: .epochLineage),
        FixedInCluster(
            fix: "KIP-966", chaos: "followers-that-lag", seed: 7, guarantee: .leaderCompleteness),
        FixedInCluster(
            fix: "KAFKA-13141", chaos: "followers-that-lag", seed: 2, guarantee: .committedPrefix),
        FixedInCluster(
            fix: "KAFKA-10706", chaos: "followers-that-lag", seed: 1, guarantee: .clusterRecovers),
        FixedInCluster(
            fix: "KAFKA-9491", chaos: "logs-that-lose-their-beginning", seed: 4,
            guarantee: .highWatermark),
        FixedInCluster(
            fix: "KAFKA-14704", chaos: "logs-that-lose-their-beginning", seed: 41,
            guarantee: .logMatching),
        FixedInCluster(
            fix: "KAFKA-7190", chaos: "logs-that-lose-their-beginning", seed: 202,
            guarantee: .producerState),
        FixedInCluster(
            fix: "KAFKA-5494", chaos: "clients-in-trouble", seed: 1, guarantee: .duplicate,
            hiddenBy: "KAFKA-9199"),
        FixedInCluster(
            fix: "KIP-903", chaos: "decisions-that-come-late", seed: 12,
            guarantee: .acknowledgedRecordLost),
        FixedInCluster(
            fix: "KAFKA-5494-unresolved", chaos: "deliveries-that-expire", seed: 192,
            guarantee: .nonmonotonicSend),
        FixedInCluster(
            fix: "KIP-320-consumer", chaos: "elections-that-cost-records", seed: 5,
            guarantee: .pollSkip),
        FixedInCluster(
            fix: "validation-ignores-epoch", chaos: "elections-that-cost-records", seed: 31,
            guarantee: .pollSkip),
        FixedInCluster(
            fix: "KAFKA-16541", chaos: "epochs-lost-with-the-power", seed: 1,
            guarantee: .epochLineage),
        FixedInCluster(
            fix: "KAFKA-7128", chaos: "followers-that-catch-up-slowly", seed: 10,
            guarantee: .leaderCompleteness),
        FixedInCluster(
            fix: "KIP-320", chaos: "leaders-that-change-fast", seed: 124,
            guarantee: .committedPrefix),
        FixedInCluster(
            fix: "KAFKA-7190", chaos: "logs-emptied-under-producers", seed: 2,
            guarantee: .producerState),
        FixedInCluster(
            fix: "KAFKA-13790", chaos: "metadata-that-comes-late", seed: 20,
            guarantee: .committedPrefix),
        FixedInCluster(
            fix: "late-isr-change", chaos: "metadata-that-comes-late", seed: 296,
            guarantee: .replicationQuorumSuperset),
        FixedInCluster(
            fix: "KIP-360", chaos: "producers-that-fall-silent", seed: 2,
            guarantee: .producerState, hiddenBy: "KIP-360-epoch-bump"),
        FixedInCluster(
            fix: "KIP-101", chaos: "the-power-fails", seed: 15,
            guarantee: .acknowledgedRecordLost),
        FixedInCluster(
            fix: "KAFKA-10101", chaos: "the-power-fails-after-a-crash", seed: 4,
            guarantee: .committedPrefix),
        FixedInCluster(
            fix: "KIP-207", chaos: "whoever-begins-at-the-end", seed: 2,
            guarantee: .highWatermark),
        FixedInCluster(
            fix: "KAFKA-19522", chaos: "the-last-one-that-led", seed: 1,
            guarantee: .isrWithinReplicas),
    ])
    func `what a guard of replication is for is found without it, and only without it`(
        _ fixed: FixedInCluster
    ) throws {
        let file = repository.appendingPathComponent("Scenarios/Chaos/\(fixed.chaos).toml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let names = [fixed.fix] + (fixed.hiddenBy.map { [$0] } ?? [])
        let takenOut = try names.map { name in
            try #require(Fix.allCases.first { $0.name == name })
        }
        let without = try Scenario.load(text: text, file: "without", without: takenOut)
        #expect(violated(without, fixed.seed).contains(fixed.guarantee))
        #expect(violated(try Scenario.load(text: text, file: "with"), fixed.seed) == [])
    }

    /// Beyond what the file expects of every version.
    private func violated(_ scenario: Scenario, _ seed: UInt64) -> [Guarantee] {
        var run = Run(scenario, seed: seed)
        run.finish()
        return run.outcome().verdicts.filter { $0.count > 0 && !$0.violationExpected }
            .map(\.guarantee)
    }
}
