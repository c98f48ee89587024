import Checks
import Exploration
import Foundation
import Kernel
import Scenarios
import Testing

@testable import Reports

@Suite struct MachineReportTests {
    @Test func `the JSON report holds everything that the text says`() throws {
        let outcome = Outcome.sample(
            verdicts: Outcome.verdicts(violating: .raftOneLeaderPerEpoch, expected: false),
            sometimes: [.init(condition: "x", line: 3, reachedAt: nil)])
        let read = try document(JSONReport().text(outcomes: [outcome]))
        #expect(read["as-expected"] as? Bool == false)
        let run = try #require((read["runs"] as? [[String: Any]])?.first)
        #expect(run["digest"] as? String == "5c1f09e2a47b3d17")
        #expect(run["reproduce"] as? String == "samsa run a/b.toml --seed 7")
        let guarantees = try #require(run["guarantees"] as? [[String: Any]])
        #expect(guarantees.count == Guarantee.allCases.count)
        let broken = try #require(guarantees.first { $0["holds"] as? Bool == false })
        #expect(broken["name"] as? String == "raft-one-leader-per-epoch")
        let example = try #require((broken["examples"] as? [[String: Any]])?.first)
        #expect((example["causes"] as? [Any])?.count == 2)
        #expect(((run["sometimes"] as? [[String: Any]])?.first)?["reached-at-ns"] is NSNull)
    }

    @Test func `a campaign's JSON names the first seed of each finding`() throws {
        var campaign = Campaign(first: .sample(seed: 1))
        campaign.add(
            .sample(
                seed: 2,
                verdicts: Outcome.verdicts(violating: .raftHighWatermark, expected: false)))
        let read = try document(JSONReport().text(campaigns: [campaign]))
        let first = try #require((read["campaigns"] as? [[String: Any]])?.first)
        let findings = try #require(first["guarantees"] as? [[String: Any]])
        let broken = try #require(findings.first { ($0["violated-seeds"] as? Int) == 1 })
        #expect(broken["first-seed"] as? Int == 2)
        #expect(broken["name"] as? String == "raft-high-watermark")
    }

    @Test func `JUnit counts failures and escapes what XML cannot hold`() throws {
        let failed = Outcome.sample(
            verdicts: Outcome.verdicts(violating: .raftHighWatermark, expected: false),
            file: "a<b>&\"c\".toml")
        let text = JUnitReport().text(outcomes: [.sample(), failed])
        #expect(text.contains("tests=\"2\" failures=\"1\""))
        #expect(text.contains("a&lt;b&gt;&amp;&quot;c&quot;.toml"))
        let parser = XMLTally()
        #expect(parser.read(text))
        #expect(
            parser.elements == [
                "testsuites", "testsuite", "testcase", "testsuite", "testcase", "failure",
            ])
    }

    private func document(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}

/// The smallest reader that notices unbalanced tags: element names in order of their start.
private final class XMLTally {
    private(set) var elements: [String] = []

    func read(_ text: String) -> Bool {
        var open: [String] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("?") { continue }
            let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter })
            if tag.hasPrefix("/") {
                guard open.popLast() == name else { return false }
            } else {
                elements.append(name)
                if !tag.hasSuffix("/") { open.append(name) }
            }
        }
        return open.isEmpty
    }
}
