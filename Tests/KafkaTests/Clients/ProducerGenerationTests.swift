import Kernel
import Testing

@testable import Kafka

/// Each fix of the producer's, off and on.
@Suite struct ProducerGenerationTests {
    private func scene(
        _ fix: Fix, _ isFixed: Bool, _ change: (inout ProducerSettings) -> Void = { _ in }
    ) -> ProducerScene {
        isFixed ? ProducerScene(with: [fix], change) : ProducerScene(without: [fix], change)
    }

    @Test(arguments: [false, true])
    func `epoch-exhausted-sends-unnumbered: a retry after the last epoch keeps its number`(
        isFixed: Bool
    ) {
        var scene = scene(.epochExhaustedSendsUnnumbered, isFixed)
        scene.lead([1])
        scene.becomeReady(epoch: .max)
        scene.send(0)
        let first = scene.turnAndSend()
        scene.answer(first[0], .outOfOrderSequenceNumber)
        scene.becomeReady()
        scene.pass(100)
        let retry = scene.turnAndSend()
        #expect(retry.map(\.sequences) == [[0]])
        #expect(retry[0].batches[0].batch.hasProducerID == isFixed)
        #expect(retry[0].batches[0].batch.producerEpoch == (isFixed ? 0 : -1))
    }

    @Test(arguments: [false, true])
    func `sequence-wrap: after the last sequence comes 0, also for a retry`(isFixed: Bool) {
        var scene = scene(.sequenceWrap, isFixed)
        scene.lead([1])
        scene.becomeReady()
        scene.assume(0, next: .max, acknowledged: .max - 1)
        scene.send(0)
        scene.send(0)
        _ = scene.turnAndSend()
        _ = scene.turnAndSend()
        #expect(scene.sent.suffix(2).map(\.sequences) == [[.max], [0]])
        scene.disconnect(1)
        scene.pass(100)
        // The connection comes first.
        scene.turn()
        let retry = scene.turnAndSend()
        #expect(retry.map(\.sequences) == [[isFixed ? .max : 0]])
    }

    @Test func `a producer may begin late, and counts on from there`() {
        var scene = ProducerScene {
            $0.firstEpoch = 7
            $0.firstSequence = 90
        }
        scene.lead([1, 1])
        scene.becomeReady()
        scene.send(0)
        let first = scene.turnAndSend()
        #expect(first.map(\.sequences) == [[90]])
        #expect(first[0].batches[0].batch.producerEpoch == 7)
        // The broker has lost it: the next epoch begins at 0, like everybody's.
        scene.answer(first[0], .outOfOrderSequenceNumber)
        scene.pass(100)
        let retry = scene.turnAndSend()
        #expect(retry.map(\.sequences) == [[0]])
        #expect(retry[0].batches[0].batch.producerEpoch == 8)
        scene.send(1)
        #expect(scene.turnAndSend().map(\.sequences) == [[90]])
    }

    @Test(arguments: [false, true])
    func `send-outside-transaction: a call that throws leaves no record behind`(isFixed: Bool) {
        var scene = scene(.sendOutsideTransaction, isFixed) { $0.transactionalID = "tx" }
        scene.lead([1])
        scene.initTransactions(version: 2)
        let stray = scene.send(0)
        scene.receive(.beginTransaction)
        let own = scene.send(0, size: 10)
        let request = scene.turnAndSend()
        #expect(request[0].batches[0].tickets == (isFixed ? [own] : [stray, own]))
    }

    @Test(arguments: [false, true])
    func `abort-after-failed-init: nothing is left that could end another transaction`(
        isFixed: Bool
    ) {
        var scene = scene(.abortAfterFailedInit, isFixed) { $0.transactionalID = "tx" }
        scene.lead([1])
        scene.receive(.features(transactionVersion: 2, epoch: 1))
        scene.receive(.initTransactions)
        for _ in 0..<3 {
            for request in scene.turnAndSend() {
                if case .transactional(.findCoordinator) = request.body {
                    scene.answer(request, .coordinator(NodeID(1)))
                } else {
                    scene.answer(request, .refused(.transactionalIDAuthorizationFailed))
                }
            }
            if scene.producer.transaction.hasAbortableError { break }
        }
        scene.receive(.awaitCall)
        scene.receive(.abortTransaction)
        #expect(scene.producer.transaction.pending.contains { $0.isEnd } == !isFixed)
        #expect(
            scene.producer.transaction.phase == (isFixed ? .uninitialized : .initializing))
    }

    @Test(arguments: [false, true])
    func `head-of-line-node: a blocked partition holds up only itself`(isFixed: Bool) {
        var scene = scene(.headOfLineNode, isFixed)
        scene.lead([1, 1])
        scene.becomeReady()
        // Two of partition 0 fail; the second may be sent only after the first.
        scene.send(0)
        scene.send(0)
        scene.turn()
        scene.turn()
        let requests = Array(scene.sent.suffix(2))
        scene.answer(requests[0], .notEnoughReplicas)
        scene.answer(requests[1], .outOfOrderSequenceNumber)
        scene.pass(100)
        // The first goes out, and the next look ends at the partition that must wait for it.
        scene.turn()
        scene.turn()
        scene.send(1)
        let next = scene.turnAndSend()
        #expect(next.flatMap(\.batches).map(\.partition) == (isFixed ? [PartitionRef(1)] : []))
    }

    @Test(arguments: [false, true])
    func `first-attempt-expiry: a lost batch is noticed when it expires, not two minutes later`(
        isFixed: Bool
    ) {
        var scene = scene(.firstAttemptExpiry, isFixed)
        scene.lead([1])
        scene.becomeReady()
        let lost = scene.send(0)
        scene.turn()
        scene.pass(2_000)
        scene.turn()
        #expect(scene.outcome(of: lost) == "REQUEST_TIMED_OUT")
        scene.send(0)
        scene.turn()
        let next = scene.turnAndSend() + scene.sent.suffix(1)
        // The gap is closed by a new epoch before anything else is sent.
        #expect(next.last?.batches[0].batch.producerEpoch == (isFixed ? 1 : 0))
        #expect(next.last?.sequences == [isFixed ? 0 : 1])
    }

    @Test(arguments: [false, true])
    func `idle-partition-queue: an empty queue has no length`(isFixed: Bool) {
        var scene = scene(.idlePartitionQueue, isFixed) {
            $0.isIdempotent = false
            $0.availabilityTimeout = .milliseconds(100)
            $0.maxInFlight = 1
        }
        scene.lead([1, 2, 3])
        for partition in Int32(0)..<3 { scene.send(partition) }
        scene.turn()
        for request in scene.sent { scene.answer(request, offset: 0) }
        scene.takeDown(2)
        for _ in 0..<5 { scene.send(1) }
        scene.turn()
        scene.pass(101)
        scene.turn()
        scene.turn()
        let load = scene.producer.accumulator.topics[0].partitioner.load
        // Partition 1 is left out; 0 and 2 are idle and should weigh the same.
        #expect(load?.partitions == [0, 2])
        #expect(load?.cumulative == (isFixed ? [1, 2] : [7, 8]))
    }

    @Test(arguments: [false, true])
    func `KAFKA-5494: retries go back in the order of their sequences`(isFixed: Bool) {
        var scene = scene(.sequenceOrderedRetries, isFixed)
        scene.lead([1])
        scene.becomeReady()
        for _ in 0..<3 {
            scene.send(0)
            scene.turn()
        }
        scene.disconnect(1)
        let queue = scene.producer.accumulator.partitions[0].batches.all
            .map { scene.producer.batches[$0].baseSequence }
        #expect(queue == (isFixed ? [0, 1, 2] : [2, 1, 0]))
    }

    @Test(arguments: [false, true])
    func `KIP-360: a producer that the broker has forgotten goes on under the next epoch`(
        isFixed: Bool
    ) {
        var scene = scene(.epochBumpOnUnknownProducer, isFixed)
        scene.lead([1])
        scene.becomeReady()
        scene.send(0)
        scene.answer(scene.turnAndSend()[0], offset: 0)
        scene.send(0)
        scene.answer(scene.turnAndSend()[0], .unknownProducerID, logStart: 50)
        scene.pass(100)
        let retry = scene.turnAndSend()
        #expect(retry.map(\.sequences) == [[0]])
        #expect(retry[0].batches[0].batch.producerEpoch == (isFixed ? 1 : 0))
    }

    @Test(arguments: [false, true])
    func `KAFKA-8484: batches in flight are renumbered in their order`(isFixed: Bool) {
        var scene = scene(.sortedRenumbering, isFixed)
        scene.lead([1])
        scene.becomeReady()
        for _ in 0..<4 {
            scene.send(0)
            scene.turn()
        }
        let requests = Array(scene.sent.suffix(4))
        // The heap's last element has come to the top, over two smaller ones.
        scene.answer(requests[0], offset: 0)
        scene.answer(requests[1], .outOfOrderSequenceNumber)
        scene.turn()
        let tracked = scene.producer.identity.sequences(of: PartitionRef(0)).tracked
            .map { scene.producer.batches[$0] }
        let byAge = tracked.sorted { $0.serial < $1.serial }.map(\.baseSequence)
        #expect(byAge == (isFixed ? [0, 1, 2] : [0, 2, 1]))
        #expect(scene.producer.identity.identity.epoch == 1)
    }

    @Test(arguments: [false, true])
    func `KAFKA-12152: an idle partition begins at 0 under a new epoch`(isFixed: Bool) {
        var scene = scene(.idlePartitionsTakeNewEpoch, isFixed)
        scene.lead([1, 1])
        scene.becomeReady()
        for partition in [Int32(0), 1] {
            scene.send(partition)
            scene.answer(scene.turnAndSend()[0], offset: 0)
        }
        scene.send(0)
        scene.answer(scene.turnAndSend()[0], .outOfOrderSequenceNumber)
        scene.send(1)
        let idle = scene.turnAndSend().flatMap(\.batches).first { $0.partition == PartitionRef(1) }
        #expect(idle?.batch.producerEpoch == 1)
        #expect(idle?.batch.baseSequence == (isFixed ? 0 : 1))
    }

    @Test(arguments: [false, true])
    func `KAFKA-13794: batches of two epochs with one sequence are two`(isFixed: Bool) {
        var table = BatchTable()
        let settings = scene(.identityOrderedBatches, isFixed).producer.settings
        let order = SequenceOrder(settings.generation)
        var sequences = PartitionSequences()
        let ids = [Int16(0), 1].map { epoch in
            let id = table.add { serial in
                ProducerBatch(
                    partition: PartitionRef(0), created: .zero, serial: serial, capacity: 200)
            }
            table[id].number(
                ProducerIdentity(id: ProducerID(1), epoch: epoch), sequence: 0,
                isTransactional: false)
            sequences.track(id, &table, order)
            return id
        }
        #expect(sequences.tracked == (isFixed ? ids : [ids[0]]))
        sequences.untrack(ids[1], &table, order)
        #expect(sequences.tracked == (isFixed ? [ids[0]] : []))
    }

    @Test(arguments: [false, true])
    func `KAFKA-19012: an expired batch keeps its memory until its request ends`(isFixed: Bool) {
        var scene = scene(.bufferHeldInFlight, isFixed) { $0.bufferMemory = 1_000 }
        scene.lead([1])
        scene.becomeReady()
        scene.send(0)
        let request = scene.turnAndSend()
        scene.pass(2_000)
        scene.turn()
        #expect(scene.completions.count == 1)
        #expect(scene.producer.accumulator.pool.available == (isFixed ? 800 : 1_000))
        scene.answer(request[0], offset: 0)
        #expect(scene.producer.accumulator.pool.available == 1_000)
    }

    @Test(arguments: [false, true])
    func `KIP-360: a gap costs an epoch, not the identity`(isFixed: Bool) {
        var scene = scene(.epochBumpOnUnknownProducer, isFixed)
        scene.lead([1])
        scene.becomeReady()
        let lost = scene.send(0)
        scene.answer(scene.turnAndSend()[0], .outOfOrderSequenceNumber)
        #expect((scene.outcome(of: lost) == nil) == isFixed)
        #expect(scene.producer.identity.identity.isValid == isFixed)
    }
}
