import Kernel
import Testing

@testable import Kafka

@Suite struct ProducerWireTests {
    private var producer = Producer(ProducerSettings(), actor: ActorID(1))
    private var wire = ProducerWire()

    private func reply(_ id: TopicID, leaders: [Int32?], epoch: Int32) -> BrokerReply {
        let partitions = leaders.enumerated().map { number, leader in
            MetadataReply.Partition(
                Int32(number), leader == nil ? .leaderNotAvailable : .none,
                leader: leader.map(NodeID.init), leaderEpoch: epoch, replicas: [], isr: [])
        }
        return .metadata(
            MetadataReply(
                brokers: [NodeID(1), NodeID(2)].map { .init($0, Endpoint(host: $0)) },
                clusterID: "cluster", controller: nil,
                topics: [.init("orders", id, partitions: partitions)]))
    }

    /// The producer hears of the topic.
    private mutating func learn(_ id: TopicID, leaders: [Int32?], epoch: Int32 = 3) {
        guard
            case .metadata(let told, let nodes) = wire.decode(
                reply(id, leaders: leaders, epoch: epoch), of: producer)
        else { return }
        producer.metadata.update(told, nodes: nodes)
    }

    @Test mutating func `a topic in error is not told of`() {
        _ = producer.topic(named: "orders")
        let missing = MetadataReply(
            brokers: [], clusterID: "cluster", controller: nil,
            topics: [.init("orders", .zero, .unknownTopicOrPartition)])
        guard case .metadata(let told, _) = wire.decode(.metadata(missing), of: producer) else {
            Issue.record("no metadata")
            return
        }
        #expect(told.isEmpty)
    }

    @Test mutating func `batches go by topic ids, and answers come back as the producer counts`() {
        let topic = producer.topic(named: "orders")
        learn(TopicID(70), leaders: [1, 1])
        let partition = producer.metadata.partition(1, of: topic)!
        let batch = RecordBatch(
            records: [Record(offsetDelta: 0, timestamp: 0, key: nil, value: nil)])
        let request = ProducerRequest(
            number: RequestNumber(1), node: NodeID(1),
            body: .produce([.init(partition: partition, batch: batch, tickets: [])]),
            isAnswered: true, isV2: false)
        guard case .produce(let asked) = wire.encode(request, of: producer) else {
            Issue.record("no Produce request")
            return
        }
        #expect(asked.partitions.map(\.partition) == [TopicIDPartition(TopicID(70), 1)])
        #expect(asked.acks == -1)
        let said = ProducePartitionReply(
            TopicIDPartition(TopicID(70), 1), .notLeaderOrFollower,
            currentLeader: LeaderAndEpoch(NodeID(2), epoch: 9))
        guard
            case .produced(let answers, let endpoints) = wire.decode(
                .produce([said]), of: producer)
        else {
            Issue.record("no answer")
            return
        }
        #expect(answers.map(\.partition) == [partition])
        #expect(answers.map(\.leaderEpoch) == [9])
        #expect(endpoints == [NodeID(2)])
    }

    @Test mutating func `an id that was replaced still names its topic in late answers`() {
        let topic = producer.topic(named: "orders")
        learn(TopicID(70), leaders: [1])
        learn(TopicID(90), leaders: [1])
        let late = ProducePartitionReply(TopicIDPartition(TopicID(70), 0), .unknownTopicID)
        guard case .produced(let answers, _) = wire.decode(.produce([late]), of: producer) else {
            Issue.record("no answer")
            return
        }
        #expect(answers.map(\.partition) == [producer.metadata.partition(0, of: topic)!])
    }

    @Test mutating func `an answer is understood that comes after all leaders were forgotten`() {
        let topic = producer.topic(named: "orders")
        learn(TopicID(70), leaders: [1])
        let partition = producer.metadata.partition(0, of: topic)!
        producer.metadata.forget(nodes: [NodeID(1)], keepsEpochs: false)
        #expect(producer.metadata[partition].leader == nil)
        let late = ProducePartitionReply(TopicIDPartition(TopicID(70), 0), .notLeaderOrFollower)
        guard case .produced(let answers, _) = wire.decode(.produce([late]), of: producer) else {
            Issue.record("no answer")
            return
        }
        #expect(answers.map(\.partition) == [partition])
        producer.metadata.maybeUpdateLeaders(
            [(partition, leader: NodeID(2), epoch: 4)], endpoints: [NodeID(2)])
        #expect(producer.metadata[partition].leader == nil)
    }

    @Test mutating func `who has forgotten all leaders believes the next answer of any epoch`() {
        let topic = producer.topic(named: "orders")
        learn(TopicID(70), leaders: [1], epoch: 3)
        let partition = producer.metadata.partition(0, of: topic)!
        producer.metadata.forget(nodes: [NodeID(1)], keepsEpochs: false)
        learn(TopicID(70), leaders: [2], epoch: 2)
        #expect(producer.metadata[partition].leader == NodeID(2))
        learn(TopicID(70), leaders: [1], epoch: 1)
        #expect(producer.metadata[partition].leader == NodeID(2))
    }

    @Test mutating func `who keeps the epochs when it begins anew does not believe an older one`() {
        let topic = producer.topic(named: "orders")
        learn(TopicID(70), leaders: [1], epoch: 3)
        let partition = producer.metadata.partition(0, of: topic)!
        producer.metadata.forget(nodes: [NodeID(1)], keepsEpochs: true)
        learn(TopicID(70), leaders: [2], epoch: 2)
        #expect(producer.metadata[partition].leader == nil)
        learn(TopicID(70), leaders: [1], epoch: 3)
        #expect(producer.metadata[partition].leader == NodeID(1))
    }

    @Test mutating func `the epochs of a topic that was made again begin anew`() {
        let topic = producer.topic(named: "orders")
        learn(TopicID(70), leaders: [1], epoch: 3)
        learn(TopicID(70), leaders: [2], epoch: 2)
        let partition = producer.metadata.partition(0, of: topic)!
        #expect(producer.metadata[partition].leader == NodeID(1))
        learn(TopicID(90), leaders: [2], epoch: 0)
        #expect(producer.metadata[partition].leader == NodeID(2))
        #expect(producer.metadata[partition].leaderEpoch == 0)
    }

    @Test mutating func `a refusal of the whole request and an identity reach the producer`() {
        guard case .refused(.coordinatorLoadInProgress) = wire.decode(
            .initProducerID(InitProducerIDReply(.coordinatorLoadInProgress)), of: producer)
        else {
            Issue.record("not refused")
            return
        }
        let identity = ProducerIdentity(id: ProducerID(5), epoch: 0)
        guard case .identity(identity) = wire.decode(
            .initProducerID(InitProducerIDReply(.none, identity)), of: producer)
        else {
            Issue.record("no identity")
            return
        }
    }
}
