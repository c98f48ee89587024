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
            let actions = actions(for: text.withoutRemarks) ?? []
            parts.append(Part(number: number, text: text, actions: actions))
        }
        write()
    }

    // MARK: Writing

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
        // Requests took the real machines some milliseconds.
        lines += ["", "[network]", "latency = \"4ms\""]
        for table in tables { lines += [""] + table }
        var conditions = Conditions(observation)
        for part in parts {
            conditions.passGap(before: part.number)
            for (place, action) in part.actions.enumerated() {
                lines += ["", "[[step]]"]
                if place == 0 { lines += conditions.take() }
                lines += action
                numbers.append(part.number)
            }
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// As long as the longest of the real runs, and what hidden waiting can add.
    private var length: String {
        var seconds = 70
        for case .pass(let time) in observation.runs.first ?? [] { seconds += time.seconds * 3 / 2 }
        for (_, text) in observation.steps {
            guard let every = text.value(of: "every"), every.hasSuffix("ms"),
                let pause = Int(every.dropLast(2))
            else { continue }
            seconds += (text.value(of: "records").flatMap { Int($0) } ?? 100) * pause / 1_000
        }
        return "\((seconds + 9) / 10 * 10)s"
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
        let isPlain = value == "true" || value == "false" || Int64(value) != nil
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
