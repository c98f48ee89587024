import Kernel

/// What is done with old records, in the background (LogManager, LogCleaner).
extension ReplicaManager {
    /// Compacted logs are the cleaner's.
    mutating func deleteOldSegments(at now: Instant, _ effects: inout ReplicaEffects) {
        let time = broker.logTime(at: now)
        for id in hosted where !partitions[present: id].value.log.config.isCompacted {
            let start = partitions[present: id].value.log.logStartOffset
            partitions[present: id].value.log.deleteOldSegments(at: time)
            tellMovedStart(of: id, from: start, &effects)
            takeLogTasks(of: id, &effects)
        }
    }

    /// The cleaner goes on until no log is dirty enough, and looks again after its back-off.
    mutating func cleanLogs(at now: Instant, _ effects: inout ReplicaEffects) {
        let time = broker.logTime(at: now)
        for id in hosted where partitions[present: id].value.log.config.isCompacted {
            let start = partitions[present: id].value.log.logStartOffset
            var before: Int64?
            while let round = partitions[present: id].value.log.clean(at: time).round,
                round.cleanedTo != before
            {
                before = round.cleanedTo
                if round.recordsLeft < round.records {
                    effects.append(
                        .note(
                            .compacted(
                                id, before: round.cleanedTo, records: round.records,
                                left: round.recordsLeft)))
                }
            }
            tellMovedStart(of: id, from: start, &effects)
            takeLogTasks(of: id, &effects)
        }
    }

    /// A leader wants to know where the logs of its followers begin.
    private func tellMovedStart(
        of id: TopicIDPartition, from start: Int64, _ effects: inout ReplicaEffects
    ) {
        let partition = partitions[present: id].value
        if !partition.isLeader, partition.log.logStartOffset != start {
            effects.append(.logStartMoved(id))
        }
    }

    mutating func expireProducers(at now: Instant) {
        for id in hosted {
            partitions[present: id].value.log.removeExpiredProducers(at: broker.logTime(at: now))
        }
    }
}
