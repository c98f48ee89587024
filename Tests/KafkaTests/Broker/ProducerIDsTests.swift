import Kernel
import Testing

@testable import Kafka

@Suite struct ProducerIDsTests {
    private var ids = ProducerIDs()

    private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

    @Test mutating func `without a block nobody gets an id, and one is asked for once`() {
        #expect(ids.take(at: at(0)) == nil)
        #expect(ids.wantsBlock)
        ids.asked()
        #expect(ids.take(at: at(1)) == nil)
        #expect(!ids.wantsBlock)
    }

    @Test mutating func `the next block is asked for when nine tenths are used`() {
        _ = ids.take(at: at(0))
        ids.asked()
        ids.received(start: 3_000, count: 10)
        for number in 0..<9 {
            #expect(ids.take(at: at(1)) == ProducerID(3_000 + Int64(number)))
            #expect(!ids.wantsBlock)
        }
        #expect(ids.take(at: at(1)) == ProducerID(3_009))
        #expect(ids.wantsBlock)
        ids.asked()
        ids.received(start: 5_000, count: 10)
        #expect(ids.take(at: at(1)) == ProducerID(5_000))
    }

    @Test mutating func `after a refusal it waits for fifty milliseconds`() {
        _ = ids.take(at: at(0))
        ids.asked()
        ids.refused(at: at(10))
        #expect(ids.take(at: at(59)) == nil)
        #expect(!ids.wantsBlock)
        #expect(ids.take(at: at(60)) == nil)
        #expect(ids.wantsBlock)
    }

    @Test mutating func `a request that was given up can be made again at once`() {
        _ = ids.take(at: at(0))
        ids.asked()
        ids.gaveUp()
        _ = ids.take(at: at(0))
        #expect(ids.wantsBlock)
    }
}
