/// The offsets up to which readers may read.
extension PartitionLog {
    /// Looks up where an offset lies. Since KAFKA-17803 the answer names the base offset of the
    /// batch that holds it instead of the offset that was asked for; everything that keeps the
    /// answer moves back with it.
    mutating func locate(_ offset: Int64) throws(LogRefusal) -> LogOffsetMetadata {
        guard offset <= endOffset, let floor = files.floorIndex(of: offset) else {
            throw .offsetOutOfRange
        }
        if offset == endOffset { return end }
        for segment in floor..<files.segmentCount {
            guard let index = files.lookUp(offset, in: segment) else { continue }
            return metadata(of: offset, segment: segment, index: index)
        }
        return end
    }

    func metadata(of offset: Int64, segment: Int, index: Int) -> LogOffsetMetadata {
        files.withSegment(segment) { found in
            LogOffsetMetadata(
                generation.has(.lsoBelowLogStart) ? offset : found.batches.baseOffset(at: index),
                segmentBaseOffset: found.baseOffset, position: found.batches.position(at: index))
        }
    }

    /// The offset alone if it is not in the log.
    mutating func locateIfPresent(_ offset: Int64) -> LogOffsetMetadata {
        (try? locate(offset)) ?? LogOffsetMetadata(offset)
    }

    // MARK: The high watermark

    /// Sets it, up or down, but into the log. The new one.
    @discardableResult
    public mutating func updateHighWatermark(_ offset: Int64) -> Int64 {
        updateHighWatermark(LogOffsetMetadata(offset))
    }

    @discardableResult
    mutating func updateHighWatermark(_ requested: LogOffsetMetadata) -> Int64 {
        if requested.messageOffset < logStartOffset {
            setHighWatermark(LogOffsetMetadata(logStartOffset))
        } else if requested.messageOffset >= endOffset {
            setHighWatermark(end)
        } else {
            setHighWatermark(requested)
        }
        return highWatermark
    }

    /// A leader's: only up. Also when only the segment is a newer one, as after a roll. The old one
    /// if it moved.
    public mutating func maybeIncrementHighWatermark(
        _ requested: LogOffsetMetadata
    ) -> Result<LogOffsetMetadata?, LogRefusal> {
        guard requested.messageOffset <= endOffset else { return .failure(.highWatermarkBeyondEnd) }
        let old = locatedHighWatermark()
        let isNewer =
            old.messageOffset < requested.messageOffset
            || (old.messageOffset == requested.messageOffset
                && old.isOnOlderSegment(than: requested))
        guard isNewer else { return .success(nil) }
        setHighWatermark(requested)
        return .success(old)
    }

    /// A follower's: what the leader says, into the log. The new one if it moved.
    public mutating func maybeUpdateHighWatermark(_ offset: Int64) -> Int64? {
        let old = highWatermark
        let new = updateHighWatermark(offset)
        return new == old ? nil : new
    }

    /// Where an offset lies, for `maybeIncrementHighWatermark`.
    public mutating func position(of offset: Int64) -> LogOffsetMetadata { locateIfPresent(offset) }

    mutating func setHighWatermark(_ new: LogOffsetMetadata) {
        highWatermarkMetadata = new
        producers.forgetUnreplicated(below: new.messageOffset)
        refreshFirstUnstableOffset()
    }

    mutating func locatedHighWatermark() -> LogOffsetMetadata {
        if highWatermarkMetadata.isOffsetOnly {
            setHighWatermark(locateIfPresent(highWatermark))
        }
        return highWatermarkMetadata
    }

    /// The end moved, or its segment did.
    mutating func raiseHighWatermarkToEnd() {
        if highWatermark >= endOffset { setHighWatermark(end) }
    }

    // MARK: The last stable offset

    mutating func refreshFirstUnstableOffset() {
        guard let unstable = producers.firstUnstableOffset else {
            firstUnstableMetadata = nil
            return
        }
        guard unstable.isOffsetOnly || unstable.messageOffset < logStartOffset else {
            firstUnstableMetadata = unstable
            return
        }
        firstUnstableMetadata = locateIfPresent(max(unstable.messageOffset, logStartOffset))
    }

    mutating func locatedLastStableOffset() -> LogOffsetMetadata {
        let highWatermark = locatedHighWatermark()
        guard let unstable = firstUnstableMetadata,
            unstable.messageOffset < highWatermark.messageOffset
        else { return highWatermark }
        guard unstable.isOffsetOnly else { return unstable }
        let located = locateIfPresent(unstable.messageOffset)
        firstUnstableMetadata = located
        return located
    }

    /// All four, looked up (fetchOffsetSnapshot).
    public mutating func offsetSnapshot() -> LogOffsetSnapshot {
        let lastStable = locatedLastStableOffset()
        let highWatermark = locatedHighWatermark()
        return LogOffsetSnapshot(
            logStartOffset: logStartOffset, logEndOffset: end, highWatermark: highWatermark,
            lastStableOffset: lastStable)
    }

    // MARK: The log start

    /// Records below the offset are deleted: they cannot be read any more. False if it moved back.
    public mutating func maybeIncrementLogStart(to offset: Int64) -> Result<Bool, LogRefusal> {
        guard offset <= highWatermark else { return .failure(.offsetOutOfRange) }
        guard offset > logStartOffset else { return .success(false) }
        logStartOffset = offset
        recoveryPoint = max(recoveryPoint, offset)
        if leaderEpochs.truncateFromStart(offset) { tasks.append(.writeLeaderEpochs) }
        producers.logStartMoved(to: offset, latestSnapshot: files.snapshots.latest?.offset)
        refreshFirstUnstableOffset()
        return .success(true)
    }

    /// What the broker writes to `log-start-offset-checkpoint`; nil, no entry, when the start is
    /// where the first segment begins anyway.
    public var logStartCheckpoint: Int64? {
        logStartOffset > files.firstBaseOffset ? logStartOffset : nil
    }

    mutating func setEnd(_ offset: Int64) {
        end = LogOffsetMetadata(
            offset, segmentBaseOffset: files.active.baseOffset, position: files.active.size)
        recoveryPoint = min(recoveryPoint, offset)
        lowestEnd = min(lowestEnd, offset)
    }
}
