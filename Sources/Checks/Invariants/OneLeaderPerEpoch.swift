import Kafka
import Kernel
import Simulation

/// `one-leader-per-epoch`: at most one broker ever leads a partition in a leader epoch (KIP-320).
struct OneLeaderPerEpoch: Sendable {
    /// Called before the ghost knows of the reign.
    func observe(
        _ epoch: Int32, by node: Int, _ ghost: PartitionGhost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let first = ghost.leader(of: epoch), first.node != node else { return }
        findings.add(.oneLeaderPerEpoch) {
            Violation(
                .oneLeaderPerEpoch, at: world.now, event: world.eventCount,
                summary: "\(world.name(first.node)) and \(world.name(node)) both lead "
                    + "\(world.name(of: ghost.id)) in epoch \(epoch)",
                causes: chronicle.causes(
                    of: ghost.id, [first.node, node], since: first.at, in: world))
        }
    }
}
