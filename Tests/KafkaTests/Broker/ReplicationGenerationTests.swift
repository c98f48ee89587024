import Kernel
import Testing

@testable import Kafka

/// Each fix of a partition's leader, off and on.
@Suite struct ReplicationGenerationTests {
    @Test(arguments: [false, true])
    func `KIP-320: who means another leader epoch is told so`(isFixed: Bool) {
        var test = TestReplicas(without: isFixed ? [] : [.leaderEpochFencing])
        test.elect(0, epoch: 5, isr: [0, 1, 2])
        test.produce(acks: 1)
        let old = test.fetch(1, at: 0, epoch: 4)
        let new = test.fetch(1, at: 0, epoch: 6)
        #expect(test.fetched(old)?.error == (isFixed ? .fencedLeaderEpoch : KafkaError.none))
        #expect(test.fetched(new)?.error == (isFixed ? .unknownLeaderEpoch : KafkaError.none))
    }

    @Test(arguments: [false, true])
    func `KAFKA-7128: a follower joins only with what was there before the epoch`(isFixed: Bool) {
        var test = TestReplicas(without: isFixed ? [] : [.joinsPastEpochStart])
        test.elect(0, epoch: 1, isr: [0, 1, 2])
        test.produce(acks: 1, records: 3)
        test.elect(0, epoch: 2, isr: [0, 1])
        // The high watermark is still 0, though the leader before may have committed all three.
        test.fetch(2, at: 0)
        #expect(test.requests.isEmpty == isFixed)
        test.fetch(2, at: 3, last: 1)
        #expect(test.requests.count == 1)
    }

    @Test(arguments: [false, true])
    func `KIP-497: a shrink counts only once the controller has agreed`(isFixed: Bool) {
        var test = TestReplicas(without: isFixed ? [] : [.maximalISR])
        test.elect(0, epoch: 1, isr: [0, 1], replicas: [0, 1])
        test.fetch(1, at: 0)
        test.produce(acks: 1)
        test.pass(.seconds(31))
        test.checkISR()
        #expect(test.requests.count == 1)
        // The follower has nothing, and the controller may still elect it.
        test.produce(acks: 1)
        #expect(test.highWatermark == (isFixed ? 0 : 2))
        test.agree()
        #expect(test.highWatermark == 2)
    }

    @Test(arguments: [false, true])
    func `KIP-903: only the present life of a follower joins the ISR`(isFixed: Bool) {
        var test = TestReplicas(without: isFixed ? [] : [.brokerEpochsInISR])
        test.elect(0, epoch: 1, isr: [0, 1])
        test.register(2, epoch: 112)
        // Sent before it lost its disk.
        let late = test.fetch(2, at: 0, brokerEpoch: 102)
        #expect(test.fetched(late)?.error == (isFixed ? .notLeaderOrFollower : KafkaError.none))
        #expect(test.requests.isEmpty == isFixed)
        test.fetch(2, at: 0)
        #expect(test.requests.count == 1)
        let member = test.requests[0].partitions[0].isr.last
        #expect(member?.epoch == (isFixed ? 112 : nil))
    }

    @Test(arguments: [false, true])
    func `KAFKA-15221: a follower is judged again before it is proposed`(isFixed: Bool) {
        var test = TestReplicas(
            without: isFixed ? [] : [.expansionRechecked], yieldPoints: .beforeExpansion)
        test.elect(0, epoch: 1, isr: [0, 1])
        test.fetch(1, at: 0)
        test.produce(acks: 1)
        test.fetch(1, at: 1, last: 1)
        test.fetch(2, at: 1, last: 1)
        #expect(test.suspended.count == 1)
        // In the gap it starts anew, without a disk, and fetches from the beginning.
        test.register(2, epoch: 112)
        test.fetch(2, at: 0)
        test.goOn()
        #expect(test.requests.isEmpty == isFixed)
    }

    @Test(arguments: [false, true])
    func `KIP-966: under min ISR the high watermark stands still`(isFixed: Bool) {
        var test = TestReplicas(minISR: 2, without: isFixed ? [] : [.strictMinISR])
        test.elect(0, epoch: 1, isr: [0])
        test.produce(acks: 1)
        #expect(test.highWatermark == (isFixed ? 0 : 1))
    }

    @Test(arguments: [false, true])
    func `KAFKA-13141: who must truncate has made no progress`(isFixed: Bool) {
        var test = TestReplicas(without: isFixed ? [] : [.divergingFetchIsNoProgress])
        test.elect(0, epoch: 1, isr: [0, 1], replicas: [0, 1])
        test.produce(acks: 1, records: 2)
        test.elect(0, epoch: 3, isr: [0, 1], replicas: [0, 1])
        test.produce(acks: 1, records: 3)
        let answer = test.fetch(1, at: 5, last: 2)
        #expect(test.fetched(answer)?.diverging == EpochEndOffset(epoch: 1, endOffset: 2))
        #expect(test.highWatermark == (isFixed ? 0 : 5))
    }

    @Test(arguments: [false, true])
    func `KIP-207: after an election the latest offset does not go back`(isFixed: Bool) {
        var test = TestReplicas(without: isFixed ? [] : [.latestNotBeforeEpochStart])
        test.elect(0, epoch: 1, isr: [0, 1, 2])
        test.produce(acks: 1, records: 3)
        test.elect(0, epoch: 2, isr: [0, 1, 2])
        let answer = test.latestOffset()
        #expect(answer?.error == (isFixed ? .offsetNotAvailable : KafkaError.none))
        #expect(answer?.offset == (isFixed ? -1 : 0))
    }

    @Test(arguments: [false, true])
    func `KAFKA-15021: nobody waits for a follower that shuts down`(isFixed: Bool) {
        var test = TestReplicas(without: isFixed ? [] : [.eligibleHoldHighWatermark])
        test.elect(0, epoch: 1, isr: [0, 1], replicas: [0, 1])
        test.fetch(1, at: 0)
        test.register(1, shuttingDown: true)
        test.elect(0, epoch: 1, isr: [0], replicas: [0, 1])
        test.produce(acks: 1)
        #expect(test.highWatermark == (isFixed ? 1 : 0))
    }

    @Test(arguments: [false, true])
    func `KAFKA-15590: a fetch of an earlier epoch is no progress in a later one`(isFixed: Bool) {
        var test = TestReplicas(
            with: isFixed ? [.followerUpdateRechecked] : [], yieldPoints: .beforeFollowerUpdate)
        test.elect(0, epoch: 1, isr: [0, 1])
        test.produce(acks: 1, records: 2)
        test.fetch(1, at: 0)
        test.goOn()
        let caughtUp = test.fetch(2, at: 2, last: 1)
        let gap = test.suspended
        // Another leader comes and goes, and has the follower give up what it had.
        test.elect(1, epoch: 2, isr: [0, 1])
        test.elect(0, epoch: 3, isr: [0, 1])
        test.fetch(2, at: 0)
        for id in test.suspended.filter({ !gap.contains($0) }) { test.receive(.resume(id)) }
        #expect(test.requests.isEmpty)
        for id in gap { test.receive(.resume(id)) }
        #expect(test.requests.isEmpty == isFixed)
        let error: KafkaError = isFixed ? .notLeaderOrFollower : .none
        #expect(test.fetched(caughtUp)?.error == error)
    }

    @Test(arguments: [false, true])
    func `waiting-delete-records: demotion ends the wait`(isFixed: Bool) {
        var test = TestReplicas(with: isFixed ? [.demotionWakesDeleteRecords] : [])
        test.elect(0, epoch: 1, isr: [0])
        test.produce(acks: 1, records: 2)
        test.elect(0, epoch: 1, isr: [0, 1, 2])
        let deletion = test.deleteRecords(below: 2)
        #expect(test.deleted(deletion) == nil)
        test.elect(1, epoch: 2, isr: [0, 1, 2])
        #expect(test.deleted(deletion) == (isFixed ? .notLeaderOrFollower : nil))
        test.pass(.seconds(5))
        #expect(test.deleted(deletion) == (isFixed ? .notLeaderOrFollower : .requestTimedOut))
    }

    @Test(arguments: [false, true])
    func `KAFKA-13790: an update without a new leader epoch begins nothing anew`(isFixed: Bool) {
        var test = TestReplicas(without: isFixed ? [] : [.updatesAreNoElections])
        test.elect(0, epoch: 1, isr: [0, 1])
        test.produce(acks: 1, records: 3)
        #expect(test.latestOffset()?.error == KafkaError.none)
        // A reassignment adds a replica, and the leader stays.
        test.elect(0, epoch: 1, isr: [0, 1], replicas: [0, 1, 2, 3])
        #expect(test.partition?.leadership?.epochStart == (isFixed ? 0 : 3))
        #expect(test.latestOffset()?.error == (isFixed ? KafkaError.none : .offsetNotAvailable))
    }

    @Test(arguments: [false, true])
    func `KAFKA-13790: an update that is older than an answer is not gone back to`(
        isFixed: Bool
    ) {
        var test = TestReplicas(without: isFixed ? [] : [.updatesAreNoElections])
        test.elect(0, epoch: 1, isr: [0], version: 0)
        test.fetch(1, at: 0)
        test.agree()
        test.fetch(2, at: 0)
        test.agree()
        #expect(test.requests.count == 2)
        // The answers were here first; now the first change comes by the metadata log.
        test.elect(0, epoch: 1, isr: [0, 1], version: 1)
        test.produce(acks: 1)
        test.fetch(1, at: 1, last: 1)
        // For the controller 2 is in the ISR, and may be elected without the record.
        #expect(test.highWatermark == (isFixed ? 0 : 1))
    }
}
