/// What had come about in each run before a step was done, as conditions of the scenario language.
struct Conditions {
    fileprivate struct Run {
        /// How much of it each client had, by its word for that.
        var counts: [(words: String, count: Int)] = []
        /// What is true now that was not when the step before was done, each by what it is about.
        var states: [(about: String, condition: String)] = []
        /// How long nothing had been seen at last.
        var quiet = 0
    }

    private let observation: Observation
    fileprivate var runs: [Run]

    init(_ observation: Observation) {
        self.observation = observation
        runs = observation.runs.map { _ in Run() }
    }

    mutating func passGap(before number: Int) {
        for place in runs.indices {
            for line in observation.runs[place].gap(before: number) {
                switch line {
                case .pass(let time): runs[place].quiet += time.seconds
                case .saw(let what): runs[place].see(what)
                case .step: break
                }
            }
        }
    }

    /// The trigger of the next step, as lines of its table.
    mutating func take() -> [String] {
        // What came about in one run only, nobody can have waited for.
        let runs = runs
        let conditions = runs.map { run in
            run.states.filter { state in
                runs.allSatisfy { $0.states.contains { $0.about == state.about } }
            }.sorted { $0.about < $1.about }.map(\.condition).joined(separator: " and ")
        }
        let delays = runs.map { quoted("\($0.quiet)s") }
        for place in self.runs.indices {
            self.runs[place].states = []
            self.runs[place].quiet = 0
        }
        var lines: [String] = []
        if conditions.contains(where: { !$0.isEmpty }) {
            lines.append("when = \(choice(of: conditions.filter { !$0.isEmpty }.map(quoted)))")
        }
        if delays.contains(where: { $0 != "\"0s\"" }) {
            lines.append("later = \(choice(of: delays))")
        } else if !lines.isEmpty {
            // Nobody acts in the very moment in which something comes about.
            lines.append("later = \"50ms..250ms\"")
        }
        return lines
    }

    private func choice(of values: [String]) -> String {
        var different: [String] = []
        for value in values where !different.contains(value) { different.append(value) }
        if different.count == 1 { return different[0] }
        return "{ any = [\(different.joined(separator: ", "))] }"
    }
}

extension Conditions.Run {
    fileprivate mutating func see(_ what: String) {
        let words = what.words
        guard words.count > 1 else { return }
        switch words[0] {
        case "controller": seeController(words, what)
        case "admin", "broker", "nothing", "owner": break
        default: seeClient(words[0], words[1], what)
        }
    }

    private mutating func hold(_ about: String, _ condition: String) {
        states.removeAll { $0.about == about }
        states.append((about, condition))
        quiet = 0
    }

    private mutating func seeController(_ words: [String], _ what: String) {
        switch words[1] {
        case "changes", "creates":
            guard let leader = what.value(of: "leader"), let epoch = what.value(of: "epoch"),
                let isr = what.value(of: "isr")
            else { return }
            let partition = words[2]
            if words[1] == "creates", epoch == "0" { return }
            let leads =
                Int(leader).map { $0 < 0 } ?? true
                ? "\(partition) has no leader" : "leader(\(partition)) is broker \(leader)"
            let size = isr.list.count
            hold(
                partition,
                "\(partition) has leader epoch \(epoch) and \(leads) and isr(\(partition)) "
                    + (size == 0 ? "is empty" : "has \(size)"))
        case "fences", "unfences":
            guard let broker = what.value(of: "broker") else { return }
            hold("broker \(broker)", "broker \(broker) is \(words[1].dropLast(1))d")
        case _ where words[1].hasPrefix("leader="): hold("controller", "there is a controller")
        default: break
        }
    }

    private mutating func seeClient(_ name: String, _ verb: String, _ what: String) {
        let kinds = ["acked": "acknowledgements", "failed": "failures"]
        if let kind = kinds[verb], let records = what.value(of: "record") {
            count("\(name) has", kind, records.recordCount)
        } else if verb == "got", let offsets = what.words.dropFirst(2).first?.cut(at: "@").1 {
            count("\(name) has received", "records", offsets.recordCount)
        }
    }

    private mutating func count(_ words: String, _ kind: String, _ more: Int) {
        let about = words + kind
        if !counts.contains(where: { $0.words == about }) { counts.append((about, 0)) }
        let place = counts.firstIndex { $0.words == about }!
        counts[place].count += more
        hold(about, "\(words) \(counts[place].count) \(kind)")
    }
}

extension String {
    /// How many records are named: `5..9`, `3..27/4`, `7,9..11`.
    var recordCount: Int {
        split(separator: ",").reduce(0) { sum, range in
            let (ends, stride) = String(range).cut(at: "/")
            let bounds = ends.split(separator: ".").compactMap { Int($0) }
            guard bounds.count == 2 else { return sum + 1 }
            return sum + (bounds[1] - bounds[0]) / (Int(stride) ?? 1) + 1
        }
    }
}
