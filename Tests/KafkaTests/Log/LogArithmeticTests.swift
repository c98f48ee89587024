import Testing

@testable import Kafka

/// The log's pure rules against slow ones.
@Suite struct LogArithmeticTests {
    @Test func `the end offset of an epoch is where the next one begins`() {
        var random = TestRandom(1)
        for _ in 0..<500 {
            var entries: [EpochEntry] = []
            for _ in 0..<random.below(6) {
                let last = entries.last ?? EpochEntry(epoch: 0, startOffset: 0)
                entries.append(
                    EpochEntry(
                        epoch: last.epoch + 1 + Int32(random.below(3)),
                        startOffset: last.startOffset + 1 + Int64(random.below(9))))
            }
            for epoch in Int32(-1)...20 {
                let found = endOffsetForEpoch(epoch, in: entries, logEndOffset: 100)
                #expect(found == slowEndOffset(epoch, entries))
            }
        }
    }

    private func slowEndOffset(_ epoch: Int32, _ entries: [EpochEntry]) -> EpochEndOffset? {
        guard epoch >= 0, let latest = entries.map(\.epoch).max(), epoch <= latest else {
            return nil
        }
        let known = entries.filter { $0.epoch <= epoch }.map(\.epoch).max() ?? epoch
        let next = entries.filter { $0.epoch > epoch }.map(\.startOffset).min() ?? 100
        return EpochEndOffset(epoch: known, endOffset: next)
    }

    @Test func `epochs stay in order whatever is assigned`() {
        var random = TestRandom(2)
        for _ in 0..<300 {
            var cache = LeaderEpochCache()
            for _ in 0..<12 {
                let epoch = Int32(random.below(6))
                let offset = Int64(random.below(30))
                let before = cache.latest
                cache.assign(epoch, from: offset)
                let isNews = before.map { $0.epoch != epoch || offset < $0.startOffset } ?? true
                if isNews { #expect(cache.latest == EpochEntry(epoch: epoch, startOffset: offset)) }
                for (one, next) in zip(cache.entries, cache.entries.dropFirst()) {
                    #expect(one.epoch < next.epoch && one.startOffset < next.startOffset)
                }
            }
        }
    }

    @Test func `the upper bound in an index is the true one or the next`() {
        var random = TestRandom(3)
        for count in [1, 2, 3, 7, 50, 1_024, 1_025, 2_500] {
            var values: [Int64] = []
            for _ in 0..<count { values.append((values.last ?? 0) + 1 + Int64(random.below(5))) }
            for _ in 0..<200 {
                let target = Int64(random.below(Int(values[count - 1]) + 3))
                let found = smallestUpperBound(of: target, in: count) { values[$0] } ?? count
                let slow = values.firstIndex { $0 >= target } ?? count
                #expect(found == slow || (found == slow + 1 && values[slow] == target))
            }
        }
    }

    @Test func `the aborted transactions of a range are those that a walk through all finds`() {
        var random = TestRandom(4)
        for _ in 0..<300 {
            var index = TransactionIndex()
            var all: [AbortedTransaction] = []
            for _ in 0..<random.below(8) {
                let last = (all.last?.lastOffset ?? 0) + 1 + Int64(random.below(5))
                all.append(
                    AbortedTransaction(
                        producerID: ProducerID(1),
                        firstOffset: max(0, last - Int64(random.below(9))),
                        lastOffset: last, lastStableOffset: last + Int64(random.below(20)) - 5))
            }
            for transaction in all { index.append(transaction) }
            for _ in 0..<20 {
                let from = Int64(random.below(40))
                let below = from + Int64(random.below(20))
                var found: [AbortedTransaction] = []
                let isComplete = index.collect(from: from, below: below, into: &found)
                let slow = walk(all, from, below)
                #expect(found == slow.found && isComplete == slow.isComplete)
            }
        }
    }

    private func walk(
        _ all: [AbortedTransaction], _ from: Int64, _ below: Int64
    ) -> (found: [AbortedTransaction], isComplete: Bool) {
        var found: [AbortedTransaction] = []
        for one in all {
            if one.lastOffset >= from, one.firstOffset < below { found.append(one) }
            if one.lastStableOffset >= below { return (found, true) }
        }
        return (found, false)
    }

    @Test func `the last five batches of a producer are remembered`() {
        for limit in 1...5 {
            var recent = RecentBatches()
            var slow: [Int64] = []
            for offset in 0..<12 {
                recent.append(
                    BatchMetadata(
                        lastOffset: Int64(offset), timestamp: 0, lastSequence: 0, offsetDelta: 0),
                    keeping: limit)
                slow = (slow + [Int64(offset)]).suffix(limit)
                #expect((0..<recent.count).map { recent[$0].lastOffset } == slow)
            }
        }
    }

    @Test func `ratios are compared without rounding`() {
        #expect(!isRatio(1, of: 2, above: 500_000))
        #expect(isRatio(500_001, of: 1_000_000, above: 500_000))
        #expect(isRatio(1, of: .max, above: 0))
        #expect(!isRatio(0, of: 5, above: 0))
        #expect(isRatio(.max, of: .max, above: 999_999))
        #expect(!isRatio(.max, of: .max, above: 1_000_000))
    }

    @Test func `markers end transactions of their epoch or an older one`() {
        func isValid(
            _ epoch: Int16, _ current: Int16, open: Bool, version: Int16 = 2
        ) -> Bool {
            isMarkerEpochValid(
                epoch, current: current, hasOpenTransaction: open, transactionVersion: version)
        }
        for version in [Int16(0), 1] {
            #expect(isValid(3, 3, open: true, version: version))
            #expect(!isValid(2, 3, open: true, version: version))
        }
        #expect(isValid(4, 3, open: true))
        #expect(!isValid(3, 3, open: true))
        // The marker was written before, and its answer lost.
        #expect(isValid(3, 3, open: false))
        #expect(isValid(.max, .max, open: true))
    }
}
