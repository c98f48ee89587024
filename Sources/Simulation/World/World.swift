import Kafka
import Kernel

/// A whole cluster as one value: every process, log, connection, timer and undelivered message.
/// Nothing outside it takes part in a run, so a copy is a snapshot: a copied world runs to the same
/// digests as the original would have.
///
/// The loop is: `step()` takes the earliest event and lets one process, link or disk react. After
/// each step `notes` says what changed, `digest` is new, and, if asked for, `lines` tells the event.
public struct World: Sendable {
    public let configuration: WorldConfiguration
    /// Virtual time.
    public internal(set) var now = Instant.zero
    /// How many events have happened.
    public internal(set) var eventCount: UInt64 = 0
    /// Folds every event so far and what it left behind: two runs with one digest were one run.
    public internal(set) var digest: UInt64 = 0
    /// The Raft processes, in the order of the configuration.
    public internal(set) var nodes: [RaftNode] = []
    /// What changed during the last event.
    public internal(set) var notes: [Note] = []
    /// The process (by its place in `nodes`) that the last event let act, if it was one.
    public internal(set) var touchedNode: Int?
    /// How often each kind of happening has happened, by its raw value.
    public internal(set) var occurrences: [Int]
    /// Whether events are told in `lines`.
    public var isTracing = false
    /// The last event in words, if tracing: one line, or more if several things happened.
    public internal(set) var lines: [String] = []
    public internal(set) var choices: Choices

    public init(_ configuration: WorldConfiguration) {
        self.configuration = configuration
        choices = Choices(seed: configuration.seed)
        occurrences = Array(repeating: 0, count: Happening.Kind.allCases.count)
    }

    /// Lets the next event happen. False if nothing is ever going to happen again.
    public mutating func step() -> Bool {
        false
    }

    /// Lets everything happen that happens up to this instant; `now` is that instant then.
    public mutating func run(until end: Instant) {
    }

    /// When the next event will happen.
    public var nextEventAt: Instant { .never }

    /// The steps (by number) whose trigger never came or whose target did not exist when it came.
    public var unfiredSteps: [Int] { [] }

    /// Whether a process is there to work, paused or not.
    public func isRunning(_ node: Int) -> Bool { true }

    /// The place of the node with this id in `nodes`.
    public func index(of id: NodeID) -> Int? {
        configuration.nodes.firstIndex { $0.id == id }
    }

    /// What the trace calls it: `controller-1`, `broker-4`.
    public func name(_ node: Int) -> String {
        let its = configuration.nodes[node]
        return (its.canBecomeVoter ? "controller-" : "broker-") + String(its.id.rawValue)
    }

    /// What a process's own clock says now.
    public func localTime(_ node: Int) -> Instant { now }

    public func role(_ node: Int) -> Role { .unattached }
}
