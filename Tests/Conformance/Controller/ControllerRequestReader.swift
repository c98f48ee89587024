@testable import Kafka

/// Makes a request of a line of controller-*.vec.
struct ControllerRequestReader {
    private let adapter: ControllerAdapter
    private let line: VectorLine

    init(_ adapter: ControllerAdapter, _ line: VectorLine) {
        self.adapter = adapter
        self.line = line
    }

    func request() throws -> ControllerRequest {
        switch line.verb {
        case "register": .registerBroker(try registration())
        case "heartbeat": .heartbeat(try heartbeat())
        case "create-topic": .createTopics(try createTopics())
        case "create-partitions": .createPartitions(try createPartitions())
        case "delete-topic": .deleteTopics([adapter.topics.id(try line.text("id"))])
        case "alter-partition": .alterPartition(try alterPartition())
        case "elect-leaders": .electLeaders(try electLeaders())
        case "reassign": .alterReassignments(try reassignment())
        case "list-reassignments":
            .listReassignments(
                try line.text("topics") == "all"
                    ? nil : try line.list("topics").map { TopicPartitions(String($0)) })
        case "unregister": .unregisterBroker(NodeID(try line.int("broker")))
        case "alter-config": .alterConfigs([try configAlteration()])
        case "update-feature": .updateFeatures([try featureUpdate()])
        case "allocate-producer-ids":
            .allocateProducerIDs(
                broker: NodeID(try line.int("broker")), epoch: try line.int("epoch"))
        case "assign-dirs": .assignReplicas(try assignReplicas())
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func registration() throws -> BrokerRegistrationRequest {
        let broker = NodeID(try line.int("broker"))
        let previous: Int64 = try line.int("previousEpoch")
        let isTold = try line.int("version", as: Int.self) >= 3 && previous != -1
        let rack = try line.text("rack")
        return BrokerRegistrationRequest(
            broker: broker, clusterID: String(try line.text("cluster")),
            incarnation: IncarnationID(try VectorText.int(line.text("incarnation").dropFirst())),
            previousEpoch: isTold ? previous : nil, endpoint: Endpoint(host: broker),
            rack: rack == "-" ? nil : String(rack), features: try features(),
            directories: try ControllerWords.directories(line, "dirs"))
    }

    private func features() throws -> [SupportedFeature] {
        var all = SupportedFeature.all
        switch try line.text("features") {
        case "none": all.removeAll { $0.feature == .metadataVersion }
        case "noelr": all.removeAll { $0.feature == .eligibleLeaderReplicasVersion }
        case "old": all[0].maximum = adapter.image.metadataVersion.level - 1
        default: break
        }
        return all
    }

    private func heartbeat() throws -> BrokerHeartbeatRequest {
        let knows = try line.text("cordoned") != "-"
        return BrokerHeartbeatRequest(
            broker: NodeID(try line.int("broker")), epoch: try line.int("epoch"),
            metadataOffset: try line.int("offset"), wantsFence: try line.bool("wantFence"),
            wantsShutdown: try line.bool("wantShutDown"),
            offlineDirectories: try ControllerWords.directories(line, "offlineDirs"),
            cordonedDirectories: knows ? try ControllerWords.directories(line, "cordoned") : nil)
    }

    private func createTopics() throws -> CreateTopicsRequest {
        let indexes = try line.list("indexes").map { try VectorText.int($0, as: Int32.self) }
        let assignments = try replicaLists().enumerated().map { index, replicas in
            CreateTopicsRequest.Assignment(
                indexes.isEmpty ? Int32(index) : indexes[index], replicas)
        }
        let configs = try line.list("configs").map { word in
            let (key, value) = VectorText.halves(word, at: ":")
            return CreateTopicsRequest.Setting(String(key), String(value ?? ""))
        }
        let topic = CreateTopicsRequest.Topic(
            String(try line.text("name")), partitions: try line.int("partitions"),
            replicationFactor: try line.int("rf"), assignments: assignments, configs: configs)
        return CreateTopicsRequest([topic], isValidation: try line.bool("validateOnly"))
    }

    private func replicaLists() throws -> [[NodeID]] {
        try line.list("assign").map { word in
            try VectorText.list(word).map { NodeID(try VectorText.int($0)) }
        }
    }

    private func createPartitions() throws -> CreatePartitionsRequest {
        let isPlaced = try line.text("assign") == "-"
        let topic = CreatePartitionsRequest.Topic(
            String(try line.text("topic")), count: try line.int("count"),
            assignments: isPlaced ? nil : try replicaLists())
        return CreatePartitionsRequest([topic], isValidation: try line.bool("validateOnly"))
    }

    private func alterPartition() throws -> AlterPartitionRequest {
        let isr = try ControllerWords.nodes(line, "isr")
        let epochs = try line.list("isrEpochs").map { try VectorText.int($0, as: Int64.self) }
        let members = isr.enumerated().map { index, broker in
            let epoch = index < epochs.count ? epochs[index] : -1
            return AlterPartitionRequest.Member(broker, epoch: epoch == -1 ? nil : epoch)
        }
        let id = TopicIDPartition(
            adapter.topics.id(try line.text("topic")), try line.int("partition"))
        let partition = AlterPartitionRequest.Partition(
            id, leaderEpoch: try line.int("leaderEpoch"),
            partitionEpoch: try line.int("partitionEpoch"), isr: members,
            recovery: try ControllerWords.recovery(line.text("recovery")))
        return AlterPartitionRequest(
            broker: NodeID(try line.int("broker")), epoch: try line.int("brokerEpoch"),
            partitions: [partition])
    }

    private func electLeaders() throws -> ElectLeadersRequest {
        let kind: ElectLeadersRequest.Kind =
            switch try line.text("type") {
            case "PREFERRED": .preferred
            case "UNCLEAN": .unclean
            default: .unknown
            }
        if try line.text("partitions") == "all" { return ElectLeadersRequest(kind, of: nil) }
        let partitions = try line.list("partitions").map { word in
            let (topic, number) = try partition(word)
            return TopicPartitions(topic, [number])
        }
        return ElectLeadersRequest(kind, of: partitions)
    }

    private func partition(_ word: Substring) throws -> (String, Int32) {
        guard let hyphen = word.lastIndex(of: "-") else {
            throw VectorFormError(description: "\(word) is not a partition")
        }
        return (String(word[..<hyphen]), try VectorText.int(word[word.index(after: hyphen)...]))
    }

    private func reassignment() throws -> AlterPartitionReassignmentsRequest {
        let (topic, number) = try partition(line.text("partition"))
        let isCancel = try line.text("replicas") == "cancel"
        let replicas = isCancel ? nil : try ControllerWords.nodes(line, "replicas")
        return AlterPartitionReassignmentsRequest(
            [AlterPartitionReassignmentsRequest.Partition(topic, number, to: replicas)],
            allowsReplicationFactorChange: try line.bool("allowRfChange"))
    }

    private func configAlteration() throws -> ConfigAlteration {
        let (kind, name) = VectorText.halves(try line.text("resource"), at: ":")
        let resource: ConfigResource =
            switch kind {
            case "topic": .topic(String(name ?? ""))
            case "cluster": .cluster
            default: .broker(NodeID(try VectorText.int(name ?? "")))
            }
        let value = String(try line.text("value"))
        let operation: ConfigAlteration.Operation =
            switch try line.text("op") {
            case "SET": .set(value)
            case "DELETE": .delete
            case "APPEND": .append(value)
            default: .subtract(value)
            }
        return ConfigAlteration(
            resource, [ConfigAlteration.Setting(String(try line.text("key")), operation)])
    }

    private func featureUpdate() throws -> FeatureUpdate {
        guard let feature = Feature(name: String(try line.text("feature"))) else {
            throw VectorFormError(description: "unknown feature")
        }
        let direction: FeatureUpdate.Direction =
            switch try line.text("type") {
            case "SAFE_DOWNGRADE": .safeDowngrade
            case "UNSAFE_DOWNGRADE": .unsafeDowngrade
            default: .upgrade
            }
        return FeatureUpdate(feature, try line.int("level"), direction)
    }

    private func assignReplicas() throws -> AssignReplicasToDirsRequest {
        let partitions = try line.list("partitions").map { word in
            let (topic, number) = try partition(word)
            return TopicIDPartition(adapter.image.topicIDs[topic] ?? .zero, number)
        }
        let directory = AssignReplicasToDirsRequest.Directory(
            try ControllerWords.directory(line.text("dir")), partitions)
        return AssignReplicasToDirsRequest(
            broker: NodeID(try line.int("broker")), epoch: try line.int("epoch"),
            directories: [directory])
    }
}
