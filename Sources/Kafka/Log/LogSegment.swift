/// A batch where it lies in its segment's file.
public struct StoredBatch: Equatable, Sendable {
    public var batch: RecordBatch
    public var position: Int64
    /// The largest timestamp of this batch and those before it in the segment.
    public var maxTimestampSoFar: Int64
}

/// A segment of a partition's log: a run of batches and what is indexed of them (LogSegment).
///
/// Invariant: batches lie one behind the other from position 0; what follows them up to `size` is
/// the torn rest of a write that a power loss cut short.
public struct LogSegment: Sendable {
    public let baseOffset: Int64
    public internal(set) var batches = BatchStore()
    public internal(set) var size: Int64 = 0
    /// How much of the file is certain to survive a power loss.
    public internal(set) var flushedSize: Int64 = 0
    var offsetIndex = OffsetIndex()
    var bytesSinceIndexEntry: Int64 = 0
    public internal(set) var transactionIndex = TransactionIndex()
    /// When the segment object was made, which a restart does again.
    var created: Int64
    public internal(set) var lastModified: Int64
    /// Kafka makes an index file when the index is first touched. A segment that a process dies
    /// with before that is recovered on its own, before all others (LogLoader.loadSegmentFiles).
    var hasIndexFile = false

    init(baseOffset: Int64, at now: Int64) {
        self.baseOffset = baseOffset
        nextOffset = baseOffset
        created = now
        lastModified = now
    }

    /// The offset after its last batch; its base offset when it is empty (readNextOffset).
    public private(set) var nextOffset: Int64
    /// -1 when it has no batch, or none with a timestamp.
    public private(set) var maxTimestampSoFar = Absent.timestamp
    /// From which time-based rolling counts.
    private(set) var firstBatchTimestamp: Int64?

    /// By what retention judges its age: its largest timestamp, or if there is none, when its file
    /// was last written.
    public var largestTimestamp: Int64 {
        maxTimestampSoFar >= 0 ? maxTimestampSoFar : lastModified
    }

    /// Offsets in a segment are held as 32 bits relative to its base.
    func canHold(_ offset: Int64) -> Bool {
        offset >= baseOffset && offset - baseOffset <= Int64(Int32.max)
    }

    /// The first batch that ends at or after the offset (FileRecords.searchForOffsetWithSize).
    func index(of offset: Int64) -> Int? {
        guard offset < nextOffset, !batches.isEmpty else { return nil }
        return batches.firstIndex(endingFrom: offset)
    }

    /// Milliseconds by record timestamps, or by the clock when the first record has none.
    func timeWaitedForRoll(_ maxTimestamp: Int64, at now: Int64) -> Int64 {
        if let first = firstBatchTimestamp, first >= 0 { return maxTimestamp &- first }
        return now - created
    }

    mutating func append(
        _ appended: some Collection<RecordBatch>, indexInterval: Int64, at now: Int64
    ) {
        hasIndexFile = true
        for batch in appended {
            if bytesSinceIndexEntry > indexInterval {
                offsetIndex.append(offset: batch.lastOffset, position: size)
                bytesSinceIndexEntry = 0
            }
            store(batch)
            bytesSinceIndexEntry += Int64(batch.sizeInBytes)
        }
        lastModified = now
    }

    private mutating func store(_ batch: RecordBatch) {
        maxTimestampSoFar = max(maxTimestampSoFar, batch.maxTimestamp)
        if firstBatchTimestamp == nil { firstBatchTimestamp = batch.maxTimestamp }
        nextOffset = batch.nextOffset
        batches.append(
            StoredBatch(batch: batch, position: size, maxTimestampSoFar: maxTimestampSoFar))
        size += Int64(batch.sizeInBytes)
    }

    /// Removes every batch that ends at or after the offset; how many bytes that were.
    @discardableResult
    mutating func truncate(to offset: Int64, at now: Int64) -> Int64 {
        offsetIndex.truncate(to: offset)
        transactionIndex.truncate(to: offset)
        hasIndexFile = true
        let before = size
        if let index = index(of: offset) { cut(at: index) }
        if size == 0 { created = now }
        if size != before { lastModified = now }
        bytesSinceIndexEntry = 0
        return before - size
    }

    /// The file ends before the batch at the index.
    mutating func cut(at index: Int) {
        batches.removeSuffix(from: index)
        defer { flushedSize = min(flushedSize, size) }
        guard index > 0 else {
            size = 0
            nextOffset = baseOffset
            maxTimestampSoFar = Absent.timestamp
            firstBatchTimestamp = nil
            return
        }
        let last = batches[index - 1]
        size = last.position + Int64(last.batch.sizeInBytes)
        nextOffset = last.batch.nextOffset
        maxTimestampSoFar = last.maxTimestampSoFar
    }

    mutating func flush() {
        flushedSize = size
        hasIndexFile = true
    }

    /// It was active, now another is.
    mutating func becomeInactive() { hasIndexFile = true }
}
