import Kafka

/// What requests speak of, and how they are refused: for faults that are about some of them.
extension ClusterRequest {
    /// The partitions that it names by id, and the topics and partitions that it names by name.
    var subjects: (partitions: [TopicIDPartition], topics: [TopicPartitions]) {
        switch self {
        case .broker(.produce(let its)): (its.partitions.map(\.partition), [])
        case .broker(.fetch(let its)): (its.partitions.map(\.partition), [])
        case .broker(.listOffsets(let its)): (its.partitions.map(\.partition), [])
        case .broker(.offsetsForLeaderEpoch(let its)): (its.partitions.map(\.partition), [])
        case .broker(.deleteRecords(let its)): (its.partitions.map(\.partition), [])
        case .broker(.metadata(let its)):
            if case .named(let names) = its.topics {
                ([], names.map { TopicPartitions($0) })
            } else {
                ([], [])
            }
        case .broker(.describeTopics(let names)): ([], (names ?? []).map { TopicPartitions($0) })
        case .broker(.admin(let request)), .controller(let request): request.subjects
        default: ([], [])
        }
    }

    /// The answer to it when all that it asks for fails with one error.
    func refused(with error: KafkaError) -> ClusterReply {
        switch self {
        case .broker(.produce(let its)):
            .broker(.produce(its.partitions.map { ProducePartitionReply($0.partition, error) }))
        case .broker(.fetch(let its)) where !error.isOfSessions && !its.partitions.isEmpty:
            .broker(
                .fetch(
                    FetchReply(
                        partitions: its.partitions.map { FetchPartitionReply($0.partition, error) }
                    )))
        case .broker(.fetch): .broker(.fetch(FetchReply(error)))
        case .broker(.listOffsets(let its)):
            .broker(
                .listOffsets(
                    its.partitions.map { ListOffsetsPartitionReply($0.partition, error) }))
        case .broker(.offsetsForLeaderEpoch(let its)):
            .broker(
                .offsetsForLeaderEpoch(
                    its.partitions.map {
                        OffsetsForLeaderEpochPartitionReply($0.partition, error)
                    }))
        case .broker(.deleteRecords(let its)):
            .broker(
                .deleteRecords(
                    its.partitions.map {
                        DeleteRecordsPartitionReply($0.partition, error, lowWatermark: -1)
                    }))
        case .broker(.initProducerID): .broker(.initProducerID(InitProducerIDReply(error)))
        case .broker: .broker(.failed(error))
        case .controller: .controller(.failed(error))
        }
    }
}

extension ControllerRequest {
    fileprivate var subjects: (partitions: [TopicIDPartition], topics: [TopicPartitions]) {
        switch self {
        case .alterPartition(let its): (its.partitions.map(\.partition), [])
        case .createTopics(let its): ([], its.topics.map { TopicPartitions($0.name) })
        case .createPartitions(let its): ([], its.topics.map { TopicPartitions($0.name) })
        case .deleteTopicsNamed(let names): ([], names.map { TopicPartitions($0) })
        case .electLeaders(let its): ([], its.partitions ?? [])
        case .alterReassignments(let its):
            ([], its.partitions.map { TopicPartitions($0.topic, [$0.partition]) })
        case .alterConfigs(let alterations):
            (
                [],
                alterations.compactMap {
                    if case .topic(let name) = $0.resource { TopicPartitions(name) } else { nil }
                }
            )
        default: ([], [])
        }
    }
}

extension KafkaError {
    /// It refuses a fetch as a whole, and not its partitions.
    fileprivate var isOfSessions: Bool {
        switch self {
        case .fetchSessionIDNotFound, .invalidFetchSessionEpoch, .fetchSessionTopicIDError: true
        default: false
        }
    }
}
