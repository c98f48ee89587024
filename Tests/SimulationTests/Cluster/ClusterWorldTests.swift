import Foundation
import Kafka
import Kernel
import Simulation
import Testing

/// Three brokers and as many controllers, with one topic that one producer writes.
func smallCluster(seed: UInt64 = 1, acks: ProducerSettings.Acks = .all) throws
    -> WorldConfiguration
{
    var configuration = WorldConfiguration(controllers: 3)
    configuration.nodes = (101...103).map { .voter(NodeID($0)) }
    configuration.nodes += (1...3).map {
        NodeConfiguration(
            id: NodeID($0), isVoter: false, canBecomeVoter: false, isBroker: true)
    }
    configuration.seed = seed
    var cluster = ClusterConfiguration(settings: try Settings(.broker, []).checkedBroker())
    cluster.topics = [
        TopicConfiguration("orders", assignments: [[NodeID(1), NodeID(2), NodeID(3)]])
    ]
    var settings = ProducerSettings()
    settings.acks = acks
    settings.bootstrapNodes = [NodeID(1), NodeID(2), NodeID(3)]
    cluster.producers = [
        ProducerConfiguration(
            "till", settings: settings,
            orders: [SendOrder(to: "orders", records: 100, every: .milliseconds(10))])
    ]
    configuration.cluster = cluster
    return configuration
}

@Suite struct ClusterWorldTests {
    @Test func `a producer's records are acknowledged by a cluster of three`() throws {
        var world = World(try smallCluster())
        world.isTracing = true
        var acknowledged = 0
        var text = ""
        while world.nextEventAt < .zero + .seconds(15), world.step() {
            text += world.lines.joined(separator: "\n") + (world.lines.isEmpty ? "" : "\n")
            for note in world.notes {
                if case .client(.acknowledged(let tickets, _, _)) = note.happening {
                    acknowledged += tickets.count
                }
            }
        }
        if let path = ProcessInfo.processInfo.environment["TRACE"] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(acknowledged == 100)
    }
}
