import Kafka
import Kernel
import Simulation

/// `high-watermark`: in every replica log start <= last stable offset <= high watermark <= log end,
/// and while one broker leads, its high watermark never moves back; nor does it as consumers see it
/// (KIP-207): what the leader tells one of them to be the end is not before what another has read.
struct HighWatermark: Sendable {
    func observe(
        _ id: TopicIDPartition, _ its: ReplicaStanding, from: Int64, at node: Int, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        if its.isLeader, its.highWatermark < from {
            report(
                "moves its high watermark back from \(from) to \(its.highWatermark)", id, node,
                world, chronicle, &findings)
        }
        judge(id, its, at: node, world, chronicle, &findings)
    }

    func judge(
        _ id: TopicIDPartition, _ its: ReplicaStanding, at node: Int, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        if its.logStart <= its.lastStable, its.lastStable <= its.highWatermark,
            its.highWatermark <= its.logEnd
        {
            return
        }
        report(
            "has start \(its.logStart), last stable offset \(its.lastStable), high watermark "
                + "\(its.highWatermark), end \(its.logEnd)", id, node, world, chronicle, &findings)
    }

    /// A consumer goes on where the log ends, as who leads in that epoch has told it. Who leads no
    /// more cannot know better; and others may have read on since that was said, but what they had
    /// read before this one began counts.
    func judge(
        end: Int64, toldIn epoch: Int32, to client: Int, _ ghost: PartitionGhost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let node = ghost.leaderNode, ghost.registration?.leaderEpoch == epoch,
            case let read = ghost.consumedEnd(beforeLifeOf: client), end < read
        else { return }
        report(
            "tells \(world.name(client)) that it ends at \(end), and what is before \(read) has "
                + "been read", ghost.id, node, world, chronicle, &findings)
    }

    private func report(
        _ complaint: String, _ id: TopicIDPartition, _ node: Int, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        findings.add(.highWatermark) {
            Violation(
                .highWatermark, at: world.now, event: world.eventCount,
                summary: "\(world.name(of: id)) on \(world.name(node)) \(complaint)",
                causes: chronicle.causes(of: id, [node], since: .zero, in: world, atMost: 6))
        }
    }
}
