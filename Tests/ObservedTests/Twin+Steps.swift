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
        if verb == "kill", let target = target(of: text) { return kill(target) }
        if verb == "heal" { return heal }
        if let lines = onNodes(verb, text) ?? administration(verb, text) { return [lines] }
        if let lines = keySteps(text) ?? clientSteps(text) { return lines }
        strangers.append(text)
        return nil
    }

    /// Somebody looks, or waits for what is seen to have come.
    private func isWaiting(_ text: String) -> Bool {
        text == "look" || text.hasPrefix("look ") || text.hasPrefix("wait ")
            || text.hasSuffix(" has ended")
    }

    /// Of its own accord the real driver sent a record now and then, to see whether a producer's
    /// metadata was new: no step says so, but the count of all that it has sent.
    mutating func tellHiddenRecords(before text: String, _ number: Int) {
        guard text.contains("after its metadata was refreshed"), let sender = text.words.first,
            let sent = observation.facts.value(of: "\(sender).sent").flatMap({ Int($0) })
        else { return }
        let told = parts.reduce(0) { $0 + ($1.senders.contains(sender) ? $1.orders ?? 0 : 0) }
        let more = sent - told - (order(text)?.recordCount ?? 0)
        guard more > 0 else { return }
        let action = send(sender, to: topics.first ?? "orders", ["records = \(more)"])
        var part = Part(
            number: Observation.firstHiddenStep + number, text: "\(sender) sends records=\(more)",
            actions: [action])
        part.senders = [sender]
        part.orders = more
        parts.append(part)
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
        if hasBegun {
            let asking = ["through = \"brokers\"", "tries-for = \"6s\""]
            return [["create = \(quoted(topic))"] + lines + asking]
        }
        tables.append(["[topic.\(topic)]"] + lines)
        return []
    }

    private mutating func client(_ kind: String, _ text: String) -> [[String]]? {
        let (name, rest) = text.cut(at: " ")
        let groups = ["group.id", "subscribe", "transactional.id", "group.instance.id"]
        if let reader = reader(kind, name, rest) {
            clients.append(name)
            tables.append(reader)
            return hasBegun ? [["start = \(quoted(name))"]] : []
        }
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

    /// Where a group only reads along it is told without the group: its members have from the start
    /// what they were given in the end. Nil: there is no group, or the story is about it.
    private func reader(_ kind: String, _ name: String, _ rest: String) -> [String]? {
        guard kind == "consumer", rest.value(of: "subscribe") != nil,
            ["06-", "12-"].contains(String(observation.name.prefix(3))),
            let given = observation.runs.first?.lazy.compactMap({ line -> String? in
                guard case .saw(let what) = line, what.hasPrefix("\(name) assigned ") else {
                    return nil
                }
                return what.words[2]
            }).first
        else { return nil }
        var lines = ["[consumer.\(name)]"]
        lines.append("assign = [\(given.list.map(quoted).joined(separator: ", "))]")
        lines += rest.facts.filter { $0.name == "auto.offset.reset" }.map(\.setting)
        if hasBegun { lines.append("waits = true") }
        return lines
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
            "shutdown": "shut-down", "start": "start", "pause": "pause",
            "resume": "resume",
        ]
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

    /// A killed process does nothing more. Its connections break when the operating system has
    /// taken back its memory, of which a real broker has much.
    private func kill(_ target: String) -> [[String]] {
        [["pause = \(quoted(target))"], ["later = \"20ms..60ms\"", "crash = \"same\""]]
    }

    /// Answers vanish, and what TCP answers too: a host whose bytes nobody confirms soon sends no
    /// more.
    private func cut(_ target: String) -> [[String]] {
        let lines = ["isolate = \(quoted(target))", "from = \"clients\""]
        return [
            lines + ["direction = \"outgoing\""],
            ["later = \"300ms\""] + lines + ["direction = \"incoming\""],
        ]
    }

    /// Clients have given up connections over which replies still come: their hosts answer with a
    /// reset, so that requests which were under way never arrive.
    private var heal: [[String]] {
        let heal = ["heal = \"network\""]
        guard let cut = parts.last(where: { $0.text.hasPrefix("cut ") }),
            let target = target(of: cut.text)
        else { return [heal] }
        return [["reset = \(quoted(target))", "from = \"clients\""], heal]
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
        if text.hasSuffix(" round robin"), let pause = text.value(of: "every"),
            let dealt = dealt(order) {
            return names.flatMap { name in
                (0..<partitionCount).map { partition in
                    let wait = partition == 0 ? [] : ["later = \(quoted(pause))"]
                    return wait + send(name, to: "\(place)-\(partition)", dealt)
                }
            }
        }
        return names.map { send($0, to: place, order) }
    }

    /// Of the first topic.
    private var partitionCount: Int {
        let lists = observation.steps.first { $0.text.hasPrefix("create ") }?.text
            .value(of: "replicas")
        return lists?.split(separator: ";").count ?? 1
    }

    /// The part of an order that each partition has when its records are dealt out.
    private func dealt(_ order: [String]) -> [String]? {
        guard let place = order.firstIndex(where: { $0.hasPrefix("every = ") }),
            let pause = Int(order[place].filter(\.isNumber))
        else { return nil }
        var dealt = order
        dealt[place] = "every = \(quoted("\(pause * partitionCount)ms"))"
        return dealt
    }

    /// `p1 sends keys a b c d, 5 rounds`, `p1 deletes key=c and sends key=e`,
    /// `p1 sends key=g, then key=h 3.5 s later`
    private func keySteps(_ text: String) -> [[String]]? {
        let words = text.split { $0 == " " || $0 == "," }.map(String.init)
        guard text.value(of: "records") == nil, let name = words.first, clients.contains(name),
            ["sends", "deletes"].contains(words.dropFirst().first ?? "")
        else { return nil }
        let place = topics.first ?? "orders"
        if words.dropFirst(2).first == "keys" {
            let keys = words.dropFirst(3).prefix { Int($0) == nil }
            guard let rounds = words.lazy.compactMap({ Int($0) }).first, !keys.isEmpty else {
                return nil
            }
            let list = keys.map(quoted).joined(separator: ", ")
            return [
                send(name, to: place, ["records = \(rounds * keys.count)", "keys = [\(list)]"])
            ]
        }
        var steps: [[String]] = []
        var isDeleting = false
        for (index, word) in words.enumerated() {
            if word == "deletes" || word == "sends" { isDeleting = word == "deletes" }
            if word == "later", index > 1, !steps.isEmpty {
                steps[steps.count - 1].insert(
                    "later = \(quoted(words[index - 2] + words[index - 1]))", at: 0)
            }
            guard word.hasPrefix("key=") else { continue }
            let lines = ["records = 1", "keys = [\(quoted(String(word.dropFirst(4))))]"]
            let tombstone = isDeleting ? ["tombstone = true"] : []
            steps.append(send(name, to: place, lines + tombstone))
        }
        return steps.isEmpty ? nil : steps
    }

    private func send(_ name: String, to place: String, _ order: [String]) -> [String] {
        let lines = ["send = \(quoted(name))", "to = \(quoted(place))"] + order
        if order.contains(where: { $0.hasPrefix("value-size") || $0 == "tombstone = true" }) {
            return lines
        }
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
        } else if text.contains("a record every") {
            lines.append("until = \(quoted(endOfSending))")
        } else {
            return nil
        }
        if let every = text.value(of: "every") {
            lines.append("every = \(quoted(every))")
        } else if lines.recordCount.map({ $0 <= 100 }) ?? true {
            // A program takes a moment for each record, unless it does nothing but send.
            lines.append("every = \"5ms\"")
        }
        if let size = text.value(of: "of")?.cut(at: "-").0 ?? text.value(of: "each-bytes") {
            lines.append("value-size = \"\(size)B\"")
        }
        if text.contains("after the last was acknowledged") { lines.append("awaits = true") }
        return lines
    }
}

extension [String] {
    /// How many records these lines of a step have somebody send.
    var recordCount: Int? {
        first { $0.hasPrefix("records = ") }.flatMap { Int($0.dropFirst(10)) }
    }
}

extension Substring {
    fileprivate var list: String { String(self).list.joined(separator: ", ") }
}
