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

    mutating func observe(_ note: Note, in world: World) {
        let isClient = note.node >= world.nodes.count
        guard note.happening.isTelling(ofClient: isClient) else { return }
        if entries.count == Self.capacity { entries.removeFirst(Self.capacity / 2) }
        entries.append(Entry(at: world.now, note: note))
    }

    /// What happened to these nodes from `start` on, in words.
    func causes(
        of nodes: [Int], since start: Instant, in world: World, atMost limit: Int = 12
    ) -> [Violation.Cause] {
        causes(since: start, in: world, atMost: limit, nodes) { nodes.contains($0.node) }
    }

    /// What happened to a partition from `start` on, and to the processes of these nodes.
    func causes(
        of partition: TopicIDPartition, _ nodes: [Int], since start: Instant,
        until end: Instant = .never, in world: World, atMost limit: Int = 12
    ) -> [Violation.Cause] {
        causes(since: start, until: end, in: world, atMost: limit, nodes) { note in
            if let its = note.happening.partition { return its == partition }
            return note.happening.isOfProcess && nodes.contains(note.node)
        }
    }

    /// What was standing when it began comes first: who was down then, or cut off.
    private func causes(
        since start: Instant, until end: Instant = .never, in world: World, atMost limit: Int,
        _ nodes: [Int], where concerns: (Note) -> Bool
    ) -> [Violation.Cause] {
        let first = entries.firstIndex { $0.at >= start } ?? entries.endIndex
        let standing = troubles(of: nodes, before: first)
        let told = entries[first...].filter { $0.at <= end && concerns($0.note) }
        return (standing + weightiest(told, atMost: limit)).map { entry in
            Violation.Cause(at: entry.at, entry.note.words(in: world))
        }
    }

    /// When one of these clients last gave up a request, within the two minutes that records are
    /// tried for by default (delivery.timeout.ms).
    func lastPatience(of clients: [Int], before end: Instant) -> Instant? {
        entries.last {
            guard case .requestTimedOut = $0.note.happening else { return false }
            return clients.contains($0.note.node) && $0.at <= end && end - $0.at < .seconds(120)
        }?.at
    }

    private func troubles(of nodes: [Int], before end: Int) -> [Entry] {
        nodes.compactMap { node in
            entries[..<end].last { $0.note.node == node && $0.note.happening.isOfProcess }
        }
        .filter(\.note.happening.isTrouble).sorted { $0.at < $1.at }
    }

    /// Where there is too much to tell, what weighs most, and of equal weight the latest.
    private func weightiest(_ entries: [Entry], atMost limit: Int) -> [Entry] {
        guard entries.count > limit else { return entries }
        var isKept = [Bool](repeating: false, count: entries.count)
        var left = limit
        for weight in [2, 1, 0] {
            for place in entries.indices.reversed() where left > 0 {
                guard entries[place].note.happening.weight == weight else { continue }
                isKept[place] = true
                left -= 1
            }
        }
        return entries.indices.filter { isKept[$0] }.map { entries[$0] }
    }
}

extension Note {
    /// What the metadata log says is nobody's doing who reads it.
    fileprivate func words(in world: World) -> String {
        let words = world.words(of: happening)
        if case .metadata = happening { return words }
        return world.name(node) + " " + words
    }
}

extension Happening {
    /// Whether it may be a step on the way to a violation. Nodes lose connections and patience all
    /// the time; of a client it matters.
    func isTelling(ofClient isClient: Bool) -> Bool {
        switch self {
        case .requestTimedOut: isClient
        case .promisedVote, .appended, .flushed, .movedHighWatermark, .disconnected,
            .servedForgottenRequest, .replica(.appended), .replica(.movedHighWatermark),
            .client(.acknowledged), .client(.received), .client(.refused), .client(.failed),
            .broker(.appliedMetadata), .broker(.fetcher), .metadata(.replicas),
            .metadata(.config), .broker(.replica(.compacted)):
            false
        default: true
        }
    }

    /// How much it explains: 2 for what strikes a process and for who leads, 0 for what follows
    /// from that anyway.
    fileprivate var weight: Int {
        switch self {
        case .crashed, .lostPower, .lostRecords, .paused, .resumed, .died, .diskFailed, .struck,
            .mended, .requestTimedOut, .metadata(.partition), .broker(.replica(.becameLeader)),
            .replica(.truncated), .truncated, .becameLeader:
            2
        case .started, .stopped, .replica(.opened), .replica(.movedStart), .metadata,
            .broker(.replica(.committedISR)), .broker(.replica(.proposedISR)), .loadedSnapshot,
            .forgotRecords, .controllerFault, .client(.threw), .client(.reset), .administered:
            1
        default: 0
        }
    }

    /// It stands until something else happens to the process.
    fileprivate var isTrouble: Bool {
        switch self {
        case .crashed, .lostPower, .paused, .stopped, .died, .diskFailed, .struck: true
        default: false
        }
    }

    /// The partition that it is about, if it is about one.
    fileprivate var partition: TopicIDPartition? {
        switch self {
        case .metadata(.partition(let id, _)): id
        case .broker(.replica(let note)): note.partition
        case .replica(let change): change.partition
        case .client(.reset(let id, _, _)): id
        default: nil
        }
    }

    /// Something that befalls a whole process.
    fileprivate var isOfProcess: Bool {
        switch self {
        case .started, .crashed, .lostPower, .paused, .resumed, .stopped, .died, .diskFailed,
            .struck, .mended, .requestTimedOut:
            true
        default: false
        }
    }
}

extension ReplicaNote {
    fileprivate var partition: TopicIDPartition {
        switch self {
        case .becameLeader(let id, _, _), .becameFollower(let id, _, _), .removed(let id),
            .proposedISR(let id, _), .committedISR(let id, _), .compacted(let id, _, _, _):
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
