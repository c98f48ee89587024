/// An observation's steps as a scenario file: the same cluster, the same clients, the same steps,
/// each as soon as that has come about which had when it was done to the real cluster. Where the
/// three runs had waited for different things, the seed chooses among them.
struct Twin {
    /// A step that was made into one or more of ours, or into nothing but waiting.
    struct Part {
        var number: Int
        var text: String
        /// What to do, each the lines of one `[[step]]`.
        var actions: [[String]]
        /// Producers that are to send, and how many records each; nil: without end.
        var senders: [String] = []
        var orders: Int?

        /// The one that sends.
        var sender: String? { senders.first }
        var records: Int64 { Int64(orders ?? 0) }

        /// The file does not tell of it.
        var isHidden: Bool { number >= Observation.firstHiddenStep }

        /// A process starts.
        var isStart: Bool { !actions.isEmpty && text.hasPrefix("start ") }

        /// An administrator asks for something.
        var isOrder: Bool {
            let verbs = ["create", "set", "delete", "elect", "reassign", "add", "prefer"]
            return !actions.isEmpty && verbs.contains(text.words[0])
        }
    }

    let observation: Observation
    /// Steps that have no words in the scenario language.
    var strangers: [String] = []
    var topics: [String] = []
    /// The tables of what is there from the start.
    var tables: [[String]] = []
    var clients: [String] = []
    var parts: [Part] = []
    /// Whether something has been done to the cluster yet.
    var hasBegun = false
    /// The steps' numbers, by the place of ours.
    var numbers: [Int] = []
    private(set) var text = ""

    init(_ observation: Observation) {
        self.observation = observation
        for (number, text) in observation.steps {
            tellHiddenRecords(before: text, number)
            var part = Part(number: number, text: text, actions: [])
            part.actions = actions(for: text.withoutRemarks) ?? []
            part.senders = text.words.prefix { $0 != "sends" && $0 != "send" }.filter {
                $0.first == "p" && clients.contains($0)
            }
            if part.actions.isEmpty || text.hasPrefix("producer ") { part.senders = [] }
            let counts = part.actions.compactMap(\.recordCount)
            if !counts.isEmpty { part.orders = counts.reduce(0, +) / max(1, part.senders.count) }
            parts.append(part)
        }
        write()
    }

    /// The number of the first step that is more than something being there from the start.
    var begin: Int { parts.first { !$0.actions.isEmpty }?.number ?? .max }

    /// The topics that are there before the first step.
    var initialTopics: Int { tables.count { $0[0].hasPrefix("[topic.") } }

    /// Records are forgotten after some time.
    var isForgetful: Bool { tables.contains { $0.contains { $0.hasPrefix("retention.ms = ") } } }

    var isCompacted: Bool { tables.contains { $0.contains("cleanup.policy = \"compact\"") } }

    // MARK: Writing

    /// The real processes all stood in one machine, where a message takes next to no time. But when
    /// a producer sent a record every few milliseconds the programs at its ends were busy: two
    /// records were not committed yet whenever somebody looked, and one follower was behind.
    private var isBusy: Bool {
        observation.steps.contains { step in
            let pause = step.text.value(of: "every").flatMap { Int($0.dropLast(2)) }
            return pause.map { $0 <= 3 } ?? false
        }
    }

    /// Controllers wait for their disk, each as long as it takes, and for little else.
    private static let flushes = "{ min = \"500us\", median = \"2ms\", max = \"8ms\" }"

    /// Until a virtual machine has loaded all that a broker or a controller needs.
    static let startup = Delay(low: 2, high: 9)

    /// A message takes next to no time, and whoever is to read it some until he is awake.
    private static let loopback =
        "{ min = \"50us\", median = \"200us\", p90 = \"500us\", p99 = \"1ms\", max = \"4ms\" }"
    private static let busyLoopback =
        "{ min = \"1ms\", median = \"2ms\", p90 = \"3ms\", p99 = \"5ms\", max = \"10ms\" }"

    private var controllerPairs: [(Int, Int)] {
        let count = observation.cluster.value(of: "controllers").flatMap { Int($0) } ?? 3
        return (1...max(1, count)).flatMap { one in
            (1...max(1, count)).filter { $0 > one }.map { (one, $0) }
        }
    }

    private mutating func write() {
        var lines = ["title = \(quoted(observation.name.title))", "until = \(quoted(length))"]
        lines += ["in-order = true", "", "[cluster]"]
        for name in ["brokers", "controllers"] {
            lines.append("\(name) = \(observation.cluster.value(of: name) ?? "3")")
        }
        lines += observation.features.compactMap { feature in
            feature.value.isEmpty ? nil : "\(feature.name) = \(feature.value)"
        }
        lines += observation.cluster.filter { $0.isOfInterest }.map(\.setting)
        lines += ["", "[network]", "latency = \(isBusy ? Self.busyLoopback : Self.loopback)"]
        for leader in isBusy ? [1, 2] : [] {
            lines += ["", "[[network.link]]", "between = \"broker \(leader), broker 3\""]
            lines.append("latency = \"8ms\"")
        }
        for (one, other) in controllerPairs {
            lines += ["", "[[network.link]]"]
            lines.append("between = \"controller \(one), controller \(other)\"")
            // The last one leads at first: of the others one hears of it a little later.
            lines.append("latency = \(quoted(one == 2 ? "1ms" : "20us"))")
        }
        lines += ["", "[disk]", "flush = \(Self.flushes)"]
        for table in tables { lines += [""] + table }
        var conditions = Conditions(observation)
        for part in parts {
            conditions.passGap(before: part.number)
            for (place, action) in part.actions.enumerated() {
                lines += ["", "[[step]]"]
                if place == 0, part.number == begin {
                    // Clients have had time to look around.
                    lines.append("later = \"1ms..100ms\"")
                } else if place == 0 {
                    lines += conditions.take(isHasty: part.isHidden, rest: rest(of: part))
                }
                lines += action
                numbers.append(part.number)
            }
            if part.text.hasSuffix(" has ended") {
                conditions.hold(part.text.words.prefix(2).joined(separator: " ") + " is down")
            }
            conditions.order(part)
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// Who is started right after another starts together with it.
    private func rest(of part: Part) -> Delay {
        let before = parts.last { $0.number < part.number && !$0.actions.isEmpty }
        let isAlone = before.map { !$0.isStart || hasWaited(between: $0, and: part) } ?? true
        return part.isStart && isAlone ? Self.startup : Delay()
    }

    private func hasWaited(between one: Part, and other: Part) -> Bool {
        observation.runs.contains { $0.gap(before: other.number).contains { !$0.isStep } }
            || other.number != one.number + 1
    }

    /// As long as the longest of the real runs, and what hidden waiting can add.
    private var length: String { "\(seconds)s" }

    /// Who sends without end stops before the end, so that what is under way arrives.
    var endOfSending: String { "\(seconds - 10)s" }

    private var seconds: Int {
        var seconds = 70
        for case .pass(let time) in observation.runs.first ?? [] { seconds += time.seconds * 3 / 2 }
        seconds += Self.startup.high * parts.count(where: \.isStart)
        for (_, text) in observation.steps {
            guard let every = text.value(of: "every"), every.hasSuffix("ms"),
                let pause = Int(every.dropLast(2))
            else { continue }
            seconds += (text.value(of: "records").flatMap { Int($0) } ?? 100) * pause / 1_000
        }
        return (seconds + 9) / 10 * 10
    }
}

extension [Observation.Fact] {
    func value(of name: String) -> String? { first { $0.name == name }?.value }
}

extension Observation.Fact {
    /// A setting of a cluster that runs neither groups nor transactions.
    fileprivate var isOfInterest: Bool {
        let others = ["brokers", "controllers", "group.", "share.", "offsets.", "transaction."]
        return !others.contains { name.hasPrefix($0) }
    }

    /// As a line of a table.
    var setting: String {
        let isPlain = value == "true" || value == "false" || Double(value) != nil
        return "\(name) = \(isPlain ? value : quoted(value))"
    }
}

func quoted(_ text: String) -> String { "\"\(text)\"" }

extension String {
    /// `04-leader-dies` as `leader dies`.
    fileprivate var title: String {
        let words = split(separator: "-")
        let isNumbered = words.first.map { Int($0) != nil } ?? false
        return words.dropFirst(isNumbered ? 1 : 0).joined(separator: " ")
    }

    /// `about-10-seconds`
    var seconds: Int {
        if self == "seconds" { return 3 }
        if self == "about-a-minute" { return 60 }
        return split(separator: "-").compactMap { Int($0) }.first ?? 3
    }
}
