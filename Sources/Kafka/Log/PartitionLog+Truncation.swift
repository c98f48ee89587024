extension PartitionLog {
    /// Forgets everything from the offset on, as a follower does that finds its log parted from
    /// the leader's. A batch that holds the offset goes as a whole, but the log's end becomes the
    /// offset that was asked for, until a restart sees where the batches end. False when there was
    /// nothing to forget.
    @discardableResult
    public mutating func truncate(
        to offset: Int64, at now: Int64
    ) throws(LogReplayFailure) -> Bool {
        guard offset < endOffset else {
            // A leadership that wrote nothing left an epoch at the end: it must go all the same.
            if generation.has(.emptyEpochTruncated) { truncateEpochs(fromEnd: endOffset) }
            return false
        }
        let wasActive = files.active.baseOffset
        if files.firstBaseOffset > offset {
            truncateFully(to: offset, at: now)
        } else {
            removeSegments(above: offset)
            files.active.truncate(to: offset, at: now)
            setEnd(offset)
            truncateEpochs(fromEnd: offset)
            logStartOffset = min(offset, logStartOffset)
            try rebuildProducers(upTo: offset, at: now)
            raiseHighWatermarkToEnd()
        }
        if offset < wasActive { lowerCleanerCheckpoint() }
        return true
    }

    /// Drops everything: the log is empty and goes on at the offset. A log start below it is that
    /// of a leader whose older records are elsewhere.
    public mutating func truncateFully(to offset: Int64, logStart: Int64? = nil, at now: Int64) {
        files.sealed.removeAll()
        files.active = LogSegment(baseOffset: offset, at: now)
        setEnd(offset)
        leaderEpochs.removeAll()
        files.writeLeaderEpochs(leaderEpochs, isFlushed: true)
        producers.truncateFully(to: offset, deleting: &files.snapshots)
        logStartOffset = logStart ?? offset
        do throws(LogReplayFailure) {
            try rebuildProducers(upTo: offset, at: now)
        } catch {
            preconditionFailure("there is no batch that could not be read back")
        }
        if generation.has(.highWatermarkNotBelowLogStart) {
            updateHighWatermark(end)
        } else {
            raiseHighWatermarkToEnd()
        }
        lowerCleanerCheckpoint()
    }

    private mutating func truncateEpochs(fromEnd offset: Int64) {
        if leaderEpochs.truncateFromEnd(offset) { tasks.append(.writeLeaderEpochs) }
    }

    private mutating func removeSegments(above offset: Int64) {
        guard let floor = files.floorIndex(of: offset), floor + 1 < files.segmentCount else {
            return
        }
        for index in floor + 1..<files.segmentCount {
            files.snapshots.remove(at: files[segment: index].baseOffset)
        }
        files.removeSegments(from: floor + 1)
    }

    private mutating func lowerCleanerCheckpoint() {
        guard config.isCompacted, let checkpoint = files.cleanerCheckpoint else { return }
        files.cleanerCheckpoint = min(checkpoint, files.active.baseOffset)
    }

    private mutating func rebuildProducers(
        upTo offset: Int64, at now: Int64
    ) throws(LogReplayFailure) {
        var rebuild = ProducerRebuild(
            segmentCount: files.segmentCount, logStart: logStartOffset, end: offset,
            afterCleanStop: false, expiration: config.producerIDExpirationMs, now: now)
        try rebuild.run(&producers, &files)
    }
}
