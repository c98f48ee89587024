import Kafka
import Kernel
import Simulation

@testable import Checks

/// Brokers 1, 2 and 3, controllers 101, 102 and 103, and a topic of one partition that one
/// producer writes, and, if asked for, one consumer reads.
func smallCluster(
    seed: UInt64 = 1, acks: ProducerSettings.Acks = .all, records: Int64 = 100,
    every: Interval = .milliseconds(10), brokerSettings: [(name: String, text: String)] = [],
    topicSettings: [CreateTopicsRequest.Setting] = [], reads: Bool = false
) throws -> WorldConfiguration {
    var configuration = WorldConfiguration(controllers: 3)
    configuration.nodes = (101...103).map { .voter(NodeID($0)) }
    configuration.nodes += (1...3).map {
        NodeConfiguration(
            id: NodeID($0), isVoter: false, canBecomeVoter: false, isBroker: true)
    }
    configuration.seed = seed
    var cluster = ClusterConfiguration(
        settings: try Settings(.broker, brokerSettings).checkedBroker())
    cluster.topics = [
        TopicConfiguration(
            "orders", assignments: [[NodeID(1), NodeID(2), NodeID(3)]], settings: topicSettings)
    ]
    var settings = ProducerSettings()
    settings.acks = acks
    settings.isIdempotent = acks == .all
    settings.bootstrapNodes = [NodeID(1), NodeID(2), NodeID(3)]
    cluster.producers = [
        ProducerConfiguration(
            "till", settings: settings,
            orders: [SendOrder(to: "orders", records: records, every: every)])
    ]
    if reads {
        var reading = ConsumerSettings()
        reading.reset = .earliest
        reading.bootstrapNodes = settings.bootstrapNodes
        cluster.consumers = [
            ConsumerConfiguration(
                "billing", settings: reading, reads: .assigned([TopicPartitions("orders")]))
        ]
    }
    configuration.cluster = cluster
    return configuration
}

/// Faults that cut a broker off from the other brokers, and from nobody else.
func isolated(_ broker: Int32, at instant: Interval) -> Step {
    let others = (1...3).filter { $0 != broker }.map { Target.node(NodeID($0)) }
    return Step(
        .at(.zero + instant),
        .fault(.cut(.node(NodeID(broker)), from: .several(others), .both, .stall)))
}

func judged(
    _ configuration: WorldConfiguration, seconds: Int64, concludes: Bool = true
) -> (findings: Findings, world: World) {
    var world = World(configuration)
    var judge = Judge(world)
    let end = Instant.zero + .seconds(seconds)
    while world.nextEventAt <= end, world.step() { judge.observe(world) }
    if concludes { judge.conclude(world) }
    return (judge.findings, world)
}

extension Findings {
    /// Which guarantees were broken, in the order of the enumeration.
    var broken: [Guarantee] { Guarantee.allCases.filter { count(of: $0) > 0 } }
}

extension World {
    /// The partitions that are led, and the processes that lead them.
    var leaderships: [(TopicIDPartition, Int)] {
        latestImage.topics.flatMap { topic in
            topic.value.partitions.compactMap { entry in
                index(of: entry.value.leader).map { (TopicIDPartition(topic.key, entry.key), $0) }
            }
        }
    }
}
