import Kafka
import Simulation

/// Whom a step is aimed at:
///
///     targets = "all but" list | list          list = target { "," target }
///     target  = "controller" | "same" | kind number | ("any" | "every") group | groups
///             | ["producer" | "consumer"] name
///             | ("leader" | "followers" | "replicas" | "isr" | "elr") "(" partition ")"
///             | "follower" "(" partition "," number ")"
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

    private static let memberships: [(word: String, membership: Target.Membership)] = [
        ("followers", .followers), ("replicas", .replicas), ("isr", .isr), ("elr", .elr),
    ]

    /// Words that begin a target, and so cannot be the name of a client.
    static let firstTargetWords =
        kinds + ["any", "every", "all", "same", "everybody", "leader"] + memberships.map(\.word)
        + clusterGroups.flatMap { [$0.singular, $0.plural] }

    private mutating func parseOne(_ roster: Roster) throws(Complaint) -> Target {
        if take("same") { return .same }
        if take("everybody") { return .every(.node) }
        if take("any") { return .any(try parseGroup(after: "any", roster)) }
        if take("every") { return .every(try parseGroup(after: "every", roster)) }
        if roster.isCluster, let target = try parseOfCluster(roster) { return target }
        for group in Self.groups(roster) where take(group.plural) { return .every(group.group) }
        guard let kind = next, Self.kinds.contains(kind) else {
            throw expected(
                roster.isCluster
                    ? "a target such as \"controller\", \"broker 2\" or \"leader(orders-0)\""
                    : "a target such as \"controller\", \"voter 2\" or \"any voter\"",
                nearest: next.flatMap { nearestTarget(to: $0, roster) })
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

    /// What only clusters with brokers have; nil if it is nothing of that.
    private mutating func parseOfCluster(_ roster: Roster) throws(Complaint) -> Target? {
        if take("producer") { return try expectClient("producer", roster) }
        if take("consumer") { return try expectClient("consumer", roster) }
        if let client = takeClient(roster) { return client }
        if word(after: 1) == "(" {
            for (word, membership) in Self.memberships where take(word) {
                let partition = try parseBrackets { phrase throws(Complaint) in
                    try phrase.expectPartition(roster)
                }
                return .members(membership, partition)
            }
            if take("leader") {
                return .leader(
                    try parseBrackets { phrase throws(Complaint) in
                        try phrase.expectPartition(roster)
                    })
            }
            if take("follower") { return try parseFollower(roster) }
        }
        if next == "leader" || Self.memberships.contains(where: { $0.word == next }),
            let word = next
        {
            if word == "followers" { return nil }
            throw Complaint("of what? write \(word)(orders-0)", offset: offset)
        }
        return nil
    }

    private mutating func parseFollower(_ roster: Roster) throws(Complaint) -> Target {
        try parseBrackets { phrase throws(Complaint) in
            let partition = try phrase.expectPartition(roster)
            guard phrase.take(",") else { throw phrase.expected("\", 1\": which follower") }
            let offset = phrase.offset
            let number = try phrase.expectNumber("the number of the follower")
            guard (1...10_000).contains(number) else {
                throw Complaint("followers are counted from 1", offset: offset)
            }
            return .replica(partition, Int(number) - 1)
        }
    }

    private mutating func parseBrackets<Value>(
        _ parse: (inout Phrase) throws(Complaint) -> Value
    ) throws(Complaint) -> Value {
        guard take("(") else { throw expected("\"(\"") }
        let value = try parse(&self)
        guard take(")") else { throw expected("\")\"") }
        return value
    }

    private func nearestTarget(to word: String, _ roster: Roster) -> String? {
        if word == "leader" { return "controller" }
        let words =
            roster.clients + Self.kinds + ["any", "every", "all", "same", "everybody"]
            + Self.groups(roster).map(\.plural)
            + (roster.isCluster ? ["producer", "consumer"] : [])
        return nearestWord(to: word, among: words)
    }

    private typealias NamedGroup = (singular: String, plural: String, group: Target.Group)

    private static let quorumGroups: [NamedGroup] = [
        ("voter", "voters", .voter),
        ("observer", "observers", .observer),
        ("broker", "brokers", .observer),
        ("follower", "followers", .follower),
        ("node", "nodes", .node),
        ("down node", "down nodes", .down),
        ("running node", "running nodes", .running),
        ("paused node", "paused nodes", .paused),
    ]

    private static let clusterGroups: [NamedGroup] = [
        ("broker", "brokers", .broker),
        ("controller", "controllers", .controller),
        ("voter", "voters", .voter),
        ("follower", "followers", .follower),
        ("node", "nodes", .node),
        ("down node", "down nodes", .down),
        ("running node", "running nodes", .running),
        ("paused node", "paused nodes", .paused),
        ("producer", "producers", .producer),
        ("consumer", "consumers", .consumer),
        ("client", "clients", .client),
    ]

    private static func groups(_ roster: Roster) -> [NamedGroup] {
        roster.isCluster ? clusterGroups : quorumGroups
    }

    private mutating func parseGroup(
        after word: String, _ roster: Roster
    ) throws(Complaint) -> Target.Group {
        let groups = Self.groups(roster)
        for group in groups where take(group.singular) { return group.group }
        let names = groups.map(\.singular)
        guard !roster.isCluster else {
            throw expected(
                "\"broker\", \"controller\", \"client\" or \"node\"",
                nearest: next.flatMap { nearestWord(to: $0, among: names) })
        }
        let nearest =
            next == "controller" ? "voter" : next.flatMap { nearestWord(to: $0, among: names) }
        throw expected("\"voter\", \"observer\", \"follower\" or \"node\"", nearest: nearest)
    }
}
