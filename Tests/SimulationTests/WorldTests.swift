import Kafka
import Kernel
import Simulation
import Testing

func seconds(_ count: Int64) -> Instant { Instant(nanoseconds: count * 1_000_000_000) }

/// A quorum of three under load with every family of trouble.
func troubled(seed: UInt64, until end: Int64 = 8, families: [Chaos.Family] = Chaos.Family.allCases)
    -> WorldConfiguration {
    var configuration = WorldConfiguration(controllers: 3, observers: 1)
    configuration.seed = seed
    configuration.proposers = [ProposerConfiguration(every: .milliseconds(50), batchRecords: 3)]
    configuration.snapshots = SnapshotPolicy(everyRecords: 100)
    configuration.chaos = [Chaos(
        families: families, every: .milliseconds(1_500), lasting: .seconds(3), until: seconds(end),
        leftOutPerMillion: 0)]
    return configuration
}

@Suite struct WorldTests {
    @Test func `three controllers elect a leader and replicate what it is given`() {
        var configuration = WorldConfiguration(controllers: 3, observers: 1)
        configuration.seed = 1
        configuration.proposers = [ProposerConfiguration(every: .milliseconds(100))]
        var world = World(configuration)
        world.run(until: seconds(5))
        #expect(world.controller != nil)
        let ends = world.nodes.map(\.log.end)
        #expect(ends.allSatisfy { $0 > 20 && abs($0 - ends[0]) <= 1 })
    }

    @Test(arguments: 0..<4)
    func `a forked world runs as the original, to the last digest`(seed: UInt64) {
        var world = World(troubled(seed: seed, until: 4))
        var forks: [(World, UInt64)] = []
        for _ in 0..<8 {
            for _ in 0..<1_500 { _ = world.step() }
            // One of them lives on for a while and must leave no trace in the original.
            var stray = world
            for _ in 0..<200 { _ = stray.step() }
            forks.append((world, world.eventCount))
        }
        let (end, digest) = (world.eventCount, world.digest)
        for (fork, count) in forks {
            var fork = fork
            for _ in count..<end { _ = fork.step() }
            #expect(fork.digest == digest)
        }
    }

    @Test(arguments: 0..<3)
    func `the same seed gives the same run, and being watched changes nothing`(seed: UInt64) {
        var first = World(troubled(seed: seed, until: 4))
        var second = World(troubled(seed: seed, until: 4))
        second.isTracing = true
        for _ in 0..<8_000 {
            _ = first.step()
            _ = second.step()
            guard first.digest == second.digest else {
                Issue.record("event \(first.eventCount) differs: \(second.lines)")
                return
            }
        }
    }

    @Test func `another seed gives another run`() {
        let digests = (0..<8 as Range<UInt64>).map { seed in
            var world = World(troubled(seed: seed, until: 4))
            world.run(until: seconds(1))
            return world.digest
        }
        for (place, digest) in digests.enumerated() {
            #expect(!digests[..<place].contains(digest))
        }
    }

    @Test(arguments: 0..<4)
    func `when the trouble ends a quorum leads and works again`(seed: UInt64) {
        let families: [Chaos.Family] = [
            .crashes, .powerLosses, .pauses, .clocks, .cuts, .resets, .clogs, .slowDisks, .requests,
        ]
        var world = World(troubled(seed: seed, until: 8, families: families))
        world.run(until: seconds(20))
        let ends = world.nodes.map(\.log.end)
        world.run(until: seconds(22))
        #expect(world.controller != nil, "seed \(seed)")
        for node in 0..<3 {
            #expect(world.nodes[node].log.end > ends[node], "seed \(seed): \(world.name(node))")
        }
    }

    @Test func `logs that are snapshotted stay short, however long the world runs`() {
        var configuration = WorldConfiguration(controllers: 3)
        configuration.seed = 4
        configuration.metadataSegmentBytes = 20_000
        configuration.snapshots = SnapshotPolicy(everyRecords: 200, sizeInBytes: 10_000)
        configuration.proposers = [
            ProposerConfiguration(every: .milliseconds(2), batchRecords: 5)
        ]
        var world = World(configuration)
        world.run(until: seconds(6))
        var longest = 0
        for second in 7...12 as ClosedRange<Int64> {
            world.run(until: seconds(second))
            longest = max(longest, world.nodes.map(\.log.batchCount).max()!)
        }
        #expect(world.nodes[0].log.end > 10_000)
        #expect(longest < 200)
    }

    @Test func `no message is forgotten in the table of those under way`() {
        for seed in 0..<2 as Range<UInt64> {
            var configuration = troubled(seed: seed, until: 6)
            configuration.proposers[0].until = seconds(12)
            var world = World(configuration)
            world.run(until: seconds(20))
            // Fetches that are parked, and nothing else, are outstanding then.
            #expect(world.messagesUnderWay < 20, "seed \(seed)")
        }
    }
}
