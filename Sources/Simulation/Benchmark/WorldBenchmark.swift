import Kafka
import Kernel

/// How fast worlds are. The clock is the caller's, in nanoseconds: this room has none.
public enum WorldBenchmark {
    public struct Figure: Sendable {
        public var name: String
        public var value: UInt64
        public var unit: String
    }

    /// A quorum of three under as much load as it takes, with nothing wrong and snapshots now and
    /// then, so that it can run for ever.
    public static func saturatedQuorum(seed: UInt64 = 1) -> WorldConfiguration {
        var configuration = WorldConfiguration(controllers: 3)
        configuration.seed = seed
        configuration.proposers = [
            ProposerConfiguration(every: .milliseconds(1), batchRecords: 10, pipelined: 1)
        ]
        configuration.snapshots = SnapshotPolicy(everyRecords: 100_000)
        return configuration
    }

    /// A quorum of three that every kind of trouble strikes for 20 of its 30 seconds.
    public static func troubledQuorum(seed: UInt64) -> WorldConfiguration {
        var configuration = WorldConfiguration(controllers: 3)
        configuration.seed = seed
        configuration.proposers = [ProposerConfiguration(every: .milliseconds(100))]
        configuration.chaos = Chaos(
            families: [.crashes, .powerLosses, .pauses, .cuts, .resets, .clogs, .slowDisks],
            every: .seconds(5), until: Instant(nanoseconds: 20_000_000_000))
        return configuration
    }

    /// A world that leads and replicates, with about this many records in each log.
    public static func settledWorld(records: Int64, seed: UInt64 = 1) -> World {
        var configuration = WorldConfiguration(controllers: 3)
        configuration.seed = seed
        configuration.proposers = [
            ProposerConfiguration(
                every: .milliseconds(1), batchRecords: 1, records: records, pipelined: 100)
        ]
        var world = World(configuration)
        while world.nodes.contains(where: { $0.log.end < records }), world.step() {}
        return world
    }

    /// Messages delivered in a second, over this many events.
    public static func messagesPerSecond(events: UInt64, clock: () -> UInt64) -> [Figure] {
        var world = World(saturatedQuorum())
        world.run(until: Instant(nanoseconds: 3_000_000_000))
        let (firstEvent, firstMessage) = (world.eventCount, world.messageCount)
        let began = clock()
        while world.eventCount - firstEvent < events, world.step() {}
        let took = max(1, clock() - began)
        let messages = world.messageCount - firstMessage
        return [
            Figure(
                name: "raft-messages-per-second", value: messages * 1_000_000_000 / took,
                unit: "messages/s"),
            Figure(
                name: "raft-event-cost", value: took / max(1, world.eventCount - firstEvent),
                unit: "ns"),
        ]
    }

    /// What it costs to copy a world and let one event happen in the copy.
    public static func forkCost(records: Int64, forks: UInt64, clock: () -> UInt64) -> Figure {
        var world = settledWorld(records: records)
        var sum: UInt64 = 0
        var took: UInt64 = 0
        for _ in 0..<forks {
            let began = clock()
            for _ in 0..<100 {
                var fork = world
                _ = fork.step()
                sum &+= fork.digest
            }
            took += clock() - began
            _ = world.step()
        }
        precondition(sum != 0)
        return Figure(name: "fork-and-step-\(records)", value: took / (forks * 100), unit: "ns")
    }

    /// Runs of a troubled quorum, 30 virtual seconds each, in a second.
    public static func chaosRunsPerSecond(seeds: UInt64, clock: () -> UInt64) -> Figure {
        let began = clock()
        var digest: UInt64 = 0
        for seed in 0..<seeds {
            var world = World(troubledQuorum(seed: seed))
            world.run(until: Instant(nanoseconds: 30_000_000_000))
            digest ^= world.digest
        }
        precondition(digest != 0)
        return Figure(
            name: "chaos-runs-per-second", value: seeds * 1_000_000_000 / max(1, clock() - began),
            unit: "runs/s")
    }
}
