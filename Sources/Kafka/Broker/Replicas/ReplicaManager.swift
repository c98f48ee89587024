import Kernel

/// The replicas of one broker (ReplicaManager): it hosts partitions, answers what is asked of them,
/// keeps requests that must wait, and tells the controller who is in sync.
///
/// It holds no clock, network or disk. The followers' fetchers are a machine of their own: this
/// one says from where they are to copy (`startFetching`), they write to the partitions here.
public struct ReplicaManager: Sendable {
    public internal(set) var broker: BrokerContext
    public internal(set) var partitions = HostedPartitions()
    /// Logs on the disk that no metadata has spoken of since the process started.
    var dormantLogs = ForkableMap<TopicIDPartition, Shared<PartitionLog>>()
    var checkpoints = ReplicaCheckpoints()
    var directories = LogDirectories()
    /// What lies in directories that cannot be used.
    var unreachable = ForkableMap<TopicIDPartition, Shared<LogFiles>>()
    var purgatory = Purgatory()
    var alterations = AlterPartitionQueue()
    var suspended = SortedMap<SuspensionID, SuspendedFetch>()
    var nextSuspension: UInt64 = 0
    var isShuttingDown = false
    var hasMetadata = false

    public init(id: NodeID, settings: ReplicaSettings, generation: Generation = .current) {
        broker = BrokerContext(id: id, settings: settings, generation: generation)
    }

    public subscript(id: TopicIDPartition) -> Partition? { partitions[id]?.value }

    /// Hosted here, ascending.
    public var hosted: [TopicIDPartition] { partitions.map(\.key) }

    /// The one door.
    public mutating func receive(
        _ input: consuming ReplicaInput, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        switch consume input {
        case .start: start(at: now, &effects)
        case .request(let request, let token):
            answer(consume request, token, at: now, &effects)
        case .append(let append, let token): produce(append, token, at: now, &effects)
        case .metadata(let image, let delta): apply(image, delta, at: now, &effects)
        case .settings(let settings): apply(settings)
        case .brokerEpoch(let epoch): broker.brokerEpoch = epoch
        case .alterPartitionAnswer(let answer): settle(answer, at: now, &effects)
        case .timer(let task): run(task, at: now, &effects)
        case .replicated(let ids):
            for id in ids { wakeAfterReplication(in: id, at: now, &effects) }
        case .interrupt(let points): broker.yieldPoints = points
        case .resume(let id): resume(id, at: now, &effects)
        case .logTask(let id, let task):
            if partitions.contains(id) { partitions[present: id].value.log.run(task) }
        case .clockJumped(let jump):
            purgatory.clockJumped(by: jump)
            alterations.clockJumped(by: jump)
        case .directoryFails(let directory): fail(directory, at: now, &effects)
        case .beginControlledShutdown: isShuttingDown = true
        }
    }

    private mutating func answer(
        _ request: consuming BrokerRequest, _ token: ReplyToken, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        switch consume request {
        case .produce(let request):
            produce(LocalAppend(consume request, origin: .client), token, at: now, &effects)
        case .fetch(let request): fetch(consume request, token, at: now, &effects)
        case .listOffsets(let request): listOffsets(request, token, &effects)
        case .offsetsForLeaderEpoch(let request): endOffsets(request, token, &effects)
        case .deleteRecords(let request): deleteRecords(request, token, at: now, &effects)
        case .metadata, .initProducerID, .describeCluster, .describeTopics, .describeConfigs,
            .admin:
            preconditionFailure("no question about replicas")
        }
    }

    // MARK: Tasks

    private mutating func start(at now: Instant, _ effects: inout ReplicaEffects) {
        let settings = broker.settings
        var first: [(ReplicaTask, Interval)] = [
            (.shrinkISRs, .zero), (.checkpointHighWatermarks, .zero),
            (.checkpointLogs, settings.initialTaskDelay),
            (.deleteOldSegments, settings.initialTaskDelay),
            (.expireProducers, settings.producerExpiryCheckInterval),
        ]
        if settings.cleanerBackoff != nil { first.append((.cleanLogs, .zero)) }
        for (task, delay) in first { effects.append(.setTimer(task, at: now + delay)) }
    }

    /// With a period of 0 a task runs once (KafkaScheduler). The cleaner's thread then never rests,
    /// but a round takes it a moment.
    private func period(of task: ReplicaTask) -> Interval? {
        switch task {
        case .expireOperations, .resendAlterPartition: nil
        case .shrinkISRs: Interval(nanoseconds: broker.maxLag.nanoseconds / 2)
        case .checkpointHighWatermarks: broker.settings.highWatermarkCheckpointInterval
        case .checkpointLogs: broker.settings.logCheckpointInterval
        case .deleteOldSegments: broker.settings.retentionCheckInterval
        case .cleanLogs: broker.settings.cleanerBackoff.map { max($0, .milliseconds(1)) }
        case .expireProducers: broker.settings.producerExpiryCheckInterval
        }
    }

    private mutating func run(
        _ task: ReplicaTask, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        switch task {
        case .expireOperations: expireOperations(at: now, &effects)
        case .shrinkISRs: shrinkISRs(at: now, &effects)
        case .checkpointHighWatermarks: checkpointHighWatermarks()
        case .checkpointLogs: checkpointLogs()
        case .deleteOldSegments: deleteOldSegments(at: now, &effects)
        case .cleanLogs: cleanLogs(at: now, &effects)
        case .expireProducers: expireProducers(at: now)
        case .resendAlterPartition: resendAlterations(at: now, &effects)
        }
        guard let period = period(of: task), period > .zero else { return }
        effects.append(.setTimer(task, at: now + period))
    }

    // MARK: What is not here

    /// What is said of a partition that this broker does not host: that its disk fails, or that
    /// others do, if the metadata knows of it.
    func absence(of id: TopicIDPartition) -> KafkaError {
        if directories.isOffline(id) { return .kafkaStorageError }
        return broker.sharedMetadata.value.partition(id) == nil
            ? .unknownTopicOrPartition : .notLeaderOrFollower
    }

    /// Who leads, for those who asked the wrong broker (KIP-951).
    func currentLeader(of id: TopicIDPartition, after error: KafkaError) -> LeaderAndEpoch? {
        guard error == .notLeaderOrFollower || error == .fencedLeaderEpoch else { return nil }
        if let partition = partitions[id]?.value {
            let leader = partition.leader == .noLeader ? nil : partition.leader
            return LeaderAndEpoch(leader, epoch: partition.leaderEpoch)
        }
        guard let registration = broker.sharedMetadata.value.partition(id) else { return nil }
        return LeaderAndEpoch(
            registration.hasLeader ? registration.leader : nil, epoch: registration.leaderEpoch)
    }

    /// Passes on what the log wants done in the background.
    mutating func takeLogTasks(of id: TopicIDPartition, _ effects: inout ReplicaEffects) {
        guard partitions.look(id, { $0.log.tasks.isEmpty }) == false else { return }
        for task in partitions[present: id].value.log.takeTasks() {
            effects.append(.logTask(id, task))
        }
    }
}
