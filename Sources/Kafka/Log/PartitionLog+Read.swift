/// How far a reader may read (FetchIsolation).
public enum FetchIsolation: Hashable, Sendable {
    /// Followers.
    case logEnd
    case highWatermark
    /// Consumers that want only what has been decided, `isolation.level = read_committed`.
    case committed
}

/// What a read found (FetchDataInfo).
public struct LogReadResult: Sendable {
    /// Where the read began: since KAFKA-17803, the base of the first batch.
    public var fetchOffset: LogOffsetMetadata
    /// Those that lie completely in what was read.
    public var batches: [RecordBatch] = []
    /// How much was read: it may end inside a batch.
    public var sizeInBytes: Int64 = 0
    /// Not even the first batch fitted.
    public var firstEntryIncomplete = false
    /// What a reader of committed records must leave out; nil unless it is one.
    public var abortedTransactions: [AbortedTransaction]?
}

extension PartitionLog {
    /// Reads from the segment that holds the offset, and no further than it goes: whole batches,
    /// beginning with the one that holds the offset. `atLeastOne` lets a first batch through that
    /// is larger than `maxBytes`. Between what the isolation lets be seen and the log's end there
    /// is nothing to read; beyond the end is an error.
    public mutating func read(
        from offset: Int64, maxBytes: Int64, isolation: FetchIsolation, atLeastOne: Bool
    ) -> Result<LogReadResult, LogRefusal> {
        guard offset >= logStartOffset else { return .failure(.offsetOutOfRange) }
        let isCommitted = isolation == .committed
        let limit: LogOffsetMetadata
        switch isolation {
        case .logEnd: limit = end
        case .highWatermark: limit = locatedHighWatermark()
        case .committed: limit = locatedLastStableOffset()
        }
        guard offset <= endOffset, let floor = files.floorIndex(of: offset) else {
            return .failure(.offsetOutOfRange)
        }
        if offset >= limit.messageOffset {
            guard let located = offset == limit.messageOffset ? limit : try? locate(offset) else {
                return .failure(.offsetOutOfRange)
            }
            return .success(
                LogReadResult(
                    fetchOffset: located, abortedTransactions: isCommitted ? [] : nil))
        }
        for segment in floor..<files.segmentCount {
            guard let index = files.lookUp(offset, in: segment) else { continue }
            var result = read(
                segment, from: index, offset, limit: limit, maxBytes: maxBytes,
                atLeastOne: atLeastOne)
            if isCommitted {
                result.abortedTransactions = abortedTransactions(
                    from: offset, in: segment, position: result.fetchOffset.position,
                    size: result.sizeInBytes)
            }
            return .success(result)
        }
        return .success(LogReadResult(fetchOffset: end))
    }

    private func read(
        _ segment: Int, from first: Int, _ offset: Int64, limit: LogOffsetMetadata,
        maxBytes: Int64, atLeastOne: Bool
    ) -> LogReadResult {
        var result = LogReadResult(
            fetchOffset: metadata(of: offset, segment: segment, index: first))
        files.withSegment(segment) {
            $0.read(
                from: first, limit: limit, maxBytes: maxBytes, atLeastOne: atLeastOne, &result)
        }
        return result
    }

    /// The aborted transactions that touch what was read: up to the first index entry behind it,
    /// or the end of the segment, which may be more than is needed.
    private func abortedTransactions(
        from offset: Int64, in segment: Int, position: Int64, size: Int64
    ) -> [AbortedTransaction] {
        let following =
            segment + 1 < files.segmentCount
            ? files[segment: segment + 1].baseOffset : endOffset
        let upperBound =
            files[segment: segment].offsetIndex.upperBound(ofFetchAt: position, size: size)
            ?? following
        return abortedTransactions(from: offset, below: upperBound, startingIn: segment)
    }

    /// From the index of one segment and those after it, until one says that it is enough.
    func abortedTransactions(
        from offset: Int64, below upperBound: Int64, startingIn segment: Int
    ) -> [AbortedTransaction] {
        var found: [AbortedTransaction] = []
        for index in segment..<files.segmentCount {
            let isComplete = files[segment: index].transactionIndex.collect(
                from: offset, below: upperBound, into: &found)
            if isComplete { break }
        }
        return found
    }
}

extension LogSegment {
    /// Whole batches, as many as fit.
    @inline(__always)
    fileprivate func read(
        from first: Int, limit: LogOffsetMetadata, maxBytes: Int64, atLeastOne: Bool,
        _ result: inout LogReadResult
    ) {
        let start = batches.position(at: first)
        let firstSize = batches.sizeInBytes(at: first)
        let room = atLeastOne ? max(maxBytes, firstSize) : maxBytes
        guard room > 0, let endPosition = endPosition(of: limit) else { return }
        let size = max(0, min(endPosition - start, room))
        result.sizeInBytes = size
        result.firstEntryIncomplete = room < firstSize
        var index = first
        while index < batches.count {
            let end = batches.position(at: index) + batches.sizeInBytes(at: index)
            guard end <= start + size else { break }
            if index == first {
                result.batches = [batches.batch(at: index)]
            } else {
                result.batches.append(batches.batch(at: index))
            }
            index += 1
        }
    }

    /// How far it may be read; nil when not at all, or when that is not known.
    @inline(__always)
    private func endPosition(of limit: LogOffsetMetadata) -> Int64? {
        if baseOffset < limit.segmentBaseOffset { return size }
        guard baseOffset == limit.segmentBaseOffset, !limit.isOffsetOnly else { return nil }
        return min(limit.position, size)
    }
}
