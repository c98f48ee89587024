/// What had come about in each run before a step was done, as conditions of the scenario language.
struct Conditions {
    fileprivate struct State {
        var about: String
        var kind: Kind
        var condition: String
        var since: Int
    }

    fileprivate struct Run {
        /// How much of it each client had, by its word for that.
        var counts: [(words: String, count: Int)] = []
        /// How many records each producer knew the fate of.
        var answers: [(producer: String, count: Int)] = []
        /// What is true now that was not when the step before was done, and how long after that
        /// step it came about; one of each that it is about.
        var states: [State] = []
        /// How long ago the step before was done, and whether that is well known.
        var elapsed = 0
        var isRough = false
        /// How long after it a request was given up at last.
        var lostPatience = 0
        /// Who had given up a request since then, and its connection with it.
        var patients: [String] = []
        /// Somebody waited in vain for something since then: only time had gone by.
        var isInVain = false
        /// How often each client had lost a connection since the step before.
        var losses: [(client: String, count: Int)] = []

        /// Clients that find nobody dial again, at last once a second.
        var spell: Int { (losses.map(\.count).max() ?? 0) / 2 }
    }

    private let observation: Observation
    /// How many records each producer has been told to send; nil: without end.
    private var orders: [(producer: String, count: Int?)] = []
    fileprivate var runs: [Run]
    /// An administrator has asked for something, and waits for the answer.
    private var isAnswered = false

    init(_ observation: Observation) {
        self.observation = observation
        runs = observation.runs.map { _ in Run() }
    }

    /// The records that a step has had somebody send.
    mutating func order(_ part: Twin.Part) {
        isAnswered = part.isOrder
        for producer in part.senders {
            let place = orders.firstIndex { $0.producer == producer }
            let before = place.map { orders[$0].count } ?? 0
            let count = before.flatMap { before in part.orders.map { before + $0 } }
            if let place { orders.remove(at: place) }
            orders.append((producer, count))
        }
    }

    mutating func passGap(before number: Int) {
        for place in runs.indices {
            for line in observation.runs[place].gap(before: number) {
                switch line {
                case .pass(let time): runs[place].pass(time)
                case .saw(let what): runs[place].see(what)
                case .step, .final: break
                }
            }
        }
    }

    /// Whoever went on had seen this, though it was not written down.
    mutating func hold(_ condition: String) {
        for place in runs.indices { runs[place].hold(condition, .cluster, condition) }
    }

    /// The trigger of the next step, as lines of its table. It takes that much more until it is
    /// done.
    mutating func take(isHasty: Bool, rest: Delay = Delay()) -> [String] {
        let awaited = runs.indices.map { place in self.awaited(in: place) }
        let hasChanged = awaited.contains { $0.contains { $0.kind == .cluster } }
        let delays = runs.indices.map { place in
            let quiet = runs[place].quiet(since: awaited[place].map(\.since).max() ?? 0)
            return hasChanged ? quiet : quiet.after(seconds: runs[place].spell)
        }
        let patient = runs[0].patients.last { name in
            runs.allSatisfy { $0.patients.contains(name) }
        }
        for place in runs.indices { runs[place].forget() }
        var lines: [String] = []
        let alternatives = awaited.map { $0.map(\.condition).joined(separator: " and ") }
            .filter { !$0.isEmpty }
        if hasChanged, !alternatives.isEmpty {
            // Luck decided what came about; whatever it is, somebody waited for it.
            lines.append("when = \(quoted(distinct(alternatives).joined(separator: " or ")))")
        } else if !alternatives.isEmpty {
            lines.append("when = \(choice(of: alternatives.map(quoted)))")
        } else if let patient {
            lines.append("after = \(quoted("\(patient) times out"))")
        }
        if isHasty { return lines }
        let hurry = hasChanged ? "50ms..250ms" : isAnswered ? "1s" : "1ms..30ms"
        let delay = Delay(anyOf: delays).after(rest)
        if delay.high > 0 || !lines.isEmpty || isAnswered {
            lines.append("later = \(quoted(delay.words(orElse: hurry)))")
        }
        return lines
    }

    /// What somebody can have waited for who was to do the next step: what came about in one run
    /// only, nobody did.
    private func awaited(in place: Int) -> [State] {
        if runs.allSatisfy(\.isInVain) { return [] }
        let common = runs[place].states.filter { state in
            runs.allSatisfy { $0.states.contains { $0.about == state.about } }
        }.sorted { $0.about < $1.about }
        if common.isEmpty { return passed(in: place) }
        // Who waits for a change of the cluster does not count records meanwhile.
        let hasChanged = common.contains { $0.kind == .cluster }
        return common.compactMap { state in
            switch state.kind {
            case .cluster: return state
            case .producer:
                if isDone(state.about, in: place) {
                    var done = state
                    done.condition = "\(state.about) is done"
                    return done
                }
                return hasChanged ? nil : state
            case .consumer:
                let isSame = runs.allSatisfy { run in
                    run.states.contains { $0.condition == state.condition }
                }
                return isSame ? state : nil
            }
        }
    }

    /// Nobody waited: but the records that were acknowledged tell how much time went by, even where
    /// it were none in some of the runs.
    private func passed(in place: Int) -> [State] {
        if runs.contains(where: { !$0.patients.isEmpty }) { return [] }
        return orders.compactMap { producer, _ in
            let words = "\(producer) acknowledgements"
            let isTold = runs.contains { $0.states.contains { $0.about == producer } }
            guard isTold, let count = runs[place].counts.first(where: { $0.words == words })?.count
            else { return nil }
            let since = runs[place].states.first { $0.about == producer }?.since ?? 0
            return State(
                about: producer, kind: .producer,
                condition: "\(producer) has \(count) acknowledgements", since: since)
        }
    }

    /// It had sent everything, and knew what became of it.
    private func isDone(_ producer: String, in run: Int) -> Bool {
        guard let count = orders.first(where: { $0.producer == producer })?.count else {
            return false
        }
        let answers = runs[run].answers.first { $0.producer == producer }
        return answers.map { $0.count >= count } ?? false
    }

    private func distinct(_ values: [String]) -> [String] {
        var different: [String] = []
        for value in values where !different.contains(value) { different.append(value) }
        return different
    }

    private func choice(of values: [String]) -> String {
        let different = distinct(values)
        if different.count == 1 { return different[0] }
        return "{ any = [\(different.joined(separator: ", "))] }"
    }
}

extension Conditions {
    fileprivate enum Kind { case cluster, producer, consumer }
}

extension Conditions.Run {
    fileprivate mutating func pass(_ time: String) {
        elapsed += time.seconds
        if time == "seconds" { isRough = true }
    }

    /// How long nothing had been seen at last that anybody waited for.
    fileprivate func quiet(since time: Int) -> Delay {
        let quiet = elapsed - max(lostPatience, time)
        // What passed as `seconds` was two to five, and who planned to wait did so for long enough.
        return isRough && quiet > 0
            ? Delay(low: quiet, high: quiet + 2) : Delay(low: quiet, high: quiet)
    }

    fileprivate mutating func forget() {
        states = []
        elapsed = 0
        isRough = false
        lostPatience = 0
        losses = []
        patients = []
        isInVain = false
    }

    fileprivate mutating func see(_ what: String) {
        let words = what.words
        guard words.count > 1 else { return }
        switch words[0] {
        case "controller": seeController(words, what)
        case "admin" where words[1] == "offsets":
            guard let start = what.value(of: "start"), start != "0" else { return }
            hold("start of \(words[2])", .cluster, "\(words[2]) has log start \(start)")
        case "nothing": isInVain = true
        case "admin", "broker", "owner": break
        default: seeClient(words[0], words[1], what)
        }
    }

    fileprivate mutating func hold(_ about: String, _ kind: Conditions.Kind, _ condition: String) {
        states.removeAll { $0.about == about }
        states.append(
            Conditions.State(about: about, kind: kind, condition: condition, since: elapsed))
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
                partition, .cluster,
                "\(partition) has leader epoch \(epoch) and \(leads) and isr(\(partition)) "
                    + (size == 0 ? "is empty" : "has \(size)"))
        case "fences", "unfences":
            guard let broker = what.value(of: "broker") else { return }
            hold(
                "broker \(broker)", .cluster, "broker \(broker) is \(words[1].dropLast(1))d")
        case _ where words[1].hasPrefix("leader="):
            hold(
                "controller", .cluster,
                "there is a controller and controller is not same")
        default: break
        }
    }

    private mutating func seeClient(_ name: String, _ verb: String, _ what: String) {
        let kinds = ["acked": "acknowledgements", "failed": "failures"]
        if let kind = kinds[verb], let records = what.value(of: "record") {
            let count = count("\(name) \(kind)", records.recordCount)
            add(records.recordCount, answeredTo: name)
            hold(name, .producer, "\(name) has \(count) \(kind)")
        } else if verb == "drops-connection" {
            patients.append(name)
            lostPatience = elapsed
        } else if verb == "disconnected" {
            let times = what.value(of: "times").flatMap { Int($0) } ?? 1
            let count = losses.first { $0.client == name }?.count ?? 0
            losses.removeAll { $0.client == name }
            losses.append((name, count + times))
        } else if verb == "got", let offsets = what.words.dropFirst(2).first?.cut(at: "@").1 {
            let count = count(name, offsets.recordCount)
            hold(name, .consumer, "\(name) has received \(count) records")
        }
    }

    private mutating func add(_ count: Int, answeredTo producer: String) {
        if let place = answers.firstIndex(where: { $0.producer == producer }) {
            answers[place].count += count
        } else {
            answers.append((producer, count))
        }
    }

    private mutating func count(_ words: String, _ more: Int) -> Int {
        if !counts.contains(where: { $0.words == words }) { counts.append((words, 0)) }
        let place = counts.firstIndex { $0.words == words }!
        counts[place].count += more
        return counts[place].count
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
