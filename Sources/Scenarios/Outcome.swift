import Checks
import Kernel

/// What came of one run: everything that a report may say of it, as a value. Two runs of the same
/// scenario and seed have equal outcomes.
public struct Outcome: Equatable, Sendable {
    /// What was found about one guarantee.
    public struct Verdict: Equatable, Sendable {
        public var guarantee: Guarantee
        /// The first violations in order of time; `count` says how many there were in all.
        public var violations: [Violation]
        public var count: Int
        /// The scenario expects it to be violated.
        public var violationExpected: Bool
        /// The scenario is about its being kept.
        public var isNamed: Bool

        public init(
            guarantee: Guarantee, violations: [Violation], count: Int, violationExpected: Bool,
            isNamed: Bool = false
        ) {
            self.guarantee = guarantee
            self.violations = violations
            self.count = count
            self.violationExpected = violationExpected
            self.isNamed = isNamed
        }

        public var holds: Bool { count == 0 }
        public var asExpected: Bool { holds != violationExpected }
    }

    /// A condition that the scenario says must be reached, and when it first was.
    public struct Sometimes: Equatable, Sendable {
        public var condition: String
        public var line: Int
        public var reachedAt: Instant?

        public init(condition: String, line: Int, reachedAt: Instant?) {
            self.condition = condition
            self.line = line
            self.reachedAt = reachedAt
        }
    }

    /// A condition that the scenario says is true at the end.
    public struct Eventually: Equatable, Sendable {
        public var condition: String
        public var line: Int
        public var holds: Bool

        public init(condition: String, line: Int, holds: Bool) {
            self.condition = condition
            self.line = line
            self.holds = holds
        }
    }

    /// A condition that the scenario says never comes true, and when it did.
    public struct Never: Equatable, Sendable {
        public var condition: String
        public var line: Int
        public var brokenAt: Instant?

        public init(condition: String, line: Int, brokenAt: Instant?) {
            self.condition = condition
            self.line = line
            self.brokenAt = brokenAt
        }
    }

    /// A step that never happened, or a fault that found nothing to act on.
    public struct Idle: Equatable, Sendable {
        public var step: String
        public var line: Int
        public var reason: String

        public init(step: String, line: Int, reason: String) {
            self.step = step
            self.line = line
            self.reason = reason
        }
    }

    public var title: String
    /// As it was named on the command line.
    public var file: String
    public var seed: UInt64
    /// Fixes that were taken out besides those that the file takes out, by name.
    public var takenOut: [String]
    /// "3 controllers, 1 observer".
    public var cluster: String
    public var verdicts: [Verdict]
    public var sometimes: [Sometimes]
    public var eventually: [Eventually]
    public var never: [Never]
    public var idleSteps: [Idle]
    /// Random faults that this seed goes without.
    public var leftOut: [Idle]
    public var events: UInt64
    public var endedAt: Instant
    public var digest: UInt64
    /// Somebody stopped the run before its end: what it says is true as far as it got.
    public var interrupted: Bool
    /// The bug that the file shows was mended for this run.
    public var isMended: Bool
    public var account: Account

    public init(
        title: String, file: String, seed: UInt64, takenOut: [String] = [], cluster: String,
        verdicts: [Verdict], sometimes: [Sometimes], eventually: [Eventually] = [],
        never: [Never] = [], idleSteps: [Idle], leftOut: [Idle] = [], events: UInt64,
        endedAt: Instant, digest: UInt64, interrupted: Bool, isMended: Bool = false,
        account: Account = Account()
    ) {
        self.title = title
        self.file = file
        self.seed = seed
        self.takenOut = takenOut
        self.cluster = cluster
        self.verdicts = verdicts
        self.sometimes = sometimes
        self.eventually = eventually
        self.never = never
        self.idleSteps = idleSteps
        self.leftOut = leftOut
        self.events = events
        self.endedAt = endedAt
        self.digest = digest
        self.interrupted = interrupted
        self.isMended = isMended
        self.account = account
    }

    /// Everything as the scenario says: exit status 0. What an interrupted run has not reached yet
    /// is not held against it; what it has broken is.
    public var asExpected: Bool {
        guard never.allSatisfy({ $0.brokenAt == nil }) else { return false }
        if interrupted { return verdicts.allSatisfy { $0.holds || $0.violationExpected } }
        return verdicts.allSatisfy(\.asExpected) && sometimes.allSatisfy { $0.reachedAt != nil }
            && eventually.allSatisfy(\.holds)
    }
}
