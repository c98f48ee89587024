/// What loading a log's directory found.
struct LoadedLog {
    var logStartOffset: Int64
    var recoveryPoint: Int64
    var nextOffset: Int64
    var leaderEpochs: LeaderEpochCache
    var producers: ProducerState
    var tasks: [LogTask]
}

extension PartitionLog {
    /// Opens a log's directory (LogLoader). After a clean stop what is there is believed; otherwise
    /// every segment from the recovery point on is read batch by batch, and from the first one
    /// that is not whole everything is dropped. The high watermark begins at the log start: the
    /// broker sets it from its checkpoint next.
    public static func open(
        _ files: LogFiles, config: LogConfig, generation: Generation, clean: Bool,
        recoveryPoint: Int64, logStartOffset: Int64, at now: Int64
    ) -> Result<PartitionLog, LogReplayFailure> {
        var loader = LogLoader(
            files: files, config: config, generation: generation, wasStoppedCleanly: clean,
            recoveryPointCheckpoint: recoveryPoint, logStartCheckpoint: logStartOffset, now: now)
        do throws(LogReplayFailure) {
            let loaded = try loader.load()
            return .success(
                PartitionLog(
                    config: config, generation: generation, files: loader.files, loaded: loaded,
                    at: now))
        } catch {
            return .failure(error)
        }
    }
}

struct LogLoader {
    private(set) var files: LogFiles
    let config: LogConfig
    let generation: Generation
    let wasStoppedCleanly: Bool
    let recoveryPointCheckpoint: Int64
    let logStartCheckpoint: Int64
    let now: Int64
    private var epochs: LeaderEpochCache
    private var tasks: [LogTask] = []
    /// The snapshots that there were at first: what recovery itself writes is not deleted with
    /// segments that turn out to be lost.
    private let knownSnapshots: [Int64]

    init(
        files: LogFiles, config: LogConfig, generation: Generation, wasStoppedCleanly: Bool,
        recoveryPointCheckpoint: Int64, logStartCheckpoint: Int64, now: Int64
    ) {
        self.files = files
        self.config = config
        self.generation = generation
        self.wasStoppedCleanly = wasStoppedCleanly
        self.recoveryPointCheckpoint = recoveryPointCheckpoint
        self.logStartCheckpoint = logStartCheckpoint
        self.now = now
        epochs = LeaderEpochCache(
            assigning: files.leaderEpochs, isKept: generation.has(.leaderEpochs))
        knownSnapshots = files.snapshots.offsets
    }

    mutating func load() throws(LogReplayFailure) -> LoadedLog {
        try openSegments()
        if !wasStoppedCleanly { try recoverUnflushed() }
        let recovered = endIfNotBelowLogStart()
        if recovered == nil { startAfresh() }
        let nextOffset = recovered ?? files.active.nextOffset
        let isFlushed = wasStoppedCleanly || !generation.has(.recoveryPointOnlyFlushed)
        let recoveryPoint =
            isFlushed && recovered != nil ? nextOffset : min(recoveryPointCheckpoint, nextOffset)
        files.active.hasIndexFile = true
        if epochs.truncateFromEnd(nextOffset) { tasks.append(.writeLeaderEpochs) }
        if epochs.truncateFromStart(logStartCheckpoint) { tasks.append(.writeLeaderEpochs) }
        let logStart = max(logStartCheckpoint, files.firstBaseOffset)
        files.snapshots.removeStrays(keeping: files.baseOffsets(first: files.segmentCount))
        var producers = ProducerState(generation: generation)
        var rebuild = ProducerRebuild(
            segmentCount: files.segmentCount, logStart: logStart, end: nextOffset,
            afterCleanStop: wasStoppedCleanly, expiration: config.producerIDExpirationMs, now: now)
        try rebuild.run(&producers, &files)
        tasks.append(.writePartitionMetadata)
        return LoadedLog(
            logStartOffset: logStart, recoveryPoint: recoveryPoint, nextOffset: nextOffset,
            leaderEpochs: epochs, producers: producers, tasks: tasks)
    }

    /// What a process keeps of a segment in memory only is new. A segment whose index file was
    /// never made is recovered at once, with only the segments before it in sight.
    private mutating func openSegments() throws(LogReplayFailure) {
        for index in 0..<files.segmentCount {
            files[segment: index].reopen(at: now)
            if !files[segment: index].hasIndexFile {
                _ = try recover(index, visible: index)
            }
        }
    }

    private mutating func recoverUnflushed() throws(LogReplayFailure) {
        for index in files.indices(from: recoveryPointCheckpoint, to: .max) {
            let isStray = try isStrayEmptySegment(index)
            if isStray {
                removeSegments(from: index)
                return
            }
            if try recover(index, visible: files.segmentCount) > 0 {
                removeSegments(from: index + 1)
                return
            }
        }
    }

    /// An empty segment that begins beyond the end of those before it: what lay between is lost.
    /// Kafka does not notice, and goes on at its base.
    private func isStrayEmptySegment(_ index: Int) throws(LogReplayFailure) -> Bool {
        guard generation.has(.zeroLengthSegment), index > 0 else { return false }
        return files[segment: index].size == 0
            && files[segment: index].baseOffset > files[segment: index - 1].nextOffset
    }

    private mutating func removeSegments(from index: Int) {
        guard index < files.segmentCount else { return }
        for lost in index..<files.segmentCount {
            let base = files[segment: lost].baseOffset
            if knownSnapshots.contains(base) { files.snapshots.remove(at: base) }
        }
        files.removeSegments(from: index)
    }

    /// Where the log ends; nil if that is below where it was known to start: then nothing of it is
    /// worth keeping.
    private func endIfNotBelowLogStart() -> Int64? {
        let end = files.active.nextOffset
        return end >= logStartCheckpoint ? end : nil
    }

    private mutating func startAfresh() {
        for offset in knownSnapshots { files.snapshots.remove(at: offset) }
        files.sealed.removeAll()
        files.active = LogSegment(baseOffset: logStartCheckpoint, at: now)
        epochs.removeAll()
        files.writeLeaderEpochs(epochs, isFlushed: true)
    }

    /// Reads a segment batch by batch; how many bytes at its end had to go. Leaves a snapshot of
    /// the producers at its end, so that the next segment's recovery begins there.
    private mutating func recover(
        _ index: Int, visible segmentCount: Int
    ) throws(LogReplayFailure) -> Int64 {
        var producers = ProducerState(generation: generation)
        var rebuild = ProducerRebuild(
            segmentCount: segmentCount, logStart: logStartCheckpoint,
            end: files[segment: index].baseOffset, afterCleanStop: false,
            expiration: config.producerIDExpirationMs, now: now)
        try rebuild.run(&producers, &files)
        let batches = files[segment: index].batches
        files[segment: index].beginRecovery()
        var valid = 0
        while valid < batches.count, batches[valid].batch.isIntact {
            let stored = batches[valid]
            files[segment: index].indexRecovered(stored, interval: config.indexIntervalBytes)
            let batch = stored.batch
            // Epoch 0 was left out before KAFKA-10432.
            let lowest: Int32 = generation.has(.epochZeroRecovered) ? 0 : 1
            if batch.leaderEpoch >= lowest, batch.leaderEpoch > (epochs.latest?.epoch ?? -1) {
                assignEpoch(batch.leaderEpoch, from: batch.baseOffset)
            }
            try takeIn(batch, of: index, &producers)
            valid += 1
        }
        let truncated = files[segment: index].endRecovery(at: valid, at: now)
        producers.takeSnapshot(into: &files.snapshots)
        return truncated
    }

    private mutating func assignEpoch(_ epoch: Int32, from offset: Int64) {
        if epochs.assign(epoch, from: offset) { files.writeLeaderEpochs(epochs, isFlushed: true) }
    }

    private mutating func takeIn(
        _ batch: RecordBatch, of segment: Int, _ producers: inout ProducerState
    ) throws(LogReplayFailure) {
        if batch.hasProducerID {
            var append = producers.prepareAppend(batch.producerID, origin: .replication)
            let completed = try append.replay(batch)
            producers.update(append)
            if let completed {
                if completed.isAborted {
                    files[segment: segment].transactionIndex.append(
                        AbortedTransaction(
                            producerID: completed.producerID, firstOffset: completed.firstOffset,
                            lastOffset: completed.lastOffset,
                            lastStableOffset: producers.lastStableOffset(after: completed)))
                }
                producers.complete(completed)
            }
        }
        producers.setEndOffset(batch.nextOffset)
    }
}

extension LogSegment {
    mutating func reopen(at now: Int64) {
        created = now
        bytesSinceIndexEntry = 0
    }

    /// The indexes are made anew (LogSegment.recover).
    mutating func beginRecovery() {
        offsetIndex.removeAll()
        transactionIndex.removeAll()
        hasIndexFile = true
    }

    mutating func indexRecovered(_ stored: StoredBatch, interval: Int64) {
        if stored.position - offsetIndex.lastPosition > interval {
            offsetIndex.append(offset: stored.batch.lastOffset, position: stored.position)
        }
    }

    /// What follows the valid batches is cut off: how much that was.
    mutating func endRecovery(at valid: Int, at now: Int64) -> Int64 {
        let before = size
        cut(at: valid)
        if size != before { lastModified = now }
        return before - size
    }
}
