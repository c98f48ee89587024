/// Messages in words: one stable line each, as traces print them and people read them. What
/// everybody takes for granted (who asks, how long to wait) is left out.
extension RaftRequest {
    /// `Fetch epoch=3 offset=49 last-epoch=3 hw=48`
    public var words: String {
        var text = ""
        writeWords(to: &text)
        return text
    }

    public func writeWords(to text: inout some TextOutputStream) {
        if case .vote(let its) = self, its.isPreVote { text.write("Pre") }
        text.write(api.rawValue)
        switch self {
        case .vote(let its):
            text.write(epoch: its.epoch)
            text.write("candidate", its.candidate.id.rawValue)
            text.write("end", its.logEnd)
        case .beginQuorumEpoch(let its):
            text.write(epoch: its.epoch)
            text.write("leader", its.leader.rawValue)
        case .endQuorumEpoch(let its):
            text.write(epoch: its.epoch)
            text.write("leader", its.leader.rawValue)
            text.write("successors", ids: its.preferredSuccessors)
        case .fetch(let its):
            text.write(epoch: its.epoch)
            text.write("offset", its.offset)
            text.write("last-epoch", its.lastFetchedEpoch)
            text.write("hw", its.highWatermark)
        case .fetchSnapshot(let its):
            text.write(epoch: its.epoch)
            text.write("id", its.snapshot)
            text.write("position", its.position)
        case .addVoter(let its): text.write("voter", its.voter)
        case .removeVoter(let key): text.write("voter", key)
        case .updateVoter(let its):
            text.write(epoch: its.epoch)
            text.write("voter", its.voter)
        case .describeQuorum, .apiVersions: break
        }
    }
}

extension RaftResponse {
    /// `Fetch ok epoch=3 leader=1 hw=48 records=49..52`
    public var words: String {
        var text = ""
        writeWords(to: &text)
        return text
    }

    public var api: RaftAPI {
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

    public func writeWords(to text: inout some TextOutputStream) {
        text.write(api.rawValue)
        text.write(" ")
        text.write(error == .none ? "ok" : error.name)
        text.write(epoch: epoch)
        text.write("leader", leader?.rawValue)
        if error != .none { return }
        switch body {
        case .vote(let granted): text.write(granted ? " granted" : " refused")
        case .fetch(let its): its.writeWords(to: &text)
        case .fetchSnapshot(let its):
            text.write("id", its.id)
            text.write("position", its.position)
            text.write("bytes", its.bytes)
        case .describeQuorum(let its):
            text.write("hw", its.highWatermark)
            text.write("voters", ids: its.voters.map(\.key))
        case .beginQuorumEpoch, .endQuorumEpoch, .addVoter, .removeVoter, .updateVoter,
            .apiVersions:
            break
        }
    }
}

extension RaftResponse.Fetch {
    fileprivate func writeWords(to text: inout some TextOutputStream) {
        text.write("hw", highWatermark)
        if let first = records.first, let last = records.last {
            text.write("records", first.baseOffset)
            text.write("..")
            text.write(String(last.endOffset - 1))
        }
        if let diverging { text.write("diverging", diverging) }
        if let snapshot { text.write("snapshot", snapshot) }
    }
}

extension TextOutputStream {
    fileprivate mutating func write(name: String) {
        write(" ")
        write(name)
        write("=")
    }

    fileprivate mutating func write(epoch: Int32) { write("epoch", epoch) }

    /// ` name=12`, or ` name=-` for what is not known.
    fileprivate mutating func write(_ name: String, _ number: (some BinaryInteger)?) {
        write(name: name)
        write(number.map { String($0) } ?? "-")
    }

    /// ` name=9@1`
    fileprivate mutating func write(_ name: String, _ position: OffsetAndEpoch) {
        write(name, position.offset)
        write("@")
        write(String(position.epoch))
    }

    /// ` name=3:d3`: node and directory.
    fileprivate mutating func write(_ name: String, _ key: ReplicaKey) {
        write(name, key.id.rawValue)
        write(":")
        write(String(key.directory.rawValue, radix: 16))
    }

    /// ` name=[1,3]`
    fileprivate mutating func write(_ name: String, ids keys: [ReplicaKey]) {
        write(name: name)
        write("[")
        for (index, key) in keys.enumerated() {
            if index > 0 { write(",") }
            write(String(key.id.rawValue))
        }
        write("]")
    }
}
