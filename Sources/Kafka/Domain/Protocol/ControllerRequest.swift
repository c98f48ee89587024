/// What the active controller is asked: by brokers about themselves and their partitions, by
/// administrators about everything.
public enum ControllerRequest: Hashable, Sendable {
    case registerBroker(BrokerRegistrationRequest)
    case heartbeat(BrokerHeartbeatRequest)
    case alterPartition(AlterPartitionRequest)
    case assignReplicas(AssignReplicasToDirsRequest)
    case allocateProducerIDs(broker: NodeID, epoch: Int64)
    case createTopics(CreateTopicsRequest)
    case createPartitions(CreatePartitionsRequest)
    case deleteTopics([TopicID])
    case deleteTopicsNamed([String])
    case electLeaders(ElectLeadersRequest)
    case alterReassignments(AlterPartitionReassignmentsRequest)
    /// Of these partitions; of all when nil.
    case listReassignments([TopicPartitions]?)
    case unregisterBroker(NodeID)
    case alterConfigs([ConfigAlteration])
    case updateFeatures([FeatureUpdate])

    public var api: APIKey {
        switch self {
        case .registerBroker: .brokerRegistration
        case .heartbeat: .brokerHeartbeat
        case .alterPartition: .alterPartition
        case .assignReplicas: .assignReplicasToDirs
        case .allocateProducerIDs: .allocateProducerIDs
        case .createTopics: .createTopics
        case .createPartitions: .createPartitions
        case .deleteTopics, .deleteTopicsNamed: .deleteTopics
        case .electLeaders: .electLeaders
        case .alterReassignments: .alterPartitionReassignments
        case .listReassignments: .listPartitionReassignments
        case .unregisterBroker: .unregisterBroker
        case .alterConfigs: .incrementalAlterConfigs
        case .updateFeatures: .updateFeatures
        }
    }
}

/// Partitions of one topic by name; all of them when `partitions` is nil.
public struct TopicPartitions: Hashable, Sendable {
    public var topic: String
    public var partitions: [Int32]?

    public init(_ topic: String, _ partitions: [Int32]? = nil) {
        self.topic = topic
        self.partitions = partitions
    }
}

/// A broker has started, or has something new to say about itself.
public struct BrokerRegistrationRequest: Hashable, Sendable {
    public var broker: NodeID
    public var clusterID: String
    public var incarnation: IncarnationID
    /// The epoch found on disk after a clean stop; nil if there was none (or if the request is
    /// older than version 3, which cannot say): then what was not flushed may be lost.
    public var previousEpoch: Int64?
    public var endpoint: Endpoint
    public var rack: String?
    public var features: [SupportedFeature]
    public var directories: [DirectoryID]

    public init(
        broker: NodeID, clusterID: String, incarnation: IncarnationID, previousEpoch: Int64?,
        endpoint: Endpoint, rack: String? = nil,
        features: [SupportedFeature] = SupportedFeature.all, directories: [DirectoryID]
    ) {
        self.broker = broker
        self.clusterID = clusterID
        self.incarnation = incarnation
        self.previousEpoch = previousEpoch
        self.endpoint = endpoint
        self.rack = rack
        self.features = features
        self.directories = directories
    }
}

/// A sign of life, and what the broker wishes.
public struct BrokerHeartbeatRequest: Hashable, Sendable {
    public var broker: NodeID
    public var epoch: Int64
    /// The last offset of the metadata log that the broker has applied.
    public var metadataOffset: Int64
    public var wantsFence: Bool
    public var wantsShutdown: Bool
    public var offlineDirectories: [DirectoryID]
    /// Nil: not known yet.
    public var cordonedDirectories: [DirectoryID]?

    public init(
        broker: NodeID, epoch: Int64, metadataOffset: Int64, wantsFence: Bool = false,
        wantsShutdown: Bool = false, offlineDirectories: [DirectoryID] = [],
        cordonedDirectories: [DirectoryID]? = nil
    ) {
        self.broker = broker
        self.epoch = epoch
        self.metadataOffset = metadataOffset
        self.wantsFence = wantsFence
        self.wantsShutdown = wantsShutdown
        self.offlineDirectories = offlineDirectories
        self.cordonedDirectories = cordonedDirectories
    }
}

/// A leader wants other ISRs for partitions that it leads (KIP-497, KIP-841, KIP-903).
public struct AlterPartitionRequest: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public var broker: NodeID
        /// The incarnation whose fetches earned the place; nil: unchecked.
        public var epoch: Int64?

        public init(_ broker: NodeID, epoch: Int64?) {
            self.broker = broker
            self.epoch = epoch
        }
    }

    public struct Partition: Hashable, Sendable {
        public var partition: TopicIDPartition
        public var leaderEpoch: Int32
        public var partitionEpoch: Int32
        public var isr: [Member]
        public var recovery: LeaderRecoveryState

        public init(
            _ partition: TopicIDPartition, leaderEpoch: Int32, partitionEpoch: Int32, isr: [Member],
            recovery: LeaderRecoveryState = .recovered
        ) {
            self.partition = partition
            self.leaderEpoch = leaderEpoch
            self.partitionEpoch = partitionEpoch
            self.isr = isr
            self.recovery = recovery
        }
    }

    public var broker: NodeID
    public var epoch: Int64
    public var partitions: [Partition]

    public init(broker: NodeID, epoch: Int64, partitions: [Partition]) {
        self.broker = broker
        self.epoch = epoch
        self.partitions = partitions
    }
}

/// A broker tells which of its directories its replicas lie in (KIP-858).
public struct AssignReplicasToDirsRequest: Hashable, Sendable {
    public struct Directory: Hashable, Sendable {
        public var id: DirectoryID
        public var partitions: [TopicIDPartition]

        public init(_ id: DirectoryID, _ partitions: [TopicIDPartition]) {
            self.id = id
            self.partitions = partitions
        }
    }

    public var broker: NodeID
    public var epoch: Int64
    public var directories: [Directory]

    public init(broker: NodeID, epoch: Int64, directories: [Directory]) {
        self.broker = broker
        self.epoch = epoch
        self.directories = directories
    }
}
