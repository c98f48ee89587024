import Kernel

/// When waiting requests are looked at. Kafka's order differs with the occasion, and it can be seen
/// in the order of the answers.
extension ReplicaManager {
    /// The high watermark or the low watermark moved (DelayedOperations.checkAndCompleteAll).
    mutating func wakeAll(
        in id: TopicIDPartition, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        wakeFetches(in: id, at: now, &effects)
        wakeProduces(in: id, &effects)
        guard let deletions = partitions.look(id, { $0.watchers.deletions }) else { return }
        wakeDeletions(deletions, &effects)
    }

    /// A request has appended, and its handler is done (addCompletePurgatoryAction).
    mutating func wake(
        after append: LeaderAppend, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        guard let moved = append.highWatermarkMoved else { return }
        let id = append.reply.partition
        if moved { wakeProduces(in: id, &effects) }
        wakeFetches(in: id, at: now, &effects)
        guard moved, let deletions = partitions.look(id, { $0.watchers.deletions }) else { return }
        wakeDeletions(deletions, &effects)
    }

    /// This broker leads the partition no more, or does not host it any more: `watchers` are those
    /// from before. DeleteRecords is left out, and waits for its timeout
    /// (completeDelayedOperationsWhenNotPartitionLeader).
    mutating func wakeAfterDemotion(
        _ watchers: Watchers, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        wakeProduces(watchers.produces, &effects)
        wakeFetches(watchers.fetches, at: now, &effects)
        if broker.generation.has(.demotionWakesDeleteRecords) {
            wakeDeletions(watchers.deletions, &effects)
        }
    }

    /// Whether anybody waits for something to read in any of these.
    func haveReaders(_ ids: [TopicIDPartition]) -> Bool {
        ids.contains { partitions.look($0, { !$0.watchers.fetches.isEmpty }) ?? false }
    }

    /// A follower has copied something: consumers may wait for it here.
    mutating func wakeAfterReplication(
        in id: TopicIDPartition, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        wakeFetches(in: id, at: now, &effects)
    }

    mutating func setDeadline(
        _ instant: Instant, of operation: OperationID, _ effects: inout ReplicaEffects
    ) {
        if let alarm = purgatory.setDeadline(instant, of: operation) {
            effects.append(.setTimer(.expireOperations, at: alarm))
        }
    }

    mutating func expireOperations(at now: Instant, _ effects: inout ReplicaEffects) {
        while let id = purgatory.firstExpired(at: now) {
            if purgatory.produces.contains(id) {
                completeProduce(id, &effects)
            } else if purgatory.fetches.contains(id) {
                completeFetch(id, at: now, &effects)
            } else {
                completeDeletion(id, &effects)
            }
        }
        if let next = purgatory.nextAlarm() {
            effects.append(.setTimer(.expireOperations, at: next))
        }
    }
}
