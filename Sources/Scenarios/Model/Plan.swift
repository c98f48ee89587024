import Checks
import Kernel
import Simulation

/// A scenario with nothing left open: what one run consists of.
public struct Plan: Sendable {
    public var title: String
    public var seed: UInt64
    /// Fixes that somebody takes out besides those that the file takes out, by name.
    public var takenOut: [String] = []
    /// "3 controllers, 1 observer".
    public var cluster: String
    /// When the run ends.
    public var until: Instant
    /// When everything has healed and workloads stop; `until` if the run ends without a calm.
    public var calmFrom: Instant
    public var configuration: WorldConfiguration
    public var expectations: Expectations
    /// The file shows a bug and says what mends it.
    public var isFixable: Bool
    /// That mends it here: what is expected is what comes of the story then.
    public var isFixed: Bool
    /// It is mended because somebody asked for that, not because the file says so.
    public var isMended = false
    /// The steps of the file by number, as they are told to people.
    public var steps: [StepSource]
    /// Where each of the world's chaoses stands.
    public var chaos: [StepSource]
    /// Settings of Kafka's as far as the file gives them.
    public var settings: [Outcome.Setting]
    /// Settings of Kafka's that nothing here reads: they are right, and change nothing.
    public var idleSettings: [StepSource]
    /// What the file left open, and what the seed put there.
    public var openings: [Opening]

    /// Whether what must be true at last can be judged.
    public var isCalmAtEnd: Bool { calmFrom < until }

    /// Where something stands in the file and what it says.
    public struct StepSource: Hashable, Sendable {
        public var line: Int
        public var text: String
    }
}

/// What must come of a run.
public struct Expectations: Sendable {
    /// These must be broken; no other may be.
    public var violated: [Guarantee] = []
    /// What the scenario is about: reports name these first.
    public var held: [Guarantee] = []
    /// Each must come true at some time.
    var sometimes: [Awaited] = []
    /// Each must be true at the end.
    var eventually: [Awaited] = []
    /// None may come true at any time.
    var never: [Awaited] = []

    struct Awaited: Sendable {
        var expected: Expected
        var text: String
        var line: Int
    }
}
