import Kafka
import Kernel
import Simulation

/// `raft-one-leader-per-epoch`: at most one process ever leads an epoch (Raft §5.2, election
/// safety).
struct RaftOneLeaderPerEpoch: Sendable {
    private struct Reign: Sendable {
        var epoch: Int32
        var node: Int
        var at: Instant
    }

    /// By epoch, ascending; as many as there were elections.
    private var reigns: [Reign] = []

    mutating func observe(
        _ note: Note, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard case .becameLeader(let epoch) = note.happening else { return }
        let place = reigns.lastIndex { $0.epoch <= epoch }
        guard let place, reigns[place].epoch == epoch else {
            reigns.insert(
                Reign(epoch: epoch, node: note.node, at: world.now), at: place.map { $0 + 1 } ?? 0)
            return
        }
        let first = reigns[place]
        guard first.node != note.node else { return }
        findings.add(.raftOneLeaderPerEpoch) {
            Violation(
                .raftOneLeaderPerEpoch, at: world.now, event: world.eventCount,
                summary: "\(world.name(first.node)) and \(world.name(note.node)) both lead epoch "
                    + "\(epoch)",
                causes: chronicle.causes(
                    of: Array(world.nodes.indices), since: first.at - .seconds(5), in: world))
        }
    }
}
