import Kafka
import Kernel
import Simulation

/// Facts that speak of one time in a story: always shortly before some step.
extension Facts {
    func storyValue(of name: String) -> String? {
        switch name {
        case "leader-while-1-is-dead", "leader-with-only-2-alive", "leader-after-switch":
            return leader(before: "start broker=1")
        case "leader-elected":
            return leader(before: "start broker=1")
        case "isr-while-1-is-dead": return state(before: "start broker=1")?.isr.words
        case "leader-before-switch": return leader(before: "set topic")
        case "leader-after-return": return leader(before: "elect ")
        case "leader-after-preferred-election":
            return playing.world.partition(first).map { String($0.leader.rawValue) }
        case "isr-while-paused": return state(before: "resume ")?.isr.words
        case "isr-after-6s-pause":
            return playing.time(of: "pause ").flatMap {
                playing.state(of: first, before: playing.mark(at: $0 + Interval.seconds(6)))?.isr
                    .words
            }
        case "fenced-while-paused": return fencing(before: "resume ")
        case "acked-when-alone":
            return acknowledged(by: "p1", after: "isolate ", before: "kill ")
        case "after-the-reassignment": return whole(state(before: "kill "))
        case "long-after-the-return": return brief(state(before: "elect "))
        case "after-an-unclean-election": return brief(playing.world.partition(first))
        case "replicas-at-the-end", "described-replicas-at-the-end":
            return playing.world.partition(first).map { listed($0.replicas) }
        case _ where name.hasPrefix("leader-of-") && name.hasSuffix("-without-quorum"):
            let place = TopicPartition(String(name.dropFirst(10).dropLast(15)))
            return playing.mark(of: "start controllers").flatMap {
                playing.state(of: place, before: $0).map { String($0.leader.rawValue) }
            }
        case "produce-without-quorum":
            return playing.twin.parts.first { $0.sender != nil && $0.number > lastQuorumKill }
                .map { acknowledged(since: $0) > 0 ? "ok" : "error" }
        default:
            return lastReplica(name) ?? lagging(name) ?? minimum(name) ?? acknowledged(name)
        }
    }

    private var lastQuorumKill: Int {
        playing.twin.parts.last { $0.text.hasPrefix("kill controllers") }?.number ?? .max
    }

    /// `p2-acked-without-quorum`: of what it was last told to send, until something else was done.
    private func acknowledged(_ name: String) -> String? {
        let (producer, rest) = name.cut(at: "-")
        guard fates[producer] != nil, rest.hasPrefix("acked-") else { return nil }
        return playing.twin.parts.last { $0.senders.contains(producer) }
            .map { String(acknowledged(since: $0, by: producer)) }
    }

    private func acknowledged(since part: Twin.Part, by producer: String? = nil) -> Int {
        guard let start = playing.marks[part.number] else { return 0 }
        let next = playing.twin.parts.first { other in
            other.number > part.number && other.number < Observation.firstHiddenStep
                && !other.actions.isEmpty && other.senders.isEmpty
        }
        let end = next.flatMap { playing.marks[$0.number] } ?? playing.events.count
        let name = producer ?? part.senders.first ?? ""
        return playing.acknowledged(by: name, in: start..<max(start, end)).count
    }

    private func state(before words: String) -> PartitionRegistration? {
        playing.mark(of: words).flatMap { playing.state(of: first, before: $0) }
    }

    private func leader(before words: String) -> String? {
        state(before: words).map { String($0.leader.rawValue) }
    }

    func listed(_ nodes: [NodeID]) -> String {
        "[\(nodes.map { String($0.rawValue) }.joined(separator: ","))]"
    }

    private func brief(_ state: PartitionRegistration?) -> String? {
        state.map { "leader=\($0.leader.rawValue) isr=\($0.isr.words) elr=\($0.elr.words)" }
    }

    private func whole(_ state: PartitionRegistration?) -> String? {
        state.map {
            "replicas=\(listed($0.replicas)) isr=\($0.isr.words) elr=\($0.elr.words)"
        }
    }

    private func fencing(before words: String) -> String? {
        guard let end = playing.mark(of: words),
            let paused = playing.twin.parts.first(where: { $0.text.hasPrefix("pause") })?.text,
            let broker = paused.value(of: "broker").flatMap({ Int32($0) })
        else { return nil }
        return isFenced(broker, before: end) ? "fenced" : "unfenced"
    }

    func acknowledged(by producer: String, after: String, before: String) -> String? {
        guard let from = playing.time(of: after), let to = playing.time(of: before) else {
            return nil
        }
        return fates[producer].map { fates in
            String(fates.acknowledged.count { $0.at > from && $0.at <= to })
        }
    }

    /// `after-3-left`, `after-2-back`: as it was before the next thing was done.
    private func lastReplica(_ name: String) -> String? {
        let parts = name.split(separator: "-").map(String.init)
        guard parts.count == 3, parts[0] == "after", Int(parts[1]) != nil else { return nil }
        let verbs = parts[2] == "left" ? ["shutdown ", "kill "] : ["start "]
        let steps = playing.twin.parts
        guard
            let place = steps.firstIndex(where: { step in
                verbs.contains { step.text.hasPrefix("\($0)broker=\(parts[1])") }
            })
        else { return nil }
        guard place + 1 < steps.count else { return brief(playing.world.partition(first)) }
        return playing.marks[steps[place + 1].number].flatMap {
            brief(playing.state(of: first, before: $0))
        }
    }

    /// A follower is cut off: while it is in the ISR still, and when it no longer is.
    private func lagging(_ name: String) -> String? {
        let (phase, what) = name.cut(at: ".")
        let (subject, _) = what.cut(at: ".")
        guard phase == "while-in-isr" || phase == "after-shrink" else { return nil }
        let steps = playing.twin.parts
        guard let cut = steps.first(where: { $0.text.hasPrefix("isolate ") }),
            let sends = steps.first(where: { $0.sender != nil && $0.number > cut.number }),
            let begin = playing.times[sends.number],
            let shrunk = playing.events.first(where: {
                if case .metadata(.partition(_, let its)) = $0.happening {
                    $0.at > begin && its.isr.count == 2
                } else {
                    false
                }
            })?.at
        else { return nil }
        let end = phase == "while-in-isr" ? shrunk : playing.time(of: "p2 sends") ?? shrunk
        if what == "hw" { return nil }
        if let fates = fates[subject] {
            return String(fates.acknowledged.count { $0.at > begin && $0.at < end })
        }
        return String(received(by: subject, after: begin, before: end))
    }

    func received(by consumer: String, after: Instant, before: Instant) -> Int64 {
        playing.events.reduce(0) { sum, event in
            guard case .client(.received(_, let from, let to)) = event.happening,
                playing.world.name(event.process) == consumer, event.at > after,
                event.at < before
            else { return sum }
            return sum + to - from + 1
        }
    }

    /// `min2.down1`: how two records fared then, and how the partition stood.
    private func minimum(_ name: String) -> String? {
        let (topic, when) = name.cut(at: ".")
        guard playing.twin.topics.contains(topic) else { return nil }
        let partition = TopicPartition(topic, 0)
        if when == "log" {
            let log = playing.log(of: partition)
            return "[\(log.map { String($0.ticket) }.joined(separator: ","))]"
        }
        let steps = playing.twin.parts
        guard
            let place = steps.firstIndex(where: {
                $0.text.contains("to=\(topic)-0") && $0.text.value(of: "when") == when
            }),
            let sender = steps[place].sender,
            let from = playing.sentBefore[steps[place].number]?[sender],
            playing.times[steps[place].number] != nil
        else { return nil }
        let next = steps.dropFirst(place + 1).first.flatMap { playing.marks[$0.number] }
        let tickets = from..<from + steps[place].records
        let fates = fates[sender]
        let errors = Set((fates?.failed ?? []).filter { tickets.contains($0.ticket) }.map(\.error))
        let isDone = (fates?.acknowledged ?? []).contains { tickets.contains($0.ticket) }
        let outcomes = (isDone ? ["ok"] : []) + errors.sorted()
        let state = playing.state(of: partition, before: next ?? playing.events.count)
        return "[\(outcomes.joined(separator: ","))] \(brief(state) ?? "")"
    }
}
