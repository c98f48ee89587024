import Kafka
import Kernel
import Simulation

/// `duplicate`: no record that a program sent once is at two offsets of what consumers have read.
///
/// A record is known by the program that wrote it and by the number that this gave it. One that
/// says something else, because the file spells its value, cannot be told from another.
struct NoDuplicates: Sendable {
    /// A consumer was given everything up to `last`; each offset is looked at once.
    func observe(
        upTo last: Int64, _ history: inout PartitionHistory, _ ghost: PartitionGhost,
        _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard last >= history.examinedEnd, let leader = ghost.currentLeader(in: world) else {
            return
        }
        let node = ghost.replicas[leader].node
        let unread = history.examinedEnd..<last + 1
        var found: (value: Int64, offset: Int64, writer: Int32)?
        world.forEachBatch(of: history.id, at: node, from: unread.lowerBound, to: last + 1) {
            guard $0.writer >= 0, case .spelled(let records) = $0.content else { return }
            for record in records {
                let offset = $0.baseOffset + Int64(record.offsetDelta)
                guard unread.contains(offset), case .number(let number, _)? = record.value,
                    !history.values.insert(number, of: $0.writer), found == nil
                else { continue }
                found = (number, offset, $0.writer)
            }
        }
        history.examinedEnd = last + 1
        guard let found else { return }
        findings.add(.duplicate) {
            let name = world.name(of: history.id)
            let sender = Int(found.writer)
            let first = firstOffset(of: found.value, by: found.writer, history, at: node, world)
            return Violation(
                .duplicate, at: world.now, event: world.eventCount,
                summary: "record \(found.value) of \(world.name(sender)), sent once, is read "
                    + "twice: at \(name)@\(first) and at \(name)@\(found.offset)",
                causes: chronicle.causes(
                    of: (found.value, first), (found.value, found.offset), sentBy: [sender],
                    ghost, in: world))
        }
    }

    /// Where that program's record with that number lies first.
    private func firstOffset(
        of value: Int64, by writer: Int32, _ history: PartitionHistory, at node: Int,
        _ world: World
    ) -> Int64 {
        var first: Int64?
        world.forEachBatch(of: history.id, at: node, from: 0, to: history.examinedEnd) { batch in
            guard first == nil, batch.writer == writer,
                case .spelled(let records) = batch.content
            else { return }
            let record = records.first {
                if case .number(value, _)? = $0.value { true } else { false }
            }
            first = record.map { batch.baseOffset + Int64($0.offsetDelta) }
        }
        return first ?? 0
    }
}

/// Which numbers were read of which program.
struct ReadValues: Sendable {
    private var writers: [(writer: Int32, values: OffsetRanges)] = []

    /// False if it was there.
    mutating func insert(_ value: Int64, of writer: Int32) -> Bool {
        guard let place = writers.firstIndex(where: { $0.writer == writer }) else {
            var values = OffsetRanges()
            values.insert(value..<value + 1)
            writers.append((writer, values))
            return true
        }
        if writers[place].values.contains(value) { return false }
        writers[place].values.insert(value..<value + 1)
        return true
    }
}
