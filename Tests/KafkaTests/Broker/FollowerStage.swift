import Kernel

@testable import Kafka

/// Brokers with one partition, for stories about those that follow. Commands, each with what it
/// says:
///
///     brokers 2 [backoff=1000] [with=FIX,…] [without=FIX,…]    all is new
///     lead 1 epoch=3 [isr=1,2] [told=1,2]     all hear of it, or only some
///     write 1 2                   broker 1 appends a batch of two records
///     delete 1 below=3            broker 1 deletes records
///     turn 2                      the fetcher of broker 2: truncate, then fetch, to the end
///     send 2 | deliver 2          only the request leaves; its answer arrives
///     refuse 1 ERROR | break 1    the next answer of broker 1
///     pass 1000                   milliseconds go by
///     show 2                      what it has, and how it copies
struct FollowerStage: InteractionStage {
    private var scene = FollowerScene()

    init() {}

    mutating func perform(_ command: InteractionCommand) throws -> [String] {
        switch command.verb {
        case "brokers":
            let fixes = (try fixes(command, "with"), try fixes(command, "without"))
            let backOff = command.value("backoff").flatMap { Int64($0) } ?? 1_000
            scene = FollowerScene(
                brokers: try command.int(0), with: fixes.0, without: fixes.1
            ) { $0.backOff = .milliseconds(backOff) }
            return []
        case "lead":
            let epoch = command.value("epoch").flatMap { Int32($0) } ?? 0
            scene.lead(
                try command.int(0), epoch: epoch, isr: list(command, "isr"),
                told: list(command, "told"))
            return notes()
        case "write":
            scene.produce(try command.int(0), try command.int(1))
            return []
        case "delete":
            let offset = command.value("below").flatMap { Int64($0) } ?? 0
            scene.deleteRecords(try command.int(0), below: offset)
            return []
        case "pass":
            scene.pass(try command.int(0))
            return []
        case "refuse":
            guard let error = KafkaError(name: try command.word(1)) else {
                throw InteractionCommand.NotUnderstood(description: "no such error")
            }
            scene.nextAnswers.append((try command.int(0), error))
            return []
        case "break":
            scene.nextAnswers.append((try command.int(0), nil))
            return []
        default: return try fetch(command, try command.int(0))
        }
    }

    private mutating func fetch(
        _ command: InteractionCommand, _ broker: Int32
    ) throws -> [String] {
        switch command.verb {
        case "turn":
            scene.begin(broker)
            var lines = notes() + leaving(broker)
            if lines.isEmpty { return ["nothing to do"] }
            while scene.onTheWay.contains(where: { $0.from.rawValue == broker }) {
                lines += arriving(broker) + leaving(broker)
            }
            return lines
        case "send":
            scene.begin(broker)
            return notes() + leaving(broker)
        case "deliver": return arriving(broker) + leaving(broker)
        case "show": return show(broker)
        default:
            throw InteractionCommand.NotUnderstood(description: "no command \(command.verb)")
        }
    }

    private func list(_ command: InteractionCommand, _ name: String) -> [Int32]? {
        command.value(name).map { $0.split(separator: ",").compactMap { Int32($0) } }
    }

    private func fixes(_ command: InteractionCommand, _ name: String) throws -> [Fix] {
        try (command.value(name)?.split(separator: ",") ?? []).map { name in
            guard let fix = Fix.allCases.first(where: { $0.name == name }) else {
                throw InteractionCommand.NotUnderstood(description: "no fix \(name)")
            }
            return fix
        }
    }

    // MARK: Words

    private mutating func notes() -> [String] {
        scene.takeNotes().map { note in
            switch note {
            case .truncated(_, let end, let offset): "  truncates from \(end) to \(offset)"
            case .startedAnew(_, let offset): "  begins anew at \(offset)"
            case .failed: "  gives the partition up"
            }
        }
    }

    private func leaving(_ broker: Int32) -> [String] {
        scene.onTheWay.filter { $0.from.rawValue == broker }.map { sent in
            "\(broker) -> \(sent.fetcher.source.rawValue) \(words(sent.request))"
        }
    }

    private mutating func arriving(_ broker: Int32) -> [String] {
        guard let sent = scene.onTheWay.first(where: { $0.from.rawValue == broker }) else {
            return ["nothing is on its way"]
        }
        let answer = scene.deliver(broker).map(words) ?? "the connection breaks"
        return ["\(sent.fetcher.source.rawValue) -> \(broker) \(answer)"] + notes()
    }

    private func words(_ request: BrokerRequest) -> String {
        switch request {
        case .fetch(let fetch):
            guard let asked = fetch.partitions.first else {
                return fetch.forgotten.isEmpty ? "Fetch as before" : "Fetch without the partition"
            }
            let last = asked.lastFetchedEpoch.map { " after epoch \($0)" } ?? ""
            let epoch = asked.currentLeaderEpoch.map { "\($0)" } ?? "-"
            return "Fetch epoch=\(epoch) offset=\(asked.fetchOffset)\(last)"
        case .listOffsets(let ask):
            return "ListOffsets \(ask.partitions[0].query)"
        case .offsetsForLeaderEpoch(let ask):
            return "OffsetsForLeaderEpoch \(ask.partitions[0].leaderEpoch)"
        default: return "?"
        }
    }

    private func words(_ reply: BrokerReply) -> String {
        switch reply {
        case .fetch(let fetch):
            guard let told = fetch.partitions.first else { return "nothing new" }
            if told.error != .none { return told.error.name }
            if let end = told.diverging {
                return "diverging: epoch \(end.epoch) ends at \(end.endOffset)"
            }
            let records = told.batches.map { batch in
                "\(batch.leaderEpoch):\(batch.baseOffset)..\(batch.lastOffset)"
            }
            return "records [\(records.joined(separator: " "))] hw=\(told.highWatermark)"
        case .listOffsets(let told):
            return told[0].error == .none ? "offset \(told[0].offset)" : told[0].error.name
        case .offsetsForLeaderEpoch(let told):
            guard told[0].error == .none else { return told[0].error.name }
            return told[0].end.map { "epoch \($0.epoch) ends at \($0.endOffset)" } ?? "not known"
        default: return "?"
        }
    }

    private func show(_ broker: Int32) -> [String] {
        let log = scene.log(broker)
        var lines = [
            "log [\(scene.batches(broker).joined(separator: " "))] start=\(log.logStartOffset)"
                + " hw=\(log.highWatermark) end=\(log.endOffset)"
        ]
        if scene.hasFailed(broker) {
            lines.append("given up")
        } else if let found = scene.progress(broker) {
            var line = found.isTruncating ? "truncating" : "fetching"
            line += " from \(found.source.rawValue) at \(found.fetchOffset)"
            line += " epoch=\(found.leaderEpoch)"
            if found.isBackingOff { line += " backing off" }
            lines.append(line)
        }
        return lines
    }
}
