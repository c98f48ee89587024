import Kafka

/// log-validator.vec: what a leader checks in a batch, and what it writes into it.
struct LogValidatorAdapter: VectorAdapter {
    private let terms: ValidationTerms
    private let leaderEpoch: Int32

    init(case settings: VectorLine) throws {
        var config = LogConfig()
        config.stampsAppendTime = try settings.text("timestamp-type") == "LogAppendTime"
        config.cleanupPolicy = try settings.bool("compacted") ? .compact : .delete
        config.timestampBeforeMaxMs = try settings.int("before-max-ms")
        config.timestampAfterMaxMs = try settings.int("after-max-ms")
        terms = ValidationTerms(
            config: config, origin: try Self.origin(settings.text("origin")),
            now: try settings.int("now"))
        leaderEpoch = try settings.int("leader-epoch")
    }

    private static func origin(_ text: Substring) throws -> AppendOrigin {
        switch text {
        case "CLIENT": .client
        case "COORDINATOR": .coordinator
        case "RAFT_LEADER": .raftLeader
        default: throw VectorFormError(description: "origin=\(text)")
        }
    }

    func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        let buffer = try RecordText.bytes(try operation.text("bytes")) ?? []
        let nothing = "error INVALID_RECORD records=[]"
        guard var encoded = EncodedRecordBatch.split(buffer).batches.only,
            var batch = try? encoded.decoded()
        else { return nothing }
        let largest: Int64
        do {
            try validate(&batch, as: terms)
            largest = batch.maxTimestamp
        } catch {
            return "error \(text(error))"
        }
        let next = assignOffsets(&batch, from: try operation.int("offset"))
        encoded.setBaseOffset(batch.baseOffset)
        encoded.setLeaderEpoch(leaderEpoch)
        encoded.setMaxTimestamp(
            batch.maxTimestamp, isAppendTime: batch.attributes.contains(.logAppendTime))
        return "ok bytes=\(RecordText.text(encoded.bytes)) next-offset=\(next) max-ts=\(largest)"
            + " log-append-time=\(terms.now)"
    }

    private func text(_ refusal: LogRefusal) -> String {
        switch refusal {
        case .invalidTimestamp(let indices): "INVALID_TIMESTAMP records=\(indices.commaSeparated)"
        case .invalidRecord(let indices): "INVALID_RECORD records=\(indices.commaSeparated)"
        default: "\(refusal)"
        }
    }
}

extension Array {
    /// The element if there is exactly one.
    fileprivate var only: Element? { count == 1 ? self[0] : nil }
}

extension [Int32] {
    fileprivate var commaSeparated: String {
        "[\(map { "\($0)" }.joined(separator: ","))]"
    }
}
