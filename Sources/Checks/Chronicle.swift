import Kafka
import Kernel
import Simulation

/// What happened to whom, as far as it may explain a violation later: changes of role, votes,
/// crashes, truncations, what the disks lost. The steady stream of appends and high watermarks is
/// left out. Bounded: the older half goes when it is full.
struct Chronicle: Sendable {
    struct Entry: Sendable {
        var at: Instant
        var note: Note
    }

    private static let capacity = 512
    private var entries: [Entry] = []

    mutating func observe(_ note: Note, at now: Instant) {
        guard note.happening.isTelling else { return }
        if entries.count == Self.capacity { entries.removeFirst(Self.capacity / 2) }
        entries.append(Entry(at: now, note: note))
    }

    /// What happened to these nodes from `start` on, in words; the latest if there is too much.
    func causes(
        of nodes: [Int], since start: Instant, in world: World, atMost limit: Int = 12
    ) -> [Violation.Cause] {
        entries.lazy.reversed()
            .prefix { $0.at >= start }
            .filter { nodes.contains($0.note.node) }
            .prefix(limit)
            .reversed()
            .map { entry in
                let words = entry.note.happening.words(world.topicNames)
                return Violation.Cause(
                    at: entry.at, world.name(entry.note.node) + " " + words)
            }
    }
}

extension Happening {
    /// Whether it may be a step on the way to a violation.
    var isTelling: Bool {
        switch self {
        case .promisedVote, .appended, .flushed, .movedHighWatermark, .disconnected,
            .requestTimedOut, .servedForgottenRequest:
            false
        default: true
        }
    }
}
