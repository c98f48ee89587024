import Kafka
import Kernel

/// What faults do, in words: noted of those whom they strike, for the trace and for whoever looks
/// for causes later. A crash, a pause or a start is a happening of its own.
extension World {
    mutating func note(_ fault: Fault, _ struck: [Int], from others: [Int]) {
        for node in struck {
            let peers = others.filter { $0 != node }
            if let words = words(of: fault, peers) { note(.struck(words), node) }
        }
    }

    private func words(of fault: Fault, _ peers: [Int]) -> String? {
        switch fault {
        case .crash, .losePower, .restart, .pause, .hold, .disturb: nil
        case .shutDown: "is told to stop"
        case .skewClock(_, let ahead): "has a clock that is \(ahead) ahead"
        case .jumpClock(_, let by): "sees its clock jump by \(by)"
        case .move: "moves to another address"
        case .cut(_, _, .both, _): "is cut off from \(names(peers))"
        case .cut(_, _, .outgoing, _): "does not reach \(names(peers)) any more"
        case .cut(_, _, .incoming, _): "is not reached by \(names(peers)) any more"
        case .reset: "loses its connections with \(names(peers))"
        case .silence: "loses its connections with \(names(peers)), and nobody is told"
        case .clog(_, _, let by): "has messages from and to \(names(peers)) take \(by) longer"
        case .swizzle(_, let by, _): "has some links take \(by) longer for a while"
        case .slowDisk(_, let by): "has a disk that takes \(by) longer"
        case .fillDisk: "has no room left on its disk"
        case .failDirectory(_, let number): "has its log directory \(number) fail"
        case .lieAboutFlushes: "has a disk that lies about what it has flushed"
        case .flipBit: "has a bit flip in its log"
        case .wipeDisk: "has its disk emptied"
        case .replaceDisk: "gets a new disk"
        }
    }

    /// A request suffers. Only the first of a fault's is noted; the trace has them all.
    mutating func note(
        _ action: RequestFault.Action, _ parcel: ParcelID, from sender: Int, to receiver: Int,
        isFirst: Bool
    ) {
        guard isFirst || isTracing else { return }
        let fate =
            switch action {
            case .drop: "which never arrives"
            case .delay(let interval): "which arrives \(interval) later"
            case .loseReply: "the answer to which gets lost"
            case .fail(let error): "which is answered \(error.name)"
            }
        let request =
            switch parcels[parcel] {
            case .request(let request): request.words
            case .call(let request): request.words(topicNames)
            default: "a request"
            }
        let words = "asks \(name(receiver)), \(fate): \(request)"
        if isFirst {
            note(.struck(words), sender)
        } else {
            trace { "\($0.name(sender)) \(words)" }
        }
    }

    /// Both directions of a link are told of once, and all links of a process together.
    mutating func note(_ mended: [Script.Standing]) {
        var links: [(one: Int, other: Int)] = []
        for standing in mended {
            switch standing.undo {
            case .mend(let from, let to), .unclog(let from, let to, _):
                let link = (one: Int(min(from, to)), other: Int(max(from, to)))
                if !links.contains(where: { $0 == link }) { links.append(link) }
            case .speedUp(let node, _): note(.mended("has a fast disk again"), Int(node))
            case .empty(let node): note(.mended("has room on its disk again"), Int(node))
            case .mendDirectory(let node, let number):
                note(.mended("can use log directory \(number) again, once restarted"), Int(node))
            case .tellTheTruth(let node): note(.mended("has an honest disk again"), Int(node))
            case .turnBack(let node, _): note(.mended("has its clock set right"), Int(node))
            case .letGo(let node, _): note(.mended("lets the held thread go on"), Int(node))
            // These happen to it, or to nobody.
            case .resume, .restart, .leaveAlone: break
            }
        }
        while !links.isEmpty {
            let hub = mostLinked(links)
            let peers = links.filter { $0.one == hub || $0.other == hub }
                .map { $0.one == hub ? $0.other : $0.one }
            links.removeAll { $0.one == hub || $0.other == hub }
            note(.mended("and \(names(peers)) reach each other as before"), hub)
        }
    }

    /// The first of those that most links end at.
    private func mostLinked(_ links: [(one: Int, other: Int)]) -> Int {
        var degrees = [Int](repeating: 0, count: processes.count)
        for link in links {
            degrees[link.one] += 1
            degrees[link.other] += 1
        }
        return degrees.firstIndex(of: degrees.max()!)!
    }

    private func names(_ peers: [Int]) -> String {
        if peers.count >= processes.count - 1 { return "everybody" }
        let names = peers.prefix(6).map { name($0) }.joined(separator: ", ")
        return peers.count > 6 ? "\(names) and \(peers.count - 6) more" : names
    }
}
