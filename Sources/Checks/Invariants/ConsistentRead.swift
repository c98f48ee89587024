import Kafka
import Kernel
import Simulation

/// `consistent-read`: what a consumer was once given at an offset is there in the log of every
/// later leader.
struct ConsistentRead: Sendable {
    /// Called while the ghost still has what was committed before this leader.
    func judge(
        leader place: Int, _ ghost: inout PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        let consumed = min(ghost.consumedEnd, ghost.committed.end)
        guard consumed > ghost.start, !ghost.hasCommitted(place, before: consumed) else { return }
        let common = ghost.commonEnd(place)
        findings.add(.consistentRead) {
            Violation(
                .consistentRead, at: world.now, event: world.eventCount,
                summary: "\(world.name(of: ghost.id))@\(common)..\(ghost.consumedEnd - 1) was "
                    + "consumed and is not in the log of "
                    + "\(world.name(ghost.replicas[place].node)), which leads now",
                causes: chronicle.causes(
                    of: ghost.id, ghost.replicas.map(\.node),
                    since: ghost.committed.stretch(holding: common)?.at ?? .zero, in: world))
        }
        ghost.consumedEnd = common
    }
}
