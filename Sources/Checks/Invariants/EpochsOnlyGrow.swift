import Kafka
import Kernel
import Simulation

/// `epochs-only-grow`: whatever is decided about a partition raises its partition epoch, and
/// another leader has a higher leader epoch.
struct EpochsOnlyGrow: Sendable {
    /// Called before the ghost knows of the change.
    func observe(
        _ new: PartitionRegistration, _ ghost: PartitionGhost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let old = ghost.registration else { return }
        let complaint: String
        if new.partitionEpoch <= old.partitionEpoch {
            complaint = "the partition epoch goes from \(old.partitionEpoch) to "
                + "\(new.partitionEpoch)"
        } else if new.leaderEpoch < old.leaderEpoch {
            complaint = "the leader epoch goes from \(old.leaderEpoch) to \(new.leaderEpoch)"
        } else if new.leader != old.leader, new.leaderEpoch == old.leaderEpoch {
            complaint = "another leader has the same epoch \(new.leaderEpoch)"
        } else {
            return
        }
        findings.add(.epochsOnlyGrow) {
            Violation(
                .epochsOnlyGrow, at: world.now, event: world.eventCount,
                summary: "\(world.name(of: ghost.id)): \(complaint)",
                causes: chronicle.causes(of: ghost.id, [], since: .zero, in: world, atMost: 6))
        }
    }
}
