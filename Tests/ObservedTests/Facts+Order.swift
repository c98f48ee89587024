import Kafka
import Kernel
import Simulation

/// The order in which things were seen for the first time since the trouble began.
extension Facts {
    /// `a<b<c never=d,e`; nil stands for words that nobody here knows.
    func judgeOrder(_ text: String, _ name: String) -> Verdict {
        let isLater = name == "order-after-quorum-is-back"
        let begin = isLater ? playing.time(of: "start controllers") : begin
        let (chain, rest) = text.cut(at: " ")
        let words = chain.split(whereSeparator: { $0 == "<" || $0 == "=" }).map(String.init)
        let never = rest.value(of: "never")?.list ?? []
        guard let start = playing.events.firstIndex(where: { $0.at >= begin ?? .zero }) else {
            return .differs("nothing happened")
        }
        guard (words + never).allSatisfy({ isKnown($0) }) else { return .unknown }
        var place = start
        for word in words {
            let found = playing.events[place...].firstIndex { isSeen(word, $0) }
            guard let found else {
                let wasEarlier = playing.events[start..<place].contains { isSeen(word, $0) }
                return .differs(wasEarlier ? "\(word) came earlier" : "no \(word)")
            }
            place = found
        }
        for word in never where playing.events[start...].contains(where: { isSeen(word, $0) }) {
            return .differs("\(word) was seen")
        }
        return .holds
    }

    /// When the first thing was done that is trouble.
    private var begin: Instant? {
        let verbs = ["kill", "pause", "isolate", "shutdown", "cut"]
        let trouble = playing.twin.parts.first { part in
            verbs.contains { part.text.hasPrefix($0) }
        }
        return trouble.flatMap { playing.times[$0.number] }
    }

    /// The broker that the trouble befell.
    private var victim: NodeID {
        let verbs = ["kill broker", "pause broker", "isolate broker", "shutdown broker"]
        let trouble = playing.twin.parts.first { part in
            verbs.contains { part.text.hasPrefix($0) }
        }
        return NodeID(trouble?.text.value(of: "broker").flatMap { Int32($0) } ?? 1)
    }

    private static let words = [
        "disconnect", "election", "fence", "lead", "new-leads", "acked-again", "acked",
        "old-registers", "old-follows", "old-truncates", "old-unfenced", "unfenced", "unfence",
        "isr-full", "old-in-isr", "rejoined", "isr", "wants", "shrunk", "new-controller",
        "controller", "moved", "marked", "ended", "reassignment-ends", "leader-changes",
    ]

    private func isKnown(_ word: String) -> Bool {
        Self.words.contains(word) || word.hasSuffix("-acked") || word.hasSuffix("-got")
            || word.hasSuffix("-disconnected") || word.hasSuffix("-retries")
    }

    private func isSeen(_ word: String, _ event: Playing.Event) -> Bool {
        switch event.happening {
        case .client(.acknowledged):
            return ["acked", "acked-again"].contains(word)
                || word == playing.world.name(event.process) + "-acked"
        case .client(.received): return word == playing.world.name(event.process) + "-got"
        case .disconnected(let from):
            let name = playing.world.name(event.process)
            guard from == victim, fates[name] != nil else { return false }
            return word == "disconnect" || word == name + "-disconnected"
        case .metadata(let change): return isSeen(word, change)
        case .broker(.replica(let note)):
            let broker = playing.world.index(of: victim)
            switch note {
            case .becameLeader: return word == "lead" || word == "new-leads"
            case .becameFollower: return word == "old-follows" && event.process == broker
            case .proposedISR(_, let isr): return word == "wants" && isr.count < 3
            default: return false
            }
        case .replica(.truncated):
            return word == "old-truncates" && event.process == playing.world.index(of: victim)
        case .client(.refused):
            return word == playing.world.name(event.process) + "-retries"
        case .broker(.state(.pendingControlledShutdown)):
            return word == "marked" && event.process == playing.world.index(of: victim)
        case .stopped:
            return word == "ended" && event.process == playing.world.index(of: victim)
        case .becameLeader: return word == "new-controller" || word == "controller"
        default: return false
        }
    }

    private func isSeen(_ word: String, _ change: MetadataChange) -> Bool {
        switch change {
        case .partition(_, let its):
            switch word {
            case "reassignment-ends": return !its.isReassigning
            case "leader-changes": return its.leaderEpoch > 0
            case "election", "moved":
                return its.leader != victim && its.hasLeader && its.leaderEpoch > 0
            case "shrunk": return !its.isr.contains(victim)
            case "isr-full", "old-in-isr", "rejoined", "isr":
                return its.isr.count == its.replicas.count
            default: return false
            }
        case .registered(let broker, _): return word == "old-registers" && broker == victim
        case .fenced(let broker): return word == "fence" && broker == victim
        case .unfenced(let broker):
            return ["old-unfenced", "unfenced", "unfence"].contains(word) && broker == victim
        default: return false
        }
    }
}
