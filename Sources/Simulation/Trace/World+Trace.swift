import Kafka
import Kernel

/// Events in words: one stable line each, `0.790123 controller-1 -> controller-2 Fetch epoch=3 …`.
/// Nothing is formatted unless the world is tracing.
extension World {
    @inline(__always)
    mutating func trace(_ text: (borrowing World) -> String) {
        if isTracing { appendLine(text(self)) }
    }

    private mutating func appendLine(_ text: String, isSteady: Bool = false) {
        told.append(TraceLine(text: "\(now) \(text)", isSteady: isSteady))
    }

    /// A request or an answer that somebody reads from a connection.
    mutating func traceMessage(_ parcel: ParcelID, to side: Side, of connection: ConnectionID) {
        guard isTracing else { return }
        let its = network.connection(connection)!
        let from = Int(its.host(side.other).rawValue)
        let to = Int(its.host(side).rawValue)
        let message = parcels[parcel]
        let words: String
        switch message {
        case .request(let request): words = request.words
        case .response(let response): words = response.words
        case .call(let request): words = request.words(topicNames)
        case .result(let reply):
            words = reply.words(topicNames, to: answerNames.api(of: parcel))
        case .command: return
        }
        appendLine("\(name(from)) -> \(name(to)) \(words)", isSteady: message.isSteady)
    }

    mutating func traceFlush(_ process: Int) {
        guard isTracing else { return }
        appendLine(
            "\(name(process)) flushed up to \(processes[process].flushedLogEnd)", isSteady: true)
    }

    mutating func trace(_ happening: Happening, _ process: Int) {
        if case .flushed = happening { return }
        appendLine(
            "\(name(process)) \(words(of: happening))\(recordWords(of: happening))",
            isSteady: happening.isSteady)
    }

    /// What happened, as it stands in the trace behind the process's name, and among the causes of
    /// a violation.
    public func words(of happening: Happening) -> String {
        func named(_ id: NodeID) -> String {
            configuration.place(of: id).map { name($0) } ?? "\(id.rawValue)"
        }
        return switch happening {
        case .disconnected(let peer): "is disconnected from \(named(peer))"
        case .requestTimedOut(let peer): "gives up a request to \(named(peer))"
        case .servedForgottenRequest(let peer):
            "works on a request that \(named(peer)) has given up"
        default: happening.words(topicNames)
        }
    }

    /// As the latest image that anybody has read has them.
    public var topicNames: TopicNames {
        TopicNames(image: feed.latest ?? MetadataImage(), former: feed.formerNames)
    }
}

extension Happening {
    /// Where no other process is named.
    fileprivate func words(_ names: TopicNames) -> String {
        switch self {
        case .becameUnattached(let epoch): "becomes unattached epoch=\(epoch)"
        case .becameProspective(let epoch): "becomes prospective epoch=\(epoch)"
        case .becameCandidate(let epoch): "becomes candidate epoch=\(epoch)"
        case .becameLeader(let epoch): "becomes leader epoch=\(epoch)"
        case .becameFollower(let epoch, let leader):
            "becomes follower epoch=\(epoch) leader=\(leader.rawValue)"
        case .becameResigned(let epoch): "resigns epoch=\(epoch)"
        case .voted(let epoch, let candidate):
            "votes for \(candidate.id.rawValue) epoch=\(epoch)"
        case .promisedVote(let epoch, let candidate):
            "has its vote for \(candidate.id.rawValue) on disk epoch=\(epoch)"
        case .appended(let from, let to): "appends \(from)..\(to - 1)"
        case .truncated(let from, let to): "truncates from \(from) to \(to)"
        case .flushed(let end): "flushed up to \(end)"
        case .movedHighWatermark(_, let to): "high watermark \(to)"
        case .wroteSnapshot(let id): "writes snapshot \(id.words)"
        case .loadedSnapshot(let id): "loads snapshot \(id.words)"
        case .cleanedLog(let start): "cleans log start=\(start)"
        case .started: "starts"
        case .crashed: "crashes"
        case .lostPower: "loses power"
        case .lostRecords(let from, let to): "has lost \(to)..\(from - 1)"
        case .forgotRecords(let from, let to): "has never written \(to)..\(from - 1)"
        case .paused: "pauses"
        case .resumed: "resumes"
        case .stopped: "stops"
        case .died(let reason): "dies: \(reason.rawValue)"
        case .diskFailed: "halts: no space left on its disk"
        case .disconnected: "is disconnected"
        case .requestTimedOut: "gives up a request"
        case .servedForgottenRequest: "works on a request that was given up"
        case .changedVoters(let count): "has \(count) voters"
        case .metadata(let change): change.words(names)
        case .broker(let note): note.words(names)
        case .replica(let change): change.words(names)
        case .client(let note): note.words(names)
        case .controllerFault(let fault): "goes wrong: \(fault.rawValue)"
        case .administered(let order, let error):
            error == .none ? "has done: \(order)" : "is refused with \(error.name): \(order)"
        case .struck(let words), .mended(let words): words
        }
    }
}

extension OffsetAndEpoch {
    /// As snapshots are named: `49@3`.
    var words: String { "\(offset)@\(epoch)" }
}
