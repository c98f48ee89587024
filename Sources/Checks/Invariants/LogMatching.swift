import Kafka
import Kernel
import Simulation

/// `log-matching`: below the high watermarks of two replicas their logs are the same, batch for
/// batch.
///
/// Every move of a high watermark is compared with what leaders have declared committed: one look
/// at two fingerprints, which stand for everything before them.
struct LogMatching: Sendable {
    /// Called before the ghost takes this replica's word for what is committed.
    func observe(
        _ place: Int, highWatermark: Int64, _ ghost: inout PartitionGhost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard !ghost.replicas[place].isDivergent,
            !ghost.hasCommitted(place, before: highWatermark)
        else { return }
        ghost.setDivergent(place)
        findings.add(.logMatching) {
            let common = ghost.commonEnd(place)
            let stretch = ghost.committed.stretch(holding: common)
            let other = stretch.map { world.name($0.by) } ?? "another replica"
            let node = ghost.replicas[place].node
            return Violation(
                .logMatching, at: world.now, event: world.eventCount,
                summary: "\(world.name(of: ghost.id))@\(common) is below the high watermark of "
                    + "\(world.name(node)) and is not what \(other) had committed there"
                    + (stretch.map { " in epoch \($0.epoch)" } ?? ""),
                causes: chronicle.causes(
                    of: ghost.id, [node] + (stretch.map { [$0.by] } ?? []),
                    since: stretch?.at ?? .zero, in: world))
        }
    }
}
