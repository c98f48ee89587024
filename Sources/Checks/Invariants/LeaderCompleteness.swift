import Kafka
import Kernel
import Simulation

/// `leader-completeness`: whoever leads by the metadata log's word has every record that a leader
/// before had put below its high watermark.
struct LeaderCompleteness: Sendable {
    /// What is gone is said once: from then on the partition is what its leader has.
    func judge(
        leader place: Int, _ ghost: inout PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard !ghost.hasCommitted(place, before: ghost.committed.end) else { return }
        let common = ghost.commonEnd(place)
        findings.add(.leaderCompleteness) {
            let node = ghost.replicas[place].node
            let stretch = ghost.committed.stretch(holding: common)
            let promise = stretch.map {
                " had committed up to \($0.end) in epoch \($0.epoch)"
            }
            return Violation(
                .leaderCompleteness, at: world.now, event: world.eventCount,
                summary: "\(world.name(node)) leads \(world.name(of: ghost.id)) and has only what "
                    + "is before \(common) of the \(ghost.committed.end) records that were "
                    + "committed",
                causes: ((stretch.map {
                    [Violation.Cause(at: $0.grownAt, world.name($0.by) + promise!)]
                } ?? [])
                    + chronicle.causes(
                        of: ghost.id, ghost.replicas.map(\.node), since: stretch?.at ?? .zero,
                        in: world))
                    .inOrderOfTime)
        }
        ghost.committed.truncate(to: common)
    }
}
