import Checks
import Kernel
import Scenarios

/// One scenario under many seeds, summed up. Outcomes are added in the order of their seeds,
/// whatever order they were computed in, so a campaign's value does not depend on how many
/// processors worked at it.
///
/// What the scenario expects is asked of the campaign as a whole: a violation that it expects must
/// show in some seed, a condition that it wants reached must be reached in some seed; a violation
/// that it does not expect may show in none.
public struct Campaign: Equatable, Sendable {
    /// What the seeds showed of one guarantee.
    public struct Finding: Equatable, Sendable {
        public var guarantee: Guarantee
        public var violationExpected: Bool
        public var violatedSeeds: UInt64
        public var firstSeed: UInt64?
        /// From the first seed that showed it.
        public var example: Violation?

        public var holds: Bool { violatedSeeds == 0 }
        public var asExpected: Bool { holds != violationExpected }
    }

    /// In how many seeds a condition was reached.
    public struct Reached: Equatable, Sendable {
        public var condition: String
        public var line: Int
        public var seeds: UInt64
    }

    /// In how many seeds a condition did not hold at the end, or came true that never may.
    public struct Unmet: Equatable, Sendable {
        public var condition: String
        public var line: Int
        public var seeds: UInt64
        public var firstSeed: UInt64
    }

    /// In how many seeds a step, or a kind of random fault, did not happen.
    public struct Idle: Equatable, Sendable {
        public var step: String
        public var line: Int
        public var reason: String
        public var seeds: UInt64
    }

    public let title: String
    public let file: String
    public let takenOut: [String]
    public let cluster: String
    /// The bug that the file shows was mended for these runs.
    public let isMended: Bool
    public private(set) var firstSeed: UInt64
    public private(set) var lastSeed: UInt64
    public private(set) var seeds: UInt64 = 0
    public private(set) var findings: [Finding] = []
    public private(set) var reached: [Reached] = []
    public private(set) var unmet: [Unmet] = []
    public private(set) var broken: [Unmet] = []
    public private(set) var idle: [Idle] = []
    public private(set) var events: UInt64 = 0
    public private(set) var virtualTime = Interval.zero
    public private(set) var interrupted = false
    private var fingerprint = Fingerprint()

    public init(first outcome: Outcome) {
        title = outcome.title
        file = outcome.file
        takenOut = outcome.takenOut
        cluster = outcome.cluster
        isMended = outcome.isMended
        firstSeed = outcome.seed
        lastSeed = outcome.seed
        add(outcome)
    }

    public var digest: UInt64 { fingerprint.value }

    public var asExpected: Bool {
        guard unmet.isEmpty, broken.isEmpty else { return false }
        if interrupted { return findings.allSatisfy { $0.holds || $0.violationExpected } }
        return findings.allSatisfy(\.asExpected) && reached.allSatisfy { $0.seeds > 0 }
    }

    /// The seed to look at first: the earliest that shows something which should not be there.
    public var seedToReproduce: UInt64 {
        let violated = findings.filter { !$0.asExpected }.compactMap(\.firstSeed)
        return (violated + (unmet + broken).map(\.firstSeed)).min() ?? firstSeed
    }

    /// In how many seeds something was violated that should not have been.
    public private(set) var violatedSeeds: UInt64 = 0

    /// Not all seeds were run: somebody stopped it.
    public mutating func interrupt() {
        interrupted = true
    }

    public mutating func add(_ outcome: Outcome) {
        if outcome.verdicts.contains(where: { !$0.holds && !$0.violationExpected }) {
            violatedSeeds += 1
        }
        lastSeed = outcome.seed
        seeds += 1
        events += outcome.events
        virtualTime = virtualTime + (outcome.endedAt - .zero)
        interrupted = interrupted || outcome.interrupted
        fingerprint.combine(outcome.seed)
        fingerprint.combine(outcome.digest)
        for verdict in outcome.verdicts { add(verdict, seed: outcome.seed) }
        for condition in outcome.sometimes { add(condition) }
        for it in outcome.eventually where !it.holds {
            Self.count(it.condition, it.line, seed: outcome.seed, in: &unmet)
        }
        for it in outcome.never where it.brokenAt != nil {
            Self.count(it.condition, it.line, seed: outcome.seed, in: &broken)
        }
        for step in outcome.idleSteps + outcome.leftOut { add(step) }
    }

    private mutating func add(_ verdict: Outcome.Verdict, seed: UInt64) {
        let index = findings.firstIndex { $0.guarantee == verdict.guarantee }
        guard let index else {
            findings.append(
                Finding(
                    guarantee: verdict.guarantee, violationExpected: verdict.violationExpected,
                    violatedSeeds: verdict.holds ? 0 : 1, firstSeed: verdict.holds ? nil : seed,
                    example: verdict.violations.first))
            return
        }
        guard !verdict.holds else { return }
        findings[index].violatedSeeds += 1
        if findings[index].firstSeed == nil {
            findings[index].firstSeed = seed
            findings[index].example = verdict.violations.first
        }
    }

    private mutating func add(_ condition: Outcome.Sometimes) {
        let seeds: UInt64 = condition.reachedAt == nil ? 0 : 1
        let index = reached.firstIndex {
            $0.line == condition.line && $0.condition == condition.condition
        }
        if let index {
            reached[index].seeds += seeds
        } else {
            reached.append(
                Reached(condition: condition.condition, line: condition.line, seeds: seeds))
        }
    }

    private static func count(
        _ condition: String, _ line: Int, seed: UInt64, in list: inout [Unmet]
    ) {
        let index = list.firstIndex { $0.line == line && $0.condition == condition }
        if let index {
            list[index].seeds += 1
        } else {
            list.append(Unmet(condition: condition, line: line, seeds: 1, firstSeed: seed))
        }
    }

    private mutating func add(_ step: Outcome.Idle) {
        let index = idle.firstIndex { $0.line == step.line && $0.step == step.step }
        if let index {
            idle[index].seeds += 1
        } else {
            idle.append(Idle(step: step.step, line: step.line, reason: step.reason, seeds: 1))
        }
    }
}
