import Kafka
import Simulation

/// States of the world, as a step's `when` and the expectations name them:
///
///     condition = all { "or" all }             all = state { "and" state }
///     state     = "there is" ["no"] "controller"
///               | targets ("leads" | "is" ["not"] role | "is" ["not"] ("running" | "down"))
///               | [targets] ("reaches" measure number | measure "reaches" number)
///               | targets "leads" partition | targets "is" ["not"] ["in"] targets
///               | targets "is" ["not"] ("fenced" | "done" | "empty")
///               | targets "is past end of" partition
///               | targets "has" ["fewer than"] number [things]
///               | partition ("exists" | "has" ["no"] "leader"
///                            | ("has" | "reaches") place ["below"] number ["on" targets])
///     measure   = "epoch" | "log end" | "high watermark"
///     place     = "log start" | "log end" | "high watermark" | "leader epoch"
///     things    = "members" | "acknowledgements" | "failures" | "refusals" | "records" | …
extension Phrase {
    mutating func parseCondition(_ roster: Roster) throws(Complaint) -> Condition {
        var choices = [try parseAll(roster)]
        while take("or") { choices.append(try parseAll(roster)) }
        return choices.count == 1 ? choices[0] : .any(choices)
    }

    private mutating func parseAll(_ roster: Roster) throws(Complaint) -> Condition {
        var parts = [try parseState(roster)]
        while take("and") { parts.append(try parseState(roster)) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func parseState(_ roster: Roster) throws(Complaint) -> Condition {
        if take("there is no controller") || take("nobody leads") { return .not(.hasController) }
        if take("there is controller") || take("somebody leads") { return .hasController }
        if let measure = takeMeasure() {
            guard takeOne(of: "reaches", "reach") else { throw expected("\"reaches\"") }
            return try parseReached(measure, by: .any(.node))
        }
        if !roster.clients.contains(next ?? "") {
            let offset = offset
            if let mention = try takeMention(roster) {
                return try parseState(of: mention, at: offset, roster)
            }
        }
        let target = try parseTarget(roster)
        return try parsePredicate(of: target, roster)
    }

    /// What is said of somebody.
    private mutating func parsePredicate(
        of target: Target, _ roster: Roster
    ) throws(Complaint) -> Condition {
        if takeOne(of: "leads", "lead") {
            guard let mention = try takeMention(roster) else { return .role(target, .leader) }
            return .same(.leader(try partition(mention, at: offset)), target)
        }
        if takeOne(of: "reaches", "reach") {
            guard let measure = takeMeasure() else {
                throw expected("\"epoch\", \"log end\" or \"high watermark\"")
            }
            return try parseReached(measure, by: target)
        }
        if roster.isCluster, nextEventVerb == nil, takeOne(of: "has", "have") {
            return try parsePossession(of: target)
        }
        guard takeOne(of: "is", "are") else {
            if let event = nextEventVerb {
                throw Complaint("\(shown(event)) is an event, not a state", offset: offset)
            }
            let states = roster.isCluster ? ["leads", "is", "are", "has", "reaches"] : []
            let verbs =
                (states.isEmpty ? ["leads", "is", "are", "reaches"] : states)
                + (mayBeEvent ? Self.eventWords : [])
            let choice =
                roster.isCluster
                ? "\"leads\", \"is\", \"has\" or \"reaches\"" : "\"leads\", \"is\" or \"reaches\""
            throw expected(
                mayBeEvent ? "a state or an event" : choice,
                nearest: nearestWord(to: rest, among: verbs)
                    ?? next.flatMap { nearestWord(to: $0, among: verbs) })
        }
        let isNegated = take("not")
        let state = try parseBeing(target, roster)
        return isNegated ? .not(state) : state
    }

    private mutating func parseBeing(
        _ target: Target, _ roster: Roster
    ) throws(Complaint) -> Condition {
        if take("running") { return .isRunning(target) }
        if take("down") { return .isDown(target) }
        if roster.isCluster {
            if take("fenced") { return .isFenced(target) }
            if take("unfenced") { return .not(.isFenced(target)) }
            if take("done") { return .isDone(target) }
            if take("empty") { return .size(target, 0) }
            if take("past end of") { return .isPastEnd(target, try expectPartition(roster)) }
            if take("in") { return .among(target, try parseTarget(roster)) }
        }
        if word(after: 1) != "(" {
            for role in Role.allCases where take(role.rawValue) { return .role(target, role) }
        }
        let states = ["running", "down"] + Role.allCases.map(\.rawValue)
        guard roster.isCluster else {
            throw expected(
                "\"leader\", \"running\", \"down\" or another state",
                nearest: next.flatMap { nearestWord(to: $0, among: states) })
        }
        var ahead = self
        do throws(Complaint) {
            let other = try ahead.parseTarget(roster)
            self = ahead
            return .same(target, other)
        } catch {
            // What begins like a target is one with a mistake in it.
            if let next, Self.firstTargetWords.contains(next) { throw error }
            let words = states + ["fenced", "unfenced", "done", "empty", "in"]
            throw expected(
                "\"running\", \"down\", a target or another state",
                nearest: next.flatMap { nearestWord(to: $0, among: words + roster.clients) })
        }
    }

    // MARK: The quorum

    private enum Measure { case epoch, logEnd, highWatermark }

    private mutating func takeMeasure() -> Measure? {
        if take("epoch") { return .epoch }
        if take("log end") { return .logEnd }
        return take("high watermark") ? .highWatermark : nil
    }

    private mutating func parseReached(
        _ measure: Measure, by target: Target
    ) throws(Complaint) -> Condition {
        let offset = offset
        let number = try expectNumber("a number")
        switch measure {
        case .logEnd: return .logEnd(target, atLeast: number)
        case .highWatermark: return .highWatermark(target, atLeast: number)
        case .epoch: return .epoch(target, atLeast: try epoch(number, at: offset))
        }
    }

    func epoch(_ number: Int64, at offset: Int) throws(Complaint) -> Int32 {
        guard let epoch = Int32(exactly: number) else {
            throw Complaint("an epoch is at most \(Int32.max)", offset: offset)
        }
        return epoch
    }

    // MARK: Clusters

    /// What somebody has so many of.
    private static let possessions: [(words: String, count: ClientTally.Count?)] = [
        ("acknowledgements", .acknowledged), ("acknowledgement", .acknowledged),
        ("failures", .failed), ("failure", .failed), ("refusals", .refused),
        ("refusal", .refused), ("records", .received), ("record", .received),
        ("exceptions", .thrown), ("exception", .thrown), ("turns", .turns), ("turn", .turns),
        ("members", nil), ("member", nil),
    ]

    private mutating func parsePossession(of target: Target) throws(Complaint) -> Condition {
        let hasReceived = take("received")
        let isLess = take("fewer than")
        let numberOffset = offset
        let number = try expectNumber("a number")
        let offset = offset
        for (words, count) in Self.possessions where take(words) {
            if hasReceived, count != .received {
                throw Complaint("expected \"records\"", offset: offset)
            }
            if let count {
                let enough = Condition.tally(target, count, atLeast: number)
                return isLess ? .not(enough) : enough
            }
            if isLess { break }
            return .size(target, Int(number))
        }
        guard !hasReceived, !isLess, next == nil || next == "and" || next == "or" else {
            let counted = isLess ? " or \"records\"" : ", \"records\" or \"members\""
            throw expected(
                hasReceived ? "\"records\"" : "\"acknowledgements\"" + counted,
                nearest: next.flatMap {
                    nearestWord(to: $0, among: Self.possessions.map(\.words))
                })
        }
        if target.isClient {
            throw Complaint(
                "\(number) of what? write \(number) acknowledgements or \(number) records",
                offset: numberOffset)
        }
        return .size(target, Int(number))
    }

    private func partition(
        _ mention: Roster.Mention, at offset: Int
    ) throws(Complaint) -> TopicPartition {
        guard let partition = mention.partition, mention.offset == nil else {
            throw Complaint(
                "which partition of \(mention.topic)? write \(mention.topic)-0", offset: offset)
        }
        return TopicPartition(mention.topic, partition)
    }

    private mutating func parseState(
        of mention: Roster.Mention, at place: Int, _ roster: Roster
    ) throws(Complaint) -> Condition {
        let partition = try partition(mention, at: place)
        if take("exists") { return .exists(partition) }
        if take("has leader epoch") || take("reaches leader epoch") {
            let offset = offset
            let number = try expectNumber("the number of the epoch")
            return .leaderEpoch(partition, atLeast: try epoch(number, at: offset))
        }
        if take("has leader") { return .hasLeader(partition) }
        if take("has no leader") { return .not(.hasLeader(partition)) }
        guard takeOne(of: "has", "reaches") else {
            throw expected(
                "\"has\", \"reaches\" or \"exists\"",
                nearest: next.flatMap { nearestWord(to: $0, among: ["has", "reaches", "exists"]) })
        }
        let measure: Condition.ReplicaMeasure
        if take("high watermark") {
            measure = .highWatermark
        } else if take("log end") {
            measure = .logEnd
        } else if take("log start") {
            measure = .logStart
        } else {
            let words = ["leader", "high watermark", "log end", "log start", "leader epoch"]
            throw expected(
                "\"leader\", \"high watermark 12\", \"log end 12\" or \"log start 12\"",
                nearest: nearestWord(to: rest, among: words)
                    ?? next.flatMap { nearestWord(to: $0, among: words) })
        }
        let isBelow = take("below")
        let number = try expectNumber("an offset")
        let target = take("on") ? try parseTarget(roster) : nil
        let reached = Condition.replica(partition, measure, on: target, atLeast: number)
        return isBelow ? .not(reached) : reached
    }
}

extension Target {
    fileprivate var isClient: Bool {
        switch self {
        case .client, .any(.producer), .every(.producer), .any(.consumer), .every(.consumer),
            .any(.client), .every(.client):
            true
        case .several(let targets): targets.contains { $0.isClient }
        default: false
        }
    }
}
