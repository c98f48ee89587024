import Kafka
import Kernel
import Simulation

/// `lost-write` and `unseen`: what a producer was told is written is given to some consumer.
///
/// Lost is what lies below something that has been read, unseen is whatever nobody was given by the
/// end, after a calm. Both speak only of what lies after the first record that anybody was given:
/// a consumer that began at the end of the log was never promised what was there before.
struct EverythingIsRead: Sendable {
    func conclude(
        _ history: PartitionHistory, start: Int64, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard let first = history.received.first, let end = history.received.end else { return }
        let from = max(first, start)
        var lost: [AcknowledgedLog.Batch] = []
        var unseen: [AcknowledgedLog.Batch] = []
        for batch in history.written where batch.start >= from {
            let isRead = history.received.missing(in: batch.start..<batch.end).isEmpty
                && !history.isOther(batch)
            if isRead { continue }
            unseen.append(batch)
            if batch.end <= end { lost.append(batch) }
        }
        report(.lostWrite, lost, history, end, world, chronicle, &findings)
        report(.unseen, unseen, history, end, world, chronicle, &findings)
    }

    private func report(
        _ guarantee: Guarantee, _ batches: [AcknowledgedLog.Batch], _ history: PartitionHistory,
        _ end: Int64, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let first = batches.min(by: { $0.start < $1.start }) else { return }
        let records = batches.reduce(0) { $0 + $1.end - $1.start }
        let also = records == 1 ? "" : " and \(records - 1) more"
        findings.add(guarantee) {
            Violation(
                guarantee, at: world.now, event: world.eventCount,
                summary: "\(world.name(of: history.id))@\(first.start)\(also), acknowledged to "
                    + "\(world.name(first.client)) at \(first.at), was given to no consumer"
                    + (guarantee == .lostWrite ? ", and \(end - 1) was" : ""),
                causes: chronicle.causes(
                    of: history.id, world.processes(hosting: history.id), since: first.at,
                    in: world))
        }
    }
}

extension PartitionHistory {
    /// What was read at its offsets is something else, whatever came to be written there since.
    fileprivate func isOther(_ batch: AcknowledgedLog.Batch) -> Bool {
        guard batch.end > read.start, batch.end <= read.end, read.isComparable,
            read.link(at: batch.end) != batch.link
        else { return false }
        return !readAnew.missing(in: batch.start..<batch.end).isEmpty
    }
}
