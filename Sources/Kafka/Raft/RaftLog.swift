import Kernel

/// The metadata log of one Raft process, its epochs and its snapshots (KafkaRaftLog).
///
/// What is old is shared by all copies; appending and reading the newest batch cost the same
/// however long the log is. The log survives the process: `reopen` is what a new one finds.
///
/// Kafka cuts a log at the start of the batch that holds the offset, but counts from the offset
/// itself, so a gap may lie between the last batch and `end`; the next batch begins at `end`.
///
/// Invariant: start <= highWatermark <= end; batches ascend without overlap; snapshots ascend.
public struct RaftLog: Equatable, Sendable {
    /// A file of the log: only whole files are deleted, so what lies before `start` in the oldest
    /// one comes back when the log is opened again.
    struct SegmentFile: Equatable, Sendable {
        let base: Int64
        /// The index of its first batch.
        let firstBatch: Int
        var bytes: Int64
    }

    /// The offset of the first record that may be read.
    public internal(set) var start: Int64 = 0
    /// The offset that the next record gets.
    public internal(set) var end: Int64 = 0
    /// Below it everything is committed, as far as this log has been told.
    public internal(set) var highWatermark: Int64 = 0
    /// Where each epoch begins.
    public internal(set) var epochs = EpochCache()
    /// By id, oldest first.
    public internal(set) var snapshots: [RaftSnapshot] = []

    @usableFromInline var batches = SegmentedArray<RaftBatch>()
    /// The offsets of the newest batch, which nearly all reads are after; empty if there is none.
    @usableFromInline var newest: Range<Int64> = 0..<0
    var files: [SegmentFile]
    /// `metadata.log.segment.bytes`.
    let segmentBytes: Int64

    public init(segmentBytes: Int64 = 1 << 30) {
        self.segmentBytes = segmentBytes
        files = [SegmentFile(base: 0, firstBatch: 0, bytes: 0)]
    }

    /// The log that a process finds on its disk.
    public init(
        start: Int64, batches: [RaftBatch], snapshots: [RaftSnapshot] = [],
        segmentBytes: Int64 = 1 << 30
    ) {
        self.segmentBytes = segmentBytes
        self.start = start
        end = start
        files = [SegmentFile(base: start, firstBatch: 0, bytes: 0)]
        self.snapshots = snapshots.sorted { $0.id < $1.id }
        for batch in batches { write(batch) }
        reopen()
    }

    /// How many batches there are, from `start` or the segment that holds it.
    public var batchCount: Int { batches.count }

    public var sizeInBytes: Int64 { files.reduce(0) { $0 + $1.bytes } }

    /// The epoch of the last record, or of an election that found the log at its end; that of the
    /// latest snapshot if the log is empty behind it. Precondition: it is known.
    @inlinable
    public var lastEpoch: Int32 {
        if let latest = epochs.latest { return latest }
        guard let snapshot = snapshots.last else { return 0 }
        precondition(snapshot.id.offset == start && start == end, "the last epoch is not known")
        return snapshot.id.epoch
    }

    /// Kafka cannot tell the last epoch of such a log, and fails (KafkaRaftLog.lastFetchedEpoch): a
    /// truncation has taken the only epoch that it knew, which began where the snapshot ends, and
    /// since the process started anew the log begins before that.
    public var lacksEpoch: Bool {
        guard epochs.latest == nil, let snapshot = snapshots.last else { return false }
        return snapshot.id.offset != start || start != end
    }

    /// Kafka does not: what was before the end was of the snapshot's epoch.
    mutating func takeLastEpochFromSnapshot() {
        guard let snapshot = snapshots.last else { return }
        epochs.assign(snapshot.id.epoch, at: min(snapshot.id.offset, end))
    }

    /// How long and how new this log is, as candidates compare it.
    @inlinable
    public var endOffsetAndEpoch: OffsetAndEpoch { OffsetAndEpoch(end, lastEpoch) }
}

// MARK: Writing

extension RaftLog {
    /// Why a follower could not append what it fetched.
    public enum AppendRefusal: Error, Hashable, Sendable {
        /// CORRUPT_MESSAGE: no batch is left when those of later epochs are left out.
        case nothingUsable
        /// UnexpectedAppendOffsetException: the first batch begins before the end.
        case beforeEnd
    }

    /// Writes a batch as leader. Precondition: it begins at `end`.
    public mutating func append(_ batch: RaftBatch) {
        precondition(batch.baseOffset == end, "a leader appends at its end")
        write(batch)
    }

    /// Writes what a follower fetched while it was in `epoch`. Batches from the first one of a
    /// later epoch on are left out: they came from a leader that this follower does not follow yet
    /// (KAFKA-18723).
    public mutating func append(
        fetched batches: [RaftBatch], inEpoch epoch: Int32
    ) -> AppendRefusal? {
        let usable = batches.prefix { $0.epoch <= epoch }
        guard let first = usable.first else { return .nothingUsable }
        if first.baseOffset < end { return .beforeEnd }
        for batch in usable { write(batch) }
        return nil
    }

    /// How many bytes those of the fetched batches are that have just been written.
    func bytes(ofLast fetched: [RaftBatch]) -> Int64 {
        var bytes: Int64 = 0
        for index in fetched.indices where fetched[index].endOffset <= end {
            bytes += Int64(fetched[index].sizeInBytes)
        }
        return bytes
    }

    /// The leader of `epoch` begins at the end of the log.
    public mutating func initializeLeaderEpoch(_ epoch: Int32) {
        epochs.assign(epoch, at: end)
    }

    mutating func write(_ batch: RaftBatch) {
        let bytes = Int64(batch.sizeInBytes)
        if let file = files.last, file.bytes > 0, file.bytes + bytes > segmentBytes {
            files.append(SegmentFile(base: end, firstBatch: batches.endIndex, bytes: 0))
        }
        if batch.epoch != epochs.latest { epochs.assign(batch.epoch, at: batch.baseOffset) }
        files[files.count - 1].bytes += bytes
        end = batch.endOffset
        newest = batch.baseOffset..<end
        batches.append(batch)
    }

    /// After batches have gone from the end.
    mutating func findNewest() {
        guard batches.endIndex > batches.startIndex else {
            newest = 0..<0
            return
        }
        let batch = batches[batches.endIndex - 1]
        newest = batch.baseOffset..<batch.endOffset
    }

    /// Sets what is known to be committed. It is kept inside the log, and at the start of a batch.
    public mutating func updateHighWatermark(_ offset: Int64) {
        highWatermark = offset >= end ? end : readStart(for: max(offset, start))
    }
}

// MARK: Reading

extension RaftLog {
    /// The index of the first batch that ends after `offset`. Batches are of similar lengths, so
    /// the search begins where it would be if all were the same, and widens from there.
    @usableFromInline
    func firstBatch(endingAfter offset: Int64) -> Int {
        if offset >= newest.upperBound { return batches.endIndex }
        // Followers and listeners read what is new.
        if offset >= newest.lowerBound { return batches.endIndex - 1 }
        let first = batches[batches.startIndex].baseOffset
        if offset <= first { return batches.startIndex }
        let share = (offset - first) * Int64(batches.count) / (newest.upperBound - first)
        var low = batches.startIndex
        var high = batches.startIndex + Int(share)
        var step = 1
        if batches[high].endOffset > offset {
            while high - step >= low, batches[high - step].endOffset > offset {
                high -= step
                step *= 2
            }
            low = max(low, high - step + 1)
        } else {
            low = high + 1
            high = batches.endIndex - 1
            while low + step <= high, batches[low + step - 1].endOffset <= offset {
                low += step
                step *= 2
            }
            high = min(high, low + step - 1)
        }
        while low < high {
            let middle = low + (high - low) / 2
            if batches[middle].endOffset > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Where a read at `offset` really begins: at the start of the batch that holds it, or of the
    /// next one behind a gap; at `end` if there is none.
    public func readStart(for offset: Int64) -> Int64 {
        let index = firstBatch(endingAfter: offset)
        return index < batches.endIndex ? batches[index].baseOffset : end
    }

    /// Every batch from the one that holds `from` to the last that begins before `to`.
    @inlinable
    @inline(__always)
    public func forEachBatch(from: Int64, to: Int64, _ body: (RaftBatch) -> Void) {
        var index =
            newest.contains(from) ? batches.endIndex - 1 : firstBatch(endingAfter: from)
        while index < batches.endIndex, batches[index].baseOffset < to {
            body(batches[index])
            index += 1
        }
    }

    /// Batches from the one that holds `offset` on: as many as fit into `maxBytes`, but at least
    /// one, and from one segment file only; none at or above `limit`.
    public func read(
        from offset: Int64, upTo limit: Int64 = .max, maxBytes: Int32 = .max
    ) -> [RaftBatch] {
        guard offset < min(end, limit) else { return [] }
        let first = firstBatch(endingAfter: offset)
        let stop = endOfFile(holding: first)
        var last = first
        var left = Int64(maxBytes)
        while last < stop {
            let batch = batches[last]
            left -= Int64(batch.sizeInBytes)
            if batch.baseOffset >= limit || (left < 0 && last > first) { break }
            last += 1
        }
        if last == first { return [] }
        if last == first + 1 { return [batches[first]] }
        return Array(batches[first..<last])
    }

    private func endOfFile(holding batch: Int) -> Int {
        if batch >= files[files.count - 1].firstBatch { return batches.endIndex }
        let next = Kafka.firstIndex(in: files) { $0.firstBatch > batch }
        return files[next].firstBatch
    }
}
