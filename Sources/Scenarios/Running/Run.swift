import Kernel
import Simulation

/// One run of a scenario: lets its world happen, event by event, and watches what comes of it.
///
/// A run is a value like the world in it: a copy is a snapshot that runs on to the same outcome.
public struct Run: Sendable {
    /// Something the scenario waits for, and how far it has come.
    private struct Watch: Sendable {
        var awaited: Expectations.Awaited
        /// Matching happenings that are still to come.
        var remaining: Int
        var reachedAt: Instant?
    }

    public let plan: Plan
    public private(set) var world: World
    private let file: String
    private var watches: [Watch]
    /// Those of `watches` that have not been reached.
    private var open: [Int]

    public init(_ scenario: Scenario, seed: UInt64? = nil) {
        file = scenario.file
        plan = scenario.plan(seed: seed)
        world = World(plan.configuration)
        watches = plan.expectations.sometimes.map { awaited in
            guard case .event(let occurrence) = awaited.expected else {
                return Watch(awaited: awaited, remaining: 1)
            }
            return Watch(awaited: awaited, remaining: occurrence.count)
        }
        open = Array(watches.indices)
    }

    /// Whether the world tells each event in `world.lines`.
    public var isTracing: Bool {
        get { world.isTracing }
        set { world.isTracing = newValue }
    }

    /// Lets the next event happen. False at the end of the run: nothing has happened then.
    public mutating func step() -> Bool {
        guard world.nextEventAt <= plan.until, world.step() else { return false }
        if !open.isEmpty, !world.notes.isEmpty { watch() }
        return true
    }

    /// Lets everything happen that is left.
    public mutating func finish() {
        while step() {}
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
                watches[place].remaining -= 1
            }
            return watches[place].remaining <= 0
        }
    }
}

extension Run {
    /// What came of it, as far as it got.
    public func outcome(interrupted: Bool = false) -> Outcome {
        let hasEnded = !interrupted && world.nextEventAt > plan.until
        return Outcome(
            title: plan.title, file: file, seed: plan.seed, cluster: plan.cluster, verdicts: [],
            sometimes: watches.map {
                Outcome.Sometimes(
                    condition: $0.awaited.text, line: $0.awaited.line, reachedAt: $0.reachedAt)
            },
            eventually: plan.expectations.eventually.map { awaited in
                guard case .condition(let condition) = awaited.expected else {
                    preconditionFailure("only conditions can be true at the end")
                }
                return Outcome.Eventually(
                    condition: awaited.text, line: awaited.line, holds: world.holds(condition))
            },
            idleSteps: world.unfiredSteps.map { step in
                Outcome.Idle(
                    step: plan.steps[step].text, line: plan.steps[step].line,
                    reason: reason(of: step))
            },
            events: world.eventCount, endedAt: hasEnded ? plan.until : world.now,
            digest: world.digest, interrupted: interrupted)
    }

    /// Why a step did nothing.
    private func reason(of step: Int) -> String {
        switch plan.configuration.steps[step].trigger {
        case .at: "there was nobody for it to act on"
        case .when: "its condition never held while there was somebody to act on"
        case .after: "its event never happened while there was somebody to act on"
        }
    }
}
