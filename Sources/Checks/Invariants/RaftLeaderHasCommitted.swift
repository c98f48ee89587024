import Kafka
import Kernel
import Simulation

/// `raft-leader-has-committed`: whoever becomes leader has everything that was committed under
/// earlier leaders (Raft §5.4, leader completeness).
struct RaftLeaderHasCommitted: Sendable {
    func observe(
        _ note: Note, _ world: World, _ ghost: RaftGhost, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard case .becameLeader(let epoch) = note.happening else { return }
        let needed = ghost.committed.end(committedBefore: epoch)
        let chain = ghost.chains[note.node]
        guard needed >= chain.start, chain.isComparable,
              let committed = ghost.committed.chain.link(at: needed),
              chain.link(at: needed) != committed else { return }
        findings.add(.raftLeaderHasCommitted) {
            let common = chain.lastCommonEnd(with: ghost.committed.chain, upTo: needed)
            let stretch = ghost.committed.stretch(holding: common)
            let by = stretch.map {
                "committed in epoch \($0.epoch), as \(world.name($0.by)) was the first to know"
            } ?? "committed"
            return Violation(
                .raftLeaderHasCommitted, at: world.now, event: world.eventCount,
                summary: "\(world.name(note.node)) leads epoch \(epoch) without offset \(common), "
                    + by,
                causes: chronicle.causes(
                    of: Array(world.nodes.indices), since: stretch?.at ?? .zero, in: world))
        }
    }
}
