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
            .map { entry in Violation.Cause(at: entry.at, entry.note.words(in: world)) }
    }

    /// What happened to a partition from `start` on, and to the processes of these brokers.
    func causes(
        of partition: TopicIDPartition, _ nodes: [Int], since start: Instant, in world: World,
        atMost limit: Int = 12
    ) -> [Violation.Cause] {
        entries.lazy.reversed()
            .prefix { $0.at >= start }
            .filter { entry in
                let happening = entry.note.happening
                if let its = happening.partition { return its == partition }
                return happening.isOfProcess && nodes.contains(entry.note.node)
            }
            .prefix(limit)
            .reversed()
            .map { entry in Violation.Cause(at: entry.at, entry.note.words(in: world)) }
    }
}

extension Note {
    /// What the metadata log says is nobody's doing who reads it.
    fileprivate func words(in world: World) -> String {
        let words = happening.words(world.topicNames)
        if case .metadata = happening { return words }
        return world.name(node) + " " + words
    }
}

extension Happening {
    /// Whether it may be a step on the way to a violation.
    var isTelling: Bool {
        switch self {
        case .promisedVote, .appended, .flushed, .movedHighWatermark, .disconnected,
            .requestTimedOut, .servedForgottenRequest, .replica(.appended),
            .replica(.movedHighWatermark), .client(.acknowledged), .client(.received),
            .client(.refused), .client(.failed), .broker(.appliedMetadata), .broker(.fetcher):
            false
        default: true
        }
    }

    /// The partition that it is about, if it is about one.
    fileprivate var partition: TopicIDPartition? {
        switch self {
        case .metadata(.partition(let id, _)): id
        case .broker(.replica(let note)): note.partition
        case .replica(let change): change.partition
        case .client(.reset(let id, _)): id
        default: nil
        }
    }

    /// Something that befalls a whole process.
    fileprivate var isOfProcess: Bool {
        switch self {
        case .started, .crashed, .lostPower, .paused, .resumed, .stopped, .died, .diskFailed: true
        default: false
        }
    }
}

extension ReplicaNote {
    fileprivate var partition: TopicIDPartition {
        switch self {
        case .becameLeader(let id, _, _), .becameFollower(let id, _, _), .removed(let id),
            .proposedISR(let id, _), .committedISR(let id, _):
            id
        }
    }
}

extension ReplicaChange {
    fileprivate var partition: TopicIDPartition {
        switch self {
        case .opened(let id, _, _, _), .appended(let id, _, _), .truncated(let id, _, _),
            .movedHighWatermark(let id, _, _), .movedStart(let id, _, _), .closed(let id):
            id
        }
    }
}
