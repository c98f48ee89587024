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
    var reading = ConsumerSettings()
    reading.reset = .earliest
    reading.bootstrapNodes = settings.bootstrapNodes
    cluster.consumers = [
        ConsumerConfiguration(
            "billing", settings: reading, reads: .assigned([TopicPartitions("orders")]))
    ]
    configuration.cluster = cluster
    return configuration
}

@Suite struct ClusterWorldTests {
    @Test func `a producer's records are acknowledged by a cluster of three`() throws {
        var world = World(try smallCluster())
        world.isTracing = true
        var acknowledged = 0
        var received: Int64 = 0
        var text = ""
        while world.nextEventAt < .zero + .seconds(15), world.step() {
            text += world.lines.joined(separator: "\n") + (world.lines.isEmpty ? "" : "\n")
            for note in world.notes {
                if case .client(.received(_, let from, let to)) = note.happening {
                    #expect(from == received, "what is read is read in order")
                    received = to + 1
                }
                if case .client(.acknowledged(let tickets, _, _, _)) = note.happening {
                    acknowledged += tickets.count
                }
            }
        }
        if let path = ProcessInfo.processInfo.environment["TRACE"] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(acknowledged == 100)
        #expect(received == 100)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `a cluster survives its leader, and nothing that was acknowledged is lost`(
        seed: UInt64
    ) throws {
        var configuration = try smallCluster(seed: seed)
        configuration.cluster?.producers[0].orders = [
            SendOrder(to: "orders", records: 400, every: .milliseconds(50))
        ]
        configuration.steps = [
            Step(.at(.zero + .seconds(5)), .fault(.crash(.node(NodeID(1))))),
            Step(.at(.zero + .seconds(25)), .fault(.restart(.node(NodeID(1))))),
        ]
        var world = World(configuration)
        world.isTracing = ProcessInfo.processInfo.environment["TRACE"] != nil
        var acknowledged = 0
        var text = ""
        while world.nextEventAt < .zero + .seconds(60), world.step() {
            text += world.lines.joined(separator: "\n") + (world.lines.isEmpty ? "" : "\n")
            for note in world.notes {
                if case .client(.acknowledged(let tickets, _, _, _)) = note.happening {
                    acknowledged += tickets.count
                }
            }
        }
        if let path = ProcessInfo.processInfo.environment["TRACE"] {
            try text.write(toFile: path + "-\(seed)", atomically: true, encoding: .utf8)
        }
        #expect(acknowledged == 400)
    }

    /// The controller refuses another life of a broker until the session of the one before is over,
    /// but nobody has to be registered to read the metadata log and to do what it says.
    @Test(arguments: [UInt64(1), 2, 3])
    func `who starts again within its session leads what it led before it is registered`(
        seed: UInt64
    ) throws {
        let turns = try turnsOfBroker1(crashingAt: 5, restartingAt: 7, seed: seed)
        #expect(turns == ["leads 0", "fenced", "follows 1", "registered", "unfenced"])
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `who starts again when its session is over is registered before its logs are open`(
        seed: UInt64
    ) throws {
        let turns = try turnsOfBroker1(crashingAt: 5, restartingAt: 25, seed: seed)
        #expect(turns == ["registered", "follows 1", "unfenced"])
    }

    /// What a broker and the controller do about each other from its second start on.
    private func turnsOfBroker1(
        crashingAt crash: Int64, restartingAt restart: Int64, seed: UInt64
    ) throws -> [String] {
        var configuration = try smallCluster(seed: seed)
        configuration.steps = [
            Step(.at(.zero + .seconds(crash)), .fault(.crash(.node(NodeID(1))))),
            Step(.at(.zero + .seconds(restart)), .fault(.restart(.node(NodeID(1))))),
        ]
        var world = World(configuration)
        let broker = try #require(world.index(of: NodeID(1)))
        var turns: [String] = []
        while world.nextEventAt < .zero + .seconds(60), world.step() {
            guard world.now >= .zero + .seconds(restart) else { continue }
            for note in world.notes {
                switch note.happening {
                case .metadata(.registered(NodeID(1), _)): turns.append("registered")
                case .metadata(.fenced(NodeID(1))): turns.append("fenced")
                case .metadata(.unfenced(NodeID(1))): turns.append("unfenced")
                case .broker(.replica(.becameLeader(_, let epoch, _))) where note.node == broker:
                    turns.append("leads \(epoch)")
                case .broker(.replica(.becameFollower(_, _, let epoch)))
                where note.node == broker:
                    turns.append("follows \(epoch)")
                default: break
                }
            }
        }
        return turns
    }
}
