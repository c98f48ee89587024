@testable import Kafka

/// A leader's log and a follower's, for stories. Commands, each with what it says:
///
///     log [segment=200] [compact] [index=280] [retention=1000] [expiration=5000]
///         [with=FIX,…] [without=FIX,…]     both logs are new
///     on follower COMMAND         the command is for the follower's log; otherwise the leader's
///     lead 3                      epoch 3 begins at the log's end
///     append 2 [p7 seq=0 [epoch=1] [txn]] [keys=a,b!] [time=1000] [leader=3]
///                                 that many records; b! deletes b
///     verify p7 [seq=0] [epoch=1] [v2]    the coordinator confirms p7's transaction
///     commit p7 | abort p7 [epoch=1] [coordinator=2] [v2]
///     replicate [one-by-one] [up-to=3]    the follower fetches what it lacks
///     hw 4                        the high watermark rises to 4
///     read 0 [committed|end] [bytes=200]
///     when 1000|earliest|latest|largest   the offset for that time
///     end-of 2                    where epoch 2 ended
///     delete-records 3 | truncate 3 | roll | flush | tasks | retain | clean | expire
///     pass 1000                   milliseconds go by
///     stop | kill                 the process ends, cleanly or not
///     lose from=4 [torn] [empty-files]    the power fails, and takes what was not flushed
///     corrupt 4 | lose-snapshots | lose-epochs
///     start [flushed=0]           the next process; the checkpoint says what was flushed
///     show [offsets] [batches] [records] [segments] [epochs] [producers] [aborted]
struct LogStage: InteractionStage {
    private var logs: [PartitionLog] = []
    private var names = ["leader", "follower"]
    /// Directories of stopped processes.
    private var files: [LogFiles] = []
    private var wasStoppedCleanly = false
    private var target = 0
    private var now: Int64 = 100_000
    private var leaderEpoch: Int32 = 0
    private var guards: [ProducerID: VerificationGuard] = [:]

    init() {}

    mutating func perform(_ command: InteractionCommand) throws -> [String] {
        target = 0
        var command = command
        if command.verb == "on" {
            target = try command.word(0) == "follower" ? 1 : 0
            let fields = command.fields.map { "\($0.name)=\($0.value)" }
            let words = command.words.dropFirst() + fields
            command = InteractionCommand(words.joined(separator: " "))
        }
        switch command.verb {
        case "log": return try open(command)
        case "pass":
            now += try command.int(0)
            return []
        case "append", "verify", "commit", "abort", "replicate", "lead": return try write(command)
        case "hw", "read", "when", "end-of", "show": return try look(command)
        case "stop", "kill", "lose", "corrupt", "lose-snapshots", "lose-epochs", "start":
            return try restart(command)
        default: return try maintain(command)
        }
    }

    private var log: PartitionLog {
        get { logs[target] }
        set { logs[target] = newValue }
    }

    // MARK: Opening

    private mutating func open(_ command: InteractionCommand) throws -> [String] {
        var config = LogConfig()
        config.indexIntervalBytes = 1_000_000
        config.deleteRetentionMs = 1_000
        config.minCleanableDirtyMillionths = 0
        if command.has("compact") { config.cleanupPolicy = .compact }
        config.segmentBytes = number(command, "segment") ?? config.segmentBytes
        config.indexIntervalBytes = number(command, "index") ?? config.indexIntervalBytes
        config.retentionMs = number(command, "retention") ?? config.retentionMs
        config.producerIDExpirationMs = number(command, "expiration") ?? 86_400_000
        var generation = Generation.current
        for fix in try fixes(command, "with") { generation.insert(fix) }
        for fix in try fixes(command, "without") { generation.remove(fix) }
        let log = PartitionLog(config: config, generation: generation, at: now)
        logs = [log, log]
        files = logs.map(\.files)
        leaderEpoch = 0
        guards = [:]
        return []
    }

    private func number<Number: FixedWidthInteger>(
        _ command: InteractionCommand, _ name: String, as: Number.Type = Number.self
    ) -> Number? {
        command.value(name).flatMap { Number($0) }
    }

    private func fixes(_ command: InteractionCommand, _ name: String) throws -> [Fix] {
        try (command.value(name)?.split(separator: ",") ?? []).map { name in
            guard let fix = Fix.allCases.first(where: { $0.name == name }) else {
                throw InteractionCommand.NotUnderstood(description: "no fix \(name)")
            }
            return fix
        }
    }

    // MARK: Writing

    private func producer(_ command: InteractionCommand) -> ProducerID? {
        let word = command.words.first { $0.hasPrefix("p") && Int64($0.dropFirst()) != nil }
        return word.flatMap { Int64($0.dropFirst()) }.map { ProducerID($0) }
    }

    private mutating func write(_ command: InteractionCommand) throws -> [String] {
        switch command.verb {
        case "lead":
            leaderEpoch = try command.int(0)
            log.assignEpoch(leaderEpoch, from: log.endOffset)
            return ["epoch \(leaderEpoch) from \(log.endOffset)"]
        case "append": return [try append(command)]
        case "verify": return [try verify(command)]
        case "replicate": return try replicate(command)
        default: return [try end(command)]
        }
    }

    private mutating func append(_ command: InteractionCommand) throws -> String {
        let id = producer(command)
        let keys = command.value("keys")?.split(separator: ",") ?? []
        let count: Int32 = keys.isEmpty ? try command.int(0) : Int32(keys.count)
        let records = (0..<count).map { index in
            let key = keys.isEmpty ? nil : keys[Int(index)]
            let isDeletion = key?.hasSuffix("!") ?? false
            let name = key.map { Array((isDeletion ? $0.dropLast() : $0).utf8) }
            return Record(
                offsetDelta: index, timestamp: number(command, "time") ?? now,
                key: name.map(Payload.bytes), value: isDeletion ? nil : .number(0, width: 5))
        }
        let batch = RecordBatch(
            attributes: command.has("txn") ? .transactional : [], producerID: id ?? .none,
            producerEpoch: id == nil ? -1 : number(command, "epoch") ?? 0,
            baseSequence: id == nil ? -1 : number(command, "seq") ?? 0, records: records)
        return answer(
            log.appendAsLeader(
                batch, leaderEpoch: number(command, "leader") ?? leaderEpoch, origin: .client,
                verificationGuard: id.flatMap { guards[$0] }, at: now))
    }

    private func answer(_ result: Result<LogAppendInfo, LogRefusal>) -> String {
        switch result {
        case .success(let info):
            let range = "\(info.firstOffset)..\(info.lastOffset)"
            return info.isDuplicate ? "duplicate of \(range)" : "at \(range)"
        case .failure(let refusal): return "refused: \(refusal.error.name)"
        }
    }

    private mutating func verify(_ command: InteractionCommand) throws -> String {
        guard let id = producer(command) else {
            throw InteractionCommand.NotUnderstood(description: "who?")
        }
        let result = log.startVerification(
            id, sequence: number(command, "seq") ?? 0, epoch: number(command, "epoch") ?? 0,
            supportsEpochBump: command.has("v2"), at: now)
        switch result {
        case .success(let given):
            guards[id] = given
            return given == nil ? "its transaction is open here" : "confirmed"
        case .failure(let refusal): return "refused: \(refusal.error.name)"
        }
    }

    private mutating func end(_ command: InteractionCommand) throws -> String {
        let marker = RecordBatch(
            marker: EndTransactionMarker(
                aborts: command.verb == "abort",
                coordinatorEpoch: number(command, "coordinator") ?? 0),
            producerID: producer(command) ?? .none,
            producerEpoch: number(command, "epoch") ?? 0, timestamp: now)
        return answer(
            log.appendAsLeader(
                marker, leaderEpoch: leaderEpoch, origin: .coordinator,
                transactionVersion: command.has("v2") ? 2 : 0, at: now))
    }

    private mutating func replicate(_ command: InteractionCommand) throws -> [String] {
        let limit = number(command, "up-to", as: Int64.self) ?? logs[0].endOffset
        let lacking = batches(of: logs[0]).filter {
            $0.baseOffset >= logs[1].endOffset && $0.lastOffset < limit
        }
        let fetches = command.has("one-by-one") ? lacking.map { [$0] } : [lacking]
        return fetches.map { fetched in
            answer(logs[1].appendAsFollower(fetched, leaderEpoch: leaderEpoch, at: now))
        }
    }

    private func batches(of log: PartitionLog) -> [RecordBatch] {
        (0..<log.files.segmentCount).flatMap { segment in
            let stored = log.files[segment: segment].batches
            return (0..<stored.count).map { stored[$0].batch }
        }
    }

    // MARK: Looking

    private mutating func look(_ command: InteractionCommand) throws -> [String] {
        switch command.verb {
        case "hw":
            _ = log.maybeIncrementHighWatermark(log.position(of: try command.int(0)))
            return ["high watermark \(log.highWatermark), stable to \(log.lastStableOffset)"]
        case "read": return try read(command)
        case "when": return [try when(command)]
        case "end-of":
            let end = log.endOffset(forEpoch: try command.int(0))
            return [end.map { "epoch \($0.epoch) ended at \($0.endOffset)" } ?? "unknown"]
        default: return command.words.flatMap(show)
        }
    }

    private mutating func read(_ command: InteractionCommand) throws -> [String] {
        let isolation: FetchIsolation =
            command.has("committed") ? .committed : command.has("end") ? .logEnd : .highWatermark
        let result = log.read(
            from: try command.int(0), maxBytes: number(command, "bytes") ?? 10_000,
            isolation: isolation, atLeastOne: true)
        switch result {
        case .success(let found):
            let aborted = (found.abortedTransactions ?? []).map {
                "without p\($0.producerID.rawValue) from \($0.firstOffset), it was aborted"
            }
            return found.batches.isEmpty ? ["nothing"] : found.batches.map(text) + aborted
        case .failure(let refusal): return ["refused: \(refusal.error.name)"]
        }
    }

    private mutating func when(_ command: InteractionCommand) throws -> String {
        let query: OffsetQuery
        switch try command.word(0) {
        case "earliest": query = .earliest
        case "latest": query = .latest
        case "largest": query = .maxTimestamp
        default: query = .timestamp(try command.int(0))
        }
        guard let found = log.offset(for: query) else { return "nothing" }
        return found.timestamp < 0
            ? "offset \(found.offset)" : "offset \(found.offset), of \(found.timestamp)"
    }

    private func show(_ what: String) -> [String] {
        switch what {
        case "offsets":
            return [
                "start \(log.logStartOffset), stable to \(log.lastStableOffset), high watermark"
                    + " \(log.highWatermark), end \(log.endOffset), flushed to \(log.recoveryPoint)"
            ]
        case "batches": return batches(of: log).map(text)
        case "records": return batches(of: log).flatMap(records)
        case "segments":
            let bases = (0..<log.files.segmentCount).map { "\(log.files[segment: $0].baseOffset)" }
            return ["segments from \(bases.joined(separator: ", "))"]
        case "epochs":
            return log.leaderEpochs.entries.map { "epoch \($0.epoch) from \($0.startOffset)" }
        case "producers": return log.activeProducers.map(text)
        case "aborted":
            return log.abortedTransactions.map {
                "p\($0.producerID.rawValue) \($0.firstOffset)..\($0.lastOffset)"
                    + " stable to \($0.lastStableOffset)"
            }
        default: return ["what is \(what)?"]
        }
    }

    private func records(of batch: RecordBatch) -> [String] {
        batch.records.map { record in
            let key = record.key.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "-"
            let offset = batch.baseOffset + Int64(record.offsetDelta)
            return "\(offset) \(key)\(record.value == nil ? " deleted" : "")"
        }
    }

    private func text(_ batch: RecordBatch) -> String {
        let range = "\(batch.baseOffset)..\(batch.lastOffset) epoch \(batch.leaderEpoch)"
        let producer = batch.hasProducerID ? " p\(batch.producerID.rawValue)" : ""
        if case .endTransaction(let marker) = batch.content {
            return "\(range)\(producer) \(marker.aborts ? "abort" : "commit")"
        }
        let kind = batch.isTransactional ? " in transaction" : ""
        let sequence = batch.baseSequence < 0 ? "" : " seq \(batch.baseSequence)"
        let rest = batch.count == batch.lastOffsetDelta + 1 ? "" : ", \(batch.count) records left"
        return "\(range)\(producer)\(sequence)\(kind)\(rest)"
    }

    private func text(_ entry: ProducerStateEntry) -> String {
        let batches = (0..<entry.batches.count).map { index in
            "\(entry.batches[index].firstSequence)..\(entry.batches[index].lastSequence)"
        }
        let open = entry.transactionFirstOffset.map { ", in a transaction from \($0)" } ?? ""
        let remembered = batches.isEmpty ? "nothing" : batches.joined(separator: " ")
        return "p\(entry.producerID.rawValue) epoch \(entry.producerEpoch):"
            + " remembers \(remembered)\(open)"
    }

    // MARK: Maintenance and restarts

    private mutating func maintain(_ command: InteractionCommand) throws -> [String] {
        switch command.verb {
        case "delete-records":
            _ = log.maybeIncrementLogStart(to: try command.int(0))
            return ["start \(log.logStartOffset)"]
        case "truncate":
            try log.truncate(to: try command.int(0), at: now)
            return ["end \(log.endOffset)"]
        case "roll": return ["segment from \(log.roll(at: now))"]
        case "flush":
            log.flush(includingActive: true)
            return ["flushed to \(log.recoveryPoint)"]
        case "tasks":
            for task in log.takeTasks() { log.run(task) }
            return ["flushed to \(log.recoveryPoint)"]
        case "retain": return ["\(log.deleteOldSegments(at: now)) segments deleted"]
        case "expire":
            log.removeExpiredProducers(at: now)
            return []
        case "clean":
            guard let round = log.clean(at: now).round else { return ["nothing to do"] }
            return ["clean up to \(round.cleanedTo)"]
        default: throw InteractionCommand.NotUnderstood(description: "unknown verb")
        }
    }

    private mutating func restart(_ command: InteractionCommand) throws -> [String] {
        switch command.verb {
        case "stop":
            log.close()
            files[target] = log.files
            wasStoppedCleanly = true
        case "kill":
            files[target] = log.files
            wasStoppedCleanly = false
        case "lose":
            files[target].losePower(
                from: number(command, "from") ?? 0, torn: command.has("torn"),
                leavingEmptyFiles: command.has("empty-files"))
        case "corrupt": files[target].corruptBatch(at: try command.int(0))
        case "lose-epochs": files[target].loseLeaderEpochs()
        case "lose-snapshots":
            for offset in files[target].snapshots.offsets {
                files[target].loseSnapshot(at: offset, leavingBrokenFile: false)
            }
        default: return start(command)
        }
        return []
    }

    private mutating func start(_ command: InteractionCommand) -> [String] {
        let highWatermark = log.highWatermark
        let opened = PartitionLog.open(
            files[target], config: log.config, generation: log.generation,
            clean: wasStoppedCleanly,
            recoveryPoint: number(command, "flushed") ?? log.recoveryPoint,
            logStartOffset: log.logStartCheckpoint ?? 0, at: now)
        guard case .success(let started) = opened else { return ["the log cannot be read"] }
        log = started
        log.updateHighWatermark(highWatermark)
        return show("offsets")
    }
}
