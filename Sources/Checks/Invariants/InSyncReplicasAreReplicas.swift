import Kafka
import Kernel
import Simulation

/// `isr-within-replicas`: the ISR is a subset of the replicas, without repetition, and the leader
/// is in it and was no fenced broker when it was elected.
struct InSyncReplicasAreReplicas: Sendable {
    private var fenced: [NodeID] = []

    /// The metadata log says so of a broker. Who registers is fenced at first; one that does so
    /// once more, because it was not answered, stays what it was.
    mutating func note(_ broker: NodeID, isFenced: Bool) {
        fenced.removeAll { $0 == broker }
        if isFenced { fenced.append(broker) }
    }

    func observe(
        _ new: PartitionRegistration, after old: PartitionRegistration?,
        of id: TopicIDPartition, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        let stranger = new.isr.first { !new.replicas.contains($0) }
        let complaint: String
        if let stranger {
            complaint = "broker \(stranger.rawValue) is in the ISR and has no replica"
        } else if new.hasLeader, !new.isr.contains(new.leader) {
            complaint = "the leader, broker \(new.leader.rawValue), is not in the ISR"
        } else if new.isr.indices.contains(where: { new.isr[..<$0].contains(new.isr[$0]) }) {
            complaint = "the ISR names a broker twice"
        } else if isNewLeaderFenced(new, after: old) {
            complaint = "the new leader, broker \(new.leader.rawValue), is fenced"
        } else {
            return
        }
        findings.add(.isrWithinReplicas) {
            Violation(
                .isrWithinReplicas, at: world.now, event: world.eventCount,
                summary: "\(world.name(of: id)): \(complaint)",
                causes: chronicle.causes(of: id, [], since: .zero, in: world, atMost: 6))
        }
    }

    /// Whoever is fenced is not there, and leads nobody (KAFKA-19522).
    private func isNewLeaderFenced(
        _ new: PartitionRegistration, after old: PartitionRegistration?
    ) -> Bool {
        guard new.hasLeader, let old, old.leaderEpoch < new.leaderEpoch else { return false }
        return fenced.contains(new.leader)
    }
}
