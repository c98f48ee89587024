/// What a controller answers. Answers about several things are in the order of the request.
public enum ControllerReply: Hashable, Sendable {
    /// The request failed as a whole.
    case failed(KafkaError)
    case registered(brokerEpoch: Int64)
    case heartbeat(BrokerHeartbeatReply)
    case alterPartition([AlterPartitionReply])
    case assignReplicas([KafkaError])
    case producerIDs(start: Int64, count: Int32)
    case createTopics([CreateTopicReply])
    /// CreatePartitions, DeleteTopics, AlterPartitionReassignments, IncrementalAlterConfigs,
    /// UpdateFeatures: how each went.
    case outcomes([KafkaError])
    case electLeaders([ElectLeadersReply])
    case reassignments([OngoingReassignment])
    /// UnregisterBroker.
    case done
}

/// How the controller sees a broker after its heartbeat.
public struct BrokerHeartbeatReply: Hashable, Sendable {
    /// It has applied its own registration.
    public var isCaughtUp: Bool
    public var isFenced: Bool
    public var inControlledShutdown: Bool
    /// It may stop: nothing depends on it any more.
    public var shouldShutDown: Bool

    public init(
        isCaughtUp: Bool, isFenced: Bool, inControlledShutdown: Bool, shouldShutDown: Bool
    ) {
        self.isCaughtUp = isCaughtUp
        self.isFenced = isFenced
        self.inControlledShutdown = inControlledShutdown
        self.shouldShutDown = shouldShutDown
    }
}

/// How one partition of an AlterPartition request went.
public enum AlterPartitionReply: Hashable, Sendable {
    case failed(KafkaError)
    /// The partition as it is now.
    case altered(PartitionRegistration)
}

/// How one topic of a CreateTopics request went.
public enum CreateTopicReply: Hashable, Sendable {
    case failed(KafkaError)
    /// The id is zero when nothing was created because only a validation was asked for.
    case created(TopicID, partitions: Int32, replicationFactor: Int16)
}

/// How the election of one partition went.
public struct ElectLeadersReply: Hashable, Sendable {
    public var topic: String
    public var partition: Int32
    public var error: KafkaError

    public init(_ topic: String, _ partition: Int32, _ error: KafkaError) {
        self.topic = topic
        self.partition = partition
        self.error = error
    }
}

/// A reassignment in progress.
public struct OngoingReassignment: Hashable, Sendable {
    public var topic: String
    public var partition: Int32
    public var replicas: [NodeID]
    public var adding: [NodeID]
    public var removing: [NodeID]

    public init(
        _ topic: String, _ partition: Int32, replicas: [NodeID], adding: [NodeID],
        removing: [NodeID]
    ) {
        self.topic = topic
        self.partition = partition
        self.replicas = replicas
        self.adding = adding
        self.removing = removing
    }
}
