import Kernel
import Testing

@testable import Kafka

@Suite struct PartitionArithmeticTests {
    private func followers(_ random: inout TestRandom) -> [FollowerProgress] {
        (1...Int32(1 + random.below(5))).map { broker in
            var follower = FollowerProgress(NodeID(broker), tenure: 0)
            follower.end = LogOffsetMetadata(Int64(random.below(10)) - 1)
            return follower
        }
    }

    @Test func `the high watermark goes to the lowest end of those that are waited for`() {
        var random = TestRandom(1)
        for _ in 0..<500 {
            let followers = followers(&random)
            let awaited = followers.filter { _ in random.below(2) == 0 }.map(\.broker)
            let leader = LogOffsetMetadata(Int64(random.below(10)))
            let slow = ([leader.messageOffset]
                + followers.filter { awaited.contains($0.broker) }.map(\.endOffset)).min()
            let found = lowestEnd(leader: leader, followers) { awaited.contains($0.broker) }
            #expect(found.messageOffset == slow)
        }
    }

    @Test func `no more in-sync replicas are needed than there are replicas`() {
        #expect(effectiveMinISR(configured: 2, replicas: 3) == 2)
        #expect(effectiveMinISR(configured: 3, replicas: 1) == 1)
    }

    @Test func `a follower that stays one fetch behind was caught up at the fetch before`() {
        var follower = FollowerProgress(NodeID(1), tenure: 0)
        let first = Instant.zero + .seconds(1)
        let second = Instant.zero + .seconds(2)
        follower.fetched(
            from: LogOffsetMetadata(0), logStart: 0, leaderEnd: 10, brokerEpoch: 1, at: first)
        #expect(follower.lastCaughtUp == .longAgo)
        follower.fetched(
            from: LogOffsetMetadata(10), logStart: 0, leaderEnd: 20, brokerEpoch: 1, at: second)
        #expect(follower.lastCaughtUp == first)
        #expect(
            !follower.isCaughtUp(
                leaderEnd: 20, maxLag: .seconds(30), at: first + .seconds(31)))
        #expect(
            follower.isCaughtUp(
                leaderEnd: 10, maxLag: .seconds(30), at: first + .seconds(31)))
    }

    @Test func `who may be in the ISR is counted, whatever becomes of the change`() {
        let sent = AlterPartitionRequest.Partition(
            TopicIDPartition(TopicID(1), 0), leaderEpoch: 0, partitionEpoch: 0, isr: [])
        let (one, two, three) = (NodeID(1), NodeID(2), NodeID(3))
        let growing = InSyncReplicas.expanding([one, two], adding: three, sent: sent)
        let shrinking = InSyncReplicas.shrinking([one, two], removing: [two], sent: sent)
        for broker in [one, two, three] {
            for isr in [growing, shrinking] {
                #expect(
                    isr.maximalContains(broker, believesWish: false)
                        == isr.maximal.contains(broker))
            }
        }
        #expect(growing.maximalCount(believesWish: false) == growing.maximal.count)
        #expect(shrinking.maximalCount(believesWish: false) == shrinking.maximal.count)
        #expect(shrinking.maximalCount(believesWish: true) == 1)
    }

    @Test func `what a stretch of records touched is listed once and in order`() {
        var image = MetadataImage()
        image.apply(.topic(name: "a", id: TopicID(1)))
        let registration = PartitionRegistration(
            replicas: [NodeID(0)], isr: [NodeID(0)], leader: NodeID(0), directories: [.unassigned])
        let ids = [2, 0, 1].map { TopicIDPartition(TopicID(1), Int32($0)) }
        var delta = MetadataDelta(ids.map { .partition($0, registration) }, before: image)
        #expect(delta.partitions == ids.sorted())
        for id in ids { image.apply(.partition(id, registration)) }
        delta.note(.partitionChange(ids[0], PartitionChange()), before: image)
        #expect(delta.partitions == ids.sorted())
        #expect(MetadataDelta([.removeTopic(TopicID(1))], before: image).partitions == ids.sorted())
    }

    @Test func `a request to the controller takes everything that has gathered`() {
        var queue = AlterPartitionQueue()
        func change(_ number: Int32) -> AlterPartitionRequest.Partition {
            AlterPartitionRequest.Partition(
                TopicIDPartition(TopicID(1), number), leaderEpoch: 0, partitionEpoch: 0, isr: [])
        }
        let accepted = [queue.submit(change(0))]
        let first = queue.takeRequest(from: NodeID(0), epoch: 1)
        let later = [2, 1, 0].map { queue.submit(change($0)) }
        let second = queue.takeRequest(from: NodeID(0), epoch: 1)
        // The answer leaves the partition out: it goes again with the others.
        let settled = queue.settle(.partitions([nil]))
        #expect(accepted == [true] && later == [true, true, false])
        #expect(first?.partitions.count == 1 && second == nil)
        #expect(settled?.isEmpty == true)
        queue.conclude()
        let next = queue.takeRequest(from: NodeID(0), epoch: 2)
        #expect(next?.partitions.map(\.partition.partition) == [0, 1, 2])
        #expect(next?.epoch == 2)
    }
}
