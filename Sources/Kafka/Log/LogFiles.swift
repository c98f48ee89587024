/// What of a partition's log lies in its directory: all that a killed process leaves behind, and
/// what the next one opens. Power loss and bit rot are done to it while no process has it open.
public struct LogFiles: Sendable {
    /// All segments but the last, oldest first.
    public internal(set) var sealed: [LogSegment] = []
    /// The last segment: the one that is appended to.
    public internal(set) var active: LogSegment
    public internal(set) var snapshots = ProducerSnapshots()
    /// `leader-epoch-checkpoint` as last written: what the cache had when it was.
    public private(set) var leaderEpochs: [EpochEntry] = []
    /// Whether that file survives a power loss.
    private var leaderEpochsAreFlushed = true
    /// What `cleaner-offset-checkpoint` says of this log: up to where it has been compacted.
    public internal(set) var cleanerCheckpoint: Int64?

    /// The directory of a log that was never written.
    init(startingAt offset: Int64, at now: Int64) {
        active = LogSegment(baseOffset: offset, at: now)
    }

    mutating func writeLeaderEpochs(_ cache: LeaderEpochCache, isFlushed: Bool) {
        leaderEpochs = cache.entries
        leaderEpochsAreFlushed = isFlushed
    }

    public var segmentCount: Int { sealed.count + 1 }

    /// The index of the active one is `segmentCount - 1`.
    public subscript(segment index: Int) -> LogSegment {
        _read {
            if index < sealed.count { yield sealed[index] } else { yield active }
        }
        _modify {
            if index < sealed.count { yield &sealed[index] } else { yield &active }
        }
    }

    /// What `read` makes of a segment, without a copy of it.
    @inline(__always)
    func withSegment<Value>(_ index: Int, _ read: (LogSegment) -> Value) -> Value {
        index < sealed.count ? read(sealed[index]) : read(active)
    }

    /// The batch of a segment that holds the offset, or the next one. Touches its index.
    @inline(__always)
    mutating func lookUp(_ offset: Int64, in index: Int) -> Int? {
        if index < sealed.count {
            if !sealed[index].hasIndexFile { sealed[index].hasIndexFile = true }
            return sealed[index].index(of: offset)
        }
        if !active.hasIndexFile { active.hasIndexFile = true }
        return active.index(of: offset)
    }

    public var firstBaseOffset: Int64 { sealed.first?.baseOffset ?? active.baseOffset }

    public var size: Int64 { sealed.reduce(active.size) { $0 + $1.size } }

    /// The last segment that begins at or before the offset.
    @inline(__always)
    func floorIndex(of offset: Int64) -> Int? {
        if active.baseOffset <= offset { return sealed.count }
        let after = lowerBound(in: sealed.count) { sealed[$0].baseOffset > offset }
        return after == 0 ? nil : after - 1
    }

    /// The segments that may hold offsets from `start` up to and without `end`: from the one that
    /// holds `start` to the last that begins before `end` (LogSegments.values).
    func indices(from start: Int64, to end: Int64) -> Range<Int> {
        guard start < end else { return 0..<0 }
        let first = floorIndex(of: start) ?? 0
        var last = first
        while last < segmentCount, self[segment: last].baseOffset < end { last += 1 }
        return first..<last
    }

    /// A new active segment; the old one is sealed.
    mutating func addSegment(baseOffset: Int64, at now: Int64) {
        active.becomeInactive()
        sealed.append(active)
        active = LogSegment(baseOffset: baseOffset, at: now)
    }

    /// Removes the segments from an index on. The one before becomes the last.
    /// Precondition: it is not the first.
    mutating func removeSegments(from index: Int) {
        guard index < segmentCount else { return }
        active = sealed[index - 1]
        sealed.removeSubrange((index - 1)...)
    }

    // MARK: What can happen to a disk

    /// Power is lost: the first batch that begins at or after the offset is gone, with all behind
    /// it, but for half of that batch if the write was torn; or only those of them that were not
    /// flushed. Later files of which nothing is left are gone too, or they are left with nothing in
    /// them. False when there is no such batch.
    @discardableResult
    public mutating func losePower(
        from offset: Int64, torn: Bool, leavingEmptyFiles: Bool, sparingFlushed: Bool = false
    ) -> Bool {
        if !leaderEpochsAreFlushed { loseLeaderEpochs() }
        var first: Int?
        for index in 0..<segmentCount {
            let segment = self[segment: index]
            let spared = sparingFlushed ? segment.flushedSize : 0
            let found = lowerBound(in: segment.batches.count) {
                segment.batches[$0].batch.baseOffset >= offset
                    && segment.batches.position(at: $0) >= spared
            }
            guard found < segment.batches.count else { continue }
            let half = torn && first == nil ? segment.batches[found].batch.sizeInBytes / 2 : 0
            self[segment: index].cut(at: found)
            self[segment: index].size += Int64(half)
            if first == nil { first = index }
        }
        guard let first else { return false }
        while !leavingEmptyFiles, segmentCount > first + 1, active.size == 0 {
            removeSegments(from: segmentCount - 1)
        }
        return true
    }

    /// A byte of the batch with this base offset changes. False when there is none.
    @discardableResult
    public mutating func corruptBatch(at baseOffset: Int64) -> Bool {
        guard let segment = floorIndex(of: baseOffset),
            let index = self[segment: segment].index(of: baseOffset),
            self[segment: segment].batches[index].batch.baseOffset == baseOffset
        else { return false }
        self[segment: segment].batches[index].batch.isIntact = false
        return true
    }

    /// The snapshot file at the offset cannot be read any more, or is gone. False if there is none.
    @discardableResult
    public mutating func loseSnapshot(at offset: Int64, leavingBrokenFile: Bool) -> Bool {
        leavingBrokenFile ? snapshots.corrupt(at: offset) : snapshots.remove(at: offset)
    }

    /// `leader-epoch-checkpoint` is gone.
    public mutating func loseLeaderEpochs() {
        leaderEpochs = []
        leaderEpochsAreFlushed = true
    }

    /// Where the first batch begins that a power loss may take; nil when all are flushed.
    public var firstUnflushedOffset: Int64? {
        for index in 0..<segmentCount {
            let segment = self[segment: index]
            guard segment.flushedSize < segment.size else { continue }
            let first = lowerBound(in: segment.batches.count) {
                segment.batches.position(at: $0) >= segment.flushedSize
            }
            if first < segment.batches.count { return segment.batches.baseOffset(at: first) }
        }
        return nil
    }
}
