import Testing

@testable import Kafka

/// A log and a clock, said briefly.
struct TestLog {
    var log: PartitionLog
    var now: Int64 = 100_000

    init(
        with: [Fix] = [], without: [Fix] = [], configure: (inout LogConfig) -> Void = { _ in }
    ) {
        var generation = Generation.current
        for fix in with { generation.insert(fix) }
        for fix in without { generation.remove(fix) }
        var config = LogConfig()
        configure(&config)
        log = PartitionLog(config: config, generation: generation, at: now)
    }

    func batch(
        _ count: Int = 1, pid: Int64? = nil, epoch: Int16 = 0, seq: Int32 = 0,
        transactional: Bool = false, key: Int64? = nil
    ) -> RecordBatch {
        let records = (0..<count).map { index in
            Record(
                offsetDelta: Int32(index), timestamp: now,
                key: key.map { .number($0 + Int64(index), width: 3) },
                value: .number(Int64(index), width: 3))
        }
        return RecordBatch(
            attributes: transactional ? .transactional : [],
            producerID: pid.map { ProducerID($0) } ?? .none,
            producerEpoch: pid == nil ? Absent.producerEpoch : epoch,
            baseSequence: pid == nil ? Absent.sequence : seq, records: records)
    }

    @discardableResult
    mutating func append(
        _ count: Int = 1, leaderEpoch: Int32 = 0, pid: Int64? = nil, epoch: Int16 = 0,
        seq: Int32 = 0, key: Int64? = nil
    ) -> Result<LogAppendInfo, LogRefusal> {
        log.appendAsLeader(
            batch(count, pid: pid, epoch: epoch, seq: seq, key: key), leaderEpoch: leaderEpoch,
            origin: .client, at: now)
    }

    /// Appends into a transaction, verifying it first as the broker does.
    @discardableResult
    mutating func transact(
        _ count: Int = 1, pid: Int64, epoch: Int16 = 0, seq: Int32 = 0
    ) -> Result<LogAppendInfo, LogRefusal> {
        let verified = log.startVerification(
            ProducerID(pid), sequence: seq, epoch: epoch, supportsEpochBump: false, at: now)
        guard case .success(let given) = verified else { return .failure(.invalidProducerEpoch) }
        return log.appendAsLeader(
            batch(count, pid: pid, epoch: epoch, seq: seq, transactional: true), leaderEpoch: 0,
            origin: .client, verificationGuard: given, at: now)
    }

    @discardableResult
    mutating func end(
        pid: Int64, epoch: Int16 = 0, aborts: Bool = false, coordinator: Int32 = 0
    ) -> Result<LogAppendInfo, LogRefusal> {
        log.appendAsLeader(
            RecordBatch(
                marker: EndTransactionMarker(aborts: aborts, coordinatorEpoch: coordinator),
                producerID: ProducerID(pid), producerEpoch: epoch, timestamp: now),
            leaderEpoch: 0, origin: .coordinator, at: now)
    }

    mutating func raiseHighWatermark(to offset: Int64? = nil) {
        _ = log.maybeIncrementHighWatermark(log.position(of: offset ?? log.endOffset))
    }

    mutating func runTasks() {
        for task in log.takeTasks() { log.run(task) }
    }

    /// The process is killed and starts again with these checkpoints; a loss may happen between.
    @discardableResult
    mutating func restart(
        clean: Bool = false, recoveryPoint: Int64? = nil, logStart: Int64 = 0,
        losing: (inout LogFiles) -> Void = { _ in }
    ) -> LogReplayFailure? {
        if clean { log.close() }
        var files = log.files
        losing(&files)
        let opened = PartitionLog.open(
            files, config: log.config, generation: log.generation, clean: clean,
            recoveryPoint: recoveryPoint ?? log.recoveryPoint, logStartOffset: logStart, at: now)
        switch opened {
        case .success(let log):
            self.log = log
            return nil
        case .failure(let failure): return failure
        }
    }

    var batches: [RecordBatch] {
        (0..<log.files.segmentCount).flatMap { segment in
            let stored = log.files[segment: segment].batches
            return (0..<stored.count).map { stored[$0].batch }
        }
    }

    func producer(_ id: Int64) -> ProducerStateEntry? { log.producers.producers[ProducerID(id)] }
}

/// The refusal, if it was one.
func refusal<Success>(_ result: Result<Success, LogRefusal>) -> LogRefusal? {
    if case .failure(let refusal) = result { return refusal }
    return nil
}
