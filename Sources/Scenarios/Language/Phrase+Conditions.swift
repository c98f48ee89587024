import Kafka
import Simulation

/// States of the world, as a step's `when` and the expectations name them:
///
///     condition = all { "or" all }             all = state { "and" state }
///     state     = "there is" ["no"] "controller"
///               | targets ("leads" | "is" ["not"] role | "is" ["not"] ("running" | "down"))
///               | [targets] ("reaches" measure number | measure "reaches" number)
///     measure   = "epoch" | "log end" | "high watermark"
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
        let target = try parseTarget(roster)
        return try parsePredicate(of: target)
    }

    /// What is said of somebody.
    mutating func parsePredicate(of target: Target) throws(Complaint) -> Condition {
        if takeOne(of: "leads", "lead") { return .role(target, .leader) }
        if takeOne(of: "reaches", "reach") {
            guard let measure = takeMeasure() else {
                throw expected("\"epoch\", \"log end\" or \"high watermark\"")
            }
            return try parseReached(measure, by: target)
        }
        guard takeOne(of: "is", "are") else {
            if let event = nextEventVerb {
                throw Complaint("\(shown(event)) is an event, not a state", offset: offset)
            }
            let verbs = ["leads", "is", "are", "reaches"] + (mayBeEvent ? Self.eventWords : [])
            throw expected(
                mayBeEvent ? "a state or an event" : "\"leads\", \"is\" or \"reaches\"",
                nearest: nearestWord(to: rest, among: verbs)
                    ?? next.flatMap { nearestWord(to: $0, among: verbs) })
        }
        let isNegated = take("not")
        let state = try parseBeing(target)
        return isNegated ? .not(state) : state
    }

    private mutating func parseBeing(_ target: Target) throws(Complaint) -> Condition {
        if take("running") { return .isRunning(target) }
        if take("down") { return .isDown(target) }
        for role in Role.allCases where take(role.rawValue) { return .role(target, role) }
        let words = ["running", "down"] + Role.allCases.map(\.rawValue)
        throw expected(
            "\"leader\", \"running\", \"down\" or another state",
            nearest: next.flatMap { nearestWord(to: $0, among: words) })
    }

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
        case .epoch:
            guard let epoch = Int32(exactly: number) else {
                throw Complaint("an epoch is at most \(Int32.max)", offset: offset)
            }
            return .epoch(target, atLeast: epoch)
        }
    }
}
