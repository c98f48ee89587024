import Checks
import Kafka
import Kernel
import Simulation

/// Three controllers, some brokers, and one topic of as many partitions, each on three brokers.
private struct BenchCluster {
    var configuration: WorldConfiguration
    private let brokers: [NodeID]
    private let partitions: Int32

    init(brokers count: Int32 = 3, partitions: Int32 = 3) {
        self.partitions = partitions
        brokers = (1...count).map { NodeID($0) }
        configuration = WorldConfiguration(controllers: 3)
        configuration.nodes = (count + 98...count + 100).map { .voter(NodeID($0)) }
        configuration.nodes += brokers.map {
            NodeConfiguration(id: $0, isVoter: false, canBecomeVoter: false, isBroker: true)
        }
        configuration.seed = 1
        guard let settings = try? Settings(.broker, []).checkedBroker() else {
            fatalError("Kafka's defaults were refused")
        }
        var cluster = ClusterConfiguration(settings: settings)
        cluster.topics = [
            TopicConfiguration(
                "orders",
                assignments: (0..<Int(partitions)).map { partition in
                    (0..<3).map { brokers[(partition + $0) % brokers.count] }
                })
        ]
        configuration.cluster = cluster
    }

    /// Programs that write to each partition; with no time between two records, each waits for
    /// the answer to the one before.
    mutating func addProducers(_ count: Int32, every: Interval) {
        var settings = ProducerSettings()
        settings.bootstrapNodes = brokers
        settings.linger = .zero
        for number in 0..<count {
            let order = SendOrder(
                to: "orders", partition: number % partitions, records: nil, every: every,
                valueSize: 100, awaits: every == .zero)
            configuration.cluster?.producers.append(
                ProducerConfiguration("producer-\(number)", settings: settings, orders: [order]))
        }
    }

    /// Programs that read one partition each.
    mutating func addConsumers() {
        var settings = ConsumerSettings()
        settings.reset = .earliest
        settings.bootstrapNodes = brokers
        for number in Int32(0)..<3 {
            configuration.cluster?.consumers.append(
                ConsumerConfiguration(
                    "consumer-\(number)", settings: settings,
                    reads: .assigned([TopicPartitions("orders", [number])])))
        }
    }

    /// Of every kind that leaves Kafka's promises whole.
    mutating func trouble(until end: Instant) {
        configuration.chaos = [Chaos(
            families: [.crashes, .powerLosses, .pauses, .cuts, .resets, .clogs, .slowDisks],
            every: .seconds(5), until: end)]
    }

    /// Under as much load as the programs can make.
    static var busy: WorldConfiguration {
        var cluster = BenchCluster()
        cluster.addProducers(6, every: .zero)
        cluster.addConsumers()
        return cluster.configuration
    }
}

/// Produce and consume at full load, with faults: the mean over seeds, since one in which a leader
/// is away for long is another load than one in which nobody is.
func measureClusterMessages(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var cluster = BenchCluster()
    cluster.addProducers(6, every: .zero)
    cluster.addConsumers()
    cluster.trouble(until: .zero + .seconds(3_600))
    let events = effort == .quick ? 100_000 : 1_000_000
    let seeds = UInt64(effort == .quick ? 2 : 4)
    var messages: UInt64 = 0
    var took: Int64 = 0
    for seed in 1...seeds {
        cluster.configuration.seed = seed
        var run = JudgedWorld(cluster.configuration)
        run.run(until: .zero + .seconds(1))
        let first = run.world.messageCount
        let start = stopwatch()
        run.run(events: events)
        took += max(1, stopwatch() - start)
        messages += run.world.messageCount - first
    }
    return [
        Figure(
            "cluster-messages-per-second", Double(messages) * 1e9 / Double(took), "messages/s",
            better: .higher),
        Figure("cluster-event", Double(took) / Double(events * Int(seeds)), "ns"),
    ]
}

/// The cost of an event after ten, a hundred, … times as many events.
func measureClusterFlatness(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var run = JudgedWorld(BenchCluster.busy)
    run.run(until: .zero + .seconds(1))
    let window = 100_000
    var figures: [Figure] = []
    var first: Double?
    var done = 0
    var milestone = 1_000
    let last = switch effort {
    case .quick: 100_000
    case .normal: 1_000_000
    case .full: 100_000_000
    }
    while milestone <= last {
        run.run(events: max(0, milestone - done))
        done = max(done, milestone)
        let cost = bestNanoseconds(tries: 3, operations: window, stopwatch) {
            run.run(events: window)
        }
        done += 3 * window
        figures.append(
            Figure(
                "cluster-event-after-\(milestone)", cost, "ns",
                yardstick: first.map { .init("the first events", $0) }))
        first = first ?? cost
        milestone *= 10
    }
    return figures
}

/// A short run as a campaign has it: 20 seconds of trouble and ten of calm.
func measureClusterChaos(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    let seeds = effort == .quick ? 10 : 100
    var cluster = BenchCluster()
    cluster.addProducers(1, every: .milliseconds(100))
    cluster.addConsumers()
    cluster.trouble(until: .zero + .seconds(20))
    var digest: UInt64 = 0
    var booted = JudgedWorld(cluster.configuration)
    let boot = bestNanoseconds(tries: 2, operations: 1, stopwatch) {
        booted = JudgedWorld(cluster.configuration)
        booted.run(until: Instant(nanoseconds: -1))
    }
    let cost = bestNanoseconds(tries: 2, operations: seeds, stopwatch) {
        for seed in 1...seeds {
            cluster.configuration.seed = UInt64(seed)
            var run = booted
            run.world.adopt(cluster.configuration)
            run.run(until: .zero + .seconds(30))
            digest ^= run.world.digest
        }
    }
    precondition(digest != 1)
    return [
        Figure("cluster-boot", boot / 1e6, "ms"),
        Figure("cluster-runs-per-minute", 60e9 / cost, "runs/min", better: .higher),
    ]
}

/// A cluster that nobody writes to.
func measureQuietCluster(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var cluster = BenchCluster()
    cluster.addProducers(0, every: .zero)
    var run = JudgedWorld(cluster.configuration)
    run.run(until: .zero + .seconds(1))
    let seconds: Int64 = effort == .quick ? 100 : 1_000
    var end = run.world.now
    let cost = bestNanoseconds(tries: 3, operations: Int(seconds), stopwatch) {
        end = end + .seconds(seconds)
        run.run(until: end)
    }
    return [
        Figure(
            "quiet-cluster-seconds-per-second", 1e9 / cost, "virtual s/s", better: .higher)
    ]
}

/// A hundred brokers under load.
func measureLargeCluster(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    let partitions: Int32 = effort == .quick ? 1_000 : 10_000
    var cluster = BenchCluster(brokers: 100, partitions: partitions)
    cluster.addProducers(200, every: .milliseconds(100))
    cluster.addConsumers()
    var run = JudgedWorld(cluster.configuration)
    run.run(until: .zero + .seconds(1))
    let seconds: Int64 = effort == .quick ? 1 : 5
    var end = run.world.now
    let cost = bestNanoseconds(tries: 2, operations: Int(seconds), stopwatch) {
        end = end + .seconds(seconds)
        run.run(until: end)
    }
    precondition(run.judge.findings.violations.isEmpty)
    return [
        Figure(
            "large-cluster-seconds-per-second", 1e9 / cost, "virtual s/s", better: .higher,
            yardstick: .init("real time", 1))
    ]
}

func measureClusterForks(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var world = World(BenchCluster.busy)
    let sizes: [Int64] = effort == .quick ? [1, 5] : [1, 60]
    return sizes.map { seconds in
        world.run(until: .zero + .seconds(seconds))
        var digest: UInt64 = 0
        let rounds = 1_000
        var total = 0.0
        let places = 50
        // Of the event that comes next there are cheap and dear ones: the mean over many.
        for _ in 0..<places {
            total += bestNanoseconds(tries: 3, operations: rounds / 10, stopwatch) {
                for _ in 0..<(rounds / 10) {
                    var fork = world
                    _ = fork.step()
                    digest ^= fork.digest
                }
            }
            _ = world.step()
        }
        precondition(digest != 1)
        return Figure("cluster-fork-and-step-after-\(seconds)-s", total / Double(places), "ns")
    }
}
