import Kernel

@testable import Kafka

/// subscription-state.vec: SubscriptionState alone, a method a line.
struct SubscriptionAdapter: VectorAdapter {
    private var subscription: SubscriptionState
    private var names = PartitionNames()
    private var now: Instant
    private var told = ChangedFields()
    private var states = ConsumedPartitionStates()

    init(case line: VectorLine) throws {
        subscription = SubscriptionState(
            resetPolicy: try ConsumerWords.strategy(line.text("reset")),
            isolation: try ConsumerWords.isolation(line))
        now = .zero + (try ConsumerWords.interval(line, "start"))
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        line.verb == "state"
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        if operation.verb == "tick" {
            now = now + .milliseconds(try VectorText.int(try operation.word(0)))
            tell(&effects)
            return nil
        }
        // The first line of a case: how it begins.
        if operation.verb == "state" {
            var lines: [String] = []
            tell(&lines)
            return lines.first.map { String($0.dropFirst("state subscription -> ".count)) }
        }
        let answer: String
        do {
            let words = try act(operation)
            answer = words.isEmpty ? "ok" : "ok \(words)"
        } catch let error as ClientError {
            answer = "error \(ConsumerWords.words(error, names))"
        }
        tell(&effects)
        return answer
    }

    private mutating func partition(_ text: Substring) throws -> PartitionRef {
        let name = try ConsumerWords.name(text)
        return names.partition(name.partition, of: names.topic(name.topic))
    }

    private mutating func partitions(_ line: VectorLine) throws -> [PartitionRef] {
        var partitions: [PartitionRef] = []
        for text in try line.list("partitions") { partitions.append(try partition(text)) }
        return partitions
    }

    private func position(_ line: VectorLine) throws -> FetchPosition {
        let told = try ConsumerWords.committed(line.text("position"))
        return FetchPosition(
            told.offset, offsetEpoch: told.leaderEpoch,
            leader: try ConsumerWords.leader(line.text("leader")))
    }

    private mutating func act(_ line: VectorLine) throws -> String {
        switch line.verb {
        case "subscribe":
            return "changed=\(try subscription.subscribe(to: topics(line), names))"
        case "subscribe-pattern":
            try subscription.subscribe(to: TopicPattern(String(try line.text("pattern"))))
        case "subscribe-from-pattern":
            return "changed=\(try subscription.subscribe(toMatching: topics(line), names))"
        case "group-subscribe":
            return "newTopics=\(try subscription.groupSubscribe(to: topics(line)))"
        case "assign-from-user":
            return "changed=\(try subscription.assign(byHand: partitions(line), names))"
        case "assign-from-subscribed":
            let given = try partitions(line)
            let matches = subscription.matches(given, names)
            try subscription.assign(fromGroup: given, names)
            return "matched=\(matches)"
        case "assign-awaiting-callback":
            let given = try partitions(line)
            let added = given.filter { !subscription.isAssigned($0) }
            try subscription.assign(fromGroup: given, awaitingCallback: added, names)
            return "added=\(ConsumerWords.list(names.sorted(added), names))"
        case "enable-after-callback":
            for one in try partitions(line) {
                try subscription.with(one) { $0.isPendingCallback = false }
            }
        case "unsubscribe": subscription.unsubscribe()
        case "reset-initializing":
            try subscription.resetInitializing(where: { _ in true }, names)
        default: return try act(line, on: try partition(line.text("p")))
        }
        return ""
    }

    private func topics(_ line: VectorLine) throws -> [String] {
        try line.list("topics").map(String.init)
    }

    private mutating func act(_ line: VectorLine, on partition: PartitionRef) throws -> String {
        switch line.verb {
        case "seek-validated":
            let position = try position(line)
            try subscription.with(partition) { $0.seek(validated: position) }
        case "seek-unvalidated":
            let position = try position(line)
            try subscription.with(partition) { $0.seek(unvalidated: position) }
        case "reset-position":
            subscription.reset(
                partition, to: try position(line),
                asked: try ConsumerWords.strategy(line.text("strategy")), answeredIn: nil)
        case "advance":
            let position = try position(line)
            if try !subscription.with(partition, { $0.advance(to: position) }) {
                throw ClientError.illegalState
            }
        case "leader": return "validating=\(try validate(line, partition))"
        case "complete-validation":
            try subscription.with(partition) { $0.completeValidation() }
        case "epoch-end": return try complete(line, partition)
        case "request-reset":
            let text = try line.text("strategy")
            let strategy = text == "default"
                ? subscription.resetPolicy : try ConsumerWords.strategy(text)
            try subscription.with(partition) { $0.becomeAwaitingReset(strategy) }
        case "retry-at":
            let at = Instant.zero + (try ConsumerWords.interval(line, "at"))
            try subscription.with(partition) { $0.retryAt = at }
        case "request-failed":
            subscription[partition]?.retryAt =
                .zero + (try ConsumerWords.interval(line, "retryAt"))
        case "pause": try subscription.with(partition) { $0.isPaused = true }
        case "resume": try subscription.with(partition) { $0.isPaused = false }
        case "mark-pending-revocation":
            try subscription.with(partition) { $0.isPendingRevocation = true }
        case "move-to-end": subscription.moveToEnd(partition)
        default: return try note(line, of: partition)
        }
        return ""
    }

    /// Node 4 is too old to be asked.
    private mutating func validate(_ line: VectorLine, _ partition: PartitionRef) throws -> Bool {
        let leader = try ConsumerWords.leader(line.text("leader"))
        if leader.node == NodeID(4) {
            subscription[partition]?.followWithoutValidation(leader)
            return false
        }
        return subscription[partition]?.maybeValidate(under: leader) ?? false
    }

    private mutating func complete(_ line: VectorLine, _ partition: PartitionRef) throws -> String {
        var end: EpochEndOffset?
        if let epoch: Int32 = try line.intOrNone("epoch"),
            let offset: Int64 = try line.intOrNone("end")
        {
            end = EpochEndOffset(epoch: epoch, endOffset: offset)
        }
        guard let truncation = subscription.completeValidation(
            of: partition, asked: try position(line), end: end)
        else { return "" }
        let diverging = truncation.diverging.map { "\($0.endOffset)@\($0.epoch)" }
        return "truncated=\(truncation.offset) divergent=\(diverging ?? "-")"
    }

    private mutating func note(_ line: VectorLine, of partition: PartitionRef) throws -> String {
        let isKnown = subscription.isAssigned(partition)
        switch line.verb {
        case "high-watermark":
            subscription[partition]?.update(highWatermark: try line.int("offset"))
        case "last-stable-offset":
            subscription[partition]?.update(lastStableOffset: try line.int("offset"))
        case "log-start-offset":
            subscription[partition]?.logStartOffset = try line.int("offset")
        case "preferred-replica":
            subscription[partition]?.prefer(
                NodeID(try line.int("node")),
                until: .zero + (try ConsumerWords.interval(line, "expires")))
        case "clear-preferred-replica":
            let was = subscription[partition]?.clearReadReplica()
            return "was=\(ConsumerWords.word(was?.rawValue))"
        case "read-replica":
            let node = subscription[partition]?.readReplica(at: now)
            return "node=\(ConsumerWords.word(node?.rawValue))"
        default: throw VectorFormError(description: "unknown verb")
        }
        return "known=\(isKnown)"
    }

    // MARK: States

    private mutating func tell(_ effects: inout [String]) {
        let kind =
            switch subscription.kind {
            case .none: "NONE"
            case .topics: "AUTO_TOPICS"
            case .pattern: "AUTO_PATTERN"
            case .assigned: "USER_ASSIGNED"
            }
        let consumed = names.sorted(subscription.consumed.map(\.partition)).compactMap { one in
            subscription.consumed.first { $0.partition == one }.map {
                "\(ConsumerWords.word(one, names))=\(ConsumerWords.word($0.position))"
            }
        }
        func sorted(_ partitions: [PartitionRef]) -> String {
            ConsumerWords.list(names.sorted(partitions), names)
        }
        told.tell(
            "subscription",
            [
                "type=\(kind)", "topics=\(ConsumerWords.list(subscription.topics))",
                "group=\(ConsumerWords.list(subscription.groupTopics))",
                "order=\(ConsumerWords.list(subscription.order, names))",
                "fetchable=\(ConsumerWords.list(subscription.fetchable, names))",
                "consumed=\(ConsumerWords.list(consumed))",
                "needReset=\(sorted(subscription.needingReset(at: now)))",
                "needValidation=\(sorted(subscription.needingValidation(at: now)))",
                "initializing=\(sorted(subscription.initializing))",
                "allPositions=\(subscription.hasAllPositions)",
            ], &effects)
        let partitions = names.sorted(subscription.order).compactMap { one in
            subscription[one].map { state in
                let ends = [
                    "lag=\(ConsumerWords.word(subscription.lag(of: one, subscription.isolation)))",
                    "lead=\(ConsumerWords.word(subscription.lead(of: one)))",
                ]
                return (ConsumerWords.word(one, names), ConsumerWords.fields(state) + ends)
            }
        }
        states.tell(partitions, &effects)
    }
}
