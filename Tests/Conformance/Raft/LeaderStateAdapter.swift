import Kafka
import Kernel

/// leader-state.vec: what a leader keeps about the others.
struct LeaderStateAdapter: VectorAdapter {
    private static let begin = Instant.zero + .seconds(1_000_000)
    private var now = LeaderStateAdapter.begin
    private var leader: LeaderState

    init(case settings: VectorLine) throws {
        let voters = VoterSet(try settings.list("voters").map(RaftText.voter))
        leader = LeaderState(
            local: try RaftText.key(try settings.text("local")), epoch: try settings.int("epoch"),
            epochStart: try settings.int("start"), voters: voters,
            fetchTimeout: .milliseconds(try settings.int("fetch")), at: now)
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "tick":
            now = now + .milliseconds(try VectorText.int(try operation.word(0)))
            return nil
        case "look": return "ok \(state)"
        case "local-end":
            let voters = operation.has("voters")
                ? VoterSet(try operation.list("voters").map(RaftText.voter)) : nil
            let end = try VectorText.int(try operation.word(0), as: Int64.self)
            return "ok moved=\(leader.updateLocalEnd(end, voters: voters)) \(state)"
        case "fetch": return try fetch(operation)
        case "fetch-snapshot":
            guard leader.recordSignOfLife(from: try key(operation), now) else {
                return "error IllegalArgumentException"
            }
            return "ok \(state)"
        case "ack":
            guard leader.acknowledge(try RaftText.node(try operation.text("from"))) else {
                return "error IllegalArgumentException"
            }
            return "ok silent=\(ids(leader.silentVoters))"
        case "begin-targets":
            let targets = leader.voters.filter { leader.needsBeginQuorumEpoch($0, now) }
            return "ok to=\(ids(targets.map(\.key)))"
        case "reset-begin":
            leader.resetBeginQuorumEpochTimer(now)
            return "ok \(state)"
        case "successors":
            return "ok are=\(RaftText.list(leader.preferredSuccessors.map(RaftText.text)))"
        case "caught-up":
            let key = try RaftText.key(try operation.text("key"))
            return "ok is=\(leader.isCaughtUp(key, now))"
        case "describe":
            leader.forgetInactiveObservers(now)
            return "ok voters=\(describe(leader.voters)) observers=\(describe(leader.observers))"
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func key(_ operation: VectorLine) throws -> ReplicaKey {
        try RaftText.key(try operation.text("from"))
    }

    private mutating func fetch(_ operation: VectorLine) throws -> String {
        if try operation.text("from") == "-" { return "ok moved=false \(state)" }
        let offset = try operation.int("offset", as: Int64.self)
        guard let moved = leader.recordFetch(from: try key(operation), at: offset, now) else {
            return "error IllegalStateException"
        }
        return "ok moved=\(moved) \(state)"
    }

    private func ids(_ keys: [ReplicaKey]) -> String {
        RaftText.list(keys.map { "\($0.id.rawValue)" })
    }

    private var state: String {
        "hw=\(RaftText.orNone(leader.highWatermark)) ends=\(ends(leader.voters))"
            + " observers=\(ends(leader.observers))"
            + " fetchers=\(RaftText.list(leader.fetchers.map { "\($0.rawValue)" }))"
            + " quorum=\(RaftText.left(until: leader.checkQuorumDeadline, now))"
            + " begin=\(RaftText.left(until: leader.nextBeginQuorumEpoch, now))"
    }

    private func ends(_ replicas: [LeaderState.Replica]) -> String {
        RaftText.list(replicas.map { "\(RaftText.text($0.key))=\(RaftText.orNone($0.end))" })
    }

    private func describe(_ replicas: [LeaderState.Replica]) -> String {
        func since(_ instant: Instant?) -> String {
            RaftText.orNone(instant.map { ($0 - Self.begin).wholeMilliseconds })
        }
        return RaftText.list(
            replicas.map {
                "\(RaftText.text($0.key))=\(RaftText.orNone($0.end))"
                    + "/\(since($0.lastFetch))/\(since($0.lastCaughtUp))"
            })
    }
}
