import Kafka
import Kernel
import Simulation

/// `raft-committed-never-changes`: whatever any process has below its high watermark is the same
/// for all of them, for ever (Raft §5.4.3, state machine safety). So it is in snapshots: each
/// holds what all that is committed up to its end amounts to.
struct RaftCommittedNeverChanges: Sendable {
    /// Called before the ghost's committed log is extended by this move.
    func observe(
        _ note: Note, _ world: World, _ ghost: RaftGhost, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard case .movedHighWatermark(_, let to) = note.happening else { return }
        // The chains are looked at where they lie: a copy would count references at every event.
        // Where a committed batch ends one of this log must end, too, or they are different ones.
        let shared = min(to, ghost.committed.end)
        guard ghost.chains[note.node].isComparable,
              let theirs = ghost.committed.chain.lastLink(notAfter: shared),
              theirs.end.offset >= ghost.chains[note.node].start,
              ghost.chains[note.node].link(at: theirs.end.offset) != theirs else { return }
        findings.add(.raftCommittedNeverChanges) {
            let offset = ghost.chains[note.node].lastCommonEnd(
                with: ghost.committed.chain, upTo: shared)
            let stretch = ghost.committed.stretch(holding: offset)
            let first = stretch.map { world.name($0.by) } ?? "another process"
            return Violation(
                .raftCommittedNeverChanges, at: world.now, event: world.eventCount,
                summary: "offset \(offset) is committed on \(world.name(note.node)) "
                    + "and is not what \(first) had committed there"
                    + (stretch.map { " in epoch \($0.epoch)" } ?? ""),
                causes: chronicle.causes(
                    of: [note.node] + (stretch.map { [$0.by] } ?? []), since: stretch?.at ?? .zero,
                    in: world))
        }
    }

    /// A process has written a snapshot, or its state machine has loaded one.
    func observe(
        snapshot id: OffsetAndEpoch, of node: Int, _ world: World, _ ghost: RaftGhost,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let snapshot = world.nodes[node].storage.log.snapshot(id),
              let committed = ghost.committed.chain.link(at: id.offset),
              committed.end != id || committed.fingerprint != snapshot.stateFingerprint
        else { return }
        findings.add(.raftCommittedNeverChanges) {
            let stretch = ghost.committed.stretch(holding: id.offset - 1)
            return Violation(
                .raftCommittedNeverChanges, at: world.now, event: world.eventCount,
                summary: "the snapshot \(id.offset)@\(id.epoch) of \(world.name(node)) holds "
                    + "something else than what is committed up to there",
                causes: chronicle.causes(
                    of: [node] + (stretch.map { [$0.by] } ?? []), since: .zero, in: world))
        }
    }
}
