import Kernel
import Testing

@testable import Kafka

@Suite struct BatchStoreTests {
    /// Batches of all lengths, with the gaps that compaction leaves, and a stretch of long ones so
    /// that a guess by the average is far off.
    private func store(_ seed: UInt64, count: Int) -> BatchStore {
        var choices = Choices(seed: seed)
        let actor = ActorID(1)
        let purpose = Purpose(code: 0x7f01)
        var store = BatchStore()
        var offset = Int64(choices.draw(actor, purpose, below: 1_000))
        for index in 0..<count {
            offset += Int64(choices.draw(actor, purpose, below: 3)) * 5
            let isLong = index > count / 3 && index < count / 2
            let length = Int64(choices.draw(actor, purpose, below: isLong ? 5_000 : 4)) + 1
            let batch = RecordBatch(
                baseOffset: offset, lastOffsetDelta: Int32(length - 1), leaderEpoch: 0,
                attributes: [], producerEpoch: -1, producerID: .none, baseSequence: -1,
                sizeInBytes: 100, baseTimestamp: 0, maxTimestamp: 0, content: .emptied)
            store.append(
                StoredBatch(batch: batch, position: Int64(index) * 100, maxTimestampSoFar: 0))
            offset += length
        }
        return store
    }

    @Test(arguments: 0..<12)
    func `the batch of an offset is the one that a search from the front finds`(seed: UInt64) {
        for count in [0, 1, 15, 17, 40, 1_500] {
            let store = store(seed, count: count)
            let end = count == 0 ? 20 : store.lastOffset(at: count - 1) + 20
            let step = max(1, end / 2_000)
            for offset in stride(from: Int64(-2), to: end, by: Int(step)) {
                let slow =
                    (0..<count).first { store.lastOffset(at: $0) >= offset } ?? count
                if slow != store.firstIndex(endingFrom: offset) {
                    Issue.record("offset \(offset) of \(count): \(slow)")
                }
            }
        }
    }
}
