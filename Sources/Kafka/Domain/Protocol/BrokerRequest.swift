/// What a broker is asked about its partitions, by clients and by other brokers.
public enum BrokerRequest: Sendable {
    case produce(ProduceRequest)
    case fetch(FetchRequest)
    case listOffsets(ListOffsetsRequest)
    case offsetsForLeaderEpoch(OffsetsForLeaderEpochRequest)
    case deleteRecords(DeleteRecordsRequest)

    public var api: APIKey {
        switch self {
        case .produce: .produce
        case .fetch: .fetch
        case .listOffsets: .listOffsets
        case .offsetsForLeaderEpoch: .offsetForLeaderEpoch
        case .deleteRecords: .deleteRecords
        }
    }
}

/// What it answers, partition by partition.
public enum BrokerReply: Sendable {
    case produce([ProducePartitionReply])
    case fetch(FetchReply)
    case listOffsets([ListOffsetsPartitionReply])
    case offsetsForLeaderEpoch([OffsetsForLeaderEpochPartitionReply])
    case deleteRecords([DeleteRecordsPartitionReply])
}
