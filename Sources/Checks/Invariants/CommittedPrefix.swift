import Kafka
import Kernel
import Simulation

/// `committed-prefix`: whoever believes that it leads, every member of the ISR that the controllers
/// have decided on has the same records below that one's high watermark (StrongIsr in the TLA+
/// specification of Kafka's replication).
struct CommittedPrefix: Sendable {
    /// A leader has moved its high watermark, or the ISR has changed.
    func judge(
        leader place: Int, highWatermark: Int64, _ ghost: inout PartitionGhost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard !ghost.isBroken else { return }
        for member in ghost.inSync where member != ghost.replicas[place].node {
            if let other = ghost.place(of: member),
                ghost.replicas[other].awaitsRegistration
                    || ghost.agree(place, other, before: highWatermark)
            {
                continue
            }
            if ghost.place(of: member) == nil, highWatermark <= ghost.start { continue }
            ghost.isBroken = true
            return report(place, member, highWatermark, ghost, world, chronicle, &findings)
        }
    }

    private func report(
        _ place: Int, _ member: Int, _ highWatermark: Int64, _ ghost: PartitionGhost,
        _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        findings.add(.committedPrefix) {
            let leader = ghost.replicas[place].node
            let end = ghost.place(of: member).map { ghost.replicas[$0].chain.end } ?? 0
            return Violation(
                .committedPrefix, at: world.now, event: world.eventCount,
                summary: "\(world.name(leader)) leads \(world.name(of: ghost.id)) and has "
                    + "\(highWatermark) as its high watermark, and \(world.name(member)), which is "
                    + (end < highWatermark
                        ? "in the ISR, has only \(end) records"
                        : "in the ISR, has other records before it"),
                causes: chronicle.causes(
                    of: ghost.id, [leader, member], since: .zero, in: world))
        }
    }
}
