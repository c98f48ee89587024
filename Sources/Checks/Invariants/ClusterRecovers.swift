import Kafka
import Kernel
import Simulation

/// `cluster-recovers`: once all faults have healed and the cluster has had time, every partition is
/// led, every replica that is alive is in sync, every send has been answered, what was written can
/// be read, and every consumer has read it.
///
/// A producer that is still writing has sends under way and records that are not committed yet:
/// these are judged only of partitions and clients that have come to rest.
struct ClusterRecovers: Sendable {
    func conclude(_ world: World, _ chronicle: Chronicle, _ findings: inout Findings) {
        let complaints = partitions(world) + producers(world) + consumers(world)
        guard let first = complaints.first else { return }
        findings.add(.clusterRecovers) {
            let more = complaints.count > 4 ? "; and \(complaints.count - 4) more" : ""
            return Violation(
                .clusterRecovers, at: world.now, event: world.eventCount,
                summary: complaints.prefix(4).map(\.words).joined(separator: "; ") + more,
                causes: first.partition.map { id in
                    chronicle.causes(
                        of: id, Array(world.nodes.indices), since: world.now - .seconds(60),
                        in: world)
                }
                    ?? chronicle.causes(
                        of: Array(world.nodes.indices), since: world.now - .seconds(30), in: world))
        }
    }

    private struct Complaint {
        var words: String
        var partition: TopicIDPartition?
    }

    private func partitions(_ world: World) -> [Complaint] {
        var complaints: [Complaint] = []
        for topic in world.latestImage.topics {
            for entry in topic.value.partitions {
                let id = TopicIDPartition(topic.key, entry.key)
                if let words = complaint(entry.value, id, world) {
                    complaints.append(
                        Complaint(words: "\(world.name(of: id)) \(words)", partition: id))
                }
            }
        }
        return complaints
    }

    private func complaint(
        _ registration: PartitionRegistration, _ id: TopicIDPartition, _ world: World
    ) -> String? {
        guard registration.hasLeader, let leader = world.index(of: registration.leader) else {
            return "has no leader"
        }
        guard let its = world.standing(of: id, at: leader), its.isLeader,
            world.isRunning(leader)
        else { return "has a leader, \(world.name(leader)), that does not lead" }
        let missing = registration.replicas.filter { member in
            !registration.isr.contains(member)
                && (world.index(of: member).map { world.isRunning($0) } ?? false)
        }
        if !missing.isEmpty {
            return "has no \(missing.map { "broker \($0.rawValue)" }.joined(separator: ", ")) "
                + "in its ISR"
        }
        if registration.isReassigning { return "is still being reassigned" }
        if its.highWatermark < its.logEnd, !world.isBeingWritten {
            return "has \(its.logEnd - its.highWatermark) records that nobody may read"
        }
        return nil
    }

    private func producers(_ world: World) -> [Complaint] {
        world.restingProducers.compactMap { process in
            let open = world.unanswered(byProducerIn: process)
            guard open > 0 else { return nil }
            return Complaint(
                words: "\(open) \(open == 1 ? "record" : "records") of \(world.name(process)) "
                    + "\(open == 1 ? "has" : "have") not been answered")
        }
    }

    private func consumers(_ world: World) -> [Complaint] {
        guard !world.isBeingWritten else { return [] }
        return world.consumerLags.map { lag in
            let records = "\(lag.records) \(lag.records == 1 ? "record" : "records")"
            return Complaint(
                words: "\(world.name(lag.process)) has not read the last \(records) of "
                    + world.name(of: lag.partition),
                partition: lag.partition)
        }
    }
}
