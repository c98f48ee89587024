/// What one pass of the log cleaner found worth doing, and did.
public struct CompactionRound: Hashable, Sendable {
    /// Up to here the log was clean before.
    public var firstDirtyOffset: Int64
    /// From here on nothing may be compacted yet; the base of a segment.
    public var firstUncleanableOffset: Int64
    public var cleanBytes: Int64
    public var cleanableBytes: Int64
    /// Up to here it is clean now.
    public var cleanedTo: Int64
    /// How many records the log had, and how many it has now.
    public var records: Int64
    public var recordsLeft: Int64
}

/// When the cleaner takes a log, and how much of it (LogCleanerManager).
extension PartitionLog {
    /// One pass of the cleaner over this log: nil if there is not enough to do. Then, as the
    /// cleaner does after each pass, old segments are deleted; how many.
    /// Precondition: the log's cleanup policy is to compact it.
    public mutating func clean(at now: Int64) -> (round: CompactionRound?, deleted: Int) {
        precondition(config.isCompacted, "the cleaner takes only logs that are compacted")
        let round = compact(at: now)
        return (round, deleteOldSegments(at: now))
    }

    private mutating func compact(at now: Int64) -> CompactionRound? {
        let (firstDirty, isReset) = firstDirtyOffset()
        if isReset { files.cleanerCheckpoint = firstDirty }
        let uncleanable = max(firstDirty, firstUncleanableOffset(from: firstDirty, at: now))
        let isOverdue = isCompactionOverdue(from: firstDirty, at: now)
        let active = files.active.baseOffset
        let held = uncleanable > active ? [] : Array(files.indices(from: uncleanable, to: active))
        let firstUncleanable = held.first.map { files[segment: $0].baseOffset } ?? active
        let cleanBytes = bytes(files.indices(from: -1, to: firstDirty))
        let cleanableBytes = bytes(
            files.indices(from: min(firstDirty, firstUncleanable), to: firstUncleanable))
        let total = cleanBytes + cleanableBytes
        let isDirtyEnough =
            isRatio(cleanableBytes, of: total, above: config.minCleanableDirtyMillionths)
        guard total > 0, isOverdue && cleanableBytes > 0 || isDirtyEnough else { return nil }
        let cleaner = LogCleaner(
            firstDirtyOffset: firstDirty, firstUncleanableOffset: firstUncleanable, now: now)
        let records = recordCount
        let cleanedTo = cleaner.clean(&self)
        files.cleanerCheckpoint = cleanedTo
        return CompactionRound(
            firstDirtyOffset: firstDirty, firstUncleanableOffset: firstUncleanable,
            cleanBytes: cleanBytes, cleanableBytes: cleanableBytes, cleanedTo: cleanedTo,
            records: records, recordsLeft: recordCount)
    }

    private var recordCount: Int64 {
        var count: Int64 = 0
        forEachBatch(from: logStartOffset, to: endOffset) { count += Int64($0.count) }
        return count
    }

    private func bytes(_ segments: Range<Int>) -> Int64 {
        segments.reduce(0) { $0 + files[segment: $1].size }
    }

    /// Where the checkpoint says; the log start if it says nothing, or what cannot be.
    private func firstDirtyOffset() -> (offset: Int64, isReset: Bool) {
        guard let checkpoint = files.cleanerCheckpoint else { return (logStartOffset, false) }
        if checkpoint < logStartOffset || checkpoint > endOffset { return (logStartOffset, true) }
        return (checkpoint, false)
    }

    /// The active segment, what is not stable and what is too young stay as they are.
    private func firstUncleanableOffset(from firstDirty: Int64, at now: Int64) -> Int64 {
        var offset = min(lastStableOffset, files.active.baseOffset)
        guard config.minCompactionLagMs > 0 else { return offset }
        for index in dirtySegments(from: firstDirty) {
            let segment = files[segment: index]
            guard segment.largestTimestamp > now - config.minCompactionLagMs else { continue }
            offset = min(offset, segment.baseOffset)
            break
        }
        return offset
    }

    /// A record has waited longer than `max.compaction.lag.ms` (KIP-354).
    private func isCompactionOverdue(from firstDirty: Int64, at now: Int64) -> Bool {
        var earliest = Int64.max
        for index in dirtySegments(from: firstDirty) {
            let first = files[segment: index].firstBatchTimestamp
            if let first, first > 0 { earliest = min(earliest, first) }
        }
        return earliest < now &- max(config.maxCompactionLagMs, 0)
    }

    private func dirtySegments(from firstDirty: Int64) -> Range<Int> {
        let active = files.active.baseOffset
        return firstDirty > active ? 0..<0 : files.indices(from: firstDirty, to: active)
    }
}

/// Whether part / total > millionths / 1,000,000, in integers.
func isRatio(_ part: Int64, of total: Int64, above millionths: Int64) -> Bool {
    part.multipliedFullWidth(by: 1_000_000) > total.multipliedFullWidth(by: millionths)
}

/// Wide products compare by their high words first.
private func > (
    left: (high: Int64, low: UInt64), right: (high: Int64, low: UInt64)
) -> Bool {
    left.high != right.high ? left.high > right.high : left.low > right.low
}
