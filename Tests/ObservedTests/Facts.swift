import Kafka
import Kernel
import Simulation

/// Judges what an observation states by what a run has come to.
struct Facts {
    enum Verdict: Equatable {
        case holds
        case differs(String)
        /// Nobody here knows what it speaks of.
        case unknown
    }

    let playing: Playing
    let fates: [String: Fates]

    init(_ playing: Playing) {
        self.playing = playing
        var fates: [String: Fates] = [:]
        for producer in playing.producers { fates[producer] = Fates(of: producer, in: playing) }
        self.fates = fates
    }

    func judge(_ fact: Observation.Fact) -> Verdict {
        if fact.isOrder { return judgeOrder(fact.value, fact.name) }
        guard let value = value(of: fact.name) else { return .unknown }
        if fact.name.hasSuffix("-count") || fact.name.hasSuffix("at-other-offset-than-acked") {
            return amount(value) == amount(fact.value) ? .holds : .differs(value)
        }
        return value == fact.value ? .holds : .differs(value)
    }

    /// Of counts it matters whether they are none.
    private func amount(_ text: String) -> String { text == "0" ? "none" : "some" }

    /// Nil: nobody here knows.
    func value(of name: String) -> String? {
        let (subject, rest) = name.cut(at: ".")
        if let fates = fates[subject], let value = value(of: rest, fates, subject) { return value }
        if subject == "replicas-identical" { return areIdentical(rest) }
        if subject == "leader-after" {
            let place = rest.isEmpty ? first : TopicPartition(rest)
            return playing.world.partition(place).map { String($0.leader.rawValue) }
        }
        switch name {
        case "leader-epoch-after", "\(first.topic)-leader-epoch":
            return playing.world.partition(first).map { String($0.leaderEpoch) }
        case "isr-after": return lastLook?.isr.words
        case "isr-at-the-end": return playing.world.partition(first)?.isr.words
        case "leader-at-the-end":
            return playing.world.partition(first).map { String($0.leader.rawValue) }
        default:
            return storyValue(of: name) ?? consumerValue(of: name) ?? keyValue(of: name)
                ?? controllerValue(of: name) ?? logValue(of: name) ?? answer(to: name)
                ?? momentValue(of: name)
        }
    }

    /// The partition that a story is about, if it says nothing else.
    var first: TopicPartition { TopicPartition(playing.twin.topics.first ?? "orders", 0) }

    private func value(of name: String, _ fates: Fates, _ producer: String) -> String? {
        let sent = Int(playing.sent(by: producer))
        switch name {
        case "sent": return String(sent)
        case "acked": return String(fates.acknowledged.count)
        case "failed": return String(fates.failed.count)
        case "failed-with":
            return "[\(Set(fates.failed.map(\.error)).sorted().joined(separator: ","))]"
        case "failed-yet-present": return share(fates.failedYetPresent, of: fates.failed.count)
        case "failed-yet-present-count": return String(fates.failedYetPresent)
        case "acked-lost": return share(fates.lost, of: fates.acknowledged.count)
        case "acked-lost-count": return String(fates.lost)
        case "duplicated": return share(fates.duplicated, of: sent)
        case "duplicated-count": return String(fates.duplicated)
        case "reordered": return String(fates.isReordered)
        case "acks-in-send-order-per-partition": return String(fates.areInOrder)
        case "at-other-offset-than-acked": return String(fates.elsewhere)
        case "acked-meanwhile":
            return meanwhile.map { range in
                let tickets = playing.acknowledged(by: producer, in: range)
                return String(tickets.count)
            }
        default: return nil
        }
    }

    private func share(_ some: Int, of all: Int) -> String {
        some == 0 ? "none" : some == all ? "all" : "some"
    }

    private func areIdentical(_ name: String) -> String? {
        let partition = TopicPartition(name)
        guard let replicas = playing.world.partition(partition)?.replicas else { return nil }
        let logs = replicas.map { playing.entries(of: partition, on: $0, isWhole: true) }
        return String(logs.allSatisfy { $0 == logs[0] })
    }
}

extension TopicPartition {
    /// `orders-0`
    init(_ name: String) {
        let place = name.lastIndex(of: "-")
        let number = place.flatMap { Int32(name[name.index(after: $0)...]) }
        self.init(place.map { String(name[..<$0]) } ?? name, number ?? 0)
    }
}

extension [NodeID] {
    /// `[1,2,3]`
    var words: String {
        "[\(map(\.rawValue).sorted().map { String($0) }.joined(separator: ","))]"
    }
}
