import Checks
import Kernel
import Scenarios
import Testing

@testable import Exploration

@Suite struct CampaignTests {
    private func outcome(
        seed: UInt64, broken: Guarantee? = nil, expected: Guarantee? = nil, reached: Bool = true
    ) -> Outcome {
        Outcome(
            title: "t", file: "f", seed: seed, cluster: "c",
            verdicts: Guarantee.allCases.map {
                Outcome.Verdict(
                    guarantee: $0, violations: [], count: $0 == broken ? 1 : 0,
                    violationExpected: $0 == expected)
            },
            sometimes: [.init(condition: "x", line: 1, reachedAt: reached ? .zero : nil)],
            idleSteps: [], events: 10, endedAt: .zero, digest: seed &* 31, interrupted: false)
    }

    @Test func `a violation that is expected must show in one seed, not in all`() {
        var campaign = Campaign(first: outcome(seed: 1, expected: .raftHighWatermark))
        #expect(!campaign.asExpected)
        campaign.add(outcome(seed: 2, broken: .raftHighWatermark, expected: .raftHighWatermark))
        campaign.add(outcome(seed: 3, expected: .raftHighWatermark))
        #expect(campaign.asExpected)
    }

    @Test func `a violation that is not expected may show in none`() {
        var campaign = Campaign(first: outcome(seed: 1))
        campaign.add(outcome(seed: 2, broken: .noProcessDies))
        campaign.add(outcome(seed: 3))
        #expect(!campaign.asExpected)
        #expect(campaign.seedToReproduce == 2)
    }

    @Test func `a condition must be reached in some seed`() {
        var campaign = Campaign(first: outcome(seed: 1, reached: false))
        #expect(!campaign.asExpected)
        campaign.add(outcome(seed: 2, reached: true))
        #expect(campaign.asExpected)
        #expect(campaign.reached.map(\.seeds) == [1])
    }

    @Test func `what never may come true may come true in no seed`() {
        var bad = outcome(seed: 2)
        bad.never = [.init(condition: "y", line: 3, brokenAt: .zero)]
        var campaign = Campaign(first: outcome(seed: 1))
        #expect(campaign.asExpected)
        campaign.add(bad)
        #expect(!campaign.asExpected)
        #expect(campaign.broken.map(\.seeds) == [1])
        #expect(campaign.seedToReproduce == 2)
    }

    @Test func `conditions that stand in one line are counted one by one`() {
        var both = outcome(seed: 1)
        both.sometimes.append(.init(condition: "z", line: 1, reachedAt: nil))
        let campaign = Campaign(first: both)
        #expect(campaign.reached.map(\.seeds) == [1, 0])
        #expect(!campaign.asExpected)
    }

    @Test func `the digest tells campaigns apart, by outcome and by order`() {
        var forwards = Campaign(first: outcome(seed: 1))
        forwards.add(outcome(seed: 2))
        var backwards = Campaign(first: outcome(seed: 2))
        backwards.add(outcome(seed: 1))
        #expect(forwards.digest != backwards.digest)
        var again = Campaign(first: outcome(seed: 1))
        again.add(outcome(seed: 2))
        #expect(forwards.digest == again.digest)
    }
}
