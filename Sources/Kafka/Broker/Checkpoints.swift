import Kernel

/// What a broker writes down about its logs now and then, outside of them
/// (`replication-offset-checkpoint`, `recovery-point-offset-checkpoint` and
/// `log-start-offset-checkpoint`). A process that is killed comes back to what stands here.
public struct ReplicaCheckpoints: Sendable {
    public var highWatermarks = ForkableMap<TopicIDPartition, Int64>()
    public var recoveryPoints = ForkableMap<TopicIDPartition, Int64>()
    /// Only of logs whose start is not where their first segment begins.
    public var logStarts = ForkableMap<TopicIDPartition, Int64>()

    public init() {}
}

/// A broker's disk while no process runs on it.
public struct ReplicaDisk: Sendable {
    public var logs = ForkableMap<TopicIDPartition, Shared<LogFiles>>()
    public var checkpoints = ReplicaCheckpoints()
    /// Up to where each log has been flushed, whether or not that was written down: a power loss
    /// leaves at least this.
    public var flushed = ForkableMap<TopicIDPartition, Int64>()
    /// The process before said farewell.
    public var wasStoppedCleanly = false

    public init() {}

    mutating func add(_ log: borrowing PartitionLog, _ id: TopicIDPartition) {
        logs[id] = Shared(log.files)
        // A recovery point may say more than is true: `Fix.recoveryPointOnlyFlushed`.
        flushed[id] = min(log.recoveryPoint, log.files.firstUnflushedOffset ?? .max)
    }
}

extension ReplicaManager {
    mutating func checkpointHighWatermarks() {
        var written = ForkableMap<TopicIDPartition, Int64>()
        for entry in partitions { written[entry.key] = entry.value.value.log.highWatermark }
        checkpoints.highWatermarks = written
    }

    mutating func checkpointLogs() {
        var points = ForkableMap<TopicIDPartition, Int64>()
        var starts = ForkableMap<TopicIDPartition, Int64>()
        for logs in [dormantLogs.map { ($0.key, $0.value.value) },
            partitions.map { ($0.key, $0.value.value.log) }]
        {
            for (id, log) in logs {
                points[id] = log.recoveryPoint
                starts[id] = log.logStartCheckpoint
            }
        }
        checkpoints.recoveryPoints = points
        checkpoints.logStarts = starts
    }

    // MARK: The end of a process

    /// What lies on the disk at this moment: what a killed process leaves behind.
    public var disk: ReplicaDisk {
        var disk = ReplicaDisk()
        disk.checkpoints = checkpoints
        for entry in dormantLogs { disk.add(entry.value.value, entry.key) }
        for entry in partitions { disk.add(entry.value.value.log, entry.key) }
        return disk
    }

    /// An orderly stop: everything is flushed and written down.
    public mutating func stop() -> ReplicaDisk {
        for id in hosted { partitions[present: id].value.log.close() }
        for id in dormantLogs.map(\.key) { dormantLogs[present: id].value.close() }
        checkpointHighWatermarks()
        checkpointLogs()
        var disk = disk
        disk.wasStoppedCleanly = true
        return disk
    }

    /// A process starts on what is there. It fails when a log cannot be read.
    public static func open(
        _ disk: ReplicaDisk, id: NodeID, settings: ReplicaSettings,
        generation: Generation = .current, at now: Instant
    ) -> Result<ReplicaManager, LogReplayFailure> {
        var manager = ReplicaManager(id: id, settings: settings, generation: generation)
        manager.checkpoints = disk.checkpoints
        for entry in disk.logs {
            let opened = PartitionLog.open(
                entry.value.value, config: settings.log, generation: generation,
                clean: disk.wasStoppedCleanly,
                recoveryPoint: disk.checkpoints.recoveryPoints[entry.key] ?? 0,
                logStartOffset: disk.checkpoints.logStarts[entry.key] ?? 0,
                at: manager.broker.logTime(at: now))
            switch opened {
            case .failure(let failure): return .failure(failure)
            case .success(let log): manager.dormantLogs[entry.key] = Shared(log)
            }
        }
        return .success(manager)
    }
}
