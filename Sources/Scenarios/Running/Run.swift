import Checks
import Kernel
import Simulation

/// One run of a scenario: lets its world happen, event by event, judges it and watches for what
/// the scenario waits for.
///
/// A run is a value like the world in it: a copy is a snapshot that runs on to the same outcome.
public struct Run: Sendable {
    /// Something the scenario waits for, or that it says never comes, and how far it has come.
    private struct Watch: Sendable {
        var awaited: Expectations.Awaited
        /// What is still to come of a happening.
        var remaining: Int64
        var reachedAt: Instant?

        init(_ awaited: Expectations.Awaited) {
            self.awaited = awaited
            remaining =
                if case .event(let occurrence) = awaited.expected { occurrence.amount } else { 1 }
        }
    }

    public let plan: Plan
    private var judged: JudgedWorld
    private let file: String
    /// Where it stops: at its end, unless somebody wants it to stop before.
    private let end: Instant
    /// What comes some time, then what never does.
    private var watches: [Watch]
    /// Those of `watches` that have not been reached.
    private var open: [Int]
    private var isConcluded = false
    private(set) var ledger = Ledger()

    /// The seed is the file's own if none is given. A run that stops before its end counts as
    /// interrupted.
    public init(_ scenario: Scenario, seed: UInt64? = nil, stoppingAt stop: Instant = .never) {
        self.init(scenario.plan(seed: seed), file: scenario.file, stoppingAt: stop)
    }

    /// From a `boot` that serves, the run is the same as without, and sooner done.
    public init(
        _ plan: Plan, file: String, stoppingAt stop: Instant = .never, from boot: Boot? = nil
    ) {
        self.plan = plan
        self.file = file
        end = min(plan.until, stop)
        let begun = end >= .zero ? boot?.beginning(of: plan) : nil
        judged = begun ?? JudgedWorld(plan.configuration)
        watches = (plan.expectations.sometimes + plan.expectations.never).map { Watch($0) }
        open = Array(watches.indices)
    }

    public var world: World { _read { yield judged.world } }
    public var judge: Judge { _read { yield judged.judge } }

    /// Whether the world tells each event in `world.lines`.
    public var isTracing: Bool {
        get { world.isTracing }
        set { judged.world.isTracing = newValue }
    }

    /// Lets the next event happen. False at the end of the run: nothing has happened then.
    @discardableResult
    public mutating func step() -> Bool {
        guard judged.step(notAfter: end) else {
            conclude()
            return false
        }
        // A cluster is started some time before zero: that is no part of the story.
        guard world.noted != 0, world.now >= .zero else { return true }
        if world.noted & Ledger.interests != 0 { ledger.observe(world) }
        if !open.isEmpty { watch() }
        return true
    }

    /// Lets that many events happen, or as many as are left; false at the end of the run.
    public mutating func advance(events: Int) -> Bool {
        for _ in 0..<events where !step() { return false }
        return true
    }

    /// Lets everything happen that is left.
    public mutating func finish() {
        while step() {}
    }

    /// At the end: what must be true at last is judged, if there was calm.
    private mutating func conclude() {
        guard !isConcluded else { return }
        isConcluded = true
        judged.world.run(until: end)
        if plan.isCalmAtEnd, end == plan.until { judged.conclude() }
    }

    private mutating func watch() {
        for place in open where isReached(place) { watches[place].reachedAt = world.now }
        open.removeAll { watches[$0].reachedAt != nil }
    }

    private mutating func isReached(_ place: Int) -> Bool {
        switch watches[place].awaited.expected {
        case .condition(let condition): return world.holds(condition)
        case .event(let occurrence):
            for note in world.notes where world.matches(note, occurrence) {
                watches[place].remaining -= occurrence.amount(of: note.happening)
            }
            return watches[place].remaining <= 0
        }
    }
}

extension Run {
    /// What came of it, as far as it got.
    public func outcome() -> Outcome {
        Outcome(
            title: plan.title, file: file, seed: plan.seed, takenOut: plan.takenOut,
            cluster: plan.cluster, verdicts: verdicts, sometimes: sometimes,
            eventually: eventually, never: never, idleSteps: idleSteps,
            events: world.eventCount, endedAt: world.now, digest: world.digest,
            interrupted: !isConcluded || end < plan.until, isMended: plan.isMended,
            account: account)
    }

    /// What the scenario is about comes first; what is judged only after a calm is left out
    /// where there is none.
    private var verdicts: [Outcome.Verdict] {
        let named = plan.expectations.violated + plan.expectations.held
        let others = Guarantee.allCases.filter {
            !named.contains($0) && $0.concerns(plan.configuration)
        }
        return (named + others).filter { $0.moment == .always || plan.isCalmAtEnd }.map {
            Outcome.Verdict(
                guarantee: $0, violations: judge.findings.violations(of: $0),
                count: judge.findings.count(of: $0),
                violationExpected: plan.expectations.violated.contains($0),
                isNamed: plan.expectations.held.contains($0))
        }
    }

    private var sometimes: [Outcome.Sometimes] {
        watches.prefix(plan.expectations.sometimes.count).map {
            Outcome.Sometimes(
                condition: $0.awaited.text, line: $0.awaited.line, reachedAt: $0.reachedAt)
        }
    }

    private var never: [Outcome.Never] {
        watches.dropFirst(plan.expectations.sometimes.count).map {
            Outcome.Never(
                condition: $0.awaited.text, line: $0.awaited.line, brokenAt: $0.reachedAt)
        }
    }

    private var eventually: [Outcome.Eventually] {
        plan.expectations.eventually.map { awaited in
            guard case .condition(let condition) = awaited.expected else {
                preconditionFailure("only a state can be true at the end")
            }
            return Outcome.Eventually(
                condition: awaited.text, line: awaited.line, holds: world.holds(condition))
        }
    }

    /// Settings that change nothing, and steps and random faults that did nothing.
    private var idleSteps: [Outcome.Idle] {
        plan.idleSettings.map {
            Outcome.Idle(step: $0.text, line: $0.line, reason: "nothing here reads this setting")
        }
            + world.unfiredSteps.filter { $0 < plan.steps.count }.map { step in
                Outcome.Idle(
                    step: plan.steps[step].text, line: plan.steps[step].line,
                    reason: reason(of: step))
            }
            + idleFamilies(leftOut: false)
    }

    private func idleFamilies(leftOut: Bool) -> [Outcome.Idle] {
        world.idleFamilies.filter { $0.isLeftOut == leftOut }.map {
            let source = plan.chaos[$0.mix]
            return Outcome.Idle(
                step: "\(source.text): \(Chaos.name(of: $0.family))", line: source.line,
                reason: "struck nobody")
        }
    }

    /// Why a step did nothing.
    private func reason(of step: Int) -> String {
        if case .fault(.disturb) = plan.configuration.steps[step].action {
            return "no such request was made while it stood"
        }
        if case .fault(.hold) = plan.configuration.steps[step].action {
            return "no thread came there while it stood"
        }
        return switch plan.configuration.steps[step].trigger {
        case .at: "there was nobody for it to act on"
        case .when: "its condition never held while there was somebody to act on"
        case .after: "its event never happened while there was somebody to act on"
        }
    }
}
