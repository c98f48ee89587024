import Testing

@testable import Kafka

/// What holds of a log whatever is done to it.
@Suite struct PartitionLogTests {
    /// With what 4.3.1 gets wrong put right, the offsets keep the order that Kafka means them to.
    private static let offsetFixes: [Fix] = [.lsoBelowLogStart, .flushAfterTruncation]

    @Test(arguments: 0..<40)
    func `start, stable offset, high watermark and end keep their order`(seed: Int) {
        var random = TestRandom(UInt64(seed))
        var test = TestLog(with: Self.offsetFixes) { $0.segmentBytes = 400 }
        for _ in 0..<150 {
            act(&test, &random)
            #expect(test.log.logStartOffset <= test.log.lastStableOffset)
            #expect(test.log.lastStableOffset <= test.log.highWatermark)
            #expect(test.log.highWatermark <= test.log.endOffset)
            #expect(test.log.recoveryPoint <= test.log.endOffset)
            checkOrder(of: test)
        }
    }

    @Test(arguments: 100..<140)
    func `batches and segments keep their order, however Kafka errs`(seed: Int) {
        var random = TestRandom(UInt64(seed))
        var test = TestLog {
            $0.segmentBytes = 300
            $0.cleanupPolicy = seed % 2 == 0 ? [.compact, .delete] : .delete
            $0.minCleanableDirtyMillionths = 0
            $0.retentionBytes = 900
        }
        for _ in 0..<150 {
            act(&test, &random)
            checkOrder(of: test)
        }
    }

    private func checkOrder(of test: TestLog) {
        let bases = test.log.files.baseOffsets(first: test.log.files.segmentCount)
        #expect(zip(bases, bases.dropFirst()).allSatisfy { $0 < $1 })
        let batches = test.batches
        #expect(zip(batches, batches.dropFirst()).allSatisfy { $0.lastOffset < $1.baseOffset })
        #expect(batches.allSatisfy { $0.lastOffset < test.log.endOffset })
    }

    private func act(_ test: inout TestLog, _ random: inout TestRandom) {
        let pid = Int64(random.below(3))
        let seq = test.producer(pid).map { incrementSequence($0.lastSequence, by: 1) } ?? 0
        switch random.below(16) {
        case 0...3: test.append(1 + random.below(4), key: Int64(random.below(5)))
        case 4, 5: test.append(1 + random.below(3), pid: pid, seq: seq, key: 2)
        case 6: test.transact(1 + random.below(3), pid: pid, seq: seq)
        case 7: test.end(pid: pid, aborts: random.chance(1, in: 2))
        case 8:
            test.raiseHighWatermark(to: Int64(random.below(Int(test.log.endOffset) + 1)))
        case 9: _ = try? test.log.truncate(to: truncationTarget(test, &random), at: test.now)
        case 10: test.log.roll(at: test.now)
        case 11: test.runTasks()
        case 12: _ = test.log.maybeIncrementLogStart(to: test.log.highWatermark)
        case 13:
            if test.log.config.isCompacted {
                _ = test.log.clean(at: test.now)
            } else {
                test.log.deleteOldSegments(at: test.now)
            }
        case 14: readAnywhere(&test, &random)
        default: restart(&test, &random)
        }
        test.now += Int64(random.below(50))
    }

    /// Committed records are not truncated.
    private func truncationTarget(_ test: TestLog, _ random: inout TestRandom) -> Int64 {
        test.log.highWatermark + Int64(random.below(5))
    }

    private func readAnywhere(_ test: inout TestLog, _ random: inout TestRandom) {
        let isolation: FetchIsolation = [.logEnd, .highWatermark, .committed][random.below(3)]
        let read = test.log.read(
            from: Int64(random.below(Int(test.log.endOffset) + 2)),
            maxBytes: Int64(random.below(300)), isolation: isolation,
            atLeastOne: random.chance(1, in: 2))
        guard case .success(let found) = read, isolation == .committed else { return }
        #expect(found.batches.allSatisfy { $0.baseOffset < test.log.lastStableOffset })
    }

    private func restart(_ test: inout TestLog, _ random: inout TestRandom) {
        let highWatermark = test.log.highWatermark
        let logStart = test.log.logStartOffset
        let isClean = random.chance(1, in: 3)
        test.restart(
            clean: isClean, recoveryPoint: isClean ? nil : min(test.log.recoveryPoint, 0),
            logStart: logStart)
        test.log.updateHighWatermark(highWatermark)
    }

    @Test func `a fork goes its own way`() {
        var test = TestLog { $0.segmentBytes = 300 }
        for _ in 0..<100 { test.append(2, pid: 1, seq: (test.producer(1)?.lastSequence ?? -1) + 1) }
        for _ in 0..<40 { test.append(2) }
        var fork = test
        fork.append(3)
        fork.log.roll(at: fork.now)
        _ = try? test.log.truncate(to: 10, at: test.now)
        #expect(test.log.endOffset == 10)
        #expect(fork.log.endOffset > 80)
        #expect(fork.batches.count == Int(fork.log.endOffset - 3) / 2 + 1)
    }

    @Test func `a batch of a thousand records is one batch`() throws {
        var test = TestLog()
        let records = GeneratedRecords(stream: 1, firstIndex: 0, count: 1_000, valueSize: 100)
        let info = try test.log.appendAsLeader(
            RecordBatch(generated: records, timestamp: test.now), leaderEpoch: 1, origin: .client,
            at: test.now
        ).get()
        #expect(info.lastOffset == 999)
        #expect(test.batches.count == 1)
        let found = test.log.offset(for: .timestamp(test.now))
        #expect(found?.offset == 0)
        let inside = try test.log.read(
            from: 500, maxBytes: 1, isolation: .logEnd, atLeastOne: true
        ).get()
        #expect(inside.batches.map(\.baseOffset) == [0])
    }

    @Test func `only unflushed batches can be lost to a power loss`() {
        var test = TestLog { $0.segmentBytes = 200 }
        #expect(test.log.files.firstUnflushedOffset == nil)
        test.append(2)
        test.append(2)
        test.append(2)
        #expect(test.log.files.firstUnflushedOffset == 0)
        test.runTasks()
        #expect(test.log.files.firstUnflushedOffset == 4)
        test.log.flush(includingActive: true)
        #expect(test.log.files.firstUnflushedOffset == nil)
        test.append(2)
        #expect(test.log.files.firstUnflushedOffset == 6)
    }
}
