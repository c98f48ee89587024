import Kafka
import Kernel

/// What an administrator wants to be told.
public enum AdminQuestion: Hashable, Sendable {
    /// Its partitions; of all topics when nil.
    case topic(String?)
    /// Those settings that are not the defaults, and where each comes from.
    case configs(ConfigResource)
    case cluster
    /// Those that are not done yet.
    case reassignments

    var words: String {
        switch self {
        case .topic(let name?): "topic \(name)"
        case .topic(nil): "topics"
        case .configs(let resource): "configs of \(resource.words)"
        case .cluster: "cluster"
        case .reassignments: "reassignments"
        }
    }

    /// As brokers are asked; what only the controller knows, they ask it (KIP-590).
    var request: BrokerRequest {
        switch self {
        case .topic(let name): .describeTopics(name.map { [$0] })
        case .configs(let resource): .describeConfigs([resource])
        case .cluster: .describeCluster
        case .reassignments: .admin(.listReassignments(nil))
        }
    }
}

/// What an administrator ordered in a step, and what came of it.
public struct AdminAnswer: Hashable, Sendable {
    public var at: Instant
    /// By number; nil: no step of the file.
    public var step: Int?
    public var order: String
    /// `none`: it was done.
    public var error: KafkaError
    /// What was told, if that was asked for.
    public var lines: [String]
    public var isQuestion: Bool
}

extension AdminAnswer {
    /// The quorum's answer to an administrator.
    init(_ response: RaftResponse, at now: Instant) {
        var isQuestion = false
        if case .describeQuorum = response.body { isQuestion = true }
        self.init(
            at: now, step: nil, order: isQuestion ? "describe quorum" : "change the quorum",
            error: response.error, lines: isQuestion ? [response.words] : [],
            isQuestion: isQuestion)
    }
}

extension ClusterReply {
    /// What an administrator reads in it, a line for each thing.
    func told(_ names: (NodeID) -> String) -> [String] {
        switch self {
        case .broker(.describeTopics(let topics)):
            return topics.flatMap { topic in
                let replicas = topic.partitions.map(\.metadata.replicas.count).max() ?? 0
                return ["\(topic.name) partitions=\(topic.partitions.count) "
                    + "replication.factor=\(replicas)"]
                    + topic.partitions.map { $0.words(of: topic.name) }
            }
        case .broker(.describeConfigs(let resources)):
            return resources.flatMap { resource -> [String] in
                let entries = resource.entries.filter { $0.source != .default }
                return entries.isEmpty && resource.error == .none
                    ? ["\(resource.resource.words): nothing but defaults"]
                    : entries.map { "\(resource.resource.words) \($0.words)" }
            }
        case .broker(.describeCluster(let its)):
            return its.brokers.map { "\(names($0.node.id))" + ($0.isFenced ? " is fenced" : "") }
                + ["requests for the controller go to " + (its.controller.map(names) ?? "nobody")]
        case .broker(.admin(.reassignments(let moves))):
            return moves.isEmpty
                ? ["no reassignment is under way"]
                : moves.map {
                    "\($0.topic)-\($0.partition) replicas=\($0.replicas.words)"
                        + " adding=\($0.adding.words) removing=\($0.removing.words)"
                }
        default: return []
        }
    }
}

extension TopicDescription.Partition {
    fileprivate func words(of topic: String) -> String {
        "\(topic)-\(metadata.number) leader="
            + (metadata.leader.map { String($0.rawValue) } ?? "none")
            + " epoch=\(metadata.leaderEpoch) replicas=\(metadata.replicas.words)"
            + " isr=\(metadata.isr.words) elr=\(eligibleLeaders.words)"
            + (lastKnownEligibleLeaders.isEmpty
                ? "" : " last-known-elr=\(lastKnownEligibleLeaders.words)")
            + (metadata.offlineReplicas.isEmpty
                ? "" : " offline=\(metadata.offlineReplicas.words)")
    }
}

extension ConfigDescription.Entry {
    fileprivate var words: String {
        let origin =
            switch source {
            case .dynamicTopic: "of the topic"
            case .dynamicBroker: "of the broker"
            case .dynamicDefaultBroker: "of all brokers"
            case .staticBroker: "of the properties file"
            case .group: "of the group"
            case .default: "by default"
            }
        return "\(name)=\(value ?? "none") (\(origin))"
    }
}
