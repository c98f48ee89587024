import Kafka
import Simulation

/// Facts about what the administrator was answered: `second-answer=ok`,
/// `create-topic-meanwhile=error INVALID_REQUEST`.
extension Facts {
    /// An order that a step gave, what the real cluster answered, and what this one did.
    private struct Order {
        var verb: String
        var real: String
        var ours: String
    }

    private static let verbs = [
        "create": "create", "set": "set", "delete": "delete", "elect": "elect",
        "reassign": "reassign", "reassignment": "reassign", "add": "add",
    ]

    func answer(to name: String) -> String? {
        var orders = self.orders[...]
        for fact in playing.twin.observation.facts where Self.isAnswer(fact.value) {
            let verb = fact.name.split(separator: "-").lazy.compactMap { Self.verbs[String($0)] }
                .first
            let found = orders.firstIndex { order in
                order.real == fact.value.withoutError && (verb == nil || order.verb == verb)
            }
            if fact.name == name {
                guard let found else { return nil }
                let word = fact.value.hasPrefix("error ") && orders[found].ours != "ok"
                return (word ? "error " : "") + orders[found].ours
            }
            if let found { orders = orders[(found + 1)...] }
        }
        return nil
    }

    private static func isAnswer(_ value: String) -> Bool {
        value == "ok" || value.hasPrefix("error ")
            || value.contains("_") && value.allSatisfy { $0.isUppercase || $0 == "_" }
    }

    /// In the order in which they were given. The administrator answers for one order after the
    /// other, for those first that made the topics which are there from the beginning.
    private var orders: [Order] {
        let twin = playing.twin
        var answers = playing.events.compactMap { event -> String? in
            guard case .administered(_, let error) = event.happening else { return nil }
            return error == .none ? "ok" : error.name
        }[...]
        answers = answers.dropFirst(twin.initialTopics)
        var orders: [Order] = []
        for part in twin.parts where part.isOrder {
            let verb = part.text.words[0]
            // Preferring a replica is a reassignment and an election.
            let replies = answers.prefix(verb == "prefer" ? 2 : 1)
            answers = answers.dropFirst(replies.count)
            let ours = replies.first { $0 != "ok" } ?? (replies.isEmpty ? "no answer" : "ok")
            orders.append(Order(verb: verb, real: realAnswer(to: part), ours: ours))
        }
        return orders
    }

    private func realAnswer(to part: Twin.Part) -> String {
        let run = playing.twin.observation.runs.first ?? []
        let place = run.firstIndex {
            if case .step(part.number, _) = $0 { true } else { false }
        }
        for line in run[(place ?? run.endIndex)...].dropFirst() {
            switch line {
            case .saw(let what) where what.hasPrefix("admin \(part.text.words[0])"):
                guard let arrow = what.range(of: " -> ") else { continue }
                return String(what[arrow.upperBound...]).words.first { $0 != "error" } ?? "ok"
            case .step(_, let text) where !text.hasPrefix("p"): return "ok"
            default: break
            }
        }
        return "ok"
    }
}

extension String {
    fileprivate var withoutError: String { hasPrefix("error ") ? String(dropFirst(6)) : self }
}
