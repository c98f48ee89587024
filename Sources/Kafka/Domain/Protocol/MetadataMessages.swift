/// What is where? The first thing that a client asks, of any broker.
public struct MetadataRequest: Hashable, Sendable {
    public enum Topics: Hashable, Sendable {
        case all
        case named([String])
        /// KIP-516.
        case identified([TopicID])
    }

    public var topics: Topics
    /// Topics that do not exist may be created, if the broker does such things
    /// (`auto.create.topics.enable`).
    public var mayCreateTopics: Bool

    public init(_ topics: Topics, mayCreateTopics: Bool = false) {
        self.topics = topics
        self.mayCreateTopics = mayCreateTopics
    }
}

/// The cluster as one broker knows it.
public struct MetadataReply: Hashable, Sendable {
    public struct Node: Hashable, Sendable {
        public var id: NodeID
        public var endpoint: Endpoint
        public var rack: String?

        public init(_ id: NodeID, _ endpoint: Endpoint, rack: String? = nil) {
            self.id = id
            self.endpoint = endpoint
            self.rack = rack
        }
    }

    public struct Partition: Hashable, Sendable {
        public var number: Int32
        public var error: KafkaError
        /// Nil: there is none, or it is not registered.
        public var leader: NodeID?
        public var leaderEpoch: Int32
        public var replicas: [NodeID]
        public var isr: [NodeID]
        public var offlineReplicas: [NodeID]

        public init(
            _ number: Int32, _ error: KafkaError = .none, leader: NodeID?, leaderEpoch: Int32,
            replicas: [NodeID], isr: [NodeID], offlineReplicas: [NodeID] = []
        ) {
            self.number = number
            self.error = error
            self.leader = leader
            self.leaderEpoch = leaderEpoch
            self.replicas = replicas
            self.isr = isr
            self.offlineReplicas = offlineReplicas
        }
    }

    public struct Topic: Hashable, Sendable {
        public var error: KafkaError
        /// Nil: asked for by an id that is not known.
        public var name: String?
        public var id: TopicID
        public var isInternal: Bool
        /// By number.
        public var partitions: [Partition]

        public init(
            _ name: String?, _ id: TopicID, _ error: KafkaError = .none, isInternal: Bool = false,
            partitions: [Partition] = []
        ) {
            self.name = name
            self.id = id
            self.error = error
            self.isInternal = isInternal
            self.partitions = partitions
        }
    }

    /// The brokers that are not fenced, by id.
    public var brokers: [Node]
    public var clusterID: String
    /// Where to send requests for the controller: to any broker, which forwards them (KIP-590).
    public var controller: NodeID?
    public var topics: [Topic]

    public init(brokers: [Node], clusterID: String, controller: NodeID?, topics: [Topic]) {
        self.brokers = brokers
        self.clusterID = clusterID
        self.controller = controller
        self.topics = topics
    }
}

/// The cluster without its topics (KIP-700).
public struct DescribeClusterReply: Hashable, Sendable {
    public struct Broker: Hashable, Sendable {
        public var node: MetadataReply.Node
        public var isFenced: Bool

        public init(_ node: MetadataReply.Node, isFenced: Bool) {
            self.node = node
            self.isFenced = isFenced
        }
    }

    public var clusterID: String
    public var controller: NodeID?
    public var brokers: [Broker]

    public init(clusterID: String, controller: NodeID?, brokers: [Broker]) {
        self.clusterID = clusterID
        self.controller = controller
        self.brokers = brokers
    }
}

/// A topic with all that is known of its partitions (KIP-966's DescribeTopicPartitions).
public struct TopicDescription: Hashable, Sendable {
    public struct Partition: Hashable, Sendable {
        public var metadata: MetadataReply.Partition
        public var eligibleLeaders: [NodeID]
        public var lastKnownEligibleLeaders: [NodeID]

        public init(
            _ metadata: MetadataReply.Partition, eligibleLeaders: [NodeID],
            lastKnownEligibleLeaders: [NodeID]
        ) {
            self.metadata = metadata
            self.eligibleLeaders = eligibleLeaders
            self.lastKnownEligibleLeaders = lastKnownEligibleLeaders
        }
    }

    public var name: String
    public var id: TopicID
    public var error: KafkaError
    public var partitions: [Partition]

    public init(
        _ name: String, _ id: TopicID, _ error: KafkaError = .none, partitions: [Partition] = []
    ) {
        self.name = name
        self.id = id
        self.error = error
        self.partitions = partitions
    }
}

/// The settings that one resource has, and where each comes from (KIP-226).
public struct ConfigDescription: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        case dynamicTopic
        case dynamicBroker
        case dynamicDefaultBroker
        case staticBroker
        case `default`
        case group
    }

    public struct Entry: Hashable, Sendable {
        public var name: String
        /// Nil: it has no value.
        public var value: String?
        public var source: Source

        public init(_ name: String, _ value: String?, _ source: Source) {
            self.name = name
            self.value = value
            self.source = source
        }
    }

    public var resource: ConfigResource
    public var error: KafkaError
    /// By name.
    public var entries: [Entry]

    public init(_ resource: ConfigResource, _ error: KafkaError = .none, entries: [Entry] = []) {
        self.resource = resource
        self.error = error
        self.entries = entries
    }
}
