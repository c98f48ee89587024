import Kernel
import Testing

@testable import Kafka

@Suite struct ControllerWriteTests {
    @Test func `of a long decision that is not atomic the batches commit one by one`() {
        var cluster = TestCluster()
        cluster.boot(1...2)
        let topic = CreateTopicsRequest.Topic(
            "foo", partitions: 10_001, replicationFactor: 2)
        cluster.ask(.createTopics(CreateTopicsRequest([topic])))
        let before = cluster.image
        var controller = cluster.controller
        var choices = Choices(seed: 1)
        var effects = ControllerEffects()
        let heartbeat = BrokerHeartbeatRequest(
            broker: NodeID(1), epoch: before.brokers[NodeID(1)]?.epoch ?? -1,
            metadataOffset: Int64(cluster.log.count) - 1, wantsFence: true)
        controller.receive(
            .request(.heartbeat(heartbeat), from: ReplyToken(1)), at: .zero, &choices, &effects)
        var batches: [(records: [MetadataRecord], firstOffset: Int64)] = []
        for case .append(let records, let firstOffset, _) in effects.items {
            batches.append((records, firstOffset))
        }
        #expect(batches.map(\.records.count) == [10_000, 2])

        // The first batch commits, then the leadership is lost, and the second with it.
        effects.removeAll()
        let end = batches[0].firstOffset + 10_000
        controller.receive(
            .committed([], firstOffset: batches[0].firstOffset, endOffset: end), at: .zero,
            &choices, &effects)
        #expect(effects.isEmpty)
        controller.receive(.becomeStandby, at: .zero, &choices, &effects)
        var image = before
        for record in batches[0].records { image.apply(record) }
        #expect(controller.image == image)
        #expect(controller.image.brokers[NodeID(1)]?.isFenced == false)
        guard case .reply(.failed(.notController), ReplyToken(1))? = effects.items.first else {
            Issue.record("not told to look elsewhere")
            return
        }
    }
}
