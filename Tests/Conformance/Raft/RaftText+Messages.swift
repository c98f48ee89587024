import Kafka
import Kernel

/// How the raft files write messages.
extension RaftText {
    static func request(_ line: VectorLine, api: Substring) throws -> RaftRequest {
        switch api {
        case "VOTE":
            return .vote(
                .init(
                    isPreVote: try line.bool("pre"), epoch: try line.int("epoch"),
                    candidate: try keyOrNobody(line.text("from")),
            logEnd: try position(line.text("log")),
                    voter: try optionalKey(line.text("for"))))
        case "BEGIN_QUORUM_EPOCH":
            return .beginQuorumEpoch(
                .init(
                    epoch: try line.int("epoch"), leader: try keyOrNobody(line.text("leader")).id,
                    endpoint: try optionalEndpoint(line.text("at")),
                    voter: try optionalKey(line.text("for"))))
        case "END_QUORUM_EPOCH":
            return .endQuorumEpoch(
                .init(
                    epoch: try line.int("epoch"), leader: try keyOrNobody(line.text("leader")).id,
                    endpoint: try optionalEndpoint(line.text("at")),
                    preferredSuccessors: try line.list("successors").map(key)))
        case "FETCH": return .fetch(try fetch(line))
        case "FETCH_SNAPSHOT":
            return .fetchSnapshot(
                .init(
                    epoch: try line.int("epoch"), replica: try optionalKey(line.text("from")),
                    snapshot: try position(line.text("snapshot")),
                    position: try line.int("position"), maxBytes: try line.int("max")))
        case "DESCRIBE_QUORUM": return .describeQuorum
        case "API_VERSIONS": return .apiVersions
        case "ADD_RAFT_VOTER":
            return .addVoter(
                .init(
                    voter: try keyOrNobody(line.text("voter")),
                    endpoint: try optionalEndpoint(line.text("at")),
                    ackWhenCommitted: try line.text("ack") == "committed"))
        case "REMOVE_RAFT_VOTER": return .removeVoter(try keyOrNobody(line.text("voter")))
        case "UPDATE_RAFT_VOTER": return .updateVoter(try update(line))
        default: throw VectorFormError(description: "unknown API \(api)")
        }
    }

    /// A key of nobody, -1, is `-`.
    private static func keyOrNobody(_ text: Substring) throws -> ReplicaKey {
        try optionalKey(text) ?? ReplicaKey(NodeID(-1))
    }

    private static func fetch(_ line: VectorLine) throws -> RaftRequest.Fetch {
        let highWatermark = try line.text("hw")
        return RaftRequest.Fetch(
            epoch: try line.int("epoch"), replica: try optionalKey(line.text("from")),
            offset: try line.int("offset"), lastFetchedEpoch: try line.int("last"),
            highWatermark: highWatermark == "max" ? .max : try line.intOrNone("hw"),
            maxWaitMilliseconds: try line.int("wait"))
    }

    private static func update(_ line: VectorLine) throws -> RaftRequest.UpdateVoter {
        let (least, most) = VectorText.halves(try line.text("versions"), at: ".")
        return RaftRequest.UpdateVoter(
            epoch: try line.int("epoch"), voter: try keyOrNobody(line.text("voter")),
            endpoint: try optionalEndpoint(line.text("at")), minVersion: try VectorText.int(least),
            maxVersion: try VectorText.int(most?.dropFirst() ?? ""))
    }

    static func optionalEndpoint(_ text: Substring) throws -> Endpoint? {
        text == "-" ? nil : try endpoint(text)
    }

    static func text(_ endpoint: Endpoint?) -> String { endpoint.map { text($0) } ?? "-" }

    static func text(_ request: RaftRequest) -> String {
        switch request {
        case .vote(let vote):
            return "VOTE pre=\(vote.isPreVote) epoch=\(vote.epoch) from=\(text(vote.candidate))"
                + " log=\(text(vote.logEnd)) for=\(text(vote.voter))"
        case .beginQuorumEpoch(let begin):
            return "BEGIN_QUORUM_EPOCH epoch=\(begin.epoch) leader=\(text(begin.leader))"
                + " at=\(text(begin.endpoint)) for=\(text(begin.voter))"
        case .endQuorumEpoch(let end):
            return "END_QUORUM_EPOCH epoch=\(end.epoch) leader=\(text(end.leader))"
                + " successors=\(list(end.preferredSuccessors.map { text($0) }))"
                + " at=\(text(end.endpoint))"
        case .fetch(let fetch):
            return "FETCH epoch=\(fetch.epoch) from=\(text(fetch.replica)) offset=\(fetch.offset)"
                + " last=\(fetch.lastFetchedEpoch) hw=\(text(fetch.highWatermark))"
                + " wait=\(fetch.maxWaitMilliseconds)"
        case .fetchSnapshot(let fetch):
            return "FETCH_SNAPSHOT epoch=\(fetch.epoch) from=\(text(fetch.replica))"
                + " snapshot=\(text(fetch.snapshot)) position=\(fetch.position)"
                + " max=\(fetch.maxBytes)"
        case .describeQuorum: return "DESCRIBE_QUORUM"
        case .apiVersions: return "API_VERSIONS"
        case .addVoter(let add):
            return "ADD_RAFT_VOTER voter=\(text(add.voter)) at=\(text(add.endpoint))"
                + " ack=\(add.ackWhenCommitted ? "committed" : "appended")"
        case .removeVoter(let key): return "REMOVE_RAFT_VOTER voter=\(text(key))"
        case .updateVoter(let update):
            return "UPDATE_RAFT_VOTER epoch=\(update.epoch) voter=\(text(update.voter))"
                + " at=\(text(update.endpoint))"
                + " versions=\(update.minVersion)..\(update.maxVersion)"
        }
    }
}

// MARK: - Responses

extension RaftText {
    static func response(_ line: VectorLine, api: Substring) throws -> RaftResponse {
        var response = RaftResponse(
            error: try error(try line.text("error")),
            isTopLevelError: line.value(of: "level") == "top",
            epoch: try line.intOrNone("epoch") ?? 0, leader: nil,
            body: try body(line, api: api))
        if let leader = line.value(of: "leader"), leader != "-" {
            response.leader = try node(leader)
        }
        if let at = line.value(of: "at") { response.endpoint = try optionalEndpoint(at) }
        return response
    }

    static func error(_ name: Substring) throws -> KafkaError {
        for code in Int16(-1)...127 {
            if let error = KafkaError(rawValue: code), error.name == name { return error }
        }
        throw VectorFormError(description: "unknown error \(name)")
    }

    private static func body(_ line: VectorLine, api: Substring) throws -> RaftResponse.Body {
        switch api {
        case "VOTE": return .vote(granted: line.has("granted") ? try line.bool("granted") : false)
        case "BEGIN_QUORUM_EPOCH": return .beginQuorumEpoch
        case "END_QUORUM_EPOCH": return .endQuorumEpoch
        case "FETCH":
            let records = try line.list("records").map(anyBatch)
            return .fetch(
                .init(
                    highWatermark: try line.intOrNone("hw"), records: records,
                    detour: try detour(line)))
        case "FETCH_SNAPSHOT":
            guard let id = try line.value(of: "snapshot").map(position) else {
                return .fetchSnapshot(
                    .init(
                        id: OffsetAndEpoch(-1, -1), size: 0, position: 0, bytes: 0, content: nil))
            }
            let size: Int64 = try line.int("size")
            return .fetchSnapshot(
                .init(
                    id: id, size: size, position: try line.int("position"),
                    bytes: try line.int("bytes"),
                    content: try snapshot(id, holding: line.text("holds"), size: size)))
        case "DESCRIBE_QUORUM":
            return .describeQuorum(.init(highWatermark: nil, voters: [], observers: []))
        case "ADD_RAFT_VOTER": return .addVoter
        case "REMOVE_RAFT_VOTER": return .removeVoter
        case "UPDATE_RAFT_VOTER": return .updateVoter
        case "API_VERSIONS":
            guard let versions = line.value(of: "versions") else { return .apiVersions(nil) }
            let (least, most) = VectorText.halves(versions, at: ".")
            let lowest: Int16 = try VectorText.int(least)
            return .apiVersions(lowest...(try VectorText.int(most?.dropFirst() ?? "")))
        default: throw VectorFormError(description: "unknown API \(api)")
        }
    }

    private static func detour(_ line: VectorLine) throws -> RaftResponse.Fetch.Detour? {
        if let diverging = line.value(of: "diverging") {
            return .diverging(try position(diverging))
        }
        return try line.value(of: "snapshot").map { .snapshot(try position($0)) }
    }

    /// What follows the arrow: `ok VOTE epoch=0 …` or `error FENCED_LEADER_EPOCH VOTE …`.
    static func text(_ response: RaftResponse, since begin: Instant) -> String {
        let verdict = response.error == .none ? "ok" : "error \(response.error.name)"
        let head = "epoch=\(response.epoch) leader=\(text(response.leader))"
        let known = "\(head) at=\(text(response.endpoint))"
        func with(_ api: String, _ fields: String) -> String {
            if response.isTopLevelError { return "\(verdict) \(api) level=top" }
            return fields.isEmpty ? "\(verdict) \(api)" : "\(verdict) \(api) \(fields)"
        }
        switch response.body {
        case .vote(let granted): return with("VOTE", "\(known) granted=\(granted)")
        case .beginQuorumEpoch: return with("BEGIN_QUORUM_EPOCH", known)
        case .endQuorumEpoch: return with("END_QUORUM_EPOCH", known)
        case .fetch(let fetch):
            var fields = "\(known) hw=\(text(fetch.highWatermark))"
            if let diverging = fetch.diverging { fields += " diverging=\(text(diverging))" }
            if let snapshot = fetch.snapshot { fields += " snapshot=\(text(snapshot))" }
            return with("FETCH", fields + " records=\(list(fetch.records.map(text)))")
        case .fetchSnapshot(let chunk):
            guard let content = chunk.content else { return with("FETCH_SNAPSHOT", known) }
            return with(
                "FETCH_SNAPSHOT",
                "\(known) snapshot=\(text(chunk.id)) size=\(chunk.size) position=\(chunk.position)"
                    + " bytes=\(chunk.bytes) holds=\(holdings(of: content))")
        case .describeQuorum(let quorum):
            if response.error != .none { return with("DESCRIBE_QUORUM", "") }
            return with(
                "DESCRIBE_QUORUM",
                "\(head) hw=\(text(quorum.highWatermark))"
                    + " voters=\(list(quorum.voters.map { text($0, since: begin) }))"
                    + " observers=\(list(quorum.observers.map { text($0, since: begin) }))")
        case .addVoter: return with("ADD_RAFT_VOTER", "")
        case .removeVoter: return with("REMOVE_RAFT_VOTER", "")
        case .updateVoter: return with("UPDATE_RAFT_VOTER", known)
        case .apiVersions: return with("API_VERSIONS", "")
        }
    }

    private static func text(
        _ replica: RaftResponse.DescribeQuorum.Replica, since begin: Instant
    ) -> String {
        func milliseconds(_ instant: Instant?) -> String {
            instant.map { "\(($0 - begin).wholeMilliseconds)" } ?? "-"
        }
        return "\(text(replica.key))=\(text(replica.logEnd))/\(milliseconds(replica.lastFetch))"
            + "/\(milliseconds(replica.lastCaughtUp))"
    }
}
