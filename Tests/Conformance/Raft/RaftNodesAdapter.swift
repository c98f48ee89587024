import Kafka
import Kernel

/// node-*.vec, quorum-of-*.vec, tutorial.vec: Raft processes, one clock, and messages.
struct RaftNodesAdapter: VectorAdapter {
    let begin = Instant.zero + .seconds(1_000_000)
    var now: Instant
    private var choices = RecordedChoices()
    private let settings: RaftSettings
    private let isVersion0: Bool
    private let firstVoters: [NodeID]
    private var disks: [NodeID: RaftStorage] = [:]
    private var nodes: [NodeID: RaftNode] = [:]
    /// Requests of our nodes by the number that the file gives them.
    private var sent: [Int: (node: NodeID, correlation: CorrelationID)] = [:]
    private var lastMessage = 0
    /// Where all nodes are written down, every one of them looks at the clock whenever it moves,
    /// but those that do nothing visible then get no line. Here: who has not looked yet.
    private var unlooked: [NodeID] = []
    private let isLooking: Bool
    private var complaint = ""
    private var nextItem: Int64 = 0

    init(case line: VectorLine) throws {
        now = begin
        var raft = RaftSettings()
        raft.electionTimeout = .milliseconds(try line.int("election"))
        raft.fetchTimeout = .milliseconds(try line.int("fetch"))
        raft.electionBackoffMax = .milliseconds(try line.int("backoff"))
        raft.requestTimeout = .milliseconds(try line.int("request"))
        raft.retryBackoff = .milliseconds(try line.int("retry"))
        raft.appendLinger = .milliseconds(try line.int("linger"))
        raft.fetchMaxWait = .milliseconds(try line.int("wait"))
        raft.fetchSnapshotMaxBytes = try line.int("chunk")
        settings = raft
        isVersion0 = try line.int("kraft", as: Int.self) == 0
        firstVoters = try line.list("voters").map(RaftText.node)
        isLooking = !line.has("me")
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        ["reply", "send", "tell"].contains(line.verb)
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "tick":
            for id in unlooked { try look(id) }
            unlooked = isLooking ? nodes.keys.sorted() : []
            now = now + .milliseconds(try VectorText.int(try operation.word(0)))
            return nil
        case "lose", "partition", "heal": return nil
        case "disk":
            try insertDisk(operation)
            return nil
        case "kill":
            let id = try node(operation)
            nodes[id] = nil
            unlooked.removeAll { $0 == id }
            return nil
        case "start":
            let id = try node(operation)
            unlooked.removeAll { $0 == id }
            try create(operation)
            return try act(operation, .start, &effects)
        default:
            let id = try node(operation)
            if operation.verb != "run" && unlooked.contains(id) { try look(id) }
            unlooked.removeAll { $0 == id }
            return try act(operation, try input(operation), &effects)
        }
    }

    private mutating func look(_ id: NodeID) throws {
        var effects = RaftEffects()
        try choices.expect(VectorLine("look", number: 0))
        nodes[id]?.receive(.wake, at: now, &choices.choices, &effects)
        let lines = describe(effects, of: id)
        if !lines.isEmpty || !choices.surprise.isEmpty {
            complaint += " (before that \(id.rawValue) did \(lines)\(choices.surprise))"
        }
    }

    private func node(_ operation: VectorLine) throws -> NodeID {
        try RaftText.node(try operation.word(0))
    }

    // MARK: Disks and processes

    private mutating func insertDisk(_ line: VectorLine) throws {
        let log = RaftLog(
            start: try line.int("start"), batches: try line.list("records").map(RaftText.anyBatch),
            snapshots: try line.list("snapshots").map(RaftText.snapshot))
        disks[try node(line)] = RaftStorage(
            directory: try RaftText.directory(line.text("dir")),
            election: try RaftText.election(line.text("saved")), log: log)
    }

    private mutating func create(_ line: VectorLine) throws {
        let id = try node(line)
        guard let disk = disks[id] else { throw VectorFormError(description: "no disk") }
        var settings = settings
        settings.autoJoin = line.value(of: "autojoin") == "true"
        let places = firstVoters.map { Endpoint(host: $0) }
        let configuration = RaftNode.Configuration(
            id: id, canBecomeVoter: true,
            endpoint: try line.value(of: "at").map(RaftText.endpoint) ?? Endpoint(host: id),
            staticVoters: VoterSet(
                configured: isVersion0 ? zip(firstVoters, places).map { ($0, $1) } : []),
            bootstrapEndpoints: isVersion0 ? [] : places, settings: settings,
            actor: RecordedChoices.actor)
        nodes[id] = RaftNode(configuration, storage: disk)
    }

    // MARK: Operations

    private mutating func input(_ line: VectorLine) throws -> RaftInput {
        switch line.verb {
        case "run": return .wake
        case "receive":
            let message = try message(line)
            lastMessage = max(lastMessage, message)
            let request = try RaftText.request(line, api: try line.word(2))
            let token = ReplyToken(UInt64(message))
            return line.value(of: "cluster") == "other"
                ? .foreignRequest(request, from: token) : .request(request, from: token)
        case "answer":
            let response = try RaftText.response(line, api: try line.word(2))
            return .response(response, to: try correlation(line))
        case "fail":
            let failure: RaftInput.RequestFailure =
                switch try line.text("error") {
                case "BROKER_NOT_AVAILABLE": .disconnected
                case "UNSUPPORTED_VERSION": .unsupportedVersion
                case "NETWORK_EXCEPTION": .authentication
                case let other: throw VectorFormError(description: "unknown failure \(other)")
                }
            return .failure(failure, of: try correlation(line))
        default: return try call(line)
        }
    }

    private mutating func call(_ line: VectorLine) throws -> RaftInput {
        switch line.verb {
        case "append":
            let count: Int32 = try line.int("count")
            return .append(
                RaftProposal(
                    epoch: try line.int("epoch"), count: count, firstItem: nextItem,
                    sizeInBytes: 10 * count, schedule: line.value(of: "schedule") != "false"))
        case "schedule": return .scheduleAppend
        case "resign": return .resign(epoch: try line.int("epoch"))
        case "shutdown": return .shutdown(timeout: .milliseconds(try line.int("timeout")))
        case "snapshot":
            let answer = VectorLine("answer " + (line.answer ?? ""), number: line.number)
            return .createSnapshot(
                id: try RaftText.position(line.text("id")),
                sizeInBytes: try answer.intOrNone("size") ?? 1, stateFingerprint: 0)
        case "clean": return .deleteBeforeSnapshot(try RaftText.position(line.text("id")))
        case "upgrade":
            return .upgradeVersion(
                try line.int("version"), epoch: try line.int("epoch"),
                validateOnly: line.value(of: "validate") == "true")
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    /// `m12` is 12.
    private func message(_ line: VectorLine) throws -> Int {
        try VectorText.int(try line.word(1).dropFirst())
    }

    private func correlation(_ line: VectorLine) throws -> CorrelationID {
        let message = try message(line)
        guard let request = sent[message], request.node == (try node(line)) else {
            throw VectorFormError(description: "that node did not send m\(message)")
        }
        return request.correlation
    }

    private mutating func act(
        _ line: VectorLine, _ input: RaftInput, _ lines: inout [String]
    ) throws -> String {
        let id = try node(line)
        try choices.expect(line)
        var effects = RaftEffects()
        guard nodes[id] != nil else { throw VectorFormError(description: "node \(id) is down") }
        nodes[id]?.receive(input, at: now, &choices.choices, &effects)
        guard let node = nodes[id] else { return "" }
        lines = describe(effects, of: id)
        if case .append(let proposal) = input, line.answer?.hasPrefix("ok") == true {
            nextItem += Int64(proposal.count)
        }
        let verdict = verdict(of: effects, line, node)
        let state = " \(state(of: node))"
        defer { complaint = "" }
        return verdict + state + choices.surprise + complaint
    }

    private func verdict(of effects: RaftEffects, _ line: VectorLine, _ node: RaftNode) -> String {
        for effect in effects.items {
            switch effect {
            case .died(let death):
                return "error \(RaftText.text(death.exception)) died=true"
            case .callResult(.refused(let refusal)):
                return "error \(RaftText.text(refusal))"
            case .callResult(.appended(let offset)): return "ok last=\(offset)"
            case .callResult(.snapshotCreated(false)): return "ok created=false"
            case .callResult(.snapshotCreated(true)):
                guard let id = try? RaftText.position(line.text("id")),
                    let snapshot = node.log.snapshot(id)
                else { return "ok created=true" }
                return "ok created=true size=\(snapshot.sizeInBytes)"
                    + " holds=\(RaftText.holdings(of: snapshot))"
            case .callResult(.logCleaned(let isDeleted)): return "ok deleted=\(isDeleted)"
            default: break
            }
        }
        return "ok"
    }

    private func state(of node: RaftNode) -> String {
        let log = node.log
        let voters = node.voters.voters.map { RaftText.text($0) }
        return "\(RaftText.head(of: node.quorum))"
            + " log=\(log.start)..\(RaftText.text(log.endOffsetAndEpoch))"
            + " saved=\(RaftText.text(node.storage.election))"
            + RaftText.role(of: node.quorum, at: now)
            + (node.kraftVersion > 0 ? " voters=\(RaftText.list(voters))" : "")
    }
}

// MARK: - Effects

extension RaftNodesAdapter {
    /// Replies by message, then requests by destination, then what the state machine heard.
    private mutating func describe(_ effects: RaftEffects, of id: NodeID) -> [String] {
        var replies: [String] = []
        var sends: [(String, CorrelationID, String)] = []
        var news: [String] = []
        var committed: [RaftBatch] = []
        func flush() {
            if !committed.isEmpty {
                let batches = committed.map { batch in
                    if case .control = batch.content { "\(RaftText.range(of: batch)):control" }
                    else { RaftText.range(of: batch) }
                }
                news.append("tell -> ok committed=\(RaftText.list(batches))")
            }
            committed.removeAll()
        }
        for effect in effects.items {
            switch effect {
            case .reply(let its):
                let text = RaftText.text(its.response, since: begin)
                replies.append("reply m\(its.token.rawValue) -> \(text)")
            case .send(let its):
                let text = RaftText.text(its.request)
                sends.append((name(of: its.destination), its.correlation, text))
            case .tell(.committed(let batches)): committed += batches
            case .tell(let other):
                flush()
                news.append("tell -> ok \(text(other))")
            case .stopped(let isInTime):
                flush()
                news.append("tell -> ok stopped=\(isInTime ? "clean" : "TimeoutException")")
            default: break
            }
        }
        flush()
        let sendLines = byDestination(sends).map { destination, correlation, text in
            lastMessage += 1
            sent[lastMessage] = (id, correlation)
            return "send m\(lastMessage) to=\(destination) -> ok \(text)"
        }
        return replies + sendLines + news
    }

    /// Requests of one kind that leave together are listed by destination.
    private func byDestination(
        _ sends: [(String, CorrelationID, String)]
    ) -> [(String, CorrelationID, String)] {
        var sorted = sends
        var start = 0
        func kind(_ index: Int) -> Substring { sends[index].2.prefix { $0 != " " } }
        for index in sends.indices {
            if index + 1 < sends.count && kind(index + 1) == kind(index) { continue }
            sorted[start...index].sort { $0.0 < $1.0 }
            start = index + 1
        }
        return sorted
    }

    private func name(of destination: RaftDestination) -> String {
        switch destination.kind {
        case .node(let id): "\(id.rawValue)"
        case .bootstrap: "bootstrap\(RaftText.text(destination.endpoint))"
        }
    }

    private func text(_ news: RaftNews) -> String {
        switch news {
        case .committed: ""
        case .leaderChange(let leader, let epoch): "leader=\(RaftText.text(leader)) epoch=\(epoch)"
        case .loadSnapshot(let snapshot): "snapshot=\(RaftText.text(snapshot.id))"
        case .loadBootstrap(let snapshot): "bootstrap=\(RaftText.text(snapshot.id))"
        }
    }
}

extension RaftText {
    static func text(_ refusal: RaftCallResult.Refusal) -> String {
        switch refusal {
        case .notLeader: "NotLeaderException"
        case .illegalArgument: "IllegalArgumentException"
        case .illegalState: "IllegalStateException"
        case .error(let error): error.name
        }
    }
}
