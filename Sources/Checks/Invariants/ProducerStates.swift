import Kafka
import Kernel
import Simulation

/// `producer-state`: no producer's sequence is at two offsets of one log, and what a broker knows
/// of each producer is what its log says (KIP-98).
struct ProducerStates: Sendable {
    /// After a leader has written.
    func observe(
        _ ghost: inout PartitionGhost, by node: Int, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        for found in ghost.sequences.repeats {
            findings.add(.producerState) {
                let batch = found.batch
                return Violation(
                    .producerState, at: world.now, event: world.eventCount,
                    summary: "\(world.name(of: ghost.id))@\(batch.baseOffset) has sequence "
                        + "\(batch.baseSequence) of producer \(batch.producerID.rawValue), epoch "
                        + "\(batch.producerEpoch), whose sequence \(found.seen.sequence) is "
                        + "at \(found.seen.offset)",
                    causes: chronicle.causes(of: ghost.id, [node], since: .zero, in: world))
            }
        }
        ghost.sequences.forgetRepeats()
    }

    /// At the end: what a replica holds is what its log says.
    func conclude(
        _ id: TopicIDPartition, at node: Int, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard let replica = world.replica(of: id, at: node) else { return }
        judge(
            replica.log.activeProducers, against: lastBatches(of: replica.log), id, at: node, world,
            chronicle, &findings)
    }

    /// Each producer's last batch.
    private func lastBatches(of log: PartitionLog) -> [RecordBatch] {
        var last: [RecordBatch] = []
        log.forEachBatch(from: log.logStartOffset, to: log.endOffset) { batch in
            guard batch.hasProducerID, !batch.isControl else { return }
            if let place = last.firstIndex(where: { $0.producerID == batch.producerID }) {
                last[place] = batch
            } else {
                last.append(batch)
            }
        }
        return last
    }

    func judge(
        _ producers: [ProducerStateEntry], against last: [RecordBatch], _ id: TopicIDPartition,
        at node: Int, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        for entry in producers {
            guard let batch = last.first(where: { $0.producerID == entry.producerID }),
                batch.producerEpoch == entry.producerEpoch, let held = entry.batches.last,
                held.lastOffset != batch.lastOffset || held.lastSequence != batch.lastSequence
            else { continue }
            findings.add(.producerState) {
                Violation(
                    .producerState, at: world.now, event: world.eventCount,
                    summary: "\(world.name(node)) knows of producer "
                        + "\(entry.producerID.rawValue) in \(world.name(of: id)) sequence "
                        + "\(held.lastSequence) at \(held.lastOffset), "
                        + "and its log says \(batch.lastSequence) at "
                        + "\(batch.lastOffset)",
                    causes: chronicle.causes(of: id, [node], since: .zero, in: world))
            }
        }
    }
}
