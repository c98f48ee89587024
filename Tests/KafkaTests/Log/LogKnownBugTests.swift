import Testing

@testable import Kafka

/// What Kafka 4.3.1 still does wrong in its log, and what the fix named after it does instead.
@Suite struct LogKnownBugTests {
    /// A follower is given two aborted transactions of one producer, and the beginning of another
    /// producer's, in one fetch.
    private func followerOfThreeTransactions(isFixed: Bool) -> TestLog {
        var leader = TestLog()
        leader.transact(pid: 1, seq: 0)
        leader.end(pid: 1, aborts: true)
        leader.transact(pid: 1, seq: 1)
        leader.append(1)
        leader.transact(pid: 2, seq: 0)
        var follower = TestLog(with: isFixed ? [.abortedIndexLSO] : []) {
            $0.indexIntervalBytes = 280
        }
        _ = follower.log.appendAsFollower(leader.batches, leaderEpoch: 0, at: leader.now)
        leader.end(pid: 1, aborts: true)
        leader.end(pid: 2)
        _ = follower.log.appendAsFollower(
            Array(leader.batches.dropFirst(5)), leaderEpoch: 0, at: leader.now)
        follower.raiseHighWatermark()
        return follower
    }

    @Test(arguments: [false, true])
    func `aborted-index-lso: a former follower names all aborted transactions`(
        isFixed: Bool
    ) throws {
        var test = followerOfThreeTransactions(isFixed: isFixed)
        let read = try test.log.read(
            from: 0, maxBytes: 250, isolation: .committed, atLeastOne: true
        ).get()
        #expect(read.batches.map(\.baseOffset) == [0, 1, 2])
        let named = try #require(read.abortedTransactions).map(\.firstOffset)
        // The batch at offset 2 is of the second aborted transaction.
        #expect(named.contains(2) == isFixed)
    }

    @Test(arguments: [false, true])
    func `lso-below-log-start: offsets stay where they were put`(isFixed: Bool) {
        var test = TestLog(with: isFixed ? [.lsoBelowLogStart] : [])
        test.transact(4, pid: 1, seq: 0)
        test.raiseHighWatermark()
        #expect(refusal(test.log.maybeIncrementLogStart(to: 2)) == nil)
        #expect((test.log.lastStableOffset >= test.log.logStartOffset) == isFixed)
    }

    @Test(arguments: [false, true])
    func `lso-below-log-start: a read does not lower the high watermark`(isFixed: Bool) {
        var test = TestLog(with: isFixed ? [.lsoBelowLogStart] : [])
        test.append(4)
        test.append(2)
        test.log.updateHighWatermark(2)
        _ = test.log.read(from: 0, maxBytes: 1_000, isolation: .highWatermark, atLeastOne: true)
        #expect(test.log.highWatermark == (isFixed ? 2 : 0))
    }

    @Test(arguments: [false, true])
    func `flush-after-truncation: nothing counts as flushed that is not`(isFixed: Bool) throws {
        var test = TestLog(with: isFixed ? [.flushAfterTruncation] : []) { $0.segmentBytes = 150 }
        for _ in 0..<3 { test.append(2) }
        // Two rolls have asked for flushes, and a truncation overtakes them.
        try test.log.truncate(to: 0, at: test.now)
        test.runTasks()
        test.append(2)
        #expect(test.log.files.firstUnflushedOffset == 0)
        #expect(test.log.recoveryPoint == (isFixed ? 0 : 2))
    }

    @Test(arguments: [false, true])
    func `snapshot-forgets-unreplicated: committed reads wait for the marker`(isFixed: Bool) {
        var test = TestLog(with: isFixed ? [.snapshotUnreplicated] : [])
        test.transact(pid: 1, seq: 0)
        test.end(pid: 1)
        test.append(1)
        test.raiseHighWatermark(to: 1)
        test.restart(clean: true)
        test.log.updateHighWatermark(1)
        #expect(test.log.lastStableOffset == (isFixed ? 0 : 1))
    }

    @Test(arguments: [false, true])
    func `emptied-marker-loses-epoch: a fenced producer stays fenced`(isFixed: Bool) {
        var test = TestLog(with: isFixed ? [.emptiedMarkerEpoch] : []) {
            $0.segmentBytes = 100
            $0.cleanupPolicy = .compact
            $0.deleteRetentionMs = 1_000
            $0.minCleanableDirtyMillionths = 0
        }
        let opening = test.log.startVerification(
            ProducerID(1), sequence: 0, epoch: 0, supportsEpochBump: false, at: test.now)
        guard case .success(let given) = opening else { return }
        _ = test.log.appendAsLeader(
            test.batch(pid: 1, transactional: true, key: 1), leaderEpoch: 0, origin: .client,
            verificationGuard: given, at: test.now)
        // The marker brings the next epoch: whoever still has the old one is fenced.
        test.end(pid: 1, epoch: 1)
        test.append(key: 1)
        for _ in 0..<4 {
            test.raiseHighWatermark()
            test.log.roll(at: test.now)
            test.log.deleteOldSegments(at: test.now)
            _ = test.log.clean(at: test.now)
            test.now += 1_000
            test.append(key: 2)
        }
        #expect(test.batches.contains { $0.isControl && $0.count == 0 })
        test.restart(recoveryPoint: 0) { files in
            for offset in files.snapshots.offsets {
                files.loseSnapshot(at: offset, leavingBrokenFile: false)
            }
        }
        let fenced = test.append(pid: 1, epoch: 0, seq: 0, key: 3)
        #expect(refusal(fenced) == (isFixed ? .invalidProducerEpoch : nil))
    }

    @Test(arguments: [false, true])
    func `zero-length-segment: a log has no hole after a power loss`(isFixed: Bool) {
        var test = TestLog(with: isFixed ? [.zeroLengthSegment] : []) { $0.segmentBytes = 150 }
        for _ in 0..<4 { test.append(2) }
        test.restart(recoveryPoint: 0) {
            $0.losePower(from: 2, torn: false, leavingEmptyFiles: true)
        }
        #expect(test.batches.map(\.lastOffset) == [1])
        #expect(test.log.endOffset == (isFixed ? 2 : 6))
    }

    @Test(arguments: [false, true])
    func `corrupt-marker-load: a log with a corrupt marker loads`(isFixed: Bool) {
        var test = TestLog(with: isFixed ? [.corruptMarkerLoad] : [])
        test.transact(pid: 1, seq: 0)
        test.end(pid: 1)
        test.log.roll(at: test.now)
        // The new segment has no index yet, so it is recovered first, from what is not yet checked.
        let failure = test.restart(recoveryPoint: 0) { files in
            files.corruptBatch(at: 1)
            for offset in files.snapshots.offsets {
                files.loseSnapshot(at: offset, leavingBrokenFile: false)
            }
        }
        #expect(failure == (isFixed ? nil : .invalidRecord))
        if isFixed { #expect(test.log.endOffset == 1) }
    }
}
