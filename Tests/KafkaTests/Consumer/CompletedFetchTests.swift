import Kernel
import Testing

@testable import Kafka

@Suite struct CompletedFetchTests {
    private let partition = PartitionRef(0)

    private func batch(
        _ range: ClosedRange<Int64>, producer: Int64 = -1, transactional: Bool = false
    ) -> RecordBatch {
        var batch = RecordBatch(
            generated: GeneratedRecords(
                stream: 1, firstIndex: 0, count: Int32(range.count), valueSize: 10),
            timestamp: 0, attributes: transactional ? [.transactional] : [],
            producerID: ProducerID(producer))
        batch.baseOffset = range.lowerBound
        return batch
    }

    private func fetch(
        _ batches: [RecordBatch], from offset: Int64 = 0, aborted: [AbortedTransaction] = []
    ) -> CompletedFetch {
        let reply = FetchPartitionReply(
            TopicIDPartition(TopicID(1), 0), batches: batches, sizeInBytes: 100,
            abortedTransactions: aborted)
        return CompletedFetch(partition, reply, from: offset)
    }

    @Test func `a batch of a thousand records is handed out as one slice`() throws {
        var fetch = fetch([batch(0...999)])
        let taken = try fetch.take(500, ConsumerSettings())
        #expect(taken.map(\.range) == [0..<500])
        #expect(fetch.nextOffset == 500)
        #expect(try fetch.take(1_000, ConsumerSettings()).map(\.range) == [500..<1_000])
        #expect(fetch.isConsumed)
    }

    /// Record by record, as the rule is said.
    private func dumb(
        _ batches: [RecordBatch], _ aborted: [AbortedTransaction], from start: Int64
    ) -> [Int64] {
        var offsets: [Int64] = []
        for (index, batch) in batches.enumerated() where !batch.isControl {
            let isAborted = batch.isTransactional && aborted.contains { one in
                one.producerID == batch.producerID && one.firstOffset <= batch.lastOffset
                    && !batches[..<index].contains { marker in
                        marker.isControl && marker.producerID == batch.producerID
                            && marker.baseOffset >= one.firstOffset
                    }
            }
            if isAborted { continue }
            offsets += (batch.baseOffset...batch.lastOffset).filter { $0 >= start }
        }
        return offsets
    }

    @Test(arguments: 0..<300)
    func `whatever the slices, the records are those that a slow reader would read`(
        seed: Int
    ) throws {
        var random = TestRandom(UInt64(seed))
        var batches: [RecordBatch] = []
        var aborted: [AbortedTransaction] = []
        var open: [Int64: Int64] = [:]
        var offset: Int64 = 0
        for _ in 0..<12 {
            let producer = Int64(random.next() % 2) + 1
            if let first = open[producer], random.next() % 3 == 0 {
                let aborts = random.next() % 2 == 0
                batches.append(
                    RecordBatch(
                        marker: EndTransactionMarker(aborts: aborts, coordinatorEpoch: 0),
                        producerID: ProducerID(producer), producerEpoch: 0, timestamp: 0,
                        baseOffset: offset))
                if aborts {
                    aborted.append(
                        AbortedTransaction(
                            producerID: ProducerID(producer), firstOffset: first,
                            lastOffset: offset, lastStableOffset: offset))
                }
                open[producer] = nil
                offset += 1
                continue
            }
            let count = Int64(random.next() % 5) + 1
            batches.append(
                batch(offset...(offset + count - 1), producer: producer, transactional: true))
            if open[producer] == nil { open[producer] = offset }
            offset += count
        }
        var settings = ConsumerSettings()
        settings.isolation = .committed
        let start = Int64(random.next() % UInt64(offset))
        // A broker begins with the batch that has the offset.
        var fetch = fetch(
            batches.filter { $0.lastOffset >= start }, from: start,
            aborted: aborted.filter { $0.lastOffset >= start })
        var offsets: [Int64] = []
        while !fetch.isConsumed {
            let limit = Int32(random.next() % 4) + 1
            for one in try fetch.take(limit, settings) {
                offsets += one.range.map { one.batch.offset(ofRecord: $0) }
            }
        }
        #expect(offsets == dumb(batches, aborted, from: start))
        #expect(fetch.nextOffset == offset)
    }
}
