import Testing

@testable import Kafka

/// Each historic fix of the log's, off and on.
@Suite struct LogGenerationTests {
    @Test(arguments: [false, true])
    func `KIP-101: a log knows which epoch wrote what`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.leaderEpochs])
        test.append(2, leaderEpoch: 1)
        test.append(2, leaderEpoch: 3)
        let end = test.log.endOffset(forEpoch: 1)
        #expect(end == (isFixed ? EpochEndOffset(epoch: 1, endOffset: 2) : nil))
    }

    @Test(arguments: [false, true])
    func `KIP-279: the answer names the epoch that it is about`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.epochEndNamesEpoch])
        test.append(2, leaderEpoch: 1)
        test.append(2, leaderEpoch: 4)
        // Epoch 3 was somewhere else: here it is epoch 1 that ended at offset 2.
        let end = test.log.endOffset(forEpoch: 3)
        #expect(end == EpochEndOffset(epoch: isFixed ? 1 : 3, endOffset: 2))
        #expect((test.log.endOffset(forEpoch: 0) == nil) != isFixed)
    }

    @Test(arguments: [false, true])
    func `KAFKA-5494: a retry of the batch before the last is a duplicate`(isFixed: Bool) throws {
        var test = TestLog(without: isFixed ? [] : [.deduplicatesFiveBatches])
        test.append(2, pid: 7, seq: 0)
        test.append(2, pid: 7, seq: 2)
        let again = test.append(2, pid: 7, seq: 0)
        #expect(refusal(again) == (isFixed ? nil : .outOfOrderSequenceNumber))
        if isFixed { #expect(try again.get().isDuplicate) }
    }

    @Test(arguments: [false, true])
    func `KAFKA-9199: a retry older than five batches is known to be one`(isFixed: Bool) {
        var test = TestLog(with: isFixed ? [.oldDuplicateIsDuplicate] : [])
        for seq in 0..<6 { test.append(pid: 7, seq: Int32(seq)) }
        let expected: LogRefusal = isFixed ? .duplicateSequenceNumber : .outOfOrderSequenceNumber
        #expect(refusal(test.append(pid: 7, seq: 0)) == expected)
        #expect(refusal(test.append(pid: 7, seq: 9)) == .outOfOrderSequenceNumber)
    }

    @Test(arguments: [false, true])
    func `KAFKA-7190: a producer outlives its records`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.producersOutliveRecords])
        test.append(2, pid: 7, seq: 0)
        test.raiseHighWatermark()
        #expect(refusal(test.log.maybeIncrementLogStart(to: 2)) == nil)
        #expect((test.producer(7) != nil) == isFixed)
        // Who is forgotten may go on anywhere.
        let leap = test.append(pid: 7, seq: 9)
        #expect(refusal(leap) == (isFixed ? .outOfOrderSequenceNumber : nil))
    }

    @Test(arguments: [false, true])
    func `KIP-360: a producer that the broker forgot may go on`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.unknownProducersAccepted]) {
            $0.producerIDExpirationMs = 10_000
        }
        test.append(2, pid: 7, seq: 0)
        test.now += 10_001
        test.log.removeExpiredProducers(at: test.now)
        let next = test.append(pid: 7, seq: 2)
        #expect(refusal(next) == (isFixed ? nil : .unknownProducerID))
    }

    @Test(arguments: [false, true])
    func `KAFKA-15591: the first batch of a producer is the one with sequence 0`(isFixed: Bool) {
        var test = TestLog(with: isFixed ? [.firstSequenceIsZero] : [])
        // The batch with sequence 0 is still on its way.
        let overtaking = test.append(pid: 7, seq: 1)
        #expect(refusal(overtaking) == (isFixed ? .outOfOrderSequenceNumber : nil))
        let late = test.append(pid: 7, seq: 0)
        #expect(refusal(late) == (isFixed ? nil : .outOfOrderSequenceNumber))
    }

    @Test(arguments: [false, true])
    func `KAFKA-14920: no batch overtakes one that is being verified`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.lowestUnverifiedSequence])
        // The verification of sequence 0 failed, to be tried again; that of sequence 1 succeeds.
        _ = test.log.startVerification(
            ProducerID(7), sequence: 0, epoch: 0, supportsEpochBump: false, at: test.now)
        let overtaking = test.transact(pid: 7, seq: 1)
        #expect(refusal(overtaking) == (isFixed ? .outOfOrderSequenceNumber : nil))
        let first = test.transact(pid: 7, seq: 0)
        #expect(refusal(first) == (isFixed ? nil : .outOfOrderSequenceNumber))
    }

    @Test(arguments: [false, true])
    func `KIP-890: a late batch does not open a transaction that nobody will end`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.transactionsVerified])
        test.transact(pid: 7, seq: 0)
        test.end(pid: 7, aborts: true)
        let late = test.log.appendAsLeader(
            test.batch(pid: 7, seq: 1, transactional: true), leaderEpoch: 0, origin: .client,
            at: test.now)
        #expect(refusal(late) == (isFixed ? .invalidTransactionState : nil))
        test.raiseHighWatermark()
        #expect((test.log.lastStableOffset == test.log.endOffset) == isFixed)
    }

    @Test(arguments: [false, true])
    func `KAFKA-9144: a marker keeps its producer from expiring`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.markersKeepProducersAlive]) {
            $0.producerIDExpirationMs = 10_000
        }
        test.transact(pid: 7, seq: 0)
        test.now += 9_000
        test.end(pid: 7, coordinator: 3)
        test.now += 9_000
        test.log.removeExpiredProducers(at: test.now)
        // A zombie coordinator's older marker.
        let zombie = test.end(pid: 7, coordinator: 2)
        #expect(refusal(zombie) == (isFixed ? .transactionCoordinatorFenced : nil))
    }

    @Test(arguments: [false, true])
    func `KAFKA-9491: a log that begins anew has no high watermark below its start`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.highWatermarkNotBelowLogStart])
        test.append(3)
        test.raiseHighWatermark(to: 0)
        test.log.truncateFully(to: 50, at: test.now)
        #expect((test.log.highWatermark >= test.log.logStartOffset) == isFixed)
    }

    @Test(arguments: [false, true])
    func `KAFKA-10706: an epoch without records is truncated at the end`(isFixed: Bool) throws {
        var test = TestLog(without: isFixed ? [] : [.emptyEpochTruncated])
        test.append(3, leaderEpoch: 4)
        test.log.assignEpoch(5, from: 3)
        try test.log.truncate(to: 3, at: test.now)
        #expect(test.log.leaderEpochs.latest?.epoch == (isFixed ? 4 : 5))
    }

    @Test(arguments: [false, true])
    func `KAFKA-10432: recovery takes in epoch 0`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.epochZeroRecovered])
        test.append(3, leaderEpoch: 0)
        test.restart { $0.loseLeaderEpochs() }
        #expect(test.log.leaderEpochs.entries.isEmpty != isFixed)
    }

    @Test(arguments: [false, true])
    func `KAFKA-10101: to read is not to flush`(isFixed: Bool) {
        var test = TestLog(without: isFixed ? [] : [.recoveryPointOnlyFlushed])
        test.append(3)
        test.restart(recoveryPoint: 0)
        #expect(test.log.recoveryPoint == (isFixed ? 0 : 3))
        #expect(test.log.files.firstUnflushedOffset == 0)
    }

    @Test(arguments: [false, true])
    func `KAFKA-16541: the file of epochs survives a power loss`(isFixed: Bool) throws {
        var test = TestLog(without: isFixed ? [] : [.epochFileFlushed]) { $0.segmentBytes = 150 }
        test.append(2, leaderEpoch: 1)
        test.append(2, leaderEpoch: 1)
        test.append(2, leaderEpoch: 2)
        test.log.flush(includingActive: true)
        try test.log.truncate(to: 4, at: test.now)
        test.runTasks()
        test.append(1, leaderEpoch: 1)
        test.restart(recoveryPoint: 4) {
            $0.losePower(from: 4, torn: false, leavingEmptyFiles: false)
        }
        // What lies below the recovery point is not read again.
        let expected = isFixed ? [EpochEntry(epoch: 1, startOffset: 0)] : []
        #expect(test.log.leaderEpochs.entries == expected)
    }
}
