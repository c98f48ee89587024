import Kernel
import Testing

@testable import Kafka

@Suite struct ProducerMetadataTests {
    private func leads(_ node: Int32, _ topic: TopicRef) -> ProducerMetadata.Leadership {
        .init(topic: topic, number: 0, leader: NodeID(node), leaderEpoch: 0)
    }

    @Test func `a topic that was deleted has no leader, and is asked for until it is back`() throws {
        var metadata = ProducerMetadata(listing: .byNumber)
        let stays = metadata.topic(named: "stays")
        let goes = metadata.topic(named: "goes")
        let nodes = [NodeID(1), NodeID(2)]
        metadata.update([leads(1, stays), leads(2, goes)], nodes: nodes)
        #expect(!metadata.isUpdateRequested)
        let partition = try #require(metadata.partition(0, of: goes))
        #expect(metadata[partition].leader == NodeID(2))

        metadata.update([leads(1, stays)], nodes: nodes)
        #expect(metadata[partition].leader == nil)
        #expect(metadata.isUpdateRequested)

        var again = leads(1, goes)
        again.isOfNewTopic = true
        metadata.update([leads(1, stays), again], nodes: nodes)
        #expect(metadata[partition].leader == NodeID(1))
        #expect(!metadata.isUpdateRequested)
    }
}
