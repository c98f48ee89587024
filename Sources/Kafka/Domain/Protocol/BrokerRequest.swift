/// What a broker is asked: by clients, by administrators, by other brokers.
public enum BrokerRequest: Sendable {
    case produce(ProduceRequest)
    case fetch(FetchRequest)
    case listOffsets(ListOffsetsRequest)
    case offsetsForLeaderEpoch(OffsetsForLeaderEpochRequest)
    case deleteRecords(DeleteRecordsRequest)
    case metadata(MetadataRequest)
    case initProducerID(InitProducerIDRequest)
    case describeCluster
    /// Topics by name; all of them when nil.
    case describeTopics([String]?)
    case describeConfigs([ConfigResource])
    /// What only the controller can do: the broker asks it on behalf of the client (KIP-590).
    case admin(ControllerRequest)

    public var api: APIKey {
        switch self {
        case .produce: .produce
        case .fetch: .fetch
        case .listOffsets: .listOffsets
        case .offsetsForLeaderEpoch: .offsetForLeaderEpoch
        case .deleteRecords: .deleteRecords
        case .metadata: .metadata
        case .initProducerID: .initProducerID
        case .describeCluster: .describeCluster
        case .describeTopics: .describeTopicPartitions
        case .describeConfigs: .describeConfigs
        case .admin(let request): request.api
        }
    }
}

/// What it answers. Answers about several things are in the order of the request.
public enum BrokerReply: Sendable {
    /// The request failed as a whole.
    case failed(KafkaError)
    case produce([ProducePartitionReply])
    case fetch(FetchReply)
    case listOffsets([ListOffsetsPartitionReply])
    case offsetsForLeaderEpoch([OffsetsForLeaderEpochPartitionReply])
    case deleteRecords([DeleteRecordsPartitionReply])
    case metadata(MetadataReply)
    case initProducerID(InitProducerIDReply)
    case describeCluster(DescribeClusterReply)
    case describeTopics([TopicDescription])
    case describeConfigs([ConfigDescription])
    /// What the controller said.
    case admin(ControllerReply)
}
