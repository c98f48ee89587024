import Kafka
import Kernel
import Simulation

/// Judges a run while it happens: called once after every event, it looks at what that event
/// changed and at nothing else. A value, so that a copied world takes its judge with it.
public struct Judge: Sendable {
    public private(set) var findings = Findings()

    private var ghost: RaftGhost
    private var chronicle = Chronicle()
    private var oneLeader = RaftOneLeaderPerEpoch()
    private var oneVote = RaftOneVotePerEpoch()
    private var logMatching = RaftLogMatching()
    private let leaderHasCommitted = RaftLeaderHasCommitted()
    private let committedNeverChanges = RaftCommittedNeverChanges()
    private var highWatermark: RaftHighWatermark
    private var needlessElection: RaftNoNeedlessElection
    private var staleLeader: RaftStaleLeaderResigns
    private let noProcessDies = NoProcessDies()
    private let quorumRecovers = RaftQuorumRecovers()
    private var cluster = ClusterJudge()

    /// A judge for a world that has not begun.
    public init(_ world: World) {
        ghost = RaftGhost(nodes: world.nodes.count)
        highWatermark = RaftHighWatermark(nodes: world.nodes.count)
        needlessElection = RaftNoNeedlessElection(nodes: world.nodes.count)
        staleLeader = RaftStaleLeaderResigns(
            nodes: world.nodes.count, fetchTimeout: world.configuration.raft.fetchTimeout)
    }

    /// It waits for something that no note would tell it of.
    var isWatching: Bool { staleLeader.isWatching }

    /// To be called after every event.
    @inline(__always)
    public mutating func observe(_ world: World) {
        if !world.notes.isEmpty { observeNotes(world) }
        if staleLeader.isWatching, let node = world.touchedNode {
            staleLeader.judge(node, world, chronicle, &findings)
        }
    }

    /// To be called once, at the end of a run in which everything has healed.
    public mutating func conclude(_ world: World) {
        quorumRecovers.conclude(world, chronicle, &findings)
        cluster.conclude(world, chronicle, &findings)
    }

    private mutating func observeNotes(_ world: World) {
        // In their place: they are looked at, not copied.
        world.notes.withUnsafeBufferPointer { notes in
            for place in notes.indices { observe(notes[place], world) }
        }
    }

    private mutating func observe(_ note: Note, _ world: World) {
        switch note.happening {
        case .appended:
            // The steady stream: nobody else is interested in it.
            observeGhost(note, world)
        case .movedHighWatermark(_, let to):
            // A download moves it before the note of the new log comes.
            ghost.maybeBeginAnew(note.node, in: world)
            committedNeverChanges.observe(note, world, ghost, chronicle, &findings)
            ghost.commit(
                note.node, to: to, epoch: world.nodes[note.node].quorum.epoch, at: world.now)
            highWatermark.observe(note, world, ghost, chronicle, &findings)
        case .flushed:
            observeGhost(note, world)
            highWatermark.observe(note, world, ghost, chronicle, &findings)
        case .replica(let change):
            chronicle.observe(note, in: world)
            cluster.observe(change, of: note.node, world, chronicle, &findings)
        case .client(let its):
            chronicle.observe(note, in: world)
            cluster.observe(its, of: note.node, world, chronicle, &findings)
        case .metadata(let change):
            chronicle.observe(note, in: world)
            cluster.observe(change, world, chronicle, &findings)
        case .broker(.replica(let its)):
            chronicle.observe(note, in: world)
            cluster.observe(its, of: note.node, world, chronicle, &findings)
        case .broker(let its):
            chronicle.observe(note, in: world)
            if case .opened = its { cluster.opened(note.node, world, chronicle, &findings) }
        default:
            observeRare(note, world)
        }
    }

    private mutating func observeRare(_ note: Note, _ world: World) {
        chronicle.observe(note, in: world)
        // Clients are processes, too, and have no part in the quorum.
        guard note.node < world.nodes.count else {
            if case .started = note.happening { cluster.restarted(note.node) }
            return
        }
        observeGhost(note, world)
        oneLeader.observe(note, world, chronicle, &findings)
        oneVote.observe(note, world, chronicle, &findings)
        leaderHasCommitted.observe(note, world, ghost, chronicle, &findings)
        highWatermark.observe(note, world, ghost, chronicle, &findings)
        needlessElection.observe(note, world, chronicle, &findings)
        staleLeader.observe(note, world)
        noProcessDies.observe(note, world, chronicle, &findings)
        switch note.happening {
        case .wroteSnapshot(let id), .loadedSnapshot(let id):
            committedNeverChanges.observe(
                snapshot: id, of: note.node, world, ghost, chronicle, &findings)
        case .cleanedLog:
            logMatching.forget(before: ghost.chains.reduce(Int64.max) { min($0, $1.start) })
        case .forgotRecords(_, let to):
            logMatching.forget(unwrittenBy: note.node, after: to)
        default:
            break
        }
    }

    private mutating func observeGhost(_ note: Note, _ world: World) {
        ghost.observe(note, in: world)
        for link in ghost.newLinks {
            logMatching.observe(link, appendedBy: note.node, world, chronicle, &findings)
        }
    }
}
