import Checks
import Kafka
import Kernel
import Scenarios
import Simulation

/// Three voters under as much load as they take, with snapshots now and then, so that it can go on
/// for ever.
private func saturatedQuorum() -> WorldConfiguration {
    var configuration = WorldConfiguration(controllers: 3)
    configuration.seed = 1
    configuration.proposers = [
        ProposerConfiguration(every: .milliseconds(1), batchRecords: 10, pipelined: 1)
    ]
    configuration.snapshots = SnapshotPolicy(everyRecords: 100_000)
    configuration.metadataSegmentBytes = 16_000_000
    return configuration
}

func measureRaftMessages(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    let events = effort == .quick ? 200_000 : 2_000_000
    var messageRate = 0.0
    var eventCost = Double.infinity
    for _ in 0..<5 {
        var run = JudgedWorld(saturatedQuorum())
        run.run(until: .zero + .seconds(3))
        let first = run.world.messageCount
        let start = stopwatch()
        for _ in 0..<events { _ = run.step() }
        let took = Double(max(1, stopwatch() - start))
        messageRate = max(messageRate, Double(run.world.messageCount - first) * 1e9 / took)
        eventCost = min(eventCost, took / Double(events))
        precondition(run.judge.findings.violations.isEmpty)
    }
    return [
        Figure(
            "raft-messages-per-second", messageRate, "messages/s", better: .higher,
            yardstick: .init("Kafka's RaftEventSimulationTest", 60_000)),
        Figure("raft-event", eventCost, "ns"),
    ]
}

/// The cost of an event after ten, a hundred, … times as many events, against that of the first
/// ten thousand. The last figure of a full measurement is of a hundred million.
func measureFlatness(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var run = JudgedWorld(saturatedQuorum())
    run.run(until: .zero + .seconds(3))
    let window = 100_000
    var figures: [Figure] = []
    var first: Double?
    var done = 0
    var milestone = 1_000
    let last = switch effort {
    case .quick: 1_000_000
    case .normal: 10_000_000
    case .full: 100_000_000
    }
    while milestone <= last {
        while done < milestone {
            guard run.step() else { break }
            done += 1
        }
        let cost = bestNanoseconds(tries: 5, operations: window, stopwatch) {
            for _ in 0..<window { _ = run.step() }
        }
        done += 5 * window
        figures.append(
            Figure(
                "raft-event-after-\(milestone)", cost, "ns",
                yardstick: first.map { .init("the first events", $0) }))
        first = first ?? cost
        milestone *= 10
    }
    return figures
}

func measureForks(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    let sizes: [Int64] = effort == .quick ? [100, 10_000] : [100, 1_000_000]
    return sizes.map { records in
        var world = settledWorld(records: records)
        var digest: UInt64 = 0
        let rounds = 2_000
        var best = Double.infinity
        for _ in 0..<20 {
            let start = stopwatch()
            for _ in 0..<rounds {
                var fork = world
                _ = fork.step()
                digest ^= fork.digest
            }
            best = min(best, Double(max(1, stopwatch() - start)) / Double(rounds))
            _ = world.step()
        }
        precondition(digest != 1)
        return Figure("fork-and-step-\(records)-records", best, "ns")
    }
}

/// A quorum that leads and replicates, with about this many records in each log.
private func settledWorld(records: Int64) -> World {
    var configuration = WorldConfiguration(controllers: 3)
    configuration.seed = 1
    configuration.proposers = [
        ProposerConfiguration(
            every: .milliseconds(1), batchRecords: 1, records: records, pipelined: 100)
    ]
    var world = World(configuration)
    while world.nodes.contains(where: { $0.log.end < records }), world.step() {}
    return world
}

func measureChaos(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    let seeds = effort == .quick ? 20 : 200
    var configuration = WorldConfiguration(controllers: 3)
    configuration.proposers = [ProposerConfiguration(every: .milliseconds(100))]
    configuration.chaos = [Chaos(
        families: [.crashes, .powerLosses, .pauses, .cuts, .resets, .clogs, .slowDisks],
        every: .seconds(5), until: .zero + .seconds(20))]
    var digest: UInt64 = 0
    let cost = bestNanoseconds(tries: 2, operations: seeds, stopwatch) {
        for seed in 1...seeds {
            configuration.seed = UInt64(seed)
            var run = JudgedWorld(configuration)
            run.run(until: .zero + .seconds(30))
            digest ^= run.world.digest
        }
    }
    precondition(digest != 1)
    return [
        Figure(
            "chaos-seeds-per-second", 1e9 / cost, "runs/s", better: .higher,
            yardstick: .init("Kafka's RaftEventSimulationTest", 900.0 / 134.0))
    ]
}
