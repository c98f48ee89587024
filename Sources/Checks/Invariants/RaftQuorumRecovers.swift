import Kafka
import Kernel
import Simulation

/// `raft-quorum-recovers`: once all faults have healed and the cluster has had time, one controller
/// leads, everybody that runs follows it, and every log is committed to its end and as long as the
/// leader's.
///
/// Judged at the end of a run, and only if nothing is broken any more: a scenario that ends in the
/// middle of its faults makes no such promise. The controllers of a cluster write as long as they
/// live, so that the last few records are always under way.
struct RaftQuorumRecovers: Sendable {
    func conclude(_ world: World, _ chronicle: Chronicle, _ findings: inout Findings) {
        let complaints = complaints(world)
        guard !complaints.isEmpty else { return }
        findings.add(.raftQuorumRecovers) {
            Violation(
                .raftQuorumRecovers, at: world.now, event: world.eventCount,
                summary: complaints.joined(separator: "; "),
                causes: chronicle.causes(
                    of: Array(world.nodes.indices), since: world.now - .seconds(30), in: world))
        }
    }

    /// What controllers write by themselves in a moment.
    private static let underWay: Int64 = 8

    private func complaints(_ world: World) -> [String] {
        let running = world.nodes.indices.filter { world.isRunning($0) }
        let leaders = running.filter { world.role($0) == .leader }
        guard let leader = leaders.first, leaders.count == 1 else {
            return leaders.isEmpty
                ? ["nobody leads the quorum"]
                : ["\(leaders.map(world.name).joined(separator: " and ")) both lead"]
        }
        let end = world.nodes[leader].storage.log.end - (world.hasCluster ? Self.underWay : 0)
        var complaints: [String] = []
        for node in running where node != leader {
            let log = world.nodes[node].storage.log.end
            if world.nodes[node].quorum.leader != world.nodes[leader].configuration.id {
                complaints.append("\(world.name(node)) does not follow \(world.name(leader))")
            } else if log < end {
                complaints.append("\(world.name(node)) has \(log) of \(end) records")
            }
        }
        if let committed = world.nodes[leader].quorum.highWatermark, committed < end {
            complaints.append("only \(committed) of \(end) records are committed")
        } else if world.nodes[leader].quorum.highWatermark == nil {
            complaints.append("nothing is committed in the leader's epoch")
        }
        return complaints
    }
}
