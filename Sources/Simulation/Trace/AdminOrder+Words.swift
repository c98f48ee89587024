import Kafka

extension AdminOrder {
    /// As a person would say it to an administrator: `reassign orders-0 to [4,2,3]`.
    var words: String {
        switch self {
        case .createTopic(let topic): "create topic \(topic.name)"
        case .deleteTopic(let name): "delete topic \(name)"
        case .addPartitions(let topic, let count, _): "add partitions to \(topic) up to \(count)"
        case .elect(let kind, let partitions):
            "elect \(kind.words)leaders"
                + (partitions.map { " of " + $0.map(\.words).joined(separator: ", ") } ?? "")
        case .reassign(let moves): moves.map(\.words).joined(separator: ", ")
        case .alterConfigs(let alterations): alterations.map(\.words).joined(separator: "; ")
        case .updateFeatures(let updates):
            updates.map { "set feature \($0.feature.name) to \($0.level)" }
                .joined(separator: ", ")
        case .unregister(let broker): "unregister broker \(broker.rawValue)"
        case .deleteRecords(let topic, let partition, let offset):
            "delete records of \(topic)-\(partition) before \(offset)"
        case .describe(let question): "describe \(question.words)"
        }
    }
}

extension ElectLeadersRequest.Kind {
    fileprivate var words: String {
        switch self {
        case .preferred: "preferred "
        case .unclean: "unclean "
        case .unknown: ""
        }
    }
}

extension AlterPartitionReassignmentsRequest.Partition {
    fileprivate var words: String {
        replicas.map { "reassign \(topic)-\(partition) to \($0.words)" }
            ?? "cancel the reassignment of \(topic)-\(partition)"
    }
}

extension ConfigAlteration {
    fileprivate var words: String {
        "configure \(resource.words): "
            + settings.map { setting in
                switch setting.operation {
                case .set(let value): "\(setting.key)=\(value)"
                case .delete: "unset \(setting.key)"
                case .append(let value): "\(setting.key)+=\(value)"
                case .subtract(let value): "\(setting.key)-=\(value)"
                }
            }
            .joined(separator: ", ")
    }
}
