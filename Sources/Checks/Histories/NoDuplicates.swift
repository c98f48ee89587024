import Kafka
import Kernel
import Simulation

/// `duplicate`: no record that a program sent once is at two offsets of what consumers have read.
///
/// A record is known by the number that its program gave it, where it says that number, and by the
/// producer id of its batch. Without one (no idempotence) the numbers of two programs cannot be
/// told apart: then only a world with one producer is judged.
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
        let isAlone = world.producerCount == 1
        let unread = history.examinedEnd..<last + 1
        var found: (value: Int64, offset: Int64)?
        world.forEachBatch(of: history.id, at: node, from: unread.lowerBound, to: last + 1) {
            guard isAlone || $0.hasProducerID, case .spelled(let records) = $0.content
            else { return }
            for record in records {
                let offset = $0.baseOffset + Int64(record.offsetDelta)
                guard unread.contains(offset), case .number(let number, _)? = record.value,
                    !history.values.insert(number, of: $0.producerID), found == nil
                else { continue }
                found = (number, offset)
            }
        }
        history.examinedEnd = last + 1
        guard let found else { return }
        findings.add(.duplicate) {
            let name = world.name(of: history.id)
            let producers = Array(world.producerProcesses)
            let sender = isAlone ? " of \(world.name(producers[0]))" : ""
            let first = firstOffset(of: found.value, in: history, at: node, world)
            return Violation(
                .duplicate, at: world.now, event: world.eventCount,
                summary: "record \(found.value)\(sender), sent once, is read twice: at "
                    + "\(name)@\(first) and at \(name)@\(found.offset)",
                causes: chronicle.causes(
                    of: (found.value, first), (found.value, found.offset), sentBy: producers,
                    ghost, in: world))
        }
    }

    /// Where a record with that number lies first.
    private func firstOffset(
        of value: Int64, in history: PartitionHistory, at node: Int, _ world: World
    ) -> Int64 {
        var first: Int64?
        world.forEachBatch(of: history.id, at: node, from: 0, to: history.examinedEnd) { batch in
            guard first == nil, case .spelled(let records) = batch.content else { return }
            let record = records.first {
                if case .number(value, _)? = $0.value { true } else { false }
            }
            first = record.map { batch.baseOffset + Int64($0.offsetDelta) }
        }
        return first ?? 0
    }
}

/// Which numbers were read of which producer.
struct ReadValues: Sendable {
    private var producers: [(producer: ProducerID, values: OffsetRanges)] = []

    /// False if it was there.
    mutating func insert(_ value: Int64, of producer: ProducerID) -> Bool {
        guard let place = producers.firstIndex(where: { $0.producer == producer }) else {
            var values = OffsetRanges()
            values.insert(value..<value + 1)
            producers.append((producer, values))
            return true
        }
        if producers[place].values.contains(value) { return false }
        producers[place].values.insert(value..<value + 1)
        return true
    }
}
