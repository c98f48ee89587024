import Kafka
import Kernel
import Simulation

/// `high-watermark`: in every replica log start <= last stable offset <= high watermark <= log end,
/// and while one broker leads, its high watermark never moves back.
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
