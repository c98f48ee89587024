import Testing

@testable import Scenarios

/// A file with one mistake, and what is said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
    var text: String
    var said: String

    init(_ text: String, _ said: String) {
        self.text = text
        self.said = said
    }

    var testDescription: String { said }
}

/// All that is said about a file, without the file's name.
private func mistakes(in text: String) -> [String] {
    do throws(ScenarioErrors) {
        _ = try Scenario.load(text: text, file: "f")
        return []
    } catch {
        return error.description.split(separator: "\n").map { String($0.dropFirst(2)) }
    }
}

@Suite struct MistakeTests {
    static let all =
        fileMistakes + clusterMistakes + environmentMistakes + stepMistakes + phraseMistakes
        + expectationMistakes + brokerMistakes + topicMistakes + clientMistakes
        + clusterStepMistakes

    @Test(arguments: all)
    func `a mistake is shown where it stands, with the nearest right word`(_ mistake: Mistake) {
        #expect(mistakes(in: mistake.text) == [mistake.said])
    }

    @Test func `a file with several mistakes hears of all of them, in the order of the file`() {
        let text = """
            titel = "x"
            [cluster]
            controllers = 5
            controller.quorum.fetch.timeout.ms = "2 parsecs"
            [[step]]
            at = "1s"
            clog = "voter 8"
            by = "fast"
            [[step]]
            when = "controller 1 leeds"
            crahs = "controller"
            [expect]
            violates = ["raft-log-maching"]
            """
        #expect(
            mistakes(in: text) == [
                "1:1: unknown key \"titel\" in a scenario; did you mean \"title\"?",
                "4:38: cluster.controller.quorum.fetch.timeout.ms: unknown unit \" parsecs\"; "
                    + "did you mean \"s\"?",
                "7:15: step[1].clog: there is no voter 8: the voters are 1, 2, 3, 4 and 5",
                "8:6: step[1].by: a duration is a number and a unit, such as \"200ms\" or "
                    + "\"1.5s\"",
                "10:22: step[2].when: expected \"leads\", \"is\" or \"reaches\", found \"leeds\"; "
                    + "did you mean \"leads\"?",
                "11:1: unknown key \"crahs\" in a step; did you mean \"crash\"?",
                "13:13: expect.violates[1]: unknown guarantee \"raft-log-maching\"; "
                    + "did you mean \"raft-log-matching\"?",
            ])
    }

    @Test func `an error names the file as it was given`() throws {
        let errors = try #require(throws: ScenarioErrors.self) {
            try Scenario.load(text: "titel = 1", file: "Scenarios/a b.toml")
        }
        #expect(
            errors.description
                == "Scenarios/a b.toml:1:1: unknown key \"titel\" in a scenario; "
                + "did you mean \"title\"?")
    }

    @Test func `a file of a thousand mistakes hears of the first hundred`() throws {
        let text = (0..<1_000).map { "key\($0) = 1" }.joined(separator: "\n")
        let said = mistakes(in: text)
        #expect(said.count == ScenarioErrors.limit + 1)
        #expect(said.last == " and 900 more mistakes")
    }

    @Test func `a mistake in one alternative of an opening is one in every run`() {
        let text = "[cluster]\ncontrollers = { any = [1, 2, 3, 4, { any = [5, \"6\"] }] }"
        #expect(
            mistakes(in: text) == [
                "2:48: cluster.controllers.any[5].any[2]: "
                    + "expected an integer from 1 to 1000, found a text"
            ])
    }

    @Test func `a name is found through one slip in three letters, and not through more`() {
        let words = ["crash", "restart", "heal"]
        #expect(nearestWord(to: "carsh", among: words) == "crash")
        #expect(nearestWord(to: "Crash", among: words) == "crash")
        #expect(nearestWord(to: "restrat", among: words) == "restart")
        #expect(nearestWord(to: "hel", among: words) == "heal")
        #expect(nearestWord(to: "crowd", among: words) == nil)
        #expect(nearestWord(to: "", among: words) == nil)
        #expect(nearestWord(to: String(repeating: "x", count: 100_000), among: words) == nil)
    }
}
