import Kernel

@testable import Kafka

/// Brokers and a controller, for stories. Commands:
///
///     cluster brokers=3 [elr] [min-isr=2] [key=value …]     with these settings of brokers
///     start 1 2 3                the processes begin
///     run 500ms                  so much time goes by
///     quietly 500ms              the same, without a word
///     kill 1                     a process is gone
///     stop 1                     it is asked to stop
///     controller gone|back|unknown    it answers nobody; the quorum has no leader
///     cut 1 | mend 1             nothing reaches the broker, which does not notice
///     hold 1 | release 1         it learns of nothing that is committed
///     topic orders 1,2,3 [key=value]      asked for through the first broker that runs
///     produce 1 orders-0 count=2 acks=all
///     fetch 1 orders-0 from=0
///     metadata 1 orders
///     producer-id 1
///     configs 1 orders
///     config 1 orders|cluster|node:2 key=value
///     delete 1 orders
///     show orders-0
struct BrokerStage: InteractionStage {
    private var scene = BrokerScene(brokers: 1, properties: [], settings: ControllerSettings())

    init() {}

    mutating func perform(_ command: InteractionCommand) throws -> [String] {
        switch command.verb {
        case "cluster": try begin(command)
        case "start":
            for index in command.words.indices { try scene.start(NodeID(command.int(index))) }
        case "run": scene.run(for: try Interval(parsing: command.word(0)))
        case "quietly":
            scene.run(for: try Interval(parsing: command.word(0)))
            return quiet()
        case "kill": scene.kill(try broker(command))
        case "stop": scene.tell(try broker(command), .shutDown)
        case "controller": setController(try command.word(0))
        case "cut": scene.cut.append(try broker(command))
        case "mend":
            let id = try broker(command)
            scene.cut.removeAll { $0 == id }
            scene.tellMetadata(to: id)
        case "hold": scene.processes[try broker(command)]?.isBehind = true
        case "release":
            let id = try broker(command)
            scene.processes[id]?.isBehind = false
            scene.tellMetadata(to: id)
        case "show":
            let id = try partition(command.word(0))
            return [scene.image.partition(id)?.words ?? "no such partition"]
        case "topic":
            let running = scene.processes.first { $0.1.broker?.isOpen == true }
            scene.ask(running?.0 ?? NodeID(1), try request(command), as: "client")
        default: scene.ask(try broker(command), try request(command), as: "client")
        }
        return scene.takeSaid()
    }

    private mutating func quiet() -> [String] {
        _ = scene.takeSaid()
        return []
    }

    private mutating func begin(_ command: InteractionCommand) throws {
        var settings = ControllerSettings()
        settings.controllers = [BrokerScene.controllerID]
        settings.minInSyncReplicas = Int(command.value("min-isr") ?? "1") ?? 1
        if !command.has("elr") {
            settings.bootstrapFeatures.removeAll { $0.feature == .eligibleLeaderReplicasVersion }
        }
        let properties = command.fields.filter { $0.name != "brokers" && $0.name != "min-isr" }
            .map { (name: $0.name, text: $0.value) }
        scene = BrokerScene(
            brokers: Int(command.value("brokers") ?? "3") ?? 3, properties: properties,
            settings: settings)
    }

    private mutating func setController(_ word: String) {
        scene.isControllerStopped = word == "gone"
        scene.setQuorumLeader(word == "unknown" ? nil : BrokerScene.controllerID)
    }

    private func broker(_ command: InteractionCommand) throws -> NodeID {
        NodeID(try command.int(0))
    }

    private func partition(_ text: String) throws -> TopicIDPartition {
        guard let hyphen = text.lastIndex(of: "-"), let number = Int32(text[hyphen...].dropFirst())
        else { throw InteractionCommand.NotUnderstood(description: "\(text) is no partition") }
        return TopicIDPartition(scene.image.topicIDs[String(text[..<hyphen])] ?? .zero, number)
    }

    private func request(_ command: InteractionCommand) throws -> BrokerRequest {
        switch command.verb {
        case "topic":
            let assignments = command.words.dropFirst().enumerated().map { index, word in
                let replicas = word.split(separator: ",").compactMap { Int32($0).map(NodeID.init) }
                return CreateTopicsRequest.Assignment(Int32(index), replicas)
            }
            let configs = command.fields.map { CreateTopicsRequest.Setting($0.name, $0.value) }
            let topic = CreateTopicsRequest.Topic(
                try command.word(0), assignments: assignments, configs: configs)
            return .admin(.createTopics(CreateTopicsRequest([topic])))
        case "metadata":
            return .metadata(
                MetadataRequest(.named(Array(command.words.dropFirst())), mayCreateTopics: true))
        case "producer-id": return .initProducerID(InitProducerIDRequest())
        case "configs": return .describeConfigs([.topic(try command.word(1))])
        case "config":
            let name = try command.word(1)
            let resource: ConfigResource =
                if name == "cluster" {
                    .cluster
                } else if name.hasPrefix("node:") {
                    .broker(NodeID(Int32(name.dropFirst(5)) ?? -1))
                } else {
                    .topic(name)
                }
            let settings = command.fields.map {
                ConfigAlteration.Setting($0.name, .set($0.value))
            }
            return .admin(.alterConfigs([ConfigAlteration(resource, settings)]))
        case "delete": return .admin(.deleteTopicsNamed([try command.word(1)]))
        case "produce": return .produce(try produceRequest(command))
        case "fetch":
            let asked = FetchRequest.Partition(
                try partition(command.word(1)), currentLeaderEpoch: nil,
                fetchOffset: Int64(command.value("from") ?? "0") ?? 0, maxBytes: 1 << 20)
            return .fetch(
                FetchRequest(
                    .consumer(rack: nil, isolation: .uncommitted, tellsOfItself: true),
                    maxWait: .zero, minBytes: 1, maxBytes: 1 << 20, partitions: [asked]))
        default: throw InteractionCommand.NotUnderstood(description: "no command \(command.verb)")
        }
    }

    private func produceRequest(_ command: InteractionCommand) throws -> ProduceRequest {
        let count = Int(command.value("count") ?? "1") ?? 1
        let time = (scene.now - .zero).wholeMilliseconds
        let records = (0..<count).map { index in
            Record(
                offsetDelta: Int32(index), timestamp: time, key: nil,
                value: .number(Int64(index), width: 4))
        }
        let acks: Int16 =
            switch command.value("acks") {
            case "all", nil: -1
            case let text?: Int16(text) ?? 7
            }
        return ProduceRequest(
            acks: acks, timeout: .seconds(30),
            partitions: [
                .init(try partition(command.word(1)), RecordBatch(records: records))
            ])
    }
}
