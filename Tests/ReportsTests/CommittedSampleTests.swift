import Exploration
import Foundation
import Kernel
import Scenarios
import Testing

@testable import Reports

/// What is committed in `Reports/` is what samsa prints today, in this build and in every other.
/// `REWRITE=1 swift test --filter CommittedSample` writes it anew, for review.
@Suite struct CommittedSampleTests {
    private static let project = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let stories = [
        "Quorum/03-a-leader-behind-a-cut", "Quorum/09-disks-that-lie", "Bugs/KIP-996-no-pre-vote",
        "Acks/02-one-loses", "Producers/01-a-lost-acknowledgement-duplicates",
        "Elections/10-the-zombie-leader",
    ]

    static let traced = [
        "Quorum/02-the-leader-dies", "Acks/02-one-loses",
        "Producers/01-a-lost-acknowledgement-duplicates", "Elections/10-the-zombie-leader",
    ]

    /// Every scenario file, folders in their place, as `samsa run Scenarios` takes them.
    static let files: [String] = {
        let folder = project.appendingPathComponent("Scenarios").path
        let all = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        return all.filter { $0.hasSuffix(".toml") }.map { "Scenarios/" + $0 }.sorted {
            $0.split(separator: "/").lexicographicallyPrecedes($1.split(separator: "/")) {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
        }
    }()

    private func load(_ file: String) throws -> Scenario {
        let bytes = try Data(contentsOf: Self.project.appendingPathComponent(file))
        return try Scenario.load(bytes: Array(bytes), file: file)
    }

    private func outcome(_ file: String) throws -> Outcome {
        var run = Run(try load(file))
        run.finish()
        return run.outcome()
    }

    private func compare(_ text: String, with name: String) throws {
        let sample = Self.project.appendingPathComponent("Reports/\(name)")
        if ProcessInfo.processInfo.environment["REWRITE"] == "1" {
            try FileManager.default.createDirectory(
                at: sample.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: sample, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: sample, encoding: .utf8)
        #expect(text == committed, "Reports/\(name) is not what is printed now")
    }

    @Test func `there are scenarios`() {
        #expect(Self.files.count >= 15)
    }

    @Test func `every scenario does what it expects, with the digest that is committed`() throws {
        var text = ""
        for file in Self.files {
            let outcome = try outcome(file)
            #expect(outcome.asExpected, "\(TextReport().text(of: outcome))")
            text += TextReport().text(of: outcome)
        }
        text += "\(Self.files.count) of \(Self.files.count) scenarios as expected\n"
        try compare(text, with: "all-scenarios.txt")
    }

    @Test(arguments: stories)
    func `a story's report is committed in every form`(_ story: String) throws {
        let outcome = try outcome("Scenarios/\(story).toml")
        try compare(TextReport().text(of: outcome), with: "\(story).txt")
        try compare(JSONReport().text(outcomes: [outcome]), with: "\(story).json")
        try compare(JUnitReport().text(outcomes: [outcome]), with: "\(story).xml")
    }

    @Test(arguments: traced)
    func `a story is committed as it is told, without the steady stream`(
        _ story: String
    ) throws {
        var run = Run(try load("Scenarios/\(story).toml"))
        run.isTracing = true
        var text = ""
        while run.step() {
            for line in run.world.story { text += line + "\n" }
        }
        try compare(text, with: "\(story).story.txt")
    }
}
