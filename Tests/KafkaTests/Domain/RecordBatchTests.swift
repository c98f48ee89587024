import Testing

@testable import Kafka

@Suite struct RecordBatchTests {
    private func generated(_ random: inout TestRandom) -> RecordBatch {
        let records = GeneratedRecords(
            stream: UInt32(random.below(5)), firstIndex: Int64(random.below(1_000_000)),
            count: Int32(1 + random.below(300)), distinctKeys: UInt32(random.below(3) * 50),
            keySize: Int32(random.below(100)), valueSize: Int32(7 + random.below(200)),
            timestampStep: Int32(random.below(400) - 100))
        return RecordBatch(generated: records, timestamp: 1_000_000)
    }

    @Test func `a batch of generated records is as large as if they were spelled out`() {
        var random = TestRandom(1)
        for _ in 0..<300 {
            let batch = generated(&random)
            #expect(
                batch.sizeInBytes
                    == sizeOfBatch(batch.records, baseTimestamp: batch.baseTimestamp))
            #expect(batch.sizeInBytes == Int32(batch.encoded.bytes.count))
            #expect(batch.maxTimestamp == batch.records.map(\.timestamp).max())
        }
    }

    @Test func `batches of thousands of records keep their size exact`() {
        for step in [Int32(0), 1, 63, 64, -1, 8_192, .max] {
            let records = GeneratedRecords(
                stream: 1, firstIndex: 0, count: 20_000, valueSize: 6, timestampStep: step)
            let spelled = sizeOfBatch(records.spelled(from: 0), baseTimestamp: 0)
            #expect(sizeOfBatch(records) == spelled)
        }
    }

    @Test func `what is encoded is read back`() throws {
        var random = TestRandom(2)
        for _ in 0..<100 {
            var batch = generated(&random)
            batch.baseOffset = Int64(random.below(1_000))
            batch.leaderEpoch = Int32(random.below(9))
            let encoded = batch.encoded
            #expect(encoded.isValid)
            let decoded = try encoded.decoded()
            #expect(decoded.records == batch.records)
            #expect(decoded.encoded == encoded)
            #expect(decoded.isIntact && decoded.sizeInBytes == batch.sizeInBytes)
        }
    }

    @Test func `a changed byte behind the leader epoch is noticed`() throws {
        var random = TestRandom(3)
        let batch = generated(&random)
        var changed = batch.encoded
        changed.setBaseOffset(77)
        changed.setLeaderEpoch(5)
        #expect(changed.isValid)
        for _ in 0..<50 {
            var bytes = batch.encoded.bytes
            bytes[21 + random.below(bytes.count - 21)] ^= UInt8(1 << random.below(8))
            #expect(!EncodedRecordBatch(bytes: bytes).isValid)
        }
    }

    @Test func `the checksum is that of Castagnoli`() {
        #expect(crc32c(Array("123456789".utf8)) == 0xe306_9283)
    }

    @Test func `a marker survives its bytes`() throws {
        let marker = RecordBatch(
            marker: EndTransactionMarker(aborts: true, coordinatorEpoch: 9),
            producerID: ProducerID(4), producerEpoch: 2, timestamp: 50)
        #expect(try marker.encoded.decoded() == marker)
    }

    @Test func `payloads compare as their bytes do`() {
        var random = TestRandom(4)
        func payload(_ random: inout TestRandom) -> Payload {
            let number = Payload.number(Int64(random.below(30)), width: Int32(2 + random.below(2)))
            return random.chance(1, in: 2) ? number : .bytes(number.bytes)
        }
        for _ in 0..<1_000 {
            let (one, other) = (payload(&random), payload(&random))
            #expect((one == other) == (one.bytes == other.bytes))
            #expect((one < other) == one.bytes.lexicographicallyPrecedes(other.bytes))
        }
    }

    @Test func `sequences wrap and come back`() {
        var random = TestRandom(5)
        for _ in 0..<1_000 {
            let near = Int32(random.below(100))
            let sequence = random.chance(1, in: 2) ? near : Int32.max - near
            let step = Int32(random.below(200))
            let further = incrementSequence(sequence, by: step)
            #expect(further >= 0)
            #expect(Int64(further) == (Int64(sequence) + Int64(step)) % (1 << 31))
            #expect(decrementSequence(further, by: step) == sequence)
            #expect(isAtMost(sequence, further))
        }
    }

    @Test func `a record not older than a time is the first such`() {
        var random = TestRandom(6)
        for _ in 0..<200 {
            let batch = generated(&random)
            let target = 1_000_000 + Int64(random.below(2_000) - 500)
            let start = Int64(random.below(20))
            let slow = batch.records.first {
                Int64($0.offsetDelta) >= start && $0.timestamp >= target
            }
            let found = batch.firstRecord(from: start, notOlderThan: target)
            #expect(found?.offset == slow.map { Int64($0.offsetDelta) })
            #expect(found?.timestamp == slow?.timestamp)
        }
    }
}
