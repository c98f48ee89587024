import Kernel

/// The log as files: what a flush saves, what a power loss leaves, what a new process finds.
extension RaftLog {
    /// The power went, and with it bytes from the end of the log: a batch that lost some of its
    /// bytes is not whole any more. Snapshots that had not reached the disk are gone, too.
    public mutating func lose(bytes: Int64, snapshots lost: [OffsetAndEpoch]) {
        var left = bytes
        var index = batches.endIndex
        while left > 0, index > batches.startIndex {
            index -= 1
            left -= Int64(batches[index].sizeInBytes)
        }
        if index < batches.endIndex { truncate(to: batches[index].baseOffset) }
        snapshots.removeAll { lost.contains($0.id) }
    }

    /// Opened by a new process: the start is where the oldest file begins, the end where the last
    /// batch ends, and nothing is known to be committed.
    public mutating func reopen() {
        let active = files[files.count - 1]
        end = batches.endIndex > active.firstBatch
            ? batches[batches.endIndex - 1].endOffset : active.base
        start = files[0].base
        epochs.truncate(toEnd: end)
        recoverEpochs()
        updateHighWatermark(start)
        snapshots.removeAll { $0.id.offset < start }
        _ = truncateToLatestSnapshot()
    }

    /// Every file is recovered when the log is opened (its recovery point is not kept), and
    /// recovery adds the epochs of batches that are newer than the newest one known (LogSegment).
    private mutating func recoverEpochs() {
        guard let last = batches.last, last.epoch > epochs.latest ?? -1 else { return }
        for batch in batches where batch.epoch > epochs.latest ?? -1 {
            epochs.assign(batch.epoch, at: batch.baseOffset)
        }
    }

    /// Forgets everything and begins at `offset`.
    mutating func restart(at offset: Int64) {
        batches = SegmentedArray(startIndex: batches.endIndex)
        findNewest()
        files = [SegmentFile(base: offset, firstBatch: batches.endIndex, bytes: 0)]
        epochs.removeAll()
        start = offset
        end = offset
        highWatermark = offset
    }

    /// Returns whether there was one.
    mutating func deleteFilesBeforeStart() -> Bool {
        var old = 0
        while old + 1 < files.count, files[old + 1].base <= start { old += 1 }
        if old == 0 { return false }
        batches.dropPrefix(before: files[old].firstBatch)
        findNewest()
        files.removeFirst(old)
        return true
    }
}
