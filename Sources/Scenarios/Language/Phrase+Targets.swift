import Kafka
import Simulation

/// Whom a step is aimed at:
///
///     targets = "all but" list | list          list = target { "," target }
///     target  = "controller" | "same" | kind number | ("any" | "every") group | groups
///     kind    = "controller" | "voter" | "observer" | "broker" | "node" | "follower"
///     group   = "voter" | "observer" | … | "down node" | …
extension Phrase {
    mutating func parseTarget(_ roster: Roster) throws(Complaint) -> Target {
        if take("all but") { return .allBut(try parseList(roster)) }
        return try parseList(roster)
    }

    private mutating func parseList(_ roster: Roster) throws(Complaint) -> Target {
        var targets = [try parseOne(roster)]
        while take(",") { targets.append(try parseOne(roster)) }
        return targets.count == 1 ? targets[0] : .several(targets)
    }

    private static let kinds = ["controller", "voter", "observer", "broker", "node", "follower"]

    private static let firstWords =
        kinds + ["any", "every", "all", "same", "everybody"] + groups.map(\.plural)

    private mutating func parseOne(_ roster: Roster) throws(Complaint) -> Target {
        if take("same") { return .same }
        if take("everybody") { return .every(.node) }
        if take("any") { return .any(try parseGroup(after: "any")) }
        if take("every") { return .every(try parseGroup(after: "every")) }
        for group in Self.groups where take(group.plural) { return .every(group.group) }
        guard let kind = next, Self.kinds.contains(kind) else {
            throw expected(
                "a target such as \"controller\", \"voter 2\" or \"any voter\"",
                nearest: next.flatMap { nearestTarget(to: $0) })
        }
        skip()
        let offset = offset
        guard let number = takeNumber() else {
            if kind == "controller" { return .controller }
            throw expected("the number of the \(kind)")
        }
        guard kind == "follower" else {
            return .node(try roster.find(kind, number, at: offset))
        }
        let followers = roster.controllers.upperBound - 1
        guard (1...max(1, followers)).contains(Int(clamping: number)), followers > 0 else {
            throw Complaint(
                "there is no follower \(number): the controller has \(followers)",
                offset: offset)
        }
        return .follower(Int(number) - 1)
    }

    private func nearestTarget(to word: String) -> String? {
        word == "leader" ? "controller" : nearestWord(to: word, among: Self.firstWords)
    }

    private static let groups: [(singular: String, plural: String, group: Target.Group)] = [
        ("voter", "voters", .voter),
        ("observer", "observers", .observer),
        ("broker", "brokers", .observer),
        ("follower", "followers", .follower),
        ("node", "nodes", .node),
        ("down node", "down nodes", .down),
        ("running node", "running nodes", .running),
        ("paused node", "paused nodes", .paused),
    ]

    private mutating func parseGroup(after word: String) throws(Complaint) -> Target.Group {
        for group in Self.groups where take(group.singular) { return group.group }
        let names = Self.groups.map(\.singular)
        let nearest =
            next == "controller" ? "voter" : next.flatMap { nearestWord(to: $0, among: names) }
        throw expected("\"voter\", \"observer\", \"follower\" or \"node\"", nearest: nearest)
    }
}
