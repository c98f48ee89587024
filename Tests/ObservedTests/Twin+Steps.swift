/// What was done, in the words of the scenario language.
extension Twin {
    /// Nil: there are no such words.
    mutating func actions(for text: String) -> [[String]]? {
        let (verb, rest) = text.cut(at: " ")
        if verb == "producer" || verb == "consumer" { return client(verb, rest) }
        if verb == "create" { return create(text) }
        if isWaiting(text) { return [] }
        hasBegun = true
        if verb == "cut", let target = target(of: text) { return cut(target) }
        if let lines = onNodes(verb, text) ?? administration(verb, text) { return [lines] }
        if let lines = clientSteps(text) { return lines }
        strangers.append(text)
        return nil
    }

    /// Somebody looks, or waits for what is seen to have come.
    private func isWaiting(_ text: String) -> Bool {
        text == "look" || text.hasPrefix("look ") || text.hasPrefix("wait ")
            || text.hasSuffix(" has ended")
    }

    // MARK: What there is

    private mutating func create(_ text: String) -> [[String]]? {
        guard let topic = text.value(of: "topic") else { return nil }
        topics.append(topic)
        var lines: [String] = []
        if let replicas = text.value(of: "replicas") {
            let lists = replicas.split(separator: ";").map { "[\($0.list)]" }
            lines.append("replicas = [\(lists.joined(separator: ", "))]")
        }
        let others = text.facts.filter { $0.name != "topic" && $0.name != "replicas" }
        lines += others.map(\.setting)
        if hasBegun { return [["create = \(quoted(topic))"] + lines] }
        tables.append(["[topic.\(topic)]"] + lines)
        return []
    }

    private mutating func client(_ kind: String, _ text: String) -> [[String]]? {
        let (name, rest) = text.cut(at: " ")
        let groups = ["group.id", "subscribe", "transactional.id", "group.instance.id"]
        if let word = rest.facts.first(where: { groups.contains($0.name) }) {
            strangers.append("\(kind) \(name) \(word.name)")
            return nil
        }
        clients.append(name)
        var lines = ["[\(kind).\(name)]"]
        if let partitions = rest.value(of: "assign") {
            let names = partitions.list.map(quoted).joined(separator: ", ")
            lines.append("assign = [\(names)]")
        }
        let settings = rest.facts.filter { $0.name != "assign" && $0.name.contains(".") }
        lines += (settings + rest.facts.filter { $0.name == "acks" || $0.name == "retries" })
            .map(\.setting)
        if hasBegun { lines.append("waits = true") }
        tables.append(lines)
        var actions = hasBegun ? [["start = \(quoted(name))"]] : []
        let reset = rest.value(of: "auto.offset.reset")
        if let partition = rest.value(of: "assign"), reset != "earliest",
            hasReadFromStart(name, partition) {
            actions.append(["seek = \(quoted(name))", "of = \(quoted(partition))", "offset = 0"])
        }
        return actions
    }

    /// Whatever its reset policy says: its program must have gone there.
    private func hasReadFromStart(_ consumer: String, _ partition: String) -> Bool {
        for case .saw(let what) in observation.runs.first ?? []
        where what.hasPrefix("\(consumer) got ") {
            return what.hasPrefix("\(consumer) got \(partition)@0")
        }
        return false
    }

    // MARK: Processes and the network

    private func onNodes(_ verb: String, _ text: String) -> [String]? {
        let verbs = [
            "kill": "crash", "shutdown": "shut-down", "start": "start", "pause": "pause",
            "resume": "resume",
        ]
        if verb == "heal" { return ["heal = \"network\""] }
        if let verb = verbs[verb], let target = target(of: text) {
            return ["\(verb) = \(quoted(target))"]
        }
        if verb == "isolate", let target = target(of: text) {
            guard let from = text.value(of: "from") else { return nil }
            if from == "all" { return ["isolate = \(quoted(target))", "from = \"nodes\""] }
            let others = from.list.map { "node \($0)" }.joined(separator: ", ")
            return ["isolate = \(quoted(target))", "from = \(quoted(others))"]
        }
        if verb == "give", let target = target(of: text) {
            return ["mark-clean = \(quoted(target))"]
        }
        return nil
    }

    /// Answers vanish, and what TCP answers too: a host whose bytes nobody confirms soon sends no
    /// more.
    private func cut(_ target: String) -> [[String]] {
        let lines = ["isolate = \(quoted(target))", "from = \"clients\""]
        return [
            lines + ["direction = \"outgoing\""],
            ["later = \"200ms\""] + lines + ["direction = \"incoming\""],
        ]
    }

    private func target(of text: String) -> String? {
        if let controllers = text.value(of: "controllers"), controllers == "two" {
            return text.hasPrefix("kill") ? "controller, follower 1" : "controllers"
        }
        if let controller = text.value(of: "controller") {
            return controller == "active" ? "controller" : "same"
        }
        guard let broker = text.value(of: "broker") else { return nil }
        switch broker {
        case "leader": return "leader(\(topics.first ?? "orders")-0)"
        case "old-leader": return "same"
        default: return "broker \(broker)"
        }
    }

    // MARK: Administration

    private func administration(_ verb: String, _ text: String) -> [String]? {
        let topic = text.value(of: "topic")
        switch verb {
        case "prefer":
            guard let leader = text.value(of: "leader"), let partition = text.value(of: "of")
            else { return nil }
            return ["prefer = \"broker \(leader)\"", "of = \(quoted(partition))"]
        case "elect":
            return [
                "elect = \(quoted(text.value(of: "type") ?? "preferred"))",
                "of = \(quoted(topic ?? topics.first ?? "orders"))",
            ]
        case "add":
            guard let topic, let total = text.value(of: "total") else { return nil }
            return ["add-partitions = \(quoted(topic))", "total = \(total)"]
        case "set": return configuration(text, topic)
        case "delete":
            if let topic { return ["delete-topic = \(quoted(topic))"] }
            guard let partition = text.value(of: "of"), let before = text.value(of: "before")
            else { return nil }
            return ["delete-records = \(quoted(partition))", "before = \(before)"]
        case "reassign":
            guard let replicas = text.value(of: "replicas") else { return nil }
            return [
                "reassign = \(quoted(text.words[1]))",
                replicas == "cancel"
                    ? "replicas = \"cancel\""
                    : "replicas = [\(replicas.list.joined(separator: ", "))]",
            ]
        default: return nil
        }
    }

    private func configuration(_ text: String, _ topic: String?) -> [String] {
        var lines = ["configure = \(quoted(topic.map { "topic \($0)" } ?? "brokers"))"]
        for fact in text.facts where fact.name.contains(".") {
            lines.append("\(fact.name) = \(quoted(fact.value))")
        }
        if let through = text.value(of: "through") { lines.append("through = \(quoted(through))") }
        return lines
    }

    // MARK: Clients

    private mutating func clientSteps(_ text: String) -> [[String]]? {
        if text.hasPrefix("each consumer seeks"), let offset = text.value(of: "offset") {
            let partition = "\(topics.first ?? "orders")-0"
            return [["seek = \"consumers\"", "of = \(quoted(partition))", "offset = \(offset)"]]
        }
        let words = text.words
        let names = words.prefix { $0 != "each" && $0 != "send" && $0 != "sends" }
        guard names.count < words.count, !names.isEmpty,
            names.allSatisfy({ $0.first == "p" && $0.dropFirst().allSatisfy(\.isNumber) })
        else { return nil }
        if ["transaction", "begins", "commits", "aborts"].contains(where: text.contains) {
            return nil
        }
        for name in names where !clients.contains(name) {
            clients.append(name)
            tables.append(["[producer.\(name)]"])
        }
        guard let order = order(words.dropFirst(names.count).joined(separator: " ")) else {
            return nil
        }
        let targets = words.filter { topics.contains($0.cut(at: "-").0) }
        if let first = text.value(of: "to"), !targets.isEmpty {
            return zip(names, [first] + targets).map { send($0, to: $1, order) }
        }
        let place = text.value(of: "to") ?? topics.first ?? "orders"
        return names.map { send($0, to: place, order) }
    }

    private func send(_ name: String, to place: String, _ order: [String]) -> [String] {
        let lines = ["send = \(quoted(name))", "to = \(quoted(place))"] + order
        if order.contains(where: { $0.hasPrefix("value-size") }) { return lines }
        // A value's size tells whose record it is.
        return lines + ["value-size = \"\(9 + (Int(name.dropFirst()) ?? 1))B\""]
    }

    private func order(_ text: String) -> [String]? {
        var lines: [String] = []
        if let count = text.value(of: "records") {
            lines.append("records = \(count)")
        } else if let round = text.words.first(where: { Int($0) != nil }),
            let count = Int(round), text.contains("round") {
            let keys = text.value(of: "keys") ?? "K0..K39"
            let number = keys.split(separator: "K").last.flatMap { Int($0) } ?? 39
            lines += ["records = \(count * (number + 1))", "keys = \(quoted(keys))"]
        } else if !text.contains("a record every") {
            return nil
        }
        if let every = text.value(of: "every") { lines.append("every = \(quoted(every))") }
        if let size = text.value(of: "of")?.cut(at: "-").0 ?? text.value(of: "each-bytes") {
            lines.append("value-size = \"\(size)B\"")
        }
        if text.contains("after the last was acknowledged") { lines.append("awaits = true") }
        return lines
    }
}

extension Substring {
    fileprivate var list: String { String(self).list.joined(separator: ", ") }
}
