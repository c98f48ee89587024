import Scenarios

/// What was done in a run, for programs.
extension JSONReport {
    func write(_ account: Outcome.Account, _ json: inout JSONText) {
        objects("steps", account.steps, &json) { json, step in
            json.member("step", step.text)
            json.member("line", step.line)
            json.member("fired-at-ns", step.firedAt?.nanoseconds)
        }
        objects("orders", account.orders, &json) { json, order in
            json.member("at-ns", order.at.nanoseconds)
            json.member("order", order.order)
            json.member("line", order.line)
            json.member("refused-with", order.refusal)
            json.key("answer")
            json.array(of: order.answer) { $0.string($1) }
        }
        objects("faults", account.faults, &json) { json, moment in
            json.member("at-ns", moment.at.nanoseconds)
            json.member("text", moment.text)
        }
        objects("clients", account.clients, &json) { json, client in
            json.member("name", client.name)
            json.member("kind", client.isProducer ? "producer" : "consumer")
            for (name, count) in client.tally { json.member(name, count) }
            guard client.isProducer else { return }
            objects("given-up", client.givenUp, &json) { json, givenUp in
                json.member("error", givenUp.error)
                json.member("records", givenUp.records)
            }
        }
        objects("settings", account.settings, &json) { json, setting in
            json.member("name", setting.name)
            json.member("value", setting.value)
            json.member("line", setting.line)
        }
    }

    private func objects<Element>(
        _ name: String, _ elements: [Element], _ json: inout JSONText,
        _ members: (inout JSONText, Element) -> Void
    ) {
        json.key(name)
        json.array(of: elements) { json, element in json.object { members(&$0, element) } }
    }
}
