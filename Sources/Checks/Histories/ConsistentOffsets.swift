import Kafka
import Kernel
import Simulation

/// `inconsistent-offsets`: at one offset clients have only ever seen one record, whether they were
/// told that it was written there or were given it to read.
struct ConsistentOffsets: Sendable {
    /// A consumer was given everything up to `last` of a log that is like this one.
    func observe(
        readUpTo last: Int64, of log: LogChain, by client: Int, _ history: inout PartitionHistory,
        _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard !history.isInconsistent, log.isComparable,
            let link = log.lastLink(notAfter: min(last + 1, log.end))
        else { return }
        if history.read.end == 0 || history.read.end < log.start {
            history.read = LogChain(base: log.base)
        }
        let common = min(link.end.offset, history.read.end)
        if common > history.read.start, common > log.start,
            history.read.link(at: common) != log.link(at: common)
        {
            let offset = log.lastCommonEnd(with: history.read, upTo: common)
            return report(
                "\(world.name(client)) is given another record than was read there before",
                at: offset, &history, world, chronicle, &findings)
        }
        log.forEachLink(after: history.read.end, to: link.end.offset) { history.read.append($0) }
    }

    /// A consumer was given these of a log that is not what was read there before.
    func note(
        readAnew offsets: Range<Int64>, of log: LogChain, _ history: inout PartitionHistory
    ) {
        guard history.isInconsistent, log.isComparable, history.read.isComparable else { return }
        let common = log.lastCommonEnd(
            with: history.read, upTo: min(history.read.end, log.end))
        let from = max(offsets.lowerBound, common)
        if from < offsets.upperBound { history.readAnew.insert(from..<offsets.upperBound) }
    }

    /// A producer was told that its records are written.
    func observe(
        written batch: AcknowledgedLog.Batch, _ history: inout PartitionHistory, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        defer { history.keep(batch) }
        guard !history.isInconsistent else { return }
        if batch.end > history.read.start, batch.end <= history.read.end,
            let link = history.read.link(at: batch.end), link != batch.link
        {
            return report(
                "\(world.name(batch.client)) was told that it wrote another record than was read",
                at: batch.start, &history, world, chronicle, &findings)
        }
        if let other = history.other(at: batch) {
            report(
                "\(world.name(batch.client)) and \(world.name(other.client)) were both told that "
                    + "a record of theirs is there", at: batch.start, &history, world, chronicle,
                &findings)
        }
    }

    private func report(
        _ complaint: String, at offset: Int64, _ history: inout PartitionHistory, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        history.isInconsistent = true
        findings.add(.inconsistentOffsets) {
            Violation(
                .inconsistentOffsets, at: world.now, event: world.eventCount,
                summary: "\(world.name(of: history.id))@\(offset): \(complaint)",
                causes: chronicle.causes(
                    of: history.id, world.processes(hosting: history.id), since: .zero, in: world))
        }
    }
}

extension PartitionHistory {
    /// In the order of offsets, which is nearly always the order in which they come. Once two were
    /// written in one place nobody looks for a third, and they lie as they come: a log that was cut
    /// and written anew would have each new one moved before all the old ones.
    mutating func keep(_ batch: AcknowledgedLog.Batch) {
        written.append(batch)
        if isInconsistent { return }
        var place = written.endIndex - 1
        while place > written.startIndex, written[place - 1].start > batch.start {
            written[place] = written[place - 1]
            place -= 1
        }
        written[place] = batch
    }

    /// Another batch that was said to be written where this one was.
    func other(at batch: AcknowledgedLog.Batch) -> AcknowledgedLog.Batch? {
        var place = written.endIndex
        while place > written.startIndex, written[place - 1].end > batch.start {
            place -= 1
            let other = written[place]
            if other.start < batch.end, other.link != batch.link { return other }
        }
        return nil
    }
}
