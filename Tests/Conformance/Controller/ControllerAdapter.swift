import Kernel

@testable import Kafka

/// controller-*.vec: two controllers over one metadata log.
struct ControllerAdapter: VectorAdapter {
    private(set) var controllers: [NodeID: Controller] = [:]
    private(set) var active = NodeID(3000)
    private(set) var now = Instant.zero
    private let commitsAtOnce: Bool
    private let listsBootstrap: Bool
    private var log: [MetadataRecord] = []
    private var committedEnd: Int64 = 0
    private var choices = Choices(seed: 0)
    private var nextToken: UInt64 = 1
    /// Answers that wait, in the order of their requests.
    private var pending: [Pending] = []
    private var pendingCount = 0
    /// The image whose states have been printed.
    private var shown = MetadataImage()
    var topics = TopicWords()

    private struct Pending {
        var number: Int
        /// Nil: a task, of which the answer is known.
        var token: ReplyToken?
        var text: String
        var words: (ControllerReply) -> String
    }

    /// What came of one operation.
    private struct Outcome {
        var replies: [ReplyToken: ControllerReply] = [:]
        var records: [MetadataRecord] = []
        var timers: [ControllerTask: Instant] = [:]
        var hasFailed = false
        var hasResigned = false
    }

    init(case settings: VectorLine) throws {
        guard let version = MetadataVersion(name: String(try settings.text("mv"))) else {
            throw VectorFormError(description: "unknown metadata version")
        }
        commitsAtOnce = try settings.text("commit") == "auto"
        listsBootstrap = settings.value(of: "title")?.contains("bootstrap") ?? false
        var own = ControllerSettings()
        own.controllers = [NodeID(3000), NodeID(3001)]
        own.defaultReplicationFactor = 3
        own.minInSyncReplicas = try settings.int("minIsr")
        own.uncleanLeaderElection = try settings.bool("unclean")
        own.bootstrapFeatures = [FeatureLevel(.metadataVersion, version.level)]
        if try settings.bool("elr") {
            own.bootstrapFeatures.append(FeatureLevel(.eligibleLeaderReplicasVersion, 1))
        }
        for id in own.controllers {
            controllers[id] = Controller(id: id, actor: ActorID(UInt32(id.rawValue)), settings: own)
        }
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        ["record", "state", "reassignment", "response"].contains(line.verb)
    }

    var image: MetadataImage { controllers[active]!.image }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "tick":
            now = now + .milliseconds(try VectorText.int(operation.word(0)))
            return nil
        case "activate": return try activate(operation, &effects)
        case "boot": return try boot(operation, &effects)
        case "failover": return try failover(operation, &effects)
        case "commit":
            var outcome = Outcome()
            commit(&outcome)
            respond(outcome, &effects)
            return "ok committed=\(committedEnd)"
        case "heartbeats": return try heartbeats(operation, &effects)
        case "expire-one", "balance-leaders", "elect-unclean-leaders":
            return try run(operation, &effects)
        default:
            let request = try ControllerRequestReader(self, operation).request()
            return try answer(request, operation, &effects)
        }
    }
}

// MARK: - The log and the two controllers

extension ControllerAdapter {
    private mutating func send(_ input: ControllerInput, to id: NodeID, _ outcome: inout Outcome) {
        var effects = ControllerEffects()
        controllers[id]!.receive(input, at: now, &choices, &effects)
        for effect in effects.items {
            switch effect {
            case .append(let records, let firstOffset, _):
                precondition(firstOffset == Int64(log.count), "a gap in the log")
                log += records
                outcome.records += records
            case .reply(let reply, let token): outcome.replies[token] = reply
            case .setTimer(let task, let instant): outcome.timers[task] = instant
            case .resign: outcome.hasResigned = true
            case .taskFailed: outcome.hasFailed = true
            }
        }
    }

    private mutating func commit(_ outcome: inout Outcome) {
        let new = Array(log[Int(committedEnd)...])
        let first = committedEnd
        committedEnd = Int64(log.count)
        for id in controllers.keys {
            let input = ControllerInput.committed(new, firstOffset: first, endOffset: committedEnd)
            send(input, to: id, &outcome)
        }
    }

    private mutating func respond(_ outcome: Outcome, _ effects: inout [String]) {
        for one in pending {
            let text = one.token.flatMap { outcome.replies[$0] }.map(one.words) ?? one.text
            effects.append("response request=\(one.number) -> \(text)")
        }
        pending.removeAll()
    }

    /// `records= next=`, then the records and the states that changed.
    private mutating func finish(
        _ outcome: Outcome, listing: Bool = true, _ effects: inout [String]
    ) -> String {
        if listing {
            topics.learn(outcome.records)
            for (index, record) in topics.inPrintedOrder(outcome.records).enumerated() {
                let words = topics.words(record, isOld: !image.metadataVersion.supportsDirectories)
                effects.append("record \(index + 1) -> \(words)")
            }
        }
        showStates(&effects)
        return "records=\(outcome.records.count) next=\(log.count)"
    }

    private mutating func showStates(_ effects: inout [String]) {
        let (new, gone) = StateWords.changes(from: shown, to: image)
        effects += new
        effects += gone
        shown = image
    }

    private mutating func activate(
        _ operation: VectorLine, _ effects: inout [String]
    ) throws -> String {
        var outcome = Outcome()
        active = NodeID(try operation.int("controller"))
        send(.becomeActive(epoch: 1, nextOffset: 0), to: active, &outcome)
        commit(&outcome)
        return "ok " + finish(outcome, listing: listsBootstrap, &effects)
    }

    private mutating func boot(
        _ operation: VectorLine, _ effects: inout [String]
    ) throws -> String {
        var outcome = Outcome()
        for broker in try ControllerWords.nodes(operation, "brokers") {
            let letters = try operation.int("dirsEach", as: Int.self) == 1 ? ["a"] : ["a", "b"]
            let directories = try letters.map {
                try ControllerWords.directory("d\(broker.rawValue)\($0)")
            }
            let racks = try operation.bool("racks") ? ["a", "b", "c"] : [nil, nil, nil]
            let registration = BrokerRegistrationRequest(
                broker: broker, clusterID: "cluster",
                incarnation: IncarnationID(UInt64(broker.rawValue)), previousEpoch: nil,
                endpoint: Endpoint(host: broker), rack: racks[Int(broker.rawValue) % 3],
                directories: directories)
            send(.request(.registerBroker(registration), from: token()), to: active, &outcome)
            send(.request(.heartbeat(heartbeat(broker)), from: token()), to: active, &outcome)
        }
        commit(&outcome)
        topics.learn(outcome.records)
        return "ok " + finish(outcome, listing: false, &effects)
    }

    private mutating func failover(
        _ operation: VectorLine, _ effects: inout [String]
    ) throws -> String {
        var outcome = Outcome()
        let old = active
        send(.becomeStandby, to: old, &outcome)
        let lost = log.count - Int(committedEnd)
        log.removeLast(lost)
        active = NodeID(try operation.int("controller"))
        let isSame = controllers[old]!.image == controllers[active]!.image
        send(
            .becomeActive(
                epoch: try operation.int("controllerEpoch"), nextOffset: Int64(log.count)),
            to: active, &outcome)
        for index in pending.indices { pending[index].text = "error NOT_CONTROLLER" }
        respond(outcome, &effects)
        return "ok lost=\(lost) rebuiltSame=\(isSame) " + finish(outcome, &effects)
    }
}

// MARK: - Requests and tasks

extension ControllerAdapter {
    private mutating func token() -> ReplyToken {
        nextToken += 1
        return ReplyToken(nextToken)
    }

    /// A plain one: the registered epoch, the last offset, no wishes.
    private func heartbeat(_ broker: NodeID) -> BrokerHeartbeatRequest {
        BrokerHeartbeatRequest(
            broker: broker, epoch: image.brokers[broker]?.epoch ?? -1,
            metadataOffset: Int64(log.count) - 1)
    }

    private mutating func heartbeats(
        _ operation: VectorLine, _ effects: inout [String]
    ) throws -> String {
        var outcome = Outcome()
        var fenced: [NodeID] = []
        for broker in try ControllerWords.nodes(operation, "brokers") {
            let token = token()
            send(.request(.heartbeat(heartbeat(broker)), from: token), to: active, &outcome)
            if commitsAtOnce { commit(&outcome) }
            if case .heartbeat(let reply)? = outcome.replies[token], reply.isFenced {
                fenced.append(broker)
            }
        }
        return "ok fenced=\(ControllerWords.list(fenced)) " + finish(outcome, &effects)
    }

    private mutating func answer(
        _ request: ControllerRequest, _ operation: VectorLine, _ effects: inout [String]
    ) throws -> String {
        let draws = try operation.list("random").map { try VectorText.int($0, as: UInt64.self) }
        let actor = ActorID(UInt32(active.rawValue))
        let made = choices.made(actor, .replicaPlacement)
        for (index, draw) in draws.enumerated() {
            let ordinal = made + UInt32(index)
            choices.override(
                Choices.Key(actor: actor, purpose: .replicaPlacement, ordinal: ordinal), with: draw)
        }
        var outcome = Outcome()
        let token = token()
        send(.request(request, from: token), to: active, &outcome)
        if commitsAtOnce { commit(&outcome) }
        topics.learn(outcome.records)
        if let reply = outcome.replies[token] {
            topics.reassignmentLines(reply, &effects)
            let resigned = outcome.hasResigned ? " resigned=true" : ""
            let words = ReplyWords(topics, operation).words(reply)
            return words + " " + finish(outcome, &effects) + resigned
        }
        let words = ReplyWords(topics, operation)
        wait(Pending(number: 0, token: token, text: "", words: words.words))
        return "pending request=\(pendingCount) " + finish(outcome, &effects)
    }

    private mutating func wait(_ one: Pending) {
        pendingCount += 1
        pending.append(one)
        pending[pending.count - 1].number = pendingCount
    }

    private mutating func run(
        _ operation: VectorLine, _ effects: inout [String]
    ) throws -> String {
        var task = ControllerTask.fenceStaleBroker
        if operation.verb == "balance-leaders" { task = .balanceLeaders }
        if operation.verb == "elect-unclean-leaders" { task = .electUncleanLeaders }
        if task == .fenceStaleBroker { try chooseStaleBroker(operation) }
        var outcome = Outcome()
        send(.timer(task), to: active, &outcome)
        if commitsAtOnce { commit(&outcome) }
        let again = ((outcome.timers[task] ?? now) - now).wholeMilliseconds
        if outcome.hasFailed {
            return "error PeriodicControlTaskException againIn=\(again) "
                + finish(outcome, &effects)
        }
        let text = "ok found=\(again == 10) againIn=\(again)"
        if controllers[active]!.awaitedOffset == nil {
            return text + " " + finish(outcome, &effects)
        }
        wait(Pending(number: 0, token: nil, text: text, words: { _ in text }))
        return "pending request=\(pendingCount) " + finish(outcome, &effects)
    }

    private mutating func chooseStaleBroker(_ operation: VectorLine) throws {
        guard let broker = try operation.intOrNone("broker", as: Int32.self) else { return }
        let session = BrokerLiveness.Session(
            broker: NodeID(broker), epoch: try operation.int("epoch"))
        let expired = controllers[active]!.leadership!.liveness.expiredSessions(at: now)
        guard expired.count > 1, let index = expired.firstIndex(of: session) else { return }
        let actor = ActorID(UInt32(active.rawValue))
        let key = Choices.Key(
            actor: actor, purpose: .staleBroker, ordinal: choices.made(actor, .staleBroker))
        choices.override(key, with: UInt64(index))
    }
}
