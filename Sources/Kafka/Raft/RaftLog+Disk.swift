import Kernel

/// The log as files: what a flush saves, what a power loss leaves, what a new process finds.
extension RaftLog {
    /// Everything written so far is on disk.
    public mutating func flush() {
        flushedEnd = end
    }

    /// The power went: of what lies behind `flushedEnd`, only batches that end by `survivingEnd`
    /// are still there and whole.
    public mutating func losePower(survivingEnd: Int64) {
        let limit = max(survivingEnd, flushedEnd)
        var index = batches.endIndex
        while index > batches.startIndex, batches[index - 1].endOffset > limit { index -= 1 }
        if index < batches.endIndex { truncate(to: batches[index].baseOffset) }
        flushedEnd = end
    }

    /// Opened by a new process: the start is where the oldest file begins, the end where the last
    /// batch ends, and nothing is known to be committed.
    public mutating func reopen() {
        let active = files[files.count - 1]
        end = batches.endIndex > active.firstBatch
            ? batches[batches.endIndex - 1].endOffset : active.base
        start = files[0].base
        epochs.truncate(toEnd: end)
        updateHighWatermark(start)
        snapshots.removeAll { $0.id.offset < start }
        _ = truncateToLatestSnapshot()
        flushedEnd = min(flushedEnd, end)
    }

    /// Forgets everything and begins at `offset`.
    mutating func restart(at offset: Int64) {
        batches = SegmentedArray(startIndex: batches.endIndex)
        files = [SegmentFile(base: offset, firstBatch: batches.endIndex, bytes: 0)]
        epochs.removeAll()
        start = offset
        end = offset
        highWatermark = offset
        flushedEnd = offset
    }

    /// Returns whether there was one.
    mutating func deleteFilesBeforeStart() -> Bool {
        var old = 0
        while old + 1 < files.count, files[old + 1].base <= start { old += 1 }
        if old == 0 { return false }
        batches.dropPrefix(before: files[old].firstBatch)
        files.removeFirst(old)
        return true
    }
}
