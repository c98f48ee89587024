import Kafka
import Kernel
import Simulation
import TOML

/// Steps: what is done to the cluster, and when.
extension Reading {
    mutating func readSteps(
        _ file: inout TableReader, _ roster: Roster, until end: Instant, isCalmAtEnd: Bool,
        _ idle: inout [Plan.StepSource]
    ) -> [(step: Step, source: Plan.StepSource)] {
        let isInOrder = file.read("in-order", as: .flag, &self) ?? false
        var context = StepContext(end: end)
        defer { idle += context.idleSettings }
        var names: [String] = []
        var steps: [(Step, Plan.StepSource)] = []
        for var table in file.readTables("step", mayBeSingle: false, &self) {
            let name = readName(&table, taken: names)
            let trigger = readTrigger(
                &table, roster, until: end, isCalmAtEnd, inOrder: isInOrder)
            let delay = table.read("later", as: .duration, &self) ?? .zero
            let verb = findVerb(&table)
            let action = verb.flatMap { readAction($0, &table, roster, names, &context) }
            let lasting = readLasting(&table, verb)
            reportStrangers(&table, verb)
            table.finish(&self)
            names.append(name)
            // A step that could not be read keeps its number, so that later ones keep theirs.
            let step = Step(
                trigger ?? .at(.never), delay: delay, action ?? .admin(.describe),
                lasting: lasting, comesNext: isInOrder)
            let source = Plan.StepSource(
                line: table.position.line, text: describe(table, verb, named: name))
            steps.append((step, source))
        }
        return steps
    }

    private mutating func readName(_ table: inout TableReader, taken: [String]) -> String {
        guard let entry = table.take("name") else { return "" }
        let name = read(entry.value, as: .text, path: table.path(of: "name")) ?? ""
        if taken.contains(name) || healings.contains(where: { $0.0 == name }) {
            report(
                "\(table.path(of: "name")): \(shown(name)) means something already",
                at: entry.value.position)
        }
        return name
    }

    /// Exactly one of `at`, `when` and `after`. Of steps in order one that says none of them comes
    /// as soon as the one before it has fired, and none says `at`.
    private mutating func readTrigger(
        _ table: inout TableReader, _ roster: Roster, until end: Instant, _ isCalmAtEnd: Bool,
        inOrder isInOrder: Bool
    ) -> Step.Trigger? {
        let present = ["at", "when", "after"].filter { table.has($0) }
        if isInOrder {
            if present.isEmpty { return .when(.all([])) }
            if table.has("at") {
                report(
                    "steps in order come after one another: say \"later\" instead of \"at\"",
                    at: table.keyPosition(of: "at"))
            }
        }
        if present.isEmpty {
            report("a step needs one of \"at\", \"when\" and \"after\"", at: table.position)
        }
        for extra in present.dropFirst() {
            report(
                "a step has only one of \"at\", \"when\" and \"after\"",
                at: table.keyPosition(of: extra))
        }
        let time = readTime(&table, until: end, isCalmAtEnd)
        let condition = table.read("when", as: .condition(roster), &self)
        let event = table.read("after", as: .event(roster), &self)
        return time.map { .at($0) } ?? condition.map { .when($0) } ?? event.map { .after($0) }
    }

    private mutating func readTime(
        _ table: inout TableReader, until end: Instant, _ isCalmAtEnd: Bool
    ) -> Instant? {
        guard let entry = table.take("at"),
            let time = read(entry.value, as: .duration, path: table.path(of: "at"))
        else { return nil }
        // An opening may fall past the end in some runs.
        let isOpen = openings.last?.position == entry.value.position
        let instant = Instant.zero + time
        if instant > end, !isOpen {
            let limit = end - Instant.zero
            report(
                "\(table.path(of: "at")): "
                    + (isCalmAtEnd ? "from \(limit) on there is calm" : "the run ends at \(limit)"),
                at: entry.value.position)
        }
        return instant
    }

    private mutating func findVerb(_ table: inout TableReader) -> Schema.Verb? {
        let present = Schema.verbs.filter { table.has($0.name) }
        guard let verb = present.first else {
            // Most often it is there, and misspelt: then that is the mistake to report.
            if !table.hasUnknownKeys {
                report(
                    "a step needs something to do, such as crash = \"controller\"",
                    at: table.position)
            }
            return nil
        }
        table.verb = (shown(verb.name), table.keyPosition(of: verb.name))
        for extra in present.dropFirst() {
            report(
                "a step does one thing, and this one has \(shown(verb.name)) already",
                at: table.keyPosition(of: extra.name))
            _ = table.take(extra.name)
        }
        return verb
    }

    private mutating func readLasting(
        _ table: inout TableReader, _ verb: Schema.Verb?
    ) -> Interval? {
        if let verb, !verb.isStanding, table.has("lasting") {
            report(
                "\"lasting\" means nothing with \(shown(verb.name)), which is over at once",
                at: table.keyPosition(of: "lasting"))
        }
        return table.read("lasting", as: .positiveDuration, &self)
    }

    /// Known keys that mean nothing beside this verb.
    private mutating func reportStrangers(_ table: inout TableReader, _ verb: Schema.Verb?) {
        for key in Schema.companions where verb?.companions.contains(key) != true {
            guard let entry = table.take(key), let verb else { continue }
            report(
                "\(shown(key)) means nothing with \(shown(verb.name))",
                nearest: Schema.companion(meantBy: key, beside: verb), at: entry.pathPosition)
        }
    }

    /// `at 500ms crash controller`, as reports tell it.
    private func describe(
        _ table: TableReader, _ verb: Schema.Verb?, named name: String
    ) -> String {
        var words = name.isEmpty ? [] : ["\(name):"]
        for key in ["at", "when", "after"] + (verb.map { [$0.name] } ?? []) {
            guard let text = table.sourceText(of: key) else { continue }
            words.append("\(key) \(text)")
        }
        return words.joined(separator: " ")
    }
}

let conditionInWords = "a condition such as \"controller 2 leads\""

extension Form {
    static func condition(_ roster: Roster) -> Form<Condition> {
        .phrase(conditionInWords) { phrase throws(Complaint) in
            try phrase.parseCondition(roster)
        }
    }

    static func event(_ roster: Roster) -> Form<Occurrence> {
        .phrase("an event such as \"voter 2 becomes leader\"") { phrase throws(Complaint) in
            try phrase.parseEvent(roster)
        }
    }

    static func expected(_ roster: Roster) -> Form<Expected> {
        .phrase("a condition or an event in words") { phrase throws(Complaint) in
            try phrase.parseExpected(roster)
        }
    }

    static func target(_ roster: Roster) -> Form<Target> {
        .phrase("a target such as \"controller\" or \"voter 2\"") { phrase throws(Complaint) in
            try phrase.parseTarget(roster)
        }
    }
}
