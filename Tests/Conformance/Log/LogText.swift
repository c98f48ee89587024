import Kafka

/// How the log files write batches, records and what a log keeps.
enum LogText {
    // MARK: Reading

    static func config(_ settings: VectorLine) throws -> LogConfig {
        var config = LogConfig()
        config.indexIntervalBytes = 1_000_000
        config.cleanerMapSlots = 10_000
        for (name, value) in settings.fields where !["title", "now", "background"].contains(name) {
            try set(name, to: value, in: &config)
        }
        return config
    }

    static func set(_ name: Substring, to value: Substring, in config: inout LogConfig) throws {
        switch name {
        case "cleanup": config.cleanupPolicy = try policy(value)
        case "timestamp-type": config.stampsAppendTime = value == "LogAppendTime"
        case "verification": config.verifiesTransactions = value == "true"
        case "dirty-ratio-percent":
            config.minCleanableDirtyMillionths = try VectorText.int(value, as: Int64.self) * 10_000
        default: config[keyPath: try number(name)] = try VectorText.int(value)
        }
    }

    private static func policy(_ text: Substring) throws -> LogConfig.CleanupPolicy {
        switch text {
        case "delete": .delete
        case "compact": .compact
        case "[compact,delete]": [.compact, .delete]
        case "none": []
        default: throw VectorFormError(description: "cleanup=\(text)")
        }
    }

    private static func number(_ name: Substring) throws -> WritableKeyPath<LogConfig, Int64> {
        switch name {
        case "segment-bytes": \.segmentBytes
        case "segment-ms": \.segmentMs
        case "max-message-bytes": \.maxMessageBytes
        case "retention-ms": \.retentionMs
        case "retention-bytes": \.retentionBytes
        case "before-max-ms": \.timestampBeforeMaxMs
        case "after-max-ms": \.timestampAfterMaxMs
        case "index-interval": \.indexIntervalBytes
        case "flush-messages": \.flushMessages
        case "delete-retention-ms": \.deleteRetentionMs
        case "min-compaction-lag-ms": \.minCompactionLagMs
        case "max-compaction-lag-ms": \.maxCompactionLagMs
        case "map-slots": \.cleanerMapSlots
        case "pid-expiration-ms": \.producerIDExpirationMs
        default: throw VectorFormError(description: "unknown setting \(name)")
        }
    }

    /// `key:value@timestamp/length`
    static func record(_ text: Substring, offsetDelta: Int32) throws -> Record {
        let (content, rest) = VectorText.halves(text, at: "@")
        let (key, value) = VectorText.halves(content, at: ":")
        let (timestamp, length) = VectorText.halves(rest ?? "", at: "/")
        return Record(
            offsetDelta: offsetDelta, timestamp: try VectorText.int(timestamp),
            key: key == "-"
                ? nil : .number(try VectorText.int(key), width: Int32(key.utf8.count)),
            value: length == "-"
                ? nil
                : .number(try VectorText.int(value ?? ""), width: try VectorText.int(length ?? "")))
    }

    /// `[…]+[…]`: the records of one batch after the other.
    static func recordLists(_ text: Substring) throws -> [[Record]] {
        try VectorText.split(text, at: UInt8(ascii: "+"), outsideBrackets: true).map { list in
            try VectorText.list(list).enumerated().map { index, text in
                try record(text, offsetDelta: Int32(index))
            }
        }
    }

    /// `first..last/eEPOCH/KIND/nRECORDS/tsMAX/SIZEb[/atDELTAS][/lat][/dhHORIZON]`
    static func batch(_ text: Substring) throws -> RecordBatch {
        let parts = VectorText.split(text, at: UInt8(ascii: "/"))
        let (first, last) = VectorText.halves(parts[0], at: ".")
        let base = try VectorText.int(first, as: Int64.self)
        let end = try VectorText.int(last!.dropFirst(), as: Int64.self)
        let count = try VectorText.int(parts[3].dropFirst(), as: Int32.self)
        let timestamp = try VectorText.int(parts[4].dropFirst(2), as: Int64.self)
        var deltas = Array(0..<count)
        var batch = try kind(parts[2], timestamp: timestamp)
        for part in parts.dropFirst(6) {
            if part.hasPrefix("at") {
                deltas = try VectorText.split(part.dropFirst(2), at: UInt8(ascii: "+"))
                    .map { try VectorText.int($0) }
            } else if part == "lat" {
                batch.attributes.insert(.logAppendTime)
            } else if part.hasPrefix("dh") {
                batch.attributes.insert(.deleteHorizon)
            }
        }
        if count == 0 {
            batch.content = .emptied
        } else if !batch.isControl {
            batch.content = .spelled(
                deltas.map {
                    Record(offsetDelta: $0, timestamp: timestamp, key: nil, value: nil)
                })
        }
        batch.baseOffset = base
        batch.lastOffsetDelta = Int32(end - base)
        batch.leaderEpoch = try VectorText.int(parts[1].dropFirst())
        batch.sizeInBytes = try VectorText.int(parts[5].dropLast())
        batch.maxTimestamp = timestamp
        batch.baseTimestamp = timestamp
        return batch
    }

    private static func kind(_ text: Substring, timestamp: Int64) throws -> RecordBatch {
        let parts = VectorText.split(text, at: UInt8(ascii: ":"))
        if parts[0] == "plain" {
            return RecordBatch(records: [Record(timestamp: timestamp, key: nil, value: nil)])
        }
        let id = ProducerID(try VectorText.int(parts[1]))
        let epoch = try VectorText.int(parts[2], as: Int16.self)
        switch parts[0] {
        case "idem", "txn":
            return RecordBatch(
                attributes: parts[0] == "txn" ? .transactional : [], producerID: id,
                producerEpoch: epoch, baseSequence: try VectorText.int(parts[3]),
                records: [Record(timestamp: timestamp, key: nil, value: nil)])
        case "commit", "abort", "marker":
            return RecordBatch(
                marker: EndTransactionMarker(
                    aborts: parts[0] == "abort",
                    coordinatorEpoch: parts.count > 3 ? try VectorText.int(parts[3]) : 0),
                producerID: id, producerEpoch: epoch, timestamp: timestamp)
        default: throw VectorFormError(description: "kind \(text)")
        }
    }

    static func query(_ text: Substring) throws -> OffsetQuery {
        switch text {
        case "earliest": .earliest
        case "latest": .latest
        case "max": .maxTimestamp
        case "earliest-local": .earliestLocal
        case "latest-tiered": .latestTiered
        case "earliest-pending-upload": .earliestPendingUpload
        default: .timestamp(try VectorText.int(text))
        }
    }

    static func isolation(_ text: Substring) throws -> FetchIsolation {
        switch text {
        case "log-end": .logEnd
        case "high-watermark": .highWatermark
        case "txn-committed": .committed
        default: throw VectorFormError(description: "isolation=\(text)")
        }
    }

    // MARK: Writing

    static func orNone(_ value: (some CustomStringConvertible)?) -> String {
        value.map { "\($0)" } ?? "-"
    }

    static func list(_ elements: some Sequence<String>) -> String {
        "[\(elements.joined(separator: ","))]"
    }

    static func text(_ batch: RecordBatch) -> String {
        var text = "\(batch.baseOffset)..\(batch.lastOffset)/e\(batch.leaderEpoch)/\(kind(batch))"
        text += "/n\(batch.count)/ts\(batch.maxTimestamp)/\(batch.sizeInBytes)b"
        if !batch.isControl, batch.count > 0, batch.count != batch.lastOffsetDelta + 1 {
            let deltas = batch.records.map { "\($0.offsetDelta)" }
            text += "/at\(deltas.joined(separator: "+"))"
        }
        if batch.attributes.contains(.logAppendTime) { text += "/lat" }
        if let horizon = batch.deleteHorizon { text += "/dh\(horizon)" }
        return text
    }

    private static func kind(_ batch: RecordBatch) -> String {
        let producer = "\(batch.producerID.rawValue):\(batch.producerEpoch)"
        if case .endTransaction(let marker) = batch.content {
            return "\(marker.aborts ? "abort" : "commit"):\(producer):\(marker.coordinatorEpoch)"
        }
        if batch.isControl { return "marker:\(producer)" }
        guard batch.hasProducerID else { return "plain" }
        return "\(batch.isTransactional ? "txn" : "idem"):\(producer):\(batch.baseSequence)"
    }

    static func text(_ entry: ProducerStateEntry) -> String {
        var batches: [String] = []
        for index in 0..<entry.batches.count {
            let one = entry.batches[index]
            batches.append(
                "\(one.firstSequence)..\(one.lastSequence)"
                    + "@\(one.firstOffset)..\(one.lastOffset)@\(one.timestamp)")
        }
        return "\(entry.producerID.rawValue)/e\(entry.producerEpoch)/c\(entry.coordinatorEpoch)"
            + "/ts\(entry.lastTimestamp)/x\(orNone(entry.transactionFirstOffset))"
            + "/\(batches.isEmpty ? "-" : batches.joined(separator: "+"))"
    }

    static func text(_ transaction: AbortedTransaction) -> String {
        "\(transaction.producerID.rawValue)/\(transaction.firstOffset)..\(transaction.lastOffset)"
            + "/lso\(transaction.lastStableOffset)"
    }

    static func text(_ refusal: LogRefusal) -> String {
        switch refusal {
        case .corruptMessage: "CORRUPT_MESSAGE"
        case .invalidRecord(let indices): "INVALID_RECORD\(records(indices))"
        case .invalidTimestamp(let indices): "INVALID_TIMESTAMP\(records(indices))"
        case .messageTooLarge: "MESSAGE_TOO_LARGE"
        case .recordListTooLarge: "RECORD_LIST_TOO_LARGE"
        case .invalidProducerEpoch: "INVALID_PRODUCER_EPOCH"
        case .outOfOrderSequenceNumber: "OUT_OF_ORDER_SEQUENCE_NUMBER"
        case .duplicateSequenceNumber: "DUPLICATE_SEQUENCE_NUMBER"
        case .unknownProducerID: "UNKNOWN_PRODUCER_ID"
        case .invalidTransactionState: "INVALID_TXN_STATE"
        case .transactionCoordinatorFenced: "TRANSACTION_COORDINATOR_FENCED"
        case .offsetOutOfRange: "OFFSET_OUT_OF_RANGE"
        case .unexpectedAppendOffset: "UnexpectedAppendOffsetException"
        case .offsetsOutOfOrder: "OffsetsOutOfOrderException"
        case .highWatermarkBeyondEnd: "IllegalArgumentException"
        }
    }

    static func text(_ failure: LogReplayFailure) -> String {
        switch failure {
        case .invalidRecord: "INVALID_RECORD"
        case .invalidTransactionState: "INVALID_TXN_STATE"
        }
    }

    private static func records(_ indices: [Int32]) -> String {
        indices.isEmpty ? "" : " records=\(list(indices.map { "\($0)" }))"
    }
}
