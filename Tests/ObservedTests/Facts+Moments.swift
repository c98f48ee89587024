import Kafka
import Simulation

/// Facts about what an administrator saw who looked in the middle of a story: `elr-before=[2]`,
/// `listed-after-second=none`, `log-start=12`.
extension Facts {
    private static let measures = [
        "described-replicas": "replicas", "log-start": "start", "replicas": "replicas",
        "listed": "listed", "leader": "leader", "start": "start", "isr": "isr", "elr": "elr",
        "hw": "hw",
    ]

    /// What is measured, and which of several times it is about.
    private static func parts(of name: String) -> (measure: String, time: String)? {
        let separators: [Character] = ["-", "."]
        for (word, measure) in measures.sorted(by: { $0.key.count > $1.key.count }) {
            if name == word { return (measure, "") }
            for separator in separators {
                if name.hasPrefix(word + String(separator)) {
                    return (measure, String(name.dropFirst(word.count + 1)))
                }
                if name.hasSuffix(String(separator) + word) {
                    return (measure, String(name.dropLast(word.count + 1)))
                }
            }
        }
        return nil
    }

    /// Looked for in the order of the facts: each is the next time that he saw what it says.
    func momentValue(of name: String) -> String? {
        let observation = playing.twin.observation
        guard let (measure, time) = Self.parts(of: name), let run = observation.runs.first else {
            return nil
        }
        let moments = observation.moments(run)
        var last: [String: Int] = [:]
        var places: [(time: String, place: Int)] = []
        for fact in observation.facts {
            guard let (itsMeasure, itsTime) = Self.parts(of: fact.name) else { continue }
            let start = (last[itsMeasure] ?? -1) + 1
            let isLast = itsTime.hasSuffix("end") || itsTime.isEmpty || itsTime == "after"
            let isSeen = { (moment: Moment) in
                let seen = moment.seen.value(of: itsMeasure)
                return seen == fact.value || seen == "-" && fact.value == "-1"
            }
            let together = places.first {
                !itsTime.isEmpty && ($0.time.hasPrefix(itsTime) || itsTime.hasPrefix($0.time))
                    && !$0.time.isEmpty
            }
            let next = moments.indices.dropFirst(start)
            let found =
                together?.place
                ?? (isLast ? next.last { isSeen(moments[$0]) } : next.first { isSeen(moments[$0]) })
            if let found {
                last[itsMeasure] = found
                places.append((itsTime, found))
            }
            guard fact.name == name else { continue }
            return found.flatMap { value(of: measure, at: moments[$0]) }
                ?? (isLast ? value(of: measure, at: playing.events.count) : nil)
        }
        return time.isEmpty ? value(of: measure, at: playing.events.count) : nil
    }

    /// The partition as the administrator saw it who looked last; or as it is at the end, if none
    /// did.
    var lastLook: PartitionRegistration? {
        let observation = playing.twin.observation
        let looks = observation.moments(observation.runs.first ?? []).filter {
            $0.seen.value(of: "isr") != nil
        }
        guard let last = looks.last else { return playing.world.partition(first) }
        return playing.state(of: first, before: playing.mark(of: last))
    }

    private func value(of measure: String, at moment: Moment) -> String? {
        let isAtStep = moment.change == nil && !moment.isEarly
        let step = isAtStep ? moment.before : nil
        let state = step.flatMap { playing.registrationsBefore[$0]?[first] }
        return value(of: measure, at: playing.mark(of: moment), state)
    }

    private func value(
        of measure: String, at mark: Int, _ known: PartitionRegistration? = nil
    ) -> String? {
        switch measure {
        case "start": return playing.offsets(of: first, before: mark).map { String($0.start) }
        case "hw": return playing.offsets(of: first, before: mark).map { String($0.end) }
        default: break
        }
        guard let state = known ?? playing.state(of: first, before: mark) else { return nil }
        switch measure {
        case "leader": return String(state.leader.rawValue)
        case "isr": return state.isr.words
        case "elr": return state.elr.words
        case "replicas": return listed(state.replicas)
        case "listed":
            if state.adding.isEmpty, state.removing.isEmpty { return "none" }
            return "replicas=\(listed(state.replicas)) adding=\(listed(state.adding)) "
                + "removing=\(listed(state.removing))"
        default: return nil
        }
    }
}
