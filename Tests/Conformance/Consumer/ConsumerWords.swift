import Kernel

@testable import Kafka

/// The words that all files about consumers share.
enum ConsumerWords {
    static func interval(_ line: VectorLine, _ name: String) throws -> Interval {
        .milliseconds(try line.int(name))
    }

    static func isolation(_ line: VectorLine) throws -> ReadIsolation {
        try line.text("isolation") == "read_committed" ? .committed : .uncommitted
    }

    /// `earliest`, `latest`, `none`, `by_duration:PT0.5S`
    static func strategy(_ text: Substring) throws -> ResetStrategy {
        switch text {
        case "none": return .none
        case "earliest": return .earliest
        case "latest": return .latest
        default:
            guard let duration = VectorText.halves(text, at: ":").1, duration.hasPrefix("PT"),
                duration.hasSuffix("S"), let seconds = Double(duration.dropFirst(2).dropLast())
            else { throw VectorFormError(description: "\(text) is no strategy") }
            return .byDuration(.milliseconds(Int64(seconds * 1_000)))
        }
    }

    static func word(_ strategy: ResetStrategy?) -> String {
        switch strategy {
        case .none?: "none"
        case .earliest: "earliest"
        case .latest: "latest"
        case .byDuration: "by_duration"
        case nil: "-"
        }
    }

    /// `t-0`
    static func name(_ text: Substring) throws -> TopicPartition {
        guard let hyphen = text.lastIndex(of: "-") else {
            throw VectorFormError(description: "\(text) is no partition")
        }
        return TopicPartition(
            String(text[..<hyphen]), try VectorText.int(text[text.index(after: hyphen)...]))
    }

    static func word(_ name: TopicPartition) -> String { "\(name.topic)-\(name.partition)" }

    static func number<Number: FixedWidthInteger>(_ text: Substring?) throws -> Number? {
        guard let text, text != "-" else { return nil }
        return try VectorText.int(text)
    }

    /// `5@1`
    static func committed(_ text: Substring) throws -> CommittedPosition {
        let (offset, epoch) = VectorText.halves(text, at: "@")
        return CommittedPosition(try VectorText.int(offset), leaderEpoch: try number(epoch))
    }

    static func word(_ position: CommittedPosition) -> String {
        "\(position.offset)@\(word(position.leaderEpoch))"
    }

    /// `1@2`
    static func leader(_ text: Substring) throws -> KnownLeader {
        let (node, epoch) = VectorText.halves(text, at: "@")
        return KnownLeader(
            try number(node).map { NodeID($0) }, epoch: try number(epoch))
    }

    static func word<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "-" }

    static func word(_ node: NodeID) -> String {
        node.isCoordinatorConnection ? "c\(node.asCoordinator.rawValue)" : "\(node.rawValue)"
    }

    static func node(_ text: Substring) throws -> NodeID {
        if text.first == "c" { return NodeID(try VectorText.int(text.dropFirst())).asCoordinator }
        return NodeID(try VectorText.int(text))
    }

    static func error(_ name: Substring) throws -> KafkaError {
        guard let error = KafkaError(name: String(name)) else {
            throw VectorFormError(description: "\(name) is no error")
        }
        return error
    }

    static func list(_ words: some Sequence<String>) -> String {
        "[\(words.joined(separator: ","))]"
    }

    static func list(_ partitions: [PartitionRef], _ names: PartitionNames) -> String {
        list(partitions.map { word($0, names) })
    }

    static func word(_ partition: PartitionRef, _ names: PartitionNames) -> String {
        "\(names[names[partition].topic].name)-\(names[partition].number)"
    }

    /// `NAME[/CAUSE] partitions=[…]`
    static func words(_ error: ClientError, _ names: PartitionNames) -> String {
        switch error.subject {
        case .topics(let topics):
            return "\(error.words) topics=\(list(topics.map { names[$0].name }.sorted()))"
        case .partitions(let partitions):
            return "\(error.words) partitions=\(list(names.sorted(partitions), names))"
        case .offsets(let offsets):
            let words = offsets.map { "\(word($0.partition, names))=\($0.offset)" }
            return "\(error.words) offsets=\(list(words))"
        case .truncations(let truncations):
            let sorted = names.sorted(truncations.map(\.partition)).compactMap { one in
                truncations.first { $0.partition == one }
            }
            let offsets = sorted.map { "\(word($0.partition, names))=\($0.offset)" }
            let ends = sorted.compactMap { one in
                one.diverging.map {
                    "\(word(one.partition, names))=\($0.endOffset)@\($0.epoch)"
                }
            }
            return "\(error.words) offsets=\(list(offsets)) divergent=\(list(ends))"
        case .record(let partition, let offset):
            return "\(error.words) p=\(word(partition, names)) offset=\(offset)"
        case nil: return error.words
        }
    }

    /// The state of an assigned partition, field by field.
    static func fields(
        _ one: AssignedPartition, isMember: Bool = true, awaitsCallbacks: Bool = true
    ) -> [String] {
        let position = one.position.map { "\($0.offset)@\(word($0.offsetEpoch))" }
        let leader = one.position.map {
            "\(word($0.leader.node?.rawValue))@\(word($0.leader.epoch))"
        }
        let preferred = one.preferredReplica.map {
            "\($0.node.rawValue):\(($0.expires - .zero).wholeMilliseconds)"
        }
        var fields = [
            "fetch=\(word(one.state))", "position=\(word(position))", "leader=\(word(leader))",
            "paused=\(one.isPaused)",
        ]
        if isMember { fields.append("revoking=\(one.isPendingRevocation)") }
        if isMember, awaitsCallbacks { fields.append("awaitingCallback=\(one.isPendingCallback)") }
        return fields + [
            "reset=\(word(one.resetStrategy))",
            "retryAt=\(word(one.retryAt.map { ($0 - .zero).wholeMilliseconds }))",
            "hw=\(word(one.highWatermark))", "lso=\(word(one.lastStableOffset))",
            "start=\(word(one.logStartOffset))", "preferred=\(word(preferred))",
            "endRequested=\(one.isEndRequested)",
        ]
    }

    private static func word(_ state: AssignedPartition.State) -> String {
        switch state {
        case .initializing: "INITIALIZING"
        case .fetching: "FETCHING"
        case .awaitingReset: "AWAIT_RESET"
        case .awaitingValidation: "AWAIT_VALIDATION"
        }
    }
}

/// State lines of partitions: assigned ones, then those that were and are no longer.
struct ConsumedPartitionStates {
    private var last: [String: [String]] = [:]

    mutating func tell(
        _ partitions: [(name: String, fields: [String])], _ effects: inout [String]
    ) {
        for (name, fields) in partitions {
            let before = last[name] ?? []
            let changed = fields.enumerated().filter { index, field in
                index >= before.count || before[index] != field
            }
            last[name] = fields
            if changed.isEmpty { continue }
            let words = changed.map(\.element).joined(separator: " ")
            effects.append("state \(name) -> ok \(words)")
        }
        let names = partitions.map(\.name)
        for name in last.keys.sorted() where !names.contains(name) {
            last[name] = nil
            effects.append("state \(name) -> unassigned")
        }
    }
}
