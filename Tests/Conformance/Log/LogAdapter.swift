import Kafka

/// log-*.vec: one log, a directory and a clock.
struct LogAdapter: VectorAdapter {
    private var log: PartitionLog
    /// The log's directory: while no process has it open, the only thing there is.
    private var files: LogFiles
    private var now: Int64
    private let runsTasksAtOnce: Bool
    /// Between the end of one process and the next there is no log to look at.
    private var isOpen = true
    private var shown: [String] = []
    /// Guards in the order of their creation, each with the number of the process that gave it out.
    private var guards: [(process: Int, rawValue: UInt64)] = []
    private var process = 0

    init(case settings: VectorLine) throws {
        now = try settings.int("now")
        log = PartitionLog(
            config: try LogText.config(settings), generation: .current, at: now)
        files = log.files
        runsTasksAtOnce = try settings.text("background") == "now"
        if runsTasksAtOnce { runTasks() }
    }

    private static let stateVerbs = [
        "state", "epochs", "segments", "producers", "verifications", "snapshots", "aborted",
    ]

    static func isEffect(_ line: VectorLine) -> Bool {
        line.text.utf8.first { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "=") }
            == UInt8(ascii: " ") && line.text.hasPrefix("\(line.verb) -> ")
            && stateVerbs.contains(line.verb)
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        if operation.verb == "state" {
            // The state at the start of a case.
            shown = state
            effects += shown.dropFirst()
            return String(shown[0].dropFirst("state -> ".count))
        }
        let answer = try perform(operation)
        if runsTasksAtOnce, isOpen { runTasks() }
        let current = state
        for (line, before) in zip(current, shown)
        where line != before || operation.verb == "reopen" {
            effects.append(line)
        }
        if isOpen { shown = current } else { effects.removeAll() }
        return answer
    }

    private var state: [String] {
        let unstable = LogText.orNone(log.firstUnstableMetadata?.messageOffset)
        let epochs = log.leaderEpochs.entries.map { "\($0.epoch):\($0.startOffset)" }
        let segments = (0..<log.files.segmentCount).map {
            "\(log.files[segment: $0].baseOffset)"
        }
        return [
            "state -> start=\(log.logStartOffset) hw=\(log.highWatermark)"
                + " lso=\(log.lastStableOffset) leo=\(log.endOffset) unstable=\(unstable)"
                + " recovery-point=\(log.recoveryPoint)",
            "epochs -> \(LogText.list(epochs))",
            "segments -> \(LogText.list(segments))",
            "producers -> \(LogText.list(log.activeProducers.map(LogText.text)))",
            "verifications -> \(LogText.list(log.verifications.map(text)))",
            "snapshots -> \(LogText.list(log.files.snapshots.offsets.map { "\($0)" }))",
            "aborted -> \(LogText.list(log.abortedTransactions.map(LogText.text)))",
        ]
    }

    private func text(_ entry: VerificationEntry) -> String {
        "\(entry.producerID.rawValue)/\(name(of: entry.verificationGuard) ?? "?")/e\(entry.epoch)"
            + "/seq\(entry.lowestSequence)/\(entry.supportsEpochBump ? "tv2" : "tv1")"
    }

    private mutating func runTasks() {
        for task in log.takeTasks() { log.run(task) }
    }

    // MARK: Guards

    private func name(of found: VerificationGuard) -> String? {
        guards.firstIndex { $0.process == process && $0.rawValue == found.rawValue }
            .map { "g\($0 + 1)" }
    }

    private func guardNamed(_ name: Substring?) throws -> VerificationGuard? {
        guard let name, name != "-" else { return nil }
        let found = guards[try VectorText.int(name.dropFirst()) - 1]
        // A guard of an earlier process is equal to none of this one.
        return VerificationGuard(found.process == process ? found.rawValue : 0)
    }

    // MARK: Operations

    private mutating func perform(_ operation: VectorLine) throws -> String? {
        switch operation.verb {
        case "tick":
            now += try VectorText.int(try operation.word(0))
            return nil
        case "append-leader", "append-marker", "append-follower", "append-raft", "verify":
            return try append(operation)
        case "hw", "hw-increment", "hw-follow", "offsets", "increment-start":
            return try offsets(operation)
        case "read", "offset-for-time", "dump": return try read(operation)
        case "assign-epoch", "end-offset", "truncate", "truncate-fully":
            return try epochs(operation)
        case "kill", "close", "cut", "corrupt", "drop-snapshot", "drop-epochs", "reopen",
            "checkpoint":
            return try restart(operation)
        default: return try maintain(operation)
        }
    }

    private mutating func maintain(_ operation: VectorLine) throws -> String? {
        switch operation.verb {
        case "delete-old": return "ok deleted=\(log.deleteOldSegments(at: now))"
        case "roll":
            return "ok base=\(log.roll(expecting: try operation.intOrNone("at") ?? 0, at: now))"
        case "flush":
            log.flush(includingActive: try operation.bool("force"))
            return "ok"
        case "flush-to":
            log.flush(upTo: try operation.int("offset"))
            return "ok"
        case "config":
            for (name, value) in operation.fields {
                try LogText.set(name, to: value, in: &log.config)
            }
            return "ok"
        case "expire-producers":
            log.removeExpiredProducers(at: now)
            return "ok count=\(log.activeProducers.count)"
        case "late-txn": return "ok late=\(log.hasLateTransaction(at: now))"
        case "run-background":
            let tasks = log.takeTasks()
            for task in tasks { log.run(task) }
            return "ok tasks=\(LogText.list(tasks.map(name)))"
        case "clean": return clean()
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func name(of task: LogTask) -> String {
        switch task {
        case .flushSegments: "flush-log"
        case .writeLeaderEpochs: "epoch-file-flush"
        case .writePartitionMetadata: "flush-metadata-file"
        }
    }

    private mutating func clean() -> String {
        guard log.config.isCompacted else { return "ok none" }
        let (round, deleted) = log.clean(at: now)
        guard let round else { return "ok none deleted=\(deleted)" }
        return "ok first-dirty=\(round.firstDirtyOffset)"
            + " first-uncleanable=\(round.firstUncleanableOffset)"
            + " clean-bytes=\(round.cleanBytes) cleanable-bytes=\(round.cleanableBytes)"
            + " cleaned-to=\(round.cleanedTo) deleted=\(deleted)"
    }

    private mutating func append(_ operation: VectorLine) throws -> String {
        switch operation.verb {
        case "append-leader":
            return leaderAnswer(
                log.appendAsLeader(
                    try clientBatches(operation), leaderEpoch: try operation.int("epoch"),
                    origin: operation.value(of: "origin") == "coordinator" ? .coordinator : .client,
                    verificationGuard: try guardNamed(operation.value(of: "guard")), at: now))
        case "append-marker": return try appendMarker(operation)
        case "append-raft":
            var batches = try operation.list("batches").map(LogText.batch)
            let lists = try LogText.recordLists(try operation.text("records"))
            for index in batches.indices { batches[index].content = .spelled(lists[index]) }
            return leaderAnswer(
                log.appendAsLeader(
                    batches, leaderEpoch: try operation.int("epoch"), origin: .raftLeader, at: now))
        case "append-follower":
            var batches = try operation.list("batches").map(LogText.batch)
            if let fault = operation.value(of: "fault") {
                batches[try VectorText.int(fault.dropFirst("crc:".count))].isIntact = false
            }
            let result = log.appendAsFollower(
                batches, leaderEpoch: try operation.int("epoch"), at: now)
            return answer(result) {
                "first=\($0.firstOffset) last=\($0.lastOffset) valid-bytes=\($0.validBytes)"
            }
        default: return try verify(operation)
        }
    }

    private mutating func appendMarker(_ operation: VectorLine) throws -> String {
        let marker = RecordBatch(
            marker: EndTransactionMarker(
                aborts: try operation.text("type") == "abort",
                coordinatorEpoch: try operation.int("coord")),
            producerID: ProducerID(try operation.int("pid")),
            producerEpoch: try operation.int("pepoch"), timestamp: try operation.int("ts"))
        try expectSize(of: [marker], operation)
        return leaderAnswer(
            log.appendAsLeader(
                [marker], leaderEpoch: try operation.int("epoch"),
                origin: operation.value(of: "origin") == "client" ? .client : .coordinator,
                transactionVersion: try operation.int("tv"), at: now))
    }

    private mutating func verify(_ operation: VectorLine) throws -> String {
        let result = log.startVerification(
            ProducerID(try operation.int("pid")), sequence: try operation.int("seq"),
            epoch: try operation.int("pepoch"), supportsEpochBump: try operation.bool("tv2"),
            at: now)
        if case .success(let given?) = result, name(of: given) == nil {
            guards.append((process, given.rawValue))
        }
        return answer(result) { "guard=\($0.flatMap(name) ?? "-")" }
    }

    private func expectSize(of batches: [RecordBatch], _ operation: VectorLine) throws {
        let size = batches.reduce(0) { $0 + $1.sizeInBytes }
        guard size == (try operation.int("bytes")) else {
            throw VectorFormError(description: "\(size) bytes")
        }
    }

    private func clientBatches(_ operation: VectorLine) throws -> [RecordBatch] {
        let kind = try operation.text("kind")
        let fault = operation.value(of: "fault")
        var batches: [RecordBatch] = []
        for var records in try LogText.recordLists(try operation.text("records")) {
            if fault == "count" { records[1].offsetDelta = 2 }
            var batch = RecordBatch(
                attributes: kind == "txn" ? .transactional : [], records: records)
            if kind != "plain" {
                batch.producerID = ProducerID(try operation.int("pid"))
                batch.producerEpoch = try operation.int("pepoch")
                batch.baseSequence = try operation.int("seq")
            }
            batches.append(batch)
        }
        try expectSize(of: batches, operation)
        switch fault {
        case "crc": batches[0].isIntact = false
        case "negative-sequence": batches[0].baseSequence = -1
        case "zero-count": batches[0].content = .emptied
        case "append-time-flag": batches[0].attributes.insert(.logAppendTime)
        case "base-offset": batches[0].baseOffset = 1
        default: break
        }
        return batches
    }

    private func leaderAnswer(_ result: Result<LogAppendInfo, LogRefusal>) -> String {
        answer(result) {
            "first=\($0.firstOffset) last=\($0.lastOffset) append-time=\($0.logAppendTime)"
                + " log-start=\($0.logStartOffset)"
        }
    }

    private func answer<Success>(
        _ result: Result<Success, LogRefusal>, _ words: (Success) -> String
    ) -> String {
        switch result {
        case .success(let success): "ok \(words(success))"
        case .failure(let refusal): "error \(LogText.text(refusal))"
        }
    }

    private mutating func offsets(_ operation: VectorLine) throws -> String {
        switch operation.verb {
        case "hw": return "ok hw=\(log.updateHighWatermark(try operation.int("to")))"
        case "hw-increment":
            let position = log.position(of: try operation.int("to"))
            let result = log.maybeIncrementHighWatermark(position)
            return answer(result) { "old=\(LogText.orNone($0?.messageOffset))" }
        case "hw-follow":
            let new = log.maybeUpdateHighWatermark(try operation.int("to"))
            return "ok new=\(LogText.orNone(new))"
        case "offsets":
            let all = log.offsetSnapshot()
            return "ok start=\(all.logStartOffset) leo=\(all.logEndOffset.messageOffset)"
                + " hw=\(all.highWatermark.messageOffset) lso=\(all.lastStableOffset.messageOffset)"
        default:
            let result = log.maybeIncrementLogStart(to: try operation.int("to"))
            return answer(result) { "moved=\($0)" }
        }
    }

    private mutating func read(_ operation: VectorLine) throws -> String {
        switch operation.verb {
        case "dump": return dump()
        case "offset-for-time":
            guard let found = log.offset(for: try LogText.query(try operation.text("ts"))) else {
                return "ok none"
            }
            return "ok offset=\(found.offset) ts=\(found.timestamp)"
                + " epoch=\(LogText.orNone(found.leaderEpoch))"
        default:
            let result = log.read(
                from: try operation.int("from"), maxBytes: try operation.int("max-bytes"),
                isolation: try LogText.isolation(try operation.text("isolation")),
                atLeastOne: try operation.bool("min-one"))
            return answer(result) { found in
                let batches = found.batches.map { "\($0.baseOffset)..\($0.lastOffset)" }
                let aborted = found.abortedTransactions.map { list in
                    LogText.list(list.map { "\($0.producerID.rawValue)@\($0.firstOffset)" })
                }
                return "batches=\(LogText.list(batches)) bytes=\(found.sizeInBytes)"
                    + " first-incomplete=\(found.firstEntryIncomplete)"
                    + " aborted=\(aborted ?? "-")"
            }
        }
    }

    private func dump() -> String {
        var batches: [String] = []
        var records: [String] = []
        var isKeyed = false
        for segment in 0..<log.files.segmentCount {
            let stored = log.files[segment: segment].batches
            for index in 0..<stored.count {
                let batch = stored[index].batch
                batches.append(LogText.text(batch))
                isKeyed = isKeyed || batch.records.contains { $0.key != nil }
                records += batch.records.map { text($0, in: batch) }
            }
        }
        let shown = !isKeyed ? "" : " records=\(LogText.list(records))"
        return "ok batches=\(LogText.list(batches))\(shown)"
    }

    private func text(_ record: Record, in batch: RecordBatch) -> String {
        let offset = batch.baseOffset + Int64(record.offsetDelta)
        return "\(offset):\(number(record.key)):\(number(record.value))"
    }

    private func number(_ payload: Payload?) -> String {
        guard case .number(let number, _) = payload else { return "-" }
        return "\(number)"
    }

    private mutating func epochs(_ operation: VectorLine) throws -> String {
        switch operation.verb {
        case "assign-epoch":
            log.assignEpoch(try operation.int("epoch"), from: try operation.int("offset"))
            return "ok latest=\(LogText.orNone(log.leaderEpochs.latest?.epoch))"
        case "end-offset":
            guard let end = log.endOffset(forEpoch: try operation.int("epoch")) else {
                return "ok none"
            }
            return "ok epoch=\(end.epoch) offset=\(end.endOffset)"
        case "truncate":
            do {
                return "ok truncated=\(try log.truncate(to: try operation.int("to"), at: now))"
            } catch let failure as LogReplayFailure {
                return "error \(LogText.text(failure))"
            }
        default:
            log.truncateFully(
                to: try operation.int("at"), logStart: try operation.intOrNone("start"), at: now)
            return "ok"
        }
    }

    private mutating func restart(_ operation: VectorLine) throws -> String {
        switch operation.verb {
        case "checkpoint": return checkpoints
        case "kill":
            files = log.files
            isOpen = false
            return "ok"
        case "close":
            log.close()
            files = log.files
            isOpen = false
            let snapshots = LogText.list(log.files.snapshots.offsets.map { "\($0)" })
            return "\(checkpoints) snapshots=\(snapshots)"
        case "reopen":
            let result = PartitionLog.open(
                files, config: log.config, generation: .current,
                clean: try operation.bool("clean"),
                recoveryPoint: try operation.int("recovery-point"),
                logStartOffset: try operation.int("log-start"), at: now)
            switch result {
            case .failure(let failure): return "error \(LogText.text(failure))"
            case .success(let opened): log = opened
            }
            process += 1
            isOpen = true
            return "ok"
        default: return "ok found=\(try damage(operation))"
        }
    }

    private var checkpoints: String {
        "ok recovery-point=\(log.recoveryPoint) log-start=\(log.logStartCheckpoint ?? 0)"
    }

    private mutating func damage(_ operation: VectorLine) throws -> Bool {
        switch operation.verb {
        case "cut":
            return files.losePower(
                from: try operation.int("from"), torn: try operation.bool("torn"),
                leavingEmptyFiles: try operation.text("later") == "empty")
        case "corrupt": return files.corruptBatch(at: try operation.int("batch"))
        case "drop-snapshot":
            return files.loseSnapshot(
                at: try operation.int("offset"),
                leavingBrokenFile: try operation.text("how") != "gone")
        default:
            let found = !files.leaderEpochs.isEmpty
            files.loseLeaderEpochs()
            return found
        }
    }
}
