import Kernel
import Testing

@testable import Kafka

/// Each fix of the follower's, off and on.
@Suite struct FetcherGenerationTests {
    private func scene(_ fix: Fix, _ isFixed: Bool, brokers: Int32 = 2) -> FollowerScene {
        isFixed
            ? FollowerScene(brokers: brokers, with: [fix])
            : FollowerScene(brokers: brokers, without: [fix])
    }

    /// Broker 1 led epoch 1 and wrote three records, of which broker 2 has two and leads now.
    private func diverged(_ scene: FollowerScene) -> FollowerScene {
        var scene = scene
        scene.lead(1, epoch: 1)
        scene.produce(1, 2)
        for _ in 0..<3 { scene.turn(2) }
        scene.produce(1, 1)
        scene.lead(2, epoch: 2, isr: [2])
        scene.produce(2, 2)
        return scene
    }

    private func apis(_ heard: [(request: BrokerRequest, reply: BrokerReply?)]) -> [APIKey] {
        heard.map(\.request.api)
    }

    @Test(arguments: [false, true])
    func `KAFKA-10554: the answer to a fetch says where to truncate, and no phase is needed`(
        isFixed: Bool
    ) {
        var scene = diverged(scene(.truncationOnFetch, isFixed))
        #expect(scene.progress(1)?.isTruncating == !isFixed)
        let heard = scene.turn(1)
        #expect(apis(heard) == (isFixed ? [.fetch] : [.offsetForLeaderEpoch, .fetch]))
        #expect(scene.log(1).endOffset == (isFixed ? 2 : 4))
        scene.turn(1)
        #expect(scene.batches(1) == ["1:0..1", "2:2..3"])
    }

    @Test(arguments: [false, true])
    func `KAFKA-14704: records that are about to be given up are never counted as committed`(
        isFixed: Bool
    ) {
        var scene = diverged(scene(.truncationBeforeHighWatermark, isFixed))
        #expect(scene.log(1).highWatermark == 2)
        #expect(scene.log(2).highWatermark == 4)
        scene.begin(1)
        // The leader's high watermark is 4: offset 2 of the follower is another record than its.
        let before = scene.highWatermarkNews
        scene.deliver(1)
        #expect((scene.highWatermarkNews > before) == !isFixed)
        #expect(scene.log(1).endOffset == 2)
    }

    @Test(arguments: [false, true])
    func `KAFKA-18723: an answer belongs to the leader epoch in which it was asked for`(
        isFixed: Bool
    ) {
        var scene = scene(.answersOfOneEpoch, isFixed)
        scene.lead(1, epoch: 1)
        scene.produce(1, 2)
        scene.turn(2)
        scene.begin(2)
        let request = scene.onTheWay[0]
        // While the request is on its way the follower hears of another epoch.
        scene.lead(1, epoch: 2, told: [2])
        var batch = RecordBatch(
            records: [Record(offsetDelta: 0, timestamp: 0, key: nil, value: nil)])
        batch.baseOffset = 2
        batch.leaderEpoch = 1
        let reply = FetchPartitionReply(
            scene.id(0), highWatermark: 0, lastStableOffset: 0, logStartOffset: 0,
            batches: [batch], sizeInBytes: batch.sizeInBytes)
        scene.tellFetchers(
            2, .answer(.fetch(FetchReply(partitions: [reply])), request.fetcher, request.ticket))
        #expect(scene.log(2).endOffset == (isFixed ? 2 : 3))
    }

    @Test(arguments: [false, true])
    func `KAFKA-18723: batches of a later epoch than the follower's are left out`(isFixed: Bool) {
        var scene = scene(.answersOfOneEpoch, isFixed)
        scene.lead(1, epoch: 1)
        scene.begin(2)
        let request = scene.onTheWay[0]
        var batches = (0..<2).map { _ in
            RecordBatch(records: [Record(offsetDelta: 0, timestamp: 0, key: nil, value: nil)])
        }
        batches[0].leaderEpoch = 1
        batches[1].leaderEpoch = 2
        batches[1].baseOffset = 1
        let reply = FetchPartitionReply(
            scene.id(0), highWatermark: 2, lastStableOffset: 2, logStartOffset: 0,
            batches: batches, sizeInBytes: 140)
        scene.tellFetchers(
            2, .answer(.fetch(FetchReply(partitions: [reply])), request.fetcher, request.ticket))
        #expect(scene.batches(2) == (isFixed ? ["1:0..0"] : ["1:0..0", "2:1..1"]))
    }

    @Test(arguments: [false, true])
    func `revived-backoff: a back-off that is over stays over`(isFixed: Bool) {
        var scene = diverged(scene(.backOffStaysOver, isFixed))
        scene.nextAnswers = [(2, .notLeaderOrFollower)]
        scene.turn(1)
        #expect(scene.progress(1)?.isBackingOff == true)
        scene.pass(1_000)
        #expect(scene.progress(1)?.isBackingOff == false)
        scene.turn(1)
        #expect(scene.log(1).endOffset == 2, "it was told to truncate")
        #expect(scene.progress(1)?.isBackingOff == !isFixed)
    }

    @Test(arguments: [false, true])
    func `KIP-101: a follower asks where its last epoch ended before it gives anything up`(
        isFixed: Bool
    ) {
        var scene = isFixed ? FollowerScene() : FollowerScene(without: [.leaderEpochs])
        scene.lead(1, epoch: 1)
        scene.produce(1, 2)
        scene.turn(2)
        // It has both records, and does not know yet that they are committed: so far so good.
        #expect(scene.log(2).highWatermark == 0)
        scene.turn(1)
        scene.lead(1, epoch: 2)
        scene.begin(2)
        #expect(scene.log(2).endOffset == (isFixed ? 2 : 0))
    }

    @Test(arguments: [false, true])
    func `KIP-279: the leader's answer names the epoch that it is about`(isFixed: Bool) {
        var scene = isFixed
            ? FollowerScene(brokers: 3, without: [.truncationOnFetch])
            : FollowerScene(brokers: 3, without: [.truncationOnFetch, .epochEndNamesEpoch])
        scene.lead(1, epoch: 1)
        scene.produce(1, 1)
        for follower: Int32 in [2, 3] { scene.turn(follower) }
        scene.produce(1, 2)
        scene.turn(3)
        // Broker 2, which is behind, leads epoch 2 for a moment and writes what nobody sees; then
        // broker 3, which knows nothing of that epoch, leads epoch 3.
        scene.lead(2, epoch: 2, isr: [2], told: [2])
        scene.produce(2, 2)
        scene.lead(3, epoch: 3, isr: [3], told: [1, 3])
        scene.produce(3, 1)
        scene.lead(3, epoch: 3, isr: [3], told: [2])
        for _ in 0..<3 { scene.turn(2) }
        #expect(scene.batches(3) == ["1:0..0", "1:1..2", "3:3..3"])
        #expect((scene.batches(2) == scene.batches(3)) == isFixed)
    }
}
