import Kernel
import Testing

@testable import Kafka

@Suite struct MetadataAnswersTests {
    private var image = MetadataImage()
    private let topic = TopicID(7)

    init() {
        for id in 1...3 {
            image.apply(
                .registerBroker(
                    BrokerRegistration(
                        id: NodeID(Int32(id)), epoch: Int64(id),
                        incarnation: IncarnationID(UInt64(id)),
                        endpoint: Endpoint(host: NodeID(Int32(id))), features: [],
                        isFenced: id == 3, directories: [DirectoryID(1_000 + UInt64(id))])))
        }
        image.apply(.topic(name: "orders", id: topic))
    }

    private mutating func add(_ number: Int32, leader: Int32, replicas: [Int32]) {
        let nodes = replicas.map(NodeID.init)
        image.apply(
            .partition(
                TopicIDPartition(topic, number),
                PartitionRegistration(
                    replicas: nodes, isr: nodes, leader: NodeID(leader), leaderEpoch: 4,
                    directories: replicas.map { DirectoryID(1_000 + UInt64($0)) })))
    }

    private func partition(_ number: Int32) -> MetadataReply.Partition? {
        image.topics[topic].map { image.description(of: $0) }?
            .partitions.first { $0.number == number }
    }

    @Test func `fenced brokers are not told of`() {
        #expect(image.aliveBrokers.map(\.id) == [NodeID(1), NodeID(2)])
    }

    @Test mutating func `a fenced leader is a leader until the log says otherwise`() {
        add(0, leader: 3, replicas: [3, 1])
        #expect(partition(0)?.leader == NodeID(3))
        #expect(partition(0)?.error == KafkaError.none)
        #expect(partition(0)?.offlineReplicas == [NodeID(3)])
    }

    @Test mutating func `a partition without leader has an error and its epoch`() {
        add(0, leader: -1, replicas: [1, 2])
        #expect(partition(0)?.leader == nil)
        #expect(partition(0)?.error == .leaderNotAvailable)
        #expect(partition(0)?.leaderEpoch == 4)
    }

    @Test mutating func `a leader that is not registered is none`() {
        add(0, leader: 8, replicas: [8, 2])
        #expect(partition(0)?.error == .leaderNotAvailable)
        #expect(partition(0)?.offlineReplicas == [NodeID(8)])
    }

    @Test mutating func `a replica in a lost directory is offline though its broker lives`() {
        image.apply(
            .partition(
                TopicIDPartition(topic, 0),
                PartitionRegistration(
                    replicas: [NodeID(1), NodeID(2)], isr: [NodeID(2)], leader: NodeID(2),
                    directories: [.lost, DirectoryID(1_002)])))
        #expect(partition(0)?.offlineReplicas == [NodeID(1)])
    }

    @Test mutating func `administrators hear of eligible leaders`() {
        add(0, leader: 1, replicas: [1, 2])
        var change = PartitionChange()
        change.isr = [NodeID(1)]
        change.elr = [NodeID(2)]
        image.apply(.partitionChange(TopicIDPartition(topic, 0), change))
        #expect(image.describe("orders").partitions.first?.eligibleLeaders == [NodeID(2)])
        #expect(image.describe("gone").error == .unknownTopicOrPartition)
        #expect(image.describe("no good").error == .invalidTopicException)
    }
}
