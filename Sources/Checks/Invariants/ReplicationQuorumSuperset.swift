import Kafka
import Kernel
import Simulation

/// `replication-quorum-superset`: a leader that is not stale waits for everybody who is in the ISR
/// by the controllers' word (KIP-497).
struct ReplicationQuorumSuperset: Sendable {
    func judge(
        _ ghost: PartitionGhost, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let place = ghost.currentLeader(in: world), let registration = ghost.registration
        else { return }
        let leader = ghost.replicas[place].node
        guard let its = world.standing(of: ghost.id, at: leader), !ghost.isBehind(its) else {
            return
        }
        for member in registration.isr
        where world.counts(member, inSyncFor: ghost.id, at: leader) == false {
            findings.add(.replicationQuorumSuperset) {
                Violation(
                    .replicationQuorumSuperset, at: world.now, event: world.eventCount,
                    summary: "\(world.name(leader)) leads \(world.name(of: ghost.id)) and does not "
                        + "wait for broker \(member.rawValue), which is in the ISR",
                    causes: chronicle.causes(
                        of: ghost.id, [leader], since: .zero, in: world, atMost: 8))
            }
        }
    }
}
