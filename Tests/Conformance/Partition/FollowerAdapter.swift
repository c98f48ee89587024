import Kernel

@testable import Kafka

/// follower-*.vec: several brokers, of which each leads or follows, and the network between them.
struct FollowerAdapter: VectorAdapter {
    private static let partition = FollowerRequests.partition

    /// A request of a fetcher that is on its way.
    private struct Sent {
        let from: NodeID
        let fetcher: FetcherID
        let ticket: FetcherTicket
        let request: BrokerRequest
        /// Once the leader has handled it.
        var handled: HandledFetch?

        var to: NodeID { fetcher.source }
    }

    private let ids: [NodeID]
    private var now: Int64
    private var hosts: [NodeID: ReplicaHost] = [:]
    private var registrations: [BrokerRegistration]
    private var sent: [Sent] = []
    private var nextAnswers: [(broker: NodeID, api: Substring, error: Substring)] = []
    private var shown: [String: String] = [:]
    private var waiting = 0
    private var lines: [String] = []

    init(case line: VectorLine) throws {
        now = try line.int("now")
        var settings = ReplicaSettings()
        settings.minInSyncReplicas = try line.int("minIsr")
        settings.maxLag = .milliseconds(try line.int("lagMs"))
        var fetching = FetcherSettings()
        fetching.backOff = .milliseconds(try line.int("fetchBackoffMs"))
        var generation = Generation.current
        if try !line.bool("truncateOnFetch") { generation.remove(.truncationOnFetch) }
        ids = try PartitionWords.nodes(try line.list("brokers"))
        registrations = (0..<3).map { Self.registration(NodeID($0), epoch: 100 + Int64($0)) }
        for id in ids {
            var host = ReplicaHost(
                id: id, settings: settings, fetching: fetching, generation: generation, now: now)
            for registration in registrations { host.note(.registerBroker(registration)) }
            hosts[id] = host
        }
    }

    private static func registration(_ id: NodeID, epoch: Int64) -> BrokerRegistration {
        BrokerRegistration(
            id: id, epoch: epoch, incarnation: IncarnationID(UInt64(epoch)),
            endpoint: Endpoint(host: id), features: [], isFenced: false, directories: [])
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        ["sent", "completed", "state", "fetcher", "replica"].contains(line.verb)
    }

    private static let silent = [
        "log", "next-answer", "handled", "checkpoint-hw", "restart", "begin-controlled-shutdown",
    ]

    // MARK: Operations

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        if operation.verb != "broker-metadata", operation.verb != "partition-metadata" {
            for id in ids { hosts[id]?.tellMetadata() }
        }
        let answer = try act(operation)
        for id in ids { gather(id) }
        effects += lines
        lines = []
        guard !Self.silent.contains(operation.verb), !isWaiting(operation) else { return answer }
        let about =
            operation.value(of: "broker") ?? operation.value(of: "from")
            ?? operation.value(of: "id") ?? "\(ids[0].rawValue)"
        let changes = changes()
        effects += changes.isEmpty ? ["state broker=\(about) -> unchanged"] : changes
        return answer
    }

    /// What the broker said since it was last asked.
    private mutating func gather(_ id: NodeID) {
        lines += hosts[id]?.takeLines() ?? []
        for asked in hosts[id]?.takeRequests() ?? [] {
            sent.append(
                Sent(
                    from: id, fetcher: asked.fetcher, ticket: asked.ticket,
                    request: asked.request))
            let text = (try? FollowerRequests.text(asked.request)) ?? "?"
            lines.append("sent from=\(id.rawValue) to=\(asked.fetcher.source.rawValue) \(text)")
        }
    }

    /// The turn of the fetcher is not over: it waits for an answer.
    private func isWaiting(_ operation: VectorLine) -> Bool {
        guard operation.verb == "step" || operation.verb == "answered" else { return false }
        let from = operation.value(of: "broker") ?? operation.value(of: "from") ?? ""
        return sent.contains { "\($0.from.rawValue)" == from }
    }

    private mutating func act(_ line: VectorLine) throws -> String? {
        switch line.verb {
        case "tick":
            now += try VectorText.int(try line.word(0), as: Int64.self)
            for id in ids { hosts[id]?.tick(to: now) }
        case "broker-metadata":
            let id = NodeID(try line.int("id", as: Int32.self))
            var registration = Self.registration(id, epoch: try line.int("epoch"))
            registration.isFenced = try line.bool("fenced")
            registration.inControlledShutdown = try line.bool("shuttingDown")
            registrations[Int(id.rawValue)] = registration
            for other in ids {
                hosts[other]?.note(.registerBroker(registration))
                hosts[other]?.tellMetadata()
            }
        case "answered": return try answered(line)
        case "handled": try handled(line)
        case "next-answer":
            nextAnswers.append((try broker(line), try line.text("api"), try line.text("error")))
        default: return try act(line, at: try broker(line))
        }
        return nil
    }

    private func broker(_ line: VectorLine) throws -> NodeID { NodeID(try line.int("broker")) }

    private mutating func act(_ line: VectorLine, at id: NodeID) throws -> String? {
        switch line.verb {
        case "log":
            hosts[id]?.layDown(
                try FollowerRequests.batches(line, at: now), start: try line.int("start"),
                highWatermark: try line.int("hw"))
        case "partition-metadata": hosts[id]?.learn(try PartitionWords.registration(line))
        case "step":
            for fetcher in hosts[id]?.fetchers.ids ?? [] { hosts[id]?.tell(.turn(fetcher)) }
        case "isr-shrink-check": hosts[id]?.tell(.timer(.shrinkISRs))
        case "checkpoint-hw": hosts[id]?.tell(.timer(.checkpointHighWatermarks))
        case "begin-controlled-shutdown": hosts[id]?.tell(.beginControlledShutdown)
        case "alter-partition-response":
            hosts[id]?.tell(.alterPartitionAnswer(try PartitionWords.alteration(line)))
        case "restart":
            let epoch = try line.int("brokerEpoch", as: Int64.self)
            registrations[Int(id.rawValue)] = Self.registration(id, epoch: epoch)
            try hosts[id]?.restart(clean: try line.bool("clean"), registrations)
            sent.removeAll { $0.from == id }
            shown = shown.filter { !$0.key.contains(" broker=\(id.rawValue)") }
        case "produce", "follower-fetch", "consumer-fetch", "delete-records":
            return try ask(line, id)
        default: throw VectorFormError(description: "unknown verb \(line.verb)")
        }
        return nil
    }

    private mutating func ask(_ line: VectorLine, _ id: NodeID) throws -> String? {
        let (request, letter) = try FollowerRequests.request(
            line, at: now, brokerEpochs: registrations.map(\.epoch))
        let name = "\(letter)\(waiting + 1)"
        if let reply = hosts[id]?.ask(request, name: name) { return try PartitionWords.text(reply) }
        waiting += 1
        return "pending id=\(name)"
    }
}

// MARK: The network

/// An answer whose records are a range of bytes in the leader's log file: what lies there when they
/// are sent is what comes.
private struct HandledFetch {
    let reply: FetchReply
    let position: Int64
}

extension FollowerAdapter {
    private func index(_ line: VectorLine) throws -> Int {
        let from = NodeID(try line.int("from", as: Int32.self))
        guard let index = sent.firstIndex(where: { $0.from == from }) else {
            throw VectorFormError(description: "nothing is on its way from \(from.rawValue)")
        }
        return index
    }

    private mutating func answered(_ line: VectorLine) throws -> String? {
        let request = sent.remove(at: try index(line))
        if let handled = request.handled {
            let reply = reread(handled, at: request.to)
            deliver(.fetch(reply), request)
            return try PartitionWords.text(.fetch(reply))
        }
        let error = takeNextAnswer(of: request.to, try line.text("api"))
        if error == "DISCONNECT" {
            hosts[request.from]?.tell(.failed(request.fetcher, request.ticket))
            return "error DISCONNECT"
        }
        if let error, error != "CORRUPT_BATCH" {
            let reply = FollowerRequests.refusal(
                of: request.request, try PartitionWords.error(error))
            deliver(reply, request)
            return try PartitionWords.text(reply)
        }
        guard var reply = serve(request) else { return nil }
        var words = try PartitionWords.text(reply)
        if error == "CORRUPT_BATCH", case .fetch(var fetched) = reply,
            !fetched.partitions[0].batches.isEmpty
        {
            fetched.partitions[0].batches[0].isIntact = false
            reply = .fetch(fetched)
            words += " corrupt=true"
        }
        deliver(reply, request)
        return words
    }

    private mutating func handled(_ line: VectorLine) throws {
        let index = try index(line)
        guard case .fetch(let asked) = sent[index].request,
            case .fetch(let reply) = serve(sent[index]),
            var log = hosts[sent[index].to]?.replicas[Self.partition]?.log
        else { return }
        let place = log.position(of: asked.partitions[0].fetchOffset)
        sent[index].handled = HandledFetch(
            reply: reply, position: place.position)
    }

    /// The same range of bytes, as it is by now.
    private func reread(_ handled: HandledFetch, at leader: NodeID) -> FetchReply {
        var reply = handled.reply
        let end = handled.position + Int64(reply.partitions[0].sizeInBytes)
        var position: Int64 = 0
        var batches: [RecordBatch] = []
        for batch in hosts[leader]?.batches ?? [] {
            if position >= handled.position, position + Int64(batch.sizeInBytes) <= end {
                batches.append(batch)
            }
            position += Int64(batch.sizeInBytes)
        }
        reply.partitions[0].batches = batches
        return reply
    }

    private mutating func serve(_ request: Sent) -> BrokerReply? {
        var asked = request.request
        if case .fetch(var fetch) = asked {
            fetch.maxWait = .zero
            asked = .fetch(fetch)
        }
        return hosts[request.to]?.ask(asked, name: "?")
    }

    /// What the leader did comes before what the follower does with its answer.
    private mutating func deliver(_ reply: BrokerReply, _ request: Sent) {
        gather(request.to)
        hosts[request.from]?.tell(.answer(reply, request.fetcher, request.ticket))
    }

    private mutating func takeNextAnswer(of broker: NodeID, _ api: Substring) -> Substring? {
        let index = nextAnswers.firstIndex { $0.broker == broker && $0.api == api }
        return index.map { nextAnswers.remove(at: $0).error }
    }
}

// MARK: State

extension FollowerAdapter {
    /// The lines of whatever is not as it was last printed.
    private mutating func changes() -> [String] {
        var changed: [String] = []
        for id in ids {
            guard let host = hosts[id] else { continue }
            let replica = host.replicas[Self.partition]
            var state = PartitionStates.text(replica, host.replicas.broker)
            if replica != nil { state += " log=\(PartitionWords.list(host.batches))" }
            show("state broker=\(id.rawValue)", state, &changed)
            show("fetcher broker=\(id.rawValue)", progress(host.fetchers), &changed)
            let followers = replica?.leadership?.followers ?? []
            for other in registrations.map(\.id) {
                let head = "replica broker=\(id.rawValue) id=\(other.rawValue)"
                if let follower = followers.first(where: { $0.broker == other }) {
                    show(head, PartitionStates.text(follower), &changed)
                } else if shown[head] != nil {
                    show(head, "gone", &changed)
                }
            }
        }
        return changed
    }

    private mutating func show(_ head: String, _ words: String, _ changed: inout [String]) {
        guard shown[head] != words else { return }
        shown[head] = words
        changed.append("\(head) -> \(words)")
    }

    private func progress(_ fetchers: ReplicaFetchers) -> String {
        if fetchers.hasFailed(Self.partition) { return "failed" }
        let instant = PartitionWords.instant(now)
        guard let found = fetchers.progress(of: Self.partition, at: instant) else { return "none" }
        return "\(found.isTruncating ? "Truncating" : "Fetching") from=\(found.source.rawValue)"
            + " fetchOffset=\(found.fetchOffset) currentLeaderEpoch=\(found.leaderEpoch)"
            + " lastFetchedEpoch=\(PartitionWords.orNone(found.lastFetchedEpoch))"
            + " lag=\(PartitionWords.orNone(found.lag)) delayed=\(found.isBackingOff)"
    }
}
