import Kafka
import Kernel
import Testing

@testable import Checks

/// A chain against the slow and obvious way: a list of batches, compared one by one.
@Suite struct LogChainTests {
    private struct SlowLog {
        var start: Int64 = 0
        var batches: [RaftBatch] = []

        func agrees(with other: SlowLog, upTo offset: Int64) -> Bool {
            prefix(upTo: offset) == other.prefix(upTo: offset)
        }

        private func prefix(upTo offset: Int64) -> [RaftBatch] {
            batches.filter { $0.endOffset <= offset }
        }
    }

    @Test func `links are equal where and only where the logs before them are`() {
        var choices = Choices(seed: 11)
        func draw(_ bound: UInt64) -> Int64 {
            Int64(choices.draw(ActorID(1), Purpose(code: 1), below: bound))
        }
        for _ in 0..<200 {
            var chains = [LogChain(), LogChain()]
            var slow = [SlowLog(), SlowLog()]
            for _ in 0..<60 {
                let which = Int(draw(2))
                if draw(8) == 0, let last = slow[which].batches.last {
                    let cut = max(0, last.endOffset - draw(4))
                    slow[which].batches.removeAll { $0.endOffset > cut }
                    chains[which].truncate(to: cut)
                }
                let base = slow[which].batches.last?.endOffset ?? 0
                let batch = RaftBatch(
                    baseOffset: base, count: 1, epoch: 1, sizeInBytes: 1,
                    content: .data(firstItem: draw(12) == 0 ? 77 : base))
                slow[which].batches.append(batch)
                chains[which].append(batch)
                #expect(chains[which].end == batch.endOffset)
            }
            for offset in 1...60 as ClosedRange<Int64> {
                guard let left = chains[0].link(at: offset), let right = chains[1].link(at: offset)
                else { continue }
                #expect((left == right) == slow[0].agrees(with: slow[1], upTo: offset))
            }
            let end = draw(60)
            let common = slow[0].batches.map(\.endOffset).last { offset in
                offset <= end && slow[1].batches.contains { $0.endOffset == offset }
                    && slow[0].agrees(with: slow[1], upTo: offset)
            }
            #expect(chains[0].lastCommonEnd(with: chains[1], upTo: end) == common ?? 0)
        }
    }

    @Test func `what holds an offset is the batch that it lies in`() {
        var chain = LogChain()
        for (base, count, epoch) in [(0, 3, 1), (3, 1, 1), (4, 6, 2)] as [(Int64, Int32, Int32)] {
            chain.append(
                RaftBatch(
                    baseOffset: base, count: count, epoch: epoch, sizeInBytes: 1,
                    content: .data(firstItem: base)))
        }
        let epochs = (0..<10).map { chain.link(holding: $0)?.end.epoch }
        #expect(epochs == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
        #expect([3, 5].map { chain.link(holding: $0)?.end.offset } == [4, 10])
        #expect(chain.link(holding: 10) == nil)
        chain.dropPrefix(to: 4)
        #expect(chain.link(holding: 3) == nil)
        #expect(chain.link(holding: 4)?.end.offset == 10)
    }

    @Test func `a dropped prefix becomes the base and links after it stay`() {
        var chain = LogChain()
        for offset in 0..<200 as Range<Int64> {
            chain.append(
                RaftBatch(
                    baseOffset: offset, count: 1, epoch: 1, sizeInBytes: 1,
                    content: .data(firstItem: offset)))
        }
        let whole = chain
        chain.dropPrefix(to: 150)
        #expect(chain.start == 150)
        #expect(chain.link(at: 149) == nil)
        for offset in 150...200 as ClosedRange<Int64> {
            #expect(chain.link(at: offset) == whole.link(at: offset))
        }
        #expect(chain.lastCommonEnd(with: whole, upTo: 200) == 200)
    }
}
