import Kernel

/// Changes of ISRs: handed in, sent, answered.
extension ReplicaManager {
    mutating func expandISR(
        of id: TopicIDPartition, with new: NodeID, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        guard let change = partitions[present: id].value.proposeExpansion(with: new, broker) else {
            return
        }
        submit(change, at: now, &effects)
    }

    /// Looks at every ISR (ReplicaManager.maybeShrinkIsr).
    mutating func shrinkISRs(at now: Instant, _ effects: inout ReplicaEffects) {
        var lagging: [TopicIDPartition] = []
        for entry in partitions where !entry.value.value.laggards(broker, at: now).isEmpty {
            lagging.append(entry.key)
        }
        for id in lagging {
            let leaving = partitions[present: id].value.laggards(broker, at: now)
            guard let change = partitions[present: id].value.proposeShrink(without: leaving, broker)
            else { continue }
            submit(change, at: now, &effects)
            guard broker.believesISRWish else { continue }
            if partitions[present: id].value.maybeAdvanceHighWatermark(broker, at: now) {
                wakeAll(in: id, at: now, &effects)
            }
        }
    }

    /// Hands the change in. While an older one of the partition is not answered it is refused, and
    /// taken back.
    private mutating func submit(
        _ change: AlterPartitionRequest.Partition, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        guard alterations.submit(change) else {
            _ = partitions[present: change.partition].value.settle(
                change, .failed(.operationNotAttempted), broker, at: now)
            return
        }
        effects.append(.note(.proposedISR(change.partition, change.isr.map(\.broker))))
        sendAlterations(&effects)
    }

    private mutating func sendAlterations(_ effects: inout ReplicaEffects) {
        if let request = alterations.takeRequest(from: broker.id, epoch: broker.brokerEpoch) {
            effects.append(.alterPartition(request))
        }
    }

    mutating func settle(
        _ answer: AlterPartitionAnswer, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        guard let settled = alterations.settle(answer) else {
            alterations.conclude()
            let next = alterations.scheduleResend(at: now + broker.settings.alterPartitionBackoff)
            return effects.append(.setTimer(.resendAlterPartition, at: next))
        }
        for one in settled { settle(one, at: now, &effects) }
        alterations.conclude()
        sendAlterations(&effects)
    }

    private mutating func settle(
        _ settled: AlterPartitionQueue.Settled, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        let id = settled.change.partition
        guard partitions.contains(id) else { return }
        let outcome = partitions[present: id].value.settle(
            settled.change, settled.reply, broker, at: now)
        switch outcome {
        case .ignored, .takenBack: break
        case .committed(let highWatermarkMoved):
            let isr = partitions[present: id].value.leadership?.isr.committed ?? []
            effects.append(.note(.committedISR(id, isr)))
            if highWatermarkMoved { wakeAll(in: id, at: now, &effects) }
        case .again: submit(settled.change, at: now, &effects)
        }
    }

    mutating func resendAlterations(at now: Instant, _ effects: inout ReplicaEffects) {
        if let next = alterations.takeResend(at: now) {
            effects.append(.setTimer(.resendAlterPartition, at: next))
        }
        sendAlterations(&effects)
    }
}
