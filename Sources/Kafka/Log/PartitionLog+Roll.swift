/// Rolling to a new segment, and flushing what must survive a power loss.
extension PartitionLog {
    /// A new active segment that begins at the log's end, or further on if that is expected. The
    /// producers' state is written down at its base, so that recovery can begin there. The base.
    @discardableResult
    public mutating func roll(expecting offset: Int64 = 0, at now: Int64) -> Int64 {
        let base = max(offset, endOffset)
        if files.active.baseOffset == base, files.active.size == 0 {
            files.active = LogSegment(baseOffset: base, at: now)
        } else {
            precondition(base > files.active.baseOffset, "a segment rolls forwards")
            files.addSegment(baseOffset: base, at: now)
        }
        setEnd(endOffset)
        producers.setEndOffset(base)
        producers.takeSnapshot(into: &files.snapshots)
        raiseHighWatermarkToEnd()
        tasks.append(.flushSegments(upTo: base))
        return base
    }

    /// Everything that was appended; the active segment too if asked for.
    public mutating func flush(includingActive: Bool) {
        flush(below: includingActive ? endOffset + 1 : endOffset, recoveryPoint: endOffset)
    }

    /// The segments that begin below the offset.
    public mutating func flush(upTo offset: Int64) {
        flush(below: offset, recoveryPoint: offset)
    }

    private mutating func flush(below offset: Int64, recoveryPoint flushed: Int64) {
        guard offset > recoveryPoint else { return }
        for index in files.indices(from: recoveryPoint, to: offset) {
            files[segment: index].flush()
        }
        markFlushed(flushed)
    }

    /// A roll's flush may run after a truncation: then it speaks of offsets that the log does not
    /// have any more, and what is written there later counts as flushed.
    private mutating func markFlushed(_ offset: Int64) {
        let flushed = generation.has(.flushAfterTruncation) ? min(offset, endOffset) : offset
        recoveryPoint = max(recoveryPoint, flushed)
    }

    /// A clean stop: everything is flushed and the producers' state is written down. What the
    /// broker then finds in `files`, and in the checkpoints, is what the next start opens.
    public mutating func close() {
        for task in takeTasks() { run(task) }
        flush(includingActive: true)
        producers.takeSnapshot(into: &files.snapshots)
    }
}
