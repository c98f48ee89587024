import Kernel
import Testing

@testable import Kafka

/// Each fix of the consumer's, off and on.
@Suite struct ConsumerGenerationTests {
    private func scene(
        _ fix: Fix, _ isFixed: Bool, _ implementation: ConsumerSettings.Implementation,
        _ change: (inout ConsumerSettings) -> Void = { _ in }
    ) -> ConsumerScene {
        ConsumerScene(
            implementation, with: isFixed ? [fix] : [], without: isFixed ? [] : [fix], change)
    }

    @Test(arguments: [false, true])
    func `KIP-320: after a leader change a position is validated before it is read from`(
        isFixed: Bool
    ) {
        var scene = scene(.consumerValidatesPositions, isFixed, .classic)
        scene.assign(0)
        scene.lead([1])
        scene.seek(0, 5)
        scene.poll()
        scene.fetched([scene.records(0, 5...9)], session: 1)
        #expect((try? scene.poll()?.get().offsets) == [5, 6, 7, 8, 9])
        scene.lead([2], epoch: 2)
        scene.poll()
        let asked = scene.last(.offsetForLeaderEpoch)
        #expect((asked != nil) == isFixed)
        #expect((scene.last(.fetch)?.node == NodeID(2)) == !isFixed)
    }

    @Test(arguments: [false, true])
    func `unexpected-error-drops-records: records are not lost behind an unknown error`(
        isFixed: Bool
    ) {
        var scene = scene(.unexpectedErrorDropsRecords, isFixed, .classic)
        scene.assign(0, 1)
        scene.lead([1, 1])
        scene.seek(0, 0)
        scene.seek(1, 0)
        scene.poll()
        let refused = FetchPartitionReply(scene.identity(1), .groupAuthorizationFailed)
        scene.fetched([scene.records(0, 0...2), refused], session: 1)
        let polled = scene.poll()
        let partition = scene.partition(0)
        #expect(scene.consumer.subscription[partition]?.position?.offset == 3)
        switch polled {
        case .success(let records): #expect(isFixed && records.offsets == [0, 1, 2])
        case .failure(let error): #expect(!isFixed && error == .illegalState)
        case nil: Issue.record("the call waits")
        }
    }

    @Test(arguments: [false, true])
    func `negative-lag: looking up the beginning says nothing of the end`(isFixed: Bool) throws {
        var scene = scene(.negativeLag, isFixed, .classic)
        scene.assign(0)
        scene.lead([1])
        scene.seek(0, 5)
        scene.poll()
        scene.fetched([scene.records(0, 5...9)], session: 1)
        scene.poll()
        let partition = scene.partition(0)
        scene.receive(.call(.beginningOffsets([partition], timeout: .seconds(1))))
        let reply = ListOffsetsPartitionReply(scene.identity(0), offset: 0)
        scene.answer(try #require(scene.last(.listOffsets)), .broker(.listOffsets([reply])))
        let lag = scene.consumer.subscription.lag(of: partition, .uncommitted)
        #expect(lag == (isFixed ? 0 : -10))
    }

    @Test(arguments: [false, true])
    func `paused-busy-loop: a poll sleeps though records of a paused partition wait`(
        isFixed: Bool
    ) {
        var scene = scene(.pausedBusyLoop, isFixed, .consumer)
        scene.assign(0)
        scene.lead([1])
        scene.seek(0, 0)
        scene.poll()
        scene.receive(.call(.pause([scene.partition(0)])))
        scene.settle()
        scene.fetched([scene.records(0, 0...2)], session: 1)
        scene.poll(1_000)
        guard case .poll = scene.consumer.background.call else {
            if case .spinning = scene.consumer.background.call {
                #expect(!isFixed)
            } else {
                Issue.record("it does not wait")
            }
            return
        }
        #expect(isFixed)
    }

    @Test(arguments: [false, true])
    func `auto-commit-no-backoff: an automatic commit is tried again soon`(isFixed: Bool) throws {
        var scene = scene(.autoCommitNoBackoff, isFixed, .consumer) {
            $0.group = "billing"
            $0.autoCommitInterval = .seconds(5)
        }
        scene.assign(0)
        scene.lead([1])
        let search = try #require(scene.sent.last)
        scene.answer(search, .coordinator(.none, NodeID(2)))
        scene.seek(0, 0)
        scene.pass(5_000)
        scene.poll()
        let commit = try #require(scene.commits.last)
        let partition = TopicPartition(ConsumerScene.topic, 0)
        let reply = OffsetCommitReply(
            partitions: [.init(partition, .coordinatorLoadInProgress)])
        scene.answer(commit, .committed(reply))
        scene.pass(200)
        scene.poll()
        #expect(scene.commits.count == (isFixed ? 2 : 1))
    }

    @Test(arguments: [false, true])
    func `poll-zero-throws-twice: an error of a position is told once`(isFixed: Bool) {
        var scene = scene(.pollZeroThrowsTwice, isFixed, .consumer) { $0.reset = .none }
        scene.assign(0)
        scene.lead([1])
        var thrown = 0
        scene.poll()
        if case .failure = scene.poll() { thrown += 1 }
        // Told: from here on it has a position.
        scene.seek(0, 0)
        for _ in 0..<2 {
            if case .failure = scene.poll() { thrown += 1 }
        }
        #expect(thrown == (isFixed ? 1 : 2))
    }

    @Test(arguments: [
        (ConsumerSettings.Implementation.classic, false), (.classic, true), (.consumer, false),
        (.consumer, true),
    ])
    func `validation-answers-discarded: a partition that has gone does not spoil the others`(
        _ implementation: ConsumerSettings.Implementation, isFixed: Bool
    ) throws {
        var scene = scene(.validationAnswersDiscarded, isFixed, implementation)
        scene.assign(0, 1)
        scene.lead([1, 1])
        scene.seek(0, 3, epoch: 1)
        scene.seek(1, 3, epoch: 1)
        scene.poll()
        let asked = try #require(scene.last(.offsetForLeaderEpoch))
        scene.assign(0)
        let end = EpochEndOffset(epoch: 1, endOffset: 10)
        scene.answer(
            asked,
            .broker(
                .offsetsForLeaderEpoch([
                    .init(scene.identity(0), .none, end: end),
                    .init(scene.identity(1), .notLeaderOrFollower),
                ])))
        scene.poll()
        let state = scene.consumer.subscription[scene.partition(0)]?.state
        #expect((state == .fetching) == isFixed)
    }
}

extension ConsumerScene {
    var commits: [ConsumerRequest] {
        sent.filter { if case .commitOffsets = $0.body { true } else { false } }
    }
}
