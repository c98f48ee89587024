import Kernel
import Testing

@testable import Kafka

@Suite struct LiveProducerTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `an idempotent producer writes every record once and in order through all trouble`(
        seed: UInt64
    ) {
        var live = LiveProducer(seed: seed, records: 400, trouble: .seconds(3)) {
            $0.batchSize = 500
            $0.deliveryTimeout = .seconds(600)
        }
        live.run(for: .seconds(700))
        #expect(live.outcomes.count == 400)
        #expect(live.outcomes.values.allSatisfy { $0 == "written" })
        for log in live.logs {
            #expect(log.records == log.records.sorted(), "in order, each once")
        }
        #expect(live.logs.map(\.records.count).reduce(0, +) == 400)
        #expect(live.producer.batches.incompleteCount == 0)
        #expect(live.producer.accumulator.pool.available == live.producer.settings.bufferMemory)
        #expect(live.turns < 20_000, "the sender spins")
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `without idempotence every record is written at least once`(seed: UInt64) {
        var live = LiveProducer(seed: seed, records: 400, trouble: .seconds(3)) {
            $0.isIdempotent = false
            $0.batchSize = 500
            $0.deliveryTimeout = .seconds(600)
        }
        live.run(for: .seconds(700))
        #expect(live.outcomes.count == 400)
        #expect(live.outcomes.values.allSatisfy { $0 == "written" })
        #expect(Set(live.logs.flatMap(\.records)).count == 400)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `every call of send ends, whatever the delivery timeout and the memory`(seed: UInt64) {
        var live = LiveProducer(seed: seed, records: 400, trouble: .seconds(3)) {
            $0.batchSize = 500
            $0.bufferMemory = 2_000
            $0.deliveryTimeout = .milliseconds(600)
            $0.linger = .milliseconds(20)
        }
        live.run(for: .seconds(60))
        #expect(live.outcomes.count == 400)
        #expect(live.turns < 20_000, "the sender spins")
    }
}
