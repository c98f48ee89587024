import Kafka
import Kernel

/// A leader's log that one idempotent producer fills.
private struct FilledLog {
    var log: PartitionLog
    private let records: Int32
    private var sequence: Int32 = 0

    init(recordsABatch records: Int32) {
        var config = LogConfig()
        // Small, so that rolling is among what is measured.
        config.segmentBytes = Int64(sizeOfBatch(Self.generated(records))) * 5_000
        log = PartitionLog(config: config, generation: .current, at: 0)
        self.records = records
    }

    private static func generated(_ count: Int32) -> GeneratedRecords {
        GeneratedRecords(stream: 1, firstIndex: 0, count: count, valueSize: 100)
    }

    mutating func append() {
        let batch = RecordBatch(
            generated: Self.generated(records), timestamp: 0, producerID: ProducerID(1),
            producerEpoch: 0, baseSequence: sequence)
        sequence = incrementSequence(sequence, by: records)
        guard case .success = log.appendAsLeader(batch, leaderEpoch: 1, origin: .client, at: 0)
        else { fatalError("a batch in its order was refused") }
        if !log.tasks.isEmpty {
            for task in log.takeTasks() { log.run(task) }
        }
    }

    mutating func fill(to batches: Int64) {
        while log.endOffset < batches * Int64(records) { append() }
        _ = log.maybeIncrementHighWatermark(log.position(of: log.endOffset))
    }

    /// One batch from somewhere.
    mutating func fetch(_ draw: UInt64) -> Int64 {
        let offset = Int64(draw % UInt64(log.endOffset))
        let found = log.read(
            from: offset, maxBytes: 1, isolation: .highWatermark, atLeastOne: true)
        guard case .success(let result) = found else { fatalError("a fetch was refused") }
        return result.sizeInBytes
    }
}

/// Batches a log has, from a thousand to a million.
private func logSizes(_ effort: Bench.Effort) -> [Int64] {
    effort == .quick ? [1_000, 100_000] : [1_000, 1_000_000]
}

func measureLogAppends(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var figures: [Figure] = []
    var first: Figure?
    for records in [Int32(1), 1_000] {
        for size in logSizes(effort) {
            var filled = FilledLog(recordsABatch: records)
            filled.fill(to: size)
            let window = 10_000
            let cost = bestNanoseconds(tries: 20, operations: window, stopwatch) {
                for _ in 0..<window { filled.append() }
            }
            let figure = Figure(
                "log-append-\(records)-record\(records == 1 ? "" : "s")-after-\(size)", cost, "ns",
                yardstick: first.map { .init("one record, a short log", $0.value) })
            first = first ?? figure
            figures.append(figure)
        }
    }
    return figures
}

func measureLogFetches(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var first: Double?
    return logSizes(effort).flatMap { size in
        var filled = FilledLog(recordsABatch: 1)
        filled.fill(to: size)
        let window: UInt64 = 10_000
        var bytes: Int64 = 0
        let cost = bestNanoseconds(tries: 20, operations: Int(window), stopwatch) {
            // Steps of a golden ratio, which come to every part of the log.
            for step in 0..<window { bytes += filled.fetch(step &* 0x9e37_79b9_7f4a_7c15 >> 8) }
        }
        let tail = bestNanoseconds(tries: 20, operations: Int(window), stopwatch) {
            let end = UInt64(filled.log.endOffset)
            for step in 0..<window { bytes += filled.fetch(end - 1 - step % 1_000) }
        }
        precondition(bytes > 0)
        defer { first = first ?? cost }
        return [
            Figure(
                "log-fetch-of-\(size)", cost, "ns",
                yardstick: first.map { .init("a short log", $0) }),
            Figure(
                "log-fetch-at-the-end-of-\(size)", tail, "ns",
                yardstick: .init("anywhere in it", cost)),
        ]
    }
}

func measureLogForks(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    var first: Double?
    return logSizes(effort).map { size in
        var filled = FilledLog(recordsABatch: 1)
        filled.fill(to: size)
        let window = 1_000
        var end: Int64 = 0
        var best = Double.infinity
        for _ in 0..<20 {
            let cost = bestNanoseconds(tries: 1, operations: window, stopwatch) {
                for _ in 0..<window {
                    var fork = filled
                    fork.append()
                    end += fork.log.endOffset
                }
            }
            best = min(best, cost)
            filled.append()
        }
        precondition(end > 0)
        defer { first = first ?? best }
        return Figure(
            "log-fork-and-append-of-\(size)", best, "ns",
            yardstick: first.map { .init("a short log", $0) })
    }
}
