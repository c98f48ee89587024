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
    /// In which of several directories each log lies.
    public var places = ForkableMap<TopicIDPartition, DirectoryID>()
    /// The process before said farewell.
    public var wasStoppedCleanly = false

    public init() {}
}

extension ReplicaManager {
    mutating func checkpointHighWatermarks() {
        var written = ForkableMap<TopicIDPartition, Int64>()
        for entry in unreachable { written[entry.key] = checkpoints.highWatermarks[entry.key] }
        for entry in partitions { written[entry.key] = entry.value.value.log.highWatermark }
        checkpoints.highWatermarks = written
    }

    mutating func checkpointLogs() {
        var points = ForkableMap<TopicIDPartition, Int64>()
        var starts = ForkableMap<TopicIDPartition, Int64>()
        for entry in unreachable {
            points[entry.key] = checkpoints.recoveryPoints[entry.key]
            starts[entry.key] = checkpoints.logStarts[entry.key]
        }
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
        disk.places = directories.places
        disk.logs = unreachable
        for entry in dormantLogs { disk.logs[entry.key] = Shared(entry.value.value.files) }
        for entry in partitions { disk.logs[entry.key] = Shared(entry.value.value.log.files) }
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
        _ disk: ReplicaDisk, in directories: [DirectoryID] = [], unusable: [DirectoryID] = [],
        id: NodeID, settings: ReplicaSettings, generation: Generation = .current, at now: Instant
    ) -> Result<ReplicaManager, LogReplayFailure> {
        var manager = ReplicaManager(id: id, settings: settings, generation: generation)
        manager.checkpoints = disk.checkpoints
        manager.directories = LogDirectories(
            directories, unusable: unusable, places: disk.places)
        for entry in disk.logs {
            if manager.directories.isOffline(entry.key) {
                manager.unreachable[entry.key] = entry.value
                continue
            }
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
