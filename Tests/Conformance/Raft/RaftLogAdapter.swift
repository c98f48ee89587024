import Kafka

/// log-and-epochs.vec: the metadata log, its epochs, truncation and snapshots.
struct RaftLogAdapter: VectorAdapter {
    private var log = RaftLog()

    init(case settings: VectorLine) {}

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "append":
            log.append(
                RaftBatch(
                    baseOffset: log.end, count: try operation.int("count"),
                    epoch: try operation.int("epoch"), sizeInBytes: 100,
                    content: .data(firstItem: log.end)))
            return "ok \(state)"
        case "lead":
            log.initializeLeaderEpoch(try operation.int("epoch"))
            return "ok \(state)"
        case "follow": return try follow(operation)
        case "hw":
            log.updateHighWatermark(try VectorText.int(try operation.word(0)))
            return "ok \(state)"
        case "validate": return try validate(operation)
        case "end-of":
            return "ok at=\(RaftText.text(log.endOffset(for: try operation.int("epoch"))))"
        case "truncate":
            let leader = try RaftText.position(try operation.text("to"))
            guard let cut = log.truncate(toDiverging: leader) else { return illegalArgument }
            return "ok cut=\(cut) \(state)"
        case "reopen":
            log.reopen()
            return "ok \(state)"
        case "snapshot", "delete-before", "download": return try snapshot(operation)
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private let illegalArgument = "error IllegalArgumentException"

    private var state: String {
        "log=\(log.start)..\(RaftText.text(log.endOffsetAndEpoch)) hw=\(log.highWatermark)"
            + " snapshots=\(RaftText.list(log.snapshots.map { RaftText.text($0.id) }))"
    }

    private mutating func follow(_ operation: VectorLine) throws -> String {
        let batches = try operation.list("batches").map(RaftText.batch)
        switch log.append(fetched: batches, inEpoch: try operation.int("epoch")) {
        case .nothingUsable: return "error CORRUPT_MESSAGE"
        case .beforeEnd: return "error UnexpectedAppendOffsetException"
        case nil: return "ok \(state)"
        }
    }

    private func validate(_ operation: VectorLine) throws -> String {
        let position = log.validate(
            offset: try operation.int("offset"), epoch: try operation.int("epoch"))
        switch position {
        case .valid(let at): return "ok kind=valid at=\(RaftText.text(at))"
        case .diverging(let at): return "ok kind=diverging at=\(RaftText.text(at))"
        case .snapshot(let at): return "ok kind=snapshot at=\(RaftText.text(at))"
        }
    }

    private mutating func snapshot(_ operation: VectorLine) throws -> String {
        let id = try RaftText.position(try operation.text("id"))
        let content = RaftSnapshot(id: id, kraftVersion: 0, voters: nil, sizeInBytes: 1)
        switch operation.verb {
        case "snapshot":
            switch log.canCreateSnapshot(id) {
            case .success(true): return "ok created=\(log.keep(content)) \(state)"
            case .success(false): return "ok created=false \(state)"
            case .failure: return illegalArgument
            }
        case "download":
            let created = log.keep(content)
            return "ok created=\(created) truncated=\(log.truncateToLatestSnapshot()) \(state)"
        default:
            switch log.deleteBefore(id) {
            case .success(let deleted): return "ok deleted=\(deleted) \(state)"
            case .failure: return "error OFFSET_OUT_OF_RANGE"
            }
        }
    }
}
