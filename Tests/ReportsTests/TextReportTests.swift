import Checks
import Exploration
import Kernel
import Scenarios
import Testing

@testable import Reports

@Suite struct TextReportTests {
    @Test func `a quiet run is three lines`() {
        let text = TextReport().text(of: .sample())
        #expect(
            text == """
                A leader dies\(String(repeating: " ", count: 53))  seed 7 · 3 controllers
                  ✓ all \(Guarantee.allCases.count) guarantees hold
                  12,408 events · 60.0 s of virtual time · digest 5c1f09e2a47b3d17

                """)
    }

    @Test func `an unexpected violation tells its causes and ends with its command`() {
        let text = TextReport().text(
            of: .sample(
                verdicts: Outcome.verdicts(violating: .raftOneLeaderPerEpoch, expected: false)))
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[1] == "  ✗ raft-one-leader-per-epoch      violated  (2 times)")
        #expect(lines[2] == "      controller-1 and controller-3 both lead epoch 4")
        #expect(lines[3] == "      0.500000  controller-1 leads epoch 4")
        #expect(lines[4] == "      14.803000  controller-3 leads epoch 4")
        #expect(lines.last == "  reproduce: samsa run a/b.toml --seed 7")
    }

    @Test func `an expected violation needs no reproduction`() {
        let text = TextReport().text(
            of: .sample(
                verdicts: Outcome.verdicts(violating: .raftOneLeaderPerEpoch, expected: true)))
        #expect(text.contains("✗ raft-one-leader-per-epoch      expected"))
        #expect(!text.contains("reproduce"))
    }

    @Test func `a promise that should have been broken and was not is a failure`() {
        var verdicts = Outcome.quietVerdicts
        verdicts[0].violationExpected = true
        let outcome = Outcome.sample(verdicts: verdicts)
        #expect(!outcome.asExpected)
        let text = TextReport().text(of: outcome)
        let judgement = "holds, and was expected to be violated"
        #expect(text.contains("! raft-one-leader-per-epoch      \(judgement)"))
        #expect(text.contains("reproduce: samsa run a/b.toml --seed 7"))
    }

    @Test func `what was never reached and what never fired is said with its line`() {
        let text = TextReport().text(
            of: .sample(
                sometimes: [.init(condition: "controller 2 leads", line: 30, reachedAt: nil)],
                idle: [.init(step: "crash controller", line: 12, reason: "never fired")]))
        #expect(text.contains("  ! line 30: never reached: controller 2 leads"))
        #expect(text.contains("  ! line 12: crash controller never fired"))
    }

    @Test func `what was waited for is told as it came`() {
        let text = TextReport().text(
            of: .sample(sometimes: [
                .init(condition: "later", line: 30, reachedAt: .zero + .seconds(12)),
                .init(condition: "sooner", line: 31, reachedAt: .zero + .milliseconds(500)),
            ]))
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[1] == "  · 0.500000   sooner")
        #expect(lines[2] == "  · 12.000000  later")
        #expect(lines[3].hasPrefix("  ✓ all "))
    }

    @Test func `a promise that the scenario is about is named`() {
        var verdicts = Outcome.quietVerdicts
        verdicts[0].isNamed = true
        let lines = TextReport().text(of: .sample(verdicts: verdicts)).split(separator: "\n")
        let promise = Guarantee.raftOneLeaderPerEpoch.promise
        #expect(lines[1] == "  ✓ raft-one-leader-per-epoch      \(promise)")
        #expect(lines[2] == "  ✓ \(Guarantee.allCases.count - 1) other guarantees hold")
    }

    @Test func `a path that a shell would split is quoted`() {
        #expect(
            reproductionCommand(file: "my file's.toml", seed: 3)
                == "samsa run 'my file'\\''s.toml' --seed 3")
    }

    @Test func `colours are put on for a terminal only`() {
        let verdicts = Outcome.verdicts(violating: .raftHighWatermark, expected: false)
        let plain = TextReport(style: .plain).text(of: .sample(verdicts: verdicts))
        let coloured = TextReport(style: .coloured).text(of: .sample(verdicts: verdicts))
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.contains("\u{1B}[31m✗"))
    }

    @Test func `a campaign says in how many seeds and which to look at first`() {
        var campaign = Campaign(first: .sample(seed: 1))
        campaign.add(
            .sample(
                seed: 2,
                verdicts: Outcome.verdicts(violating: .raftHighWatermark, expected: false)))
        campaign.add(.sample(seed: 3))
        let text = TextReport().text(of: campaign)
        #expect(text.contains("seeds 1..3 · 3 controllers"))
        #expect(text.contains("violated  (in 1 of 3 seeds, first seed 2)"))
        #expect(text.contains("reproduce: samsa run a/b.toml --seed 2"))
        #expect(text.contains("37,224 events · 180.0 s of virtual time"))
    }

    @Test(arguments: [
        (UInt64(0), "0"), (999, "999"), (1_000, "1,000"), (12_408, "12,408"),
        (1_000_000, "1,000,000"),
    ])
    func `digits come in groups of three`(_ number: UInt64, _ text: String) {
        #expect(grouped(number) == text)
    }
}
