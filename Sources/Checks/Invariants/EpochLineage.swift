import Kafka
import Kernel
import Simulation

/// `epoch-lineage`: the replicas in the ISR know which leader epoch wrote what they have, and agree
/// about it below what is committed (KIP-101). Judged whenever the metadata log says something of
/// the partition.
struct EpochLineage: Sendable {
    func judge(
        _ ghost: PartitionGhost, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let place = ghost.currentLeader(in: world), !ghost.isCompacted else { return }
        let leader = ghost.replicas[place].node
        let own = world.leaderEpochs(of: ghost.id, at: leader)
        judge(own, of: leader, ghost, world, chronicle, &findings)
        for member in ghost.inSync where member != leader && world.isServing(member) {
            guard let its = world.standing(of: ghost.id, at: member) else { continue }
            let theirs = world.leaderEpochs(of: ghost.id, at: member)
            judge(theirs, of: member, ghost, world, chronicle, &findings)
            let end = min(ghost.committed.end, its.highWatermark)
            guard let offset = firstDifference(own, theirs, before: end) else { continue }
            findings.add(.epochLineage) {
                Violation(
                    .epochLineage, at: world.now, event: world.eventCount,
                    summary: "\(world.name(of: ghost.id))@\(offset) was written in one leader "
                        + "epoch by the word of \(world.name(leader)), and in another by that of "
                        + world.name(member),
                    causes: chronicle.causes(
                        of: ghost.id, [leader, member], since: .zero, in: world))
            }
        }
    }

    /// Whether somebody has forgotten who wrote the beginning of his log (KAFKA-16541).
    private func judge(
        _ epochs: [EpochEntry], of node: Int, _ ghost: PartitionGhost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let first = epochs.first, let its = world.standing(of: ghost.id, at: node),
            its.logStart < its.logEnd, max(its.logStart, ghost.start) < first.startOffset
        else { return }
        findings.add(.epochLineage) {
            Violation(
                .epochLineage, at: world.now, event: world.eventCount,
                summary: "\(world.name(node)) does not know in which leader epochs "
                    + "\(world.name(of: ghost.id))@\(first.startOffset - 1) and before was "
                    + "written",
                causes: chronicle.causes(of: ghost.id, [node], since: .zero, in: world))
        }
    }
}

/// The first offset of which two caches say different epochs, of those that both know.
func firstDifference(
    _ one: [EpochEntry], _ other: [EpochEntry], before end: Int64
) -> Int64? {
    guard let first = one.first, let second = other.first else { return nil }
    let start = max(first.startOffset, second.startOffset)
    let offsets = ([start] + (one + other).map(\.startOffset)).filter { $0 >= start && $0 < end }
    return offsets.sorted().first { epoch(of: $0, in: one) != epoch(of: $0, in: other) }
}

private func epoch(of offset: Int64, in entries: [EpochEntry]) -> Int32? {
    entries.last { $0.startOffset <= offset }?.epoch
}
