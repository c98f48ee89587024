import Simulation

@testable import Scenarios

/// Whole phrases about a cluster in which these are.
extension Roster {
    func target(_ text: String) throws -> Target {
        var phrase = Phrase(text)
        let target = try phrase.parseTarget(self)
        try phrase.expectEnd()
        return target
    }

    func condition(_ text: String) throws -> Condition {
        var phrase = Phrase(text)
        let condition = try phrase.parseCondition(self)
        try phrase.expectEnd()
        return condition
    }

    func event(_ text: String) throws -> Occurrence {
        var phrase = Phrase(text)
        let event = try phrase.parseEvent(self)
        try phrase.expectEnd()
        return event
    }
}
