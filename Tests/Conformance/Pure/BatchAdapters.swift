import Kafka

/// batch-build.vec: batches as a producer fills them.
struct BatchBuildAdapter: VectorAdapter {
    private var builder: RecordBatchBuilder

    init(case settings: VectorLine) throws {
        let stamped = try settings.text("timestamp-type") == "LogAppendTime"
        builder = RecordBatchBuilder(
            baseOffset: try settings.int("base-offset"),
            logAppendTime: stamped ? try settings.int("log-append-time") : nil,
            producerID: ProducerID(try settings.int("producer-id")),
            producerEpoch: try settings.int("producer-epoch"),
            baseSequence: try settings.int("base-sequence"),
            isTransactional: try settings.bool("transactional"),
            isControl: try settings.bool("control"),
            leaderEpoch: try settings.int("leader-epoch"),
            writeLimit: try settings.int("write-limit"))
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        do {
            return try answer(operation)
        } catch let refusal as RecordBatchBuilder.Refusal {
            switch refusal {
            case .illegalArgument: return "error IllegalArgumentException"
            case .illegalState: return "error IllegalStateException"
            }
        }
    }

    private mutating func answer(_ operation: VectorLine) throws -> String? {
        switch operation.verb {
        case "append", "append-at":
            try builder.append(
                at: try operation.intOrNone("offset"), timestamp: try operation.int("ts"),
                key: try RecordText.payload(try operation.text("key")),
                value: try RecordText.payload(try operation.text("value")),
                headers: try operation.list("headers").map(RecordText.header))
            return "ok records=\(builder.records.count) size=\(builder.sizeInBytes)"
                + " full=\(builder.isFull)"
        case "has-room":
            let hasRoom = builder.hasRoom(
                timestamp: try operation.int("ts"),
                key: try RecordText.payload(try operation.text("key")),
                value: try RecordText.payload(try operation.text("value")),
                headers: try operation.list("headers").map(RecordText.header))
            return "ok room=\(hasRoom)"
        case "set-producer":
            try builder.setProducer(
                ProducerID(try operation.int("producer-id")),
                epoch: try operation.int("producer-epoch"),
                baseSequence: try operation.int("base-sequence"),
                isTransactional: try operation.bool("transactional"))
            return "ok"
        case "override-last-offset":
            builder.overrideLastOffset(try operation.int("offset"))
            return nil
        case "close":
            guard let batch = try builder.close() else { return "ok bytes=0x size=0" }
            return "ok \(RecordText.whole(batch.encoded))"
        default: throw VectorFormError(description: "unknown verb")
        }
    }
}

/// batch-read.vec: buffers, whole and broken.
struct BatchReadAdapter: VectorAdapter {
    private var batches: [EncodedRecordBatch] = []

    init(case settings: VectorLine) {}

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        if operation.verb == "split" {
            let buffer = try RecordText.bytes(try operation.text("bytes")) ?? []
            let found = EncodedRecordBatch.split(buffer)
            batches = found.batches
            guard !found.isCorrupt else { return "error CORRUPT_MESSAGE" }
            let sizes = batches.map { "\($0.magic):\($0.bytes.count)" }
            return "ok batches=[\(sizes.joined(separator: ","))]"
                + " valid-bytes=\(batches.reduce(0) { $0 + $1.bytes.count })"
        }
        let batch = batches[try operation.int("batch")]
        switch operation.verb {
        case "ensure-valid": return batch.isValid ? "ok" : "error CORRUPT_MESSAGE"
        case "header": return "ok \(RecordText.text(batch)) \(RecordText.producer(batch))"
        case "iterate":
            guard let records = try? batch.records() else { return "error INVALID_RECORD" }
            guard records.allSatisfy(isPrintable) else { return "unprintable" }
            let texts = records.map { text($0, in: batch) }
            return "ok records=[\(texts.joined(separator: ","))]"
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func isPrintable(_ record: Record) -> Bool {
        record.headers.allSatisfy { $0.key.unicodeScalars.allSatisfy { $0.value > 32 } }
    }

    private func text(_ record: Record, in batch: EncodedRecordBatch) -> String {
        let sequence =
            batch.baseSequence >= 0
            ? incrementSequence(batch.baseSequence, by: record.offsetDelta) : -1
        let headers = record.headers.map { "\($0.key):\(RecordText.text($0.value))" }
        return "\(batch.baseOffset + Int64(record.offsetDelta))/\(record.timestamp)/\(sequence)"
            + "/\(RecordText.text(record.key?.bytes))/\(RecordText.text(record.value?.bytes))"
            + "/\(headers.joined(separator: "+"))"
    }
}

/// batch-control.vec: markers and Raft's control batches.
struct BatchControlAdapter: VectorAdapter {
    init(case settings: VectorLine) {}

    func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "marker": return try marker(operation)
        case "parse-key": return try parseKey(operation)
        case "parse-marker": return try parseMarker(operation)
        default: return answer(try raft(operation))
        }
    }

    private func answer(_ batch: RecordBatch) -> String {
        let encoded = batch.encoded
        let record = try? encoded.records().first
        return "ok \(RecordText.whole(encoded)) key=\(RecordText.text(record?.key?.bytes))"
            + " value=\(RecordText.text(record?.value?.bytes))"
    }

    private func marker(_ operation: VectorLine) throws -> String {
        answer(
            RecordBatch(
                marker: EndTransactionMarker(
                    aborts: try operation.text("type") == "ABORT",
                    coordinatorEpoch: try operation.int("coordinator-epoch")),
                producerID: ProducerID(try operation.int("producer-id")),
                producerEpoch: try operation.int("producer-epoch"),
                timestamp: try operation.int("ts"), baseOffset: try operation.int("offset"),
                leaderEpoch: try operation.int("leader-epoch")))
    }

    private func raft(_ operation: VectorLine) throws -> RecordBatch {
        let (type, value) = try control(operation)
        return RecordBatch(
            control: type, value: value, baseOffset: try operation.int("offset"),
            leaderEpoch: try operation.int("leader-epoch"), timestamp: try operation.int("ts"))
    }

    private func control(_ operation: VectorLine) throws -> (ControlRecordType, [UInt8]) {
        switch operation.verb {
        case "leader-change":
            (
                .leaderChange,
                RaftControlValue.leaderChange(
                    version: try operation.int("version"), leader: try operation.int("leader"),
                    voters: try operation.list("voters").map { try VectorText.int($0) },
                    grantedBy: try operation.list("granting").map { try VectorText.int($0) })
            )
        case "kraft-version":
            (.kraftVersion, RaftControlValue.kraftVersion(try operation.int("kraft-version")))
        case "snapshot-header":
            (
                .snapshotHeader,
                RaftControlValue.snapshotHeader(
                    lastContainedLogTimestamp: try operation.int("last-contained-log-timestamp"))
            )
        case "snapshot-footer": (.snapshotFooter, RaftControlValue.snapshotFooter())
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private static let names = [
        "ABORT", "COMMIT", "LEADER_CHANGE", "SNAPSHOT_HEADER", "SNAPSHOT_FOOTER",
        "KRAFT_VERSION", "KRAFT_VOTERS",
    ]

    private func parseKey(_ operation: VectorLine) throws -> String {
        let key = try RecordText.bytes(try operation.text("key")) ?? []
        do {
            let type = try ControlRecordType.parse(key: key)
            return "ok type=\(type.map { Self.names[Int($0.rawValue)] } ?? "UNKNOWN")"
        } catch {
            return "error INVALID_RECORD"
        }
    }

    private func parseMarker(_ operation: VectorLine) throws -> String {
        let value = try RecordText.bytes(try operation.text("value")) ?? []
        let name = try operation.text("type")
        guard name == "COMMIT" || name == "ABORT" else { return "error IllegalArgumentException" }
        do {
            let marker = try EndTransactionMarker(
                type: name == "ABORT" ? .abort : .commit, value: value)
            return "ok coordinator-epoch=\(marker.coordinatorEpoch)"
        } catch {
            return "error INVALID_RECORD"
        }
    }
}
