import Checks
import Kernel
import Scenarios

extension Outcome {
    /// A run of one minute in which every guarantee was judged and nothing was found.
    static func sample(
        seed: UInt64 = 7, verdicts: [Verdict] = Outcome.quietVerdicts, file: String = "a/b.toml",
        sometimes: [Sometimes] = [], idle: [Idle] = [], interrupted: Bool = false
    ) -> Outcome {
        Outcome(
            title: "A leader dies", file: file, seed: seed, cluster: "3 controllers",
            verdicts: verdicts, sometimes: sometimes, idleSteps: idle, events: 12_408,
            endedAt: .zero + .seconds(60), digest: 0x5c1f_09e2_a47b_3d10 &+ seed,
            interrupted: interrupted)
    }

    static let quietVerdicts = Guarantee.allCases.map {
        Verdict(guarantee: $0, violations: [], count: 0, violationExpected: false)
    }

    static func verdicts(violating guarantee: Guarantee, expected: Bool) -> [Verdict] {
        let violation = Violation(
            guarantee, at: .zero + .milliseconds(14_803), event: 812,
            summary: "controller-1 and controller-3 both lead epoch 4",
            causes: [
                .init(at: .zero + .milliseconds(500), "controller-1 leads epoch 4"),
                .init(at: .zero + .milliseconds(14_803), "controller-3 leads epoch 4"),
            ])
        return Guarantee.allCases.map {
            let hit = $0 == guarantee
            return Verdict(
                guarantee: $0, violations: hit ? [violation] : [], count: hit ? 2 : 0,
                violationExpected: hit && expected)
        }
    }
}
