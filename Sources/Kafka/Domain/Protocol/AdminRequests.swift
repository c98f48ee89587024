/// New topics, each with replicas given by hand or placed by the controller.
public struct CreateTopicsRequest: Hashable, Sendable {
    public struct Assignment: Hashable, Sendable {
        public var partition: Int32
        public var replicas: [NodeID]

        public init(_ partition: Int32, _ replicas: [NodeID]) {
            self.partition = partition
            self.replicas = replicas
        }
    }

    public struct Setting: Hashable, Sendable {
        public var key: String
        public var value: String

        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    public struct Topic: Hashable, Sendable {
        public var name: String
        /// -1: the controller's default.
        public var partitions: Int32
        /// -1: the controller's default.
        public var replicationFactor: Int16
        /// Empty: the controller places the replicas.
        public var assignments: [Assignment]
        public var configs: [Setting]

        public init(
            _ name: String, partitions: Int32 = -1, replicationFactor: Int16 = -1,
            assignments: [Assignment] = [], configs: [Setting] = []
        ) {
            self.name = name
            self.partitions = partitions
            self.replicationFactor = replicationFactor
            self.assignments = assignments
            self.configs = configs
        }
    }

    public var topics: [Topic]
    /// Say what would happen, and do nothing.
    public var isValidation: Bool

    public init(_ topics: [Topic], isValidation: Bool = false) {
        self.topics = topics
        self.isValidation = isValidation
    }
}

/// More partitions for topics that exist.
public struct CreatePartitionsRequest: Hashable, Sendable {
    public struct Topic: Hashable, Sendable {
        public var name: String
        /// How many there are to be afterwards.
        public var count: Int32
        /// One list of replicas for each new partition; nil: the controller places them.
        public var assignments: [[NodeID]]?

        public init(_ name: String, count: Int32, assignments: [[NodeID]]? = nil) {
            self.name = name
            self.count = count
            self.assignments = assignments
        }
    }

    public var topics: [Topic]
    public var isValidation: Bool

    public init(_ topics: [Topic], isValidation: Bool = false) {
        self.topics = topics
        self.isValidation = isValidation
    }
}

/// A leader election on request (KIP-460).
public struct ElectLeadersRequest: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case preferred
        case unclean
        /// A number that stands for no kind.
        case unknown
    }

    public var kind: Kind
    /// Of all topics when nil.
    public var partitions: [TopicPartitions]?

    public init(_ kind: Kind, of partitions: [TopicPartitions]?) {
        self.kind = kind
        self.partitions = partitions
    }
}

/// Other replicas for partitions, or an end to a reassignment in progress (KIP-455).
public struct AlterPartitionReassignmentsRequest: Hashable, Sendable {
    public struct Partition: Hashable, Sendable {
        public var topic: String
        public var partition: Int32
        /// Nil cancels.
        public var replicas: [NodeID]?

        public init(_ topic: String, _ partition: Int32, to replicas: [NodeID]?) {
            self.topic = topic
            self.partition = partition
            self.replicas = replicas
        }
    }

    public var partitions: [Partition]
    public var allowsReplicationFactorChange: Bool

    public init(_ partitions: [Partition], allowsReplicationFactorChange: Bool = true) {
        self.partitions = partitions
        self.allowsReplicationFactorChange = allowsReplicationFactorChange
    }
}

/// Changes to the dynamic settings of one resource (KIP-339).
public struct ConfigAlteration: Hashable, Sendable {
    public enum Operation: Hashable, Sendable {
        case set(String)
        case delete
        /// To a list.
        case append(String)
        /// From a list.
        case subtract(String)
    }

    public struct Setting: Hashable, Sendable {
        public var key: String
        public var operation: Operation

        public init(_ key: String, _ operation: Operation) {
            self.key = key
            self.operation = operation
        }
    }

    public var resource: ConfigResource
    public var settings: [Setting]

    public init(_ resource: ConfigResource, _ settings: [Setting]) {
        self.resource = resource
        self.settings = settings
    }
}

/// Another level of a feature (KIP-584).
public struct FeatureUpdate: Hashable, Sendable {
    public enum Direction: Hashable, Sendable {
        case upgrade
        /// Unless something in the log would be lost.
        case safeDowngrade
        case unsafeDowngrade
    }

    public var feature: Feature
    public var level: Int16
    public var direction: Direction

    public init(_ feature: Feature, _ level: Int16, _ direction: Direction = .upgrade) {
        self.feature = feature
        self.level = level
        self.direction = direction
    }
}
