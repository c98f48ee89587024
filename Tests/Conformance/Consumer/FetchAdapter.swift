import Kernel

@testable import Kafka

/// fetch-classic.vec and fetch-async.vec: the whole consumer above a network that does what the
/// file says.
struct FetchAdapter: VectorAdapter {
    var consumer: Consumer
    var now: Instant
    let nodes: [NodeID]
    let isClassic: Bool
    /// Requests by the number that the file gives them.
    var requests: [Int: ConsumerRequest] = [:]
    private var lastRequest = 0
    private var down: [NodeID] = []
    private var connecting: [NodeID] = []
    /// The call that has not returned.
    private var call: Substring?
    var isByTime: Bool { call == "offsets-for-times" }
    private var log = CallLog()
    private var told = ChangedFields()
    private var states = ConsumedPartitionStates()

    init(case line: VectorLine) throws {
        var settings = ConsumerSettings()
        isClassic = try line.text("protocol") == "classic"
        settings.implementation = isClassic ? .classic : .consumer
        let group = try line.text("group")
        settings.group = group == "-" ? nil : String(group)
        if let autoCommit = line.value(of: "auto.commit"), autoCommit != "off" {
            settings.autoCommitInterval = .milliseconds(try VectorText.int(autoCommit))
        }
        settings.isolation = try ConsumerWords.isolation(line)
        settings.reset = try ConsumerWords.strategy(line.text("reset"))
        settings.maxPollRecords = try line.int("max.poll.records")
        settings.retryBackoff = ExponentialBackoff(
            initial: try ConsumerWords.interval(line, "retry.backoff"),
            max: try ConsumerWords.interval(line, "retry.backoff.max"))
        settings.requestTimeout = try ConsumerWords.interval(line, "request.timeout")
        settings.callTimeout = try ConsumerWords.interval(line, "api.timeout")
        settings.metadataMaxAge = try ConsumerWords.interval(line, "metadata.max.age")
        settings.checksCRCs = try line.bool("check.crcs")
        settings.undeserializable = .bytes([0xff])
        let count = try line.int("nodes", as: Int32.self)
        nodes = (1...count).map { NodeID($0) }
        settings.bootstrapNodes = nodes
        now = .zero + (try ConsumerWords.interval(line, "start"))
        consumer = Consumer(settings, at: now)
        // Nothing times out by itself, and nobody asks for metadata.
        consumer.network.connections.requestTimeout = Instant.never - .zero
        consumer.refresh = MetadataRefresh(
            maxAge: Instant.never - .zero,
            backoff: ExponentialBackoff(
                initial: Instant.never - .zero, max: Instant.never - .zero))
        consumer.refresh.succeeded(at: .zero, isNews: true)
        connect()
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        ["sent", "closed", "returned", "callback", "state"].contains(line.verb)
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        log = CallLog()
        let answer = try act(operation)
        effects += log.lines(from: lastRequest)
        for request in log.requests {
            lastRequest += 1
            requests[lastRequest] = request
        }
        // The network's thread has done its last work, and is told to have ended before the states.
        let isEnding = consumer.background.hasCleanedUp && !consumer.isClosed
        if !isEnding { tellStates(&effects) }
        return answer
    }

    private mutating func act(_ line: VectorLine) throws -> String? {
        switch line.verb {
        case "tick":
            now = now + .milliseconds(try VectorText.int(try line.word(0)))
            receive(.time)
        case "metadata": receive(.metadata(try metadata(line)))
        case "respond":
            let (number, answer) = try answer(line)
            receive(.answer(number, answer))
        case "disconnect":
            receive(.disconnected(try ConsumerWords.node(line.text("node"))))
        case "down":
            down.append(try ConsumerWords.node(line.text("node")))
            receive(.disconnected(down[down.count - 1]))
        case "connecting":
            connecting.append(try ConsumerWords.node(line.text("node")))
            receive(.disconnected(connecting[connecting.count - 1]))
        case "up":
            let node = try ConsumerWords.node(line.text("node"))
            down.removeAll { $0 == node }
            connecting.removeAll { $0 == node }
            connect()
            receive(.time)
        case "network-thread", "network-thread-ends":
            receive(.turn)
            return "ok"
        default:
            call = Substring(line.verb)
            log.isAnswering = true
            receive(.call(try call(line)))
            return log.answer ?? "blocked"
        }
        return nil
    }

    /// All connections stand, but those that the file says do not.
    private mutating func connect() {
        for node in nodes + nodes.map(\.asCoordinator) {
            var state = ClientConnections.State.up
            if down.contains(node) { state = .down(until: .never) }
            if connecting.contains(node) { state = .connecting(until: .never) }
            var connection = ClientConnections.Connection(node: node, state: state)
            if down.contains(node) { connection.failures = 1 }
            connection.inFlight = 0
            consumer.network.connections.all.removeAll { $0.node == node }
            let index = consumer.network.connections.all.firstIndex { $0.node > node }
            consumer.network.connections.all.insert(
                connection, at: index ?? consumer.network.connections.all.count)
        }
        for one in consumer.network.inFlight { consumer.network.connections.began(one.node) }
    }

    private mutating func receive(_ input: ConsumerInput) {
        if case .disconnected(let node) = input {
            consumer.network.lose(node, at: now)
            connect()
        } else {
            connect()
        }
        var effects = ConsumerEffects()
        switch input {
        case .disconnected: consumer.receive(.time, at: now, &effects)
        default: consumer.receive(input, at: now, &effects)
        }
        for effect in effects.items { note(effect) }
    }

    private mutating func note(_ effect: ConsumerEffect) {
        switch effect {
        case .send(let request): log.send(request, words(request))
        case .disconnect(let node): log.tell("closed node=\(ConsumerWords.word(node)) -> ok")
        case .returned(let result): log.finish(call, "ok\(words(result))")
        case .failed(let error):
            log.finish(call, "error \(ConsumerWords.words(error, consumer.metadata.names))")
        case .callback(let ticket, let offsets, let error):
            let names = consumer.metadata.names
            let told = names.sorted(offsets.map(\.partition)).compactMap { one in
                offsets.first { $0.partition == one }.map {
                    "\(ConsumerWords.word(one, names))=\(ConsumerWords.word($0.position))"
                }
            }
            let outcome = error.map { "error \(ConsumerWords.words($0, names))" }
                ?? "ok offsets=\(ConsumerWords.list(told))"
            log.tell("callback C\(ticket.rawValue) -> \(outcome)")
        case .connect, .reset, .wake, .closed: break
        }
    }

    // MARK: States

    private mutating func tellStates(_ effects: inout [String]) {
        let names = consumer.metadata.names
        let subscription = consumer.subscription
        var buffered: [CompletedFetch] = consumer.buffer.waiting
        if let current = consumer.buffer.current, !current.isConsumed {
            buffered.insert(current, at: 0)
        }
        let waiting = buffered.map {
            "\(ConsumerWords.word($0.partition, names)):\($0.nextOffset)"
        }
        let pending = consumer.pendingNodes.sorted().map { ConsumerWords.word($0) }
        told.tell(
            "consumer",
            [
                "order=\(ConsumerWords.list(subscription.order, names))",
                "buffered=\(ConsumerWords.list(waiting))",
                "pendingNodes=\(ConsumerWords.list(pending))",
                "metadataUpdate=\(consumer.metadata.isUpdateRequested)",
            ], &effects)
        let partitions = names.sorted(subscription.order).compactMap { one in
            subscription[one].map { state in
                (
                    ConsumerWords.word(one, names),
                    ConsumerWords.fields(
                        state, isMember: consumer.group.exists, awaitsCallbacks: !isClassic)
                )
            }
        }
        states.tell(partitions, &effects)
        if consumer.group.exists {
            told.tell("group", isClassic ? classicGroup : backgroundGroup, &effects)
        }
    }

    private var coordinator: String {
        consumer.group.coordinator.map(ConsumerWords.word) ?? "-"
    }

    private func word(_ instant: Instant?) -> String {
        instant.map { "\(($0 - .zero).wholeMilliseconds)" } ?? "-"
    }

    private var classicGroup: [String] {
        let reason = consumer.group.hasLeft ? "consumer_pro-actively_leaving_the_group" : "-"
        return [
            "state=UNJOINED", "generation=-1", "member=-", "assignor=-",
            "coordinator=\(coordinator)", "rejoin=true", "prepare=true", "leader=false",
            "reason=\(reason)", "subscription=[]", "heartbeats=-", "heartbeatAt=-",
            "sessionEnd=-", "pollEnd=-", "heartbeatInFlight=false",
            "autoCommitAt=\(word(consumer.group.autoCommitAt))",
        ]
    }

    private var backgroundGroup: [String] {
        let commits = consumer.background.commits
        let isInFlight = commits.autoCommit.map { _ in "\(commits.isAutoCommitInFlight)" } ?? "-"
        return [
            "state=UNSUBSCRIBED", "epoch=0", "subscription=[]", "current=-", "target=-",
            "reconciling=false", "coordinator=\(coordinator)", "interval=0", "heartbeatAt=1000",
            "heartbeatInFlight=false", "pollEnd=\(word(consumer.background.pollTimer.deadline))",
            "autoCommitAt=\(word(commits.autoCommit?.deadline))",
            "autoCommitInFlight=\(isInFlight)",
        ]
    }
}

/// What happened during one operation. Requests that left directly after each other are told in
/// the order of their nodes.
struct CallLog {
    private enum Entry {
        case sent(ConsumerRequest, words: String)
        case told(String)
    }

    private var entries: [Entry] = []
    /// Of the operation's own call.
    var isAnswering = false
    private(set) var answer: String?

    mutating func send(_ request: ConsumerRequest, _ words: String) {
        entries.append(.sent(request, words: words))
    }

    mutating func tell(_ line: String) { entries.append(.told(line)) }

    /// The call has returned: the operation's own answer, or that of one before it.
    mutating func finish(_ call: Substring?, _ outcome: String) {
        if isAnswering {
            answer = outcome
        } else {
            tell("returned \(call ?? "") -> \(outcome)")
        }
    }

    private var sorted: [Entry] {
        var sorted: [Entry] = []
        var run: [(ConsumerRequest, String)] = []
        func flush() {
            let order = run.enumerated().sorted { left, right in
                let (one, other) = (left.element, right.element)
                if one.0.node != other.0.node { return one.0.node < other.0.node }
                if one.1.hasPrefix("ListOffsets"), other.1.hasPrefix("ListOffsets") {
                    return one.1 < other.1
                }
                return left.offset < right.offset
            }
            sorted += order.map { .sent($0.element.0, words: $0.element.1) }
            run = []
        }
        for entry in entries {
            if case .sent(let request, let words) = entry {
                run.append((request, words))
            } else {
                flush()
                sorted.append(entry)
            }
        }
        flush()
        return sorted
    }

    var requests: [ConsumerRequest] {
        sorted.compactMap { if case .sent(let request, _) = $0 { request } else { nil } }
    }

    /// What follows the line of the operation.
    func lines(from number: Int) -> [String] {
        var number = number
        return sorted.map { entry in
            switch entry {
            case .told(let line): return line
            case .sent(_, let words):
                number += 1
                return "sent R\(number) -> ok api=\(words)"
            }
        }
    }
}
