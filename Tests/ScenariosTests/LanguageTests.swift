import Kafka
import Kernel
import Simulation
import Testing

@testable import Scenarios

private let roster = Roster(controllers: 3...3, standbys: 1...1, observers: 2...2)

private func target(_ text: String) throws -> Target { try roster.target(text) }
private func condition(_ text: String) throws -> Condition { try roster.condition(text) }
private func event(_ text: String) throws -> Occurrence { try roster.event(text) }

@Suite struct LanguageTests {
    @Test(arguments: [
        ("controller", Target.controller),
        ("the controller", .controller),
        ("same", .same),
        ("controller 4", .node(NodeID(4))),
        ("voter 2", .node(NodeID(2))),
        ("broker 5", .node(NodeID(5))),
        ("observer 6", .node(NodeID(6))),
        ("node 1", .node(NodeID(1))),
        ("follower 1", .follower(0)),
        ("any voter", .any(.voter)),
        ("any down node", .any(.down)),
        ("every observer", .every(.observer)),
        ("brokers", .every(.observer)),
        ("paused nodes", .every(.paused)),
        ("everybody", .every(.node)),
        ("controller 1, controller 2", .several([.node(NodeID(1)), .node(NodeID(2))])),
        ("all but controller", .allBut(.controller)),
        ("all but voter 1,voter 2", .allBut(.several([.node(NodeID(1)), .node(NodeID(2))]))),
    ])
    func `a target is aimed at by role or by number`(_ text: String, _ meaning: Target) throws {
        #expect(try target(text) == meaning)
    }

    @Test(arguments: [
        ("there is a controller", Condition.hasController),
        ("nobody leads", .not(.hasController)),
        ("controller 2 leads", .role(.node(NodeID(2)), .leader)),
        ("any voter is candidate", .role(.any(.voter), .candidate)),
        ("controller is not running", .not(.isRunning(.controller))),
        ("voters are running", .isRunning(.every(.voter))),
        ("any voter is down", .isDown(.any(.voter))),
        ("epoch reaches 3", .epoch(.any(.node), atLeast: 3)),
        ("high watermark reaches 50", .highWatermark(.any(.node), atLeast: 50)),
        ("observer 5 reaches log end 7", .logEnd(.node(NodeID(5)), atLeast: 7)),
        (
            "voter 1 leads and epoch reaches 2 or nobody leads",
            .any([
                .all([.role(.node(NodeID(1)), .leader), .epoch(.any(.node), atLeast: 2)]),
                .not(.hasController),
            ])
        ),
    ])
    func `a condition is a state in words`(_ text: String, _ meaning: Condition) throws {
        #expect(try condition(text) == meaning)
    }

    @Test(arguments: [
        ("voter 2 becomes leader", Occurrence(.becameLeader, by: .node(NodeID(2)))),
        ("anybody crashes", Occurrence(.crashed)),
        ("truncates", Occurrence(.truncated)),
        (
            "any voter becomes leader in epoch 4",
            Occurrence(.becameLeader, by: .any(.voter), epoch: 4)
        ),
        (
            "controller 1 appends at offset 12",
            Occurrence(.appended, by: .node(NodeID(1)), offset: 12)
        ),
        ("controller appends 10 records", Occurrence(.appended, by: .controller, records: 10)),
        (
            "voter 3 writes a snapshot twice",
            Occurrence(.wroteSnapshot, by: .node(NodeID(3)), count: 2)
        ),
        ("somebody times out 3 times", Occurrence(.requestTimedOut, count: 3)),
    ])
    func `an event is a happening in words`(_ text: String, _ meaning: Occurrence) throws {
        #expect(try event(text) == meaning)
    }

    @Test func `every kind of happening has its words`() throws {
        let kinds = try Phrase.eventWords.map { try event("voter 1 \($0)").kind }
        #expect(Set(kinds) == Set(Happening.Kind.allCases))
        #expect(kinds.count == Happening.Kind.allCases.count)
    }

    @Test func `what is expected may be a state or an event, as its verb says`() throws {
        for (text, isEvent) in [
            ("controller 2 leads", false), ("any voter truncates", true), ("nobody leads", false),
            ("somebody crashes", true), ("somebody leads", false), ("truncates twice", true),
        ] {
            var phrase = Phrase(text)
            switch try phrase.parseExpected(roster) {
            case .event: #expect(isEvent, "\(text)")
            case .condition: #expect(!isEvent, "\(text)")
            }
        }
    }
}
