import Kernel

/// The broker follows the metadata log (ReplicaManager.applyDelta): it stops hosting what is not
/// assigned to it any more, then leads, then follows.
extension ReplicaManager {
    mutating func apply(
        _ image: MetadataImage, _ delta: MetadataDelta, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        let before = broker.sharedMetadata.value
        broker.sharedMetadata = Shared(image)
        applyConfigs(delta)
        var leading: [(TopicIDPartition, PartitionRegistration)] = []
        var following: [(TopicIDPartition, PartitionRegistration)] = []
        for id in delta.partitions {
            let old = before.partition(id)
            guard let new = image.partition(id), new.replicas.contains(broker.id) else {
                if old?.replicas.contains(broker.id) ?? false { remove(id, at: now, &effects) }
                continue
            }
            if let old, old.partitionEpoch == new.partitionEpoch { continue }
            if directories.isOffline(id) { continue }
            if new.leader == broker.id {
                leading.append((id, new))
            } else {
                following.append((id, new))
            }
        }
        for (id, registration) in leading { lead(id, registration, at: now, &effects) }
        follow(following, at: now, &effects)
        tellDirectories(of: delta.partitions, &effects)
        if !hasMetadata {
            hasMetadata = true
            dropStrayLogs()
        }
    }

    private mutating func lead(
        _ id: TopicIDPartition, _ registration: PartitionRegistration, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        host(id, at: now)
        let wasLeader = partitions[present: id].value.isLeader
        let oldEpoch = partitions[present: id].value.leaderEpoch
        if !wasLeader { effects.append(.stopFetching(id)) }
        guard
            let moved = partitions[present: id].value.becomeLeader(registration, broker, at: now)
        else { return }
        takeLogTasks(of: id, &effects)
        if let start = partitions[present: id].value.leadership?.epochStart,
            registration.leaderEpoch > oldEpoch
        {
            effects.append(
                .note(.becameLeader(id, epoch: registration.leaderEpoch, startOffset: start)))
        }
        if moved { wakeAll(in: id, at: now, &effects) }
    }

    /// All become followers before the first starts to fetch, and all fetch before those that wait
    /// are told.
    private mutating func follow(
        _ following: [(TopicIDPartition, PartitionRegistration)], at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        var starting: [TopicIDPartition] = []
        var stopping: [TopicIDPartition] = []
        for (id, registration) in following {
            host(id, at: now)
            guard let isNewEpoch = partitions[present: id].value.becomeFollower(registration)
            else { continue }
            if isNewEpoch {
                effects.append(
                    .note(
                        .becameFollower(
                            id, of: registration.leader, epoch: registration.leaderEpoch)))
            }
            if isShuttingDown,
                !registration.hasLeader || !registration.isr.contains(broker.id)
            {
                stopping.append(id)
            } else if isNewEpoch {
                starting.append(id)
            }
        }
        for id in starting { startFetching(id, &effects) }
        for id in starting {
            wakeAfterDemotion(partitions[present: id].value.watchers, at: now, &effects)
        }
        for id in stopping {
            effects.append(.stopFetching(id))
            wakeAfterDemotion(partitions[present: id].value.watchers, at: now, &effects)
        }
    }

    private func startFetching(_ id: TopicIDPartition, _ effects: inout ReplicaEffects) {
        effects.append(.stopFetching(id))
        guard let partition = partitions[id]?.value, let leader = partition.leader,
            broker.sharedMetadata.value.brokers.contains(leader)
        else { return }
        effects.append(
            .startFetching(
                FetchStart(
                    id, leader: leader, leaderEpoch: partition.leaderEpoch,
                    offset: partition.initialFetchOffset)))
    }

    /// The replica and its log are deleted.
    private mutating func remove(
        _ id: TopicIDPartition, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        dormantLogs[id] = nil
        directories.forget(id)
        guard let removed = partitions.remove(id) else { return }
        effects.append(.stopFetching(id))
        effects.append(.note(.removed(id)))
        wakeAfterDemotion(removed.value.watchers, at: now, &effects)
    }

    /// Makes the replica if there is none: on the log that was found on the disk, or on a new one.
    /// The high watermark comes back from its checkpoint.
    private mutating func host(_ id: TopicIDPartition, at now: Instant) {
        guard !partitions.contains(id) else { return }
        guard let topic = broker.sharedMetadata.value.topics[id.topic] else {
            preconditionFailure("a partition of no topic")
        }
        let config = logConfig(of: topic.name)
        let registration = broker.sharedMetadata.value.partition(id)
        directories.settle(id, assigned: registration?.directory(of: broker.id))
        var log =
            dormantLogs.remove(id)?.value
            ?? PartitionLog(
                config: config, generation: broker.generation, at: broker.logTime(at: now))
        log.config = config
        log.updateHighWatermark(checkpoints.highWatermarks[id] ?? 0)
        partitions[id] = Shared(
            Partition(
                id, log: log, minInSyncReplicas: minInSyncReplicas(of: topic.name),
                isInternal: TopicName.isInternal(topic.name)))
    }

    /// What the metadata does not assign to this broker any more was removed while it was down.
    private mutating func dropStrayLogs() {
        for id in dormantLogs.map(\.key) {
            let registration = broker.sharedMetadata.value.partition(id)
            if registration?.replicas.contains(broker.id) ?? false { continue }
            dormantLogs[id] = nil
            directories.forget(id)
        }
    }
}
