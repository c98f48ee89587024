import Kafka
import Kernel

extension RaftRequest {
    var api: RaftAPI {
        switch self {
        case .vote: .vote
        case .beginQuorumEpoch: .beginQuorumEpoch
        case .endQuorumEpoch: .endQuorumEpoch
        case .fetch: .fetch
        case .fetchSnapshot: .fetchSnapshot
        case .describeQuorum: .describeQuorum
        case .addVoter: .addVoter
        case .removeVoter: .removeVoter
        case .updateVoter: .updateVoter
        case .apiVersions: .apiVersions
        }
    }

    /// `Fetch epoch=3 offset=49 last-epoch=3 hw=48`.
    var words: String {
        let name = api.rawValue
        switch self {
        case .vote(let its):
            let kind = its.isPreVote ? "PreVote" : name
            return "\(kind) epoch=\(its.epoch) candidate=\(its.candidate.id.rawValue) "
                + "end=\(its.logEnd.words)"
        case .beginQuorumEpoch(let its):
            return "\(name) epoch=\(its.epoch) leader=\(its.leader.rawValue)"
        case .endQuorumEpoch(let its):
            let successors = its.preferredSuccessors.map { String($0.id.rawValue) }
            return "\(name) epoch=\(its.epoch) leader=\(its.leader.rawValue) "
                + "successors=[\(successors.joined(separator: ","))]"
        case .fetch(let its):
            return "\(name) epoch=\(its.epoch) offset=\(its.offset) "
                + "last-epoch=\(its.lastFetchedEpoch) hw=\(offsetWords(its.highWatermark))"
        case .fetchSnapshot(let its):
            return "\(name) epoch=\(its.epoch) id=\(its.snapshot.words) position=\(its.position)"
        case .addVoter(let its): return "\(name) voter=\(keyWords(its.voter))"
        case .removeVoter(let its): return "\(name) voter=\(keyWords(its))"
        case .updateVoter(let its): return "\(name) epoch=\(its.epoch) voter=\(keyWords(its.voter))"
        case .describeQuorum, .apiVersions: return name
        }
    }
}

extension RaftResponse {
    /// `Fetch ok epoch=3 leader=1 hw=48 records=49..52`.
    var words: String {
        var text = "\(api.rawValue) \(error == .none ? "ok" : error.name) epoch=\(epoch) "
            + "leader=\(leader.map { String($0.rawValue) } ?? "-")"
        switch body {
        case .vote(let granted): text += granted ? " granted" : " refused"
        case .fetch(let its):
            text += " hw=\(offsetWords(its.highWatermark))"
            if let first = its.records.first, let last = its.records.last {
                text += " records=\(first.baseOffset)..\(last.endOffset - 1)"
            }
            if let diverging = its.diverging { text += " diverging=\(diverging.words)" }
            if let snapshot = its.snapshot { text += " snapshot=\(snapshot.words)" }
        case .fetchSnapshot(let its):
            text += " id=\(its.id.words) position=\(its.position) bytes=\(its.bytes)"
        case .describeQuorum(let its):
            let voters = its.voters.map { String($0.key.id.rawValue) }
            text += " hw=\(offsetWords(its.highWatermark)) "
                + "voters=[\(voters.joined(separator: ","))]"
        case .beginQuorumEpoch, .endQuorumEpoch, .addVoter, .removeVoter, .updateVoter,
            .apiVersions:
            break
        }
        return text
    }

    var api: RaftAPI {
        switch body {
        case .vote: .vote
        case .beginQuorumEpoch: .beginQuorumEpoch
        case .endQuorumEpoch: .endQuorumEpoch
        case .fetch: .fetch
        case .fetchSnapshot: .fetchSnapshot
        case .describeQuorum: .describeQuorum
        case .addVoter: .addVoter
        case .removeVoter: .removeVoter
        case .updateVoter: .updateVoter
        case .apiVersions: .apiVersions
        }
    }
}

private func offsetWords(_ offset: Int64?) -> String { offset.map { String($0) } ?? "-" }

private func keyWords(_ key: ReplicaKey) -> String {
    "\(key.id.rawValue):\(String(key.directory.rawValue, radix: 16))"
}
