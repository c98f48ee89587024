import Checks
import Foundation
import Testing

@testable import Scenarios

/// Each story of a bug ends as it says, and ends as it should once the bug is mended.
@Suite struct BugStoryTests {
    static let files: [String] = {
        let folder = repository.appendingPathComponent("Scenarios/Bugs")
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(".toml") }.sorted()
    }()

    @Test func `there are stories of bugs`() {
        #expect(!Self.files.isEmpty)
    }

    @Test(arguments: files)
    func `a bug shows, and with its fix in place the same story shows none`(
        _ name: String
    ) throws {
        let file = repository.appendingPathComponent("Scenarios/Bugs/\(name)")
        let text = try String(contentsOf: file, encoding: .utf8)
        let story = try Scenario.load(text: text, file: name)
        let fixed = try #require(story.fixed(), "it does not say what mends it")
        #expect(!story.plan().isFixed)
        try requireExpected(story)
        try requireExpected(fixed)
    }

    private func requireExpected(_ story: Scenario) throws {
        var run = Run(story)
        run.finish()
        let outcome = run.outcome()
        #expect(outcome.asExpected, "\(complaints(outcome))")
    }

    private func complaints(_ outcome: Outcome) -> [String] {
        outcome.verdicts.filter { !$0.asExpected }.map {
            "\($0.guarantee.rawValue): \($0.violations.first?.summary ?? "holds")"
        }
            + outcome.sometimes.filter { $0.reachedAt == nil }.map(\.condition)
            + outcome.eventually.filter { !$0.holds }.map(\.condition)
            + outcome.never.filter { $0.brokenAt != nil }.map(\.condition)
    }
}
