import Kernel

/// A producer's requests as brokers understand them, and their answers as it does: it numbers its
/// topics and partitions, they go by topic ids (KIP-516, KIP-951).
///
/// What an id stands for comes from metadata answers. An id that was replaced, because its topic
/// was deleted and made again, still names its topic in late answers.
public struct ProducerWire: Sendable {
    /// By the producer's number of the topic, as last told; zero before.
    private var ids: [TopicID] = []
    private var topics = SortedMap<TopicID, TopicRef>()

    public init() {}

    /// Nil: what only a coordinator understands.
    public func encode(
        _ request: ProducerRequest, of producer: Producer, in process: Int32 = -1
    ) -> BrokerRequest? {
        let settings = producer.settings
        switch request.body {
        case .produce(let batches):
            let partitions = batches.map { batch in
                var written = batch.batch
                written.writer = process
                return ProduceRequest.Partition(
                    id(of: batch.partition, producer.metadata), written)
            }
            return .produce(
                ProduceRequest(
                    acks: settings.acks.rawValue, timeout: settings.requestTimeout,
                    partitions: partitions, addsToTransaction: request.isV2))
        case .metadata(let topics):
            let names = topics.map { producer.metadata.topics[$0.index].name }
            return .metadata(MetadataRequest(.named(names), mayCreateTopics: true))
        case .transactional(.initProducerID(let identity, _)):
            return .initProducerID(
                InitProducerIDRequest(
                    transactionalID: settings.transactionalID,
                    transactionTimeout: settings.transactionTimeout, identity: identity))
        case .transactional: return nil
        }
    }

    /// As brokers call it; with the id zero while nobody has told.
    public func id(of partition: PartitionRef, _ metadata: ProducerMetadata) -> TopicIDPartition {
        let known = metadata[partition]
        let index = known.topic.index
        return TopicIDPartition(index < ids.count ? ids[index] : .zero, known.number)
    }

    /// Nil: no answer to a request of a producer.
    public mutating func decode(_ reply: BrokerReply, of producer: Producer) -> ProducerAnswer? {
        switch reply {
        case .failed(let error): return .refused(error)
        case .produce(let replies):
            let answers = replies.compactMap { answer($0, producer.metadata) }
            return .produced(answers, endpoints: answers.compactMap(\.leader))
        case .metadata(let reply): return learn(reply, producer.metadata)
        case .initProducerID(let reply):
            return reply.error == .none ? .identity(reply.identity) : .refused(reply.error)
        default: return nil
        }
    }

    private func answer(
        _ reply: ProducePartitionReply, _ metadata: ProducerMetadata
    ) -> PartitionProduceAnswer? {
        guard let topic = topics[reply.partition.topic],
            let partition = metadata.partition(reply.partition.partition, of: topic)
        else { return nil }
        return PartitionProduceAnswer(
            partition, reply.error, baseOffset: reply.baseOffset,
            logAppendTime: reply.logAppendTime, logStartOffset: reply.logStartOffset,
            leader: reply.currentLeader?.leader, leaderEpoch: reply.currentLeader?.epoch ?? -1,
            refusedRecords: reply.refusedRecords)
    }

    /// Topics in error are told of by their absence: the producer asks again.
    private mutating func learn(
        _ reply: MetadataReply, _ metadata: ProducerMetadata
    ) -> ProducerAnswer {
        var leaders: [ProducerMetadata.Leadership] = []
        for told in reply.topics where told.error == .none {
            guard let index = metadata.topics.firstIndex(where: { $0.name == told.name }) else {
                continue
            }
            let topic = TopicRef(Int32(index))
            while ids.count <= index { ids.append(.zero) }
            let isNew = ids[index] != .zero && ids[index] != told.id
            if ids[index] != told.id {
                ids[index] = told.id
                topics[told.id] = topic
            }
            for partition in told.partitions {
                leaders.append(
                    ProducerMetadata.Leadership(
                        topic: topic, number: partition.number, leader: partition.leader,
                        leaderEpoch: partition.leaderEpoch, isOfNewTopic: isNew))
            }
        }
        return .metadata(leaders, nodes: reply.brokers.map(\.id))
    }
}
