/// Why the state of a log's producers cannot be read back from its batches. A log that is being
/// opened takes its directory offline, one that is being truncated fails its partition.
public enum LogReplayFailure: Error, Hashable, Sendable {
    /// A marker was read back that is no marker any more.
    case invalidRecord
    /// A plain batch of a producer lies in its open transaction.
    case invalidTransactionState
}

/// Takes the producers' state back to an offset: from the newest snapshot at or below it, and what
/// the log holds from there on (UnifiedLog.rebuildProducerState).
struct ProducerRebuild {
    /// How many of the log's segments are there to be read.
    var segmentCount: Int
    var logStart: Int64
    var end: Int64
    var afterCleanStop: Bool
    var expiration: Int64
    var now: Int64

    mutating func run(
        _ state: inout ProducerState, _ files: inout LogFiles
    ) throws(LogReplayFailure) {
        if files.snapshots.isEmpty, afterCleanStop {
            // No snapshot after a clean stop means a broker from before there were any: reading
            // the whole log would be too slow. Producers are forgotten.
            for offset in snapshotOffsets(files) { snapshot(&state, at: offset, &files) }
            return
        }
        let wasEmpty = state.isEmpty && state.endOffset >= end
        state.reload(
            from: &files.snapshots, logStart: logStart, logEnd: end, expiration: expiration,
            at: now)
        if end > state.endOffset, !wasEmpty { try replay(&state, &files) }
        snapshot(&state, at: end, &files)
    }

    /// Where snapshots are wanted: at the base of the last two segments and at the end, where a
    /// truncation is most likely to ask for one.
    private func snapshotOffsets(_ files: LogFiles) -> [Int64] {
        var offsets = files.baseOffsets(first: segmentCount).suffix(2)
        offsets.append(end)
        return Array(offsets)
    }

    private func snapshot(_ state: inout ProducerState, at offset: Int64, _ files: inout LogFiles) {
        state.setEndOffset(offset)
        state.takeSnapshot(into: &files.snapshots)
    }

    private func replay(
        _ state: inout ProducerState, _ files: inout LogFiles
    ) throws(LogReplayFailure) {
        let wanted = snapshotOffsets(files)
        let segments = files.indices(from: state.endOffset, to: end).clamped(to: 0..<segmentCount)
        for index in segments {
            files[segment: index].hasIndexFile = true
            let base = files[segment: index].baseOffset
            let start = max(base, state.endOffset, logStart)
            state.setEndOffset(start)
            if wanted.contains(base) { state.takeSnapshot(into: &files.snapshots) }
            let segment = files[segment: index]
            guard let first = segment.index(of: start) else { continue }
            let last =
                index + 1 == segments.upperBound
                ? segment.index(of: end) ?? segment.batches.count : segment.batches.count
            guard first < last else { continue }
            try takeIn(segment.batches, first..<last, &state)
        }
    }

    /// A segment's batches are taken in like one append: checked one after the other, then applied.
    private func takeIn(
        _ batches: BatchStore, _ range: Range<Int>, _ state: inout ProducerState
    ) throws(LogReplayFailure) {
        var appends: [ProducerAppend] = []
        var completed: [CompletedTransaction] = []
        for index in range {
            let batch = batches[index].batch
            guard batch.hasProducerID else { continue }
            // Nobody has checked the CRC of what recovery has not come to yet.
            if !batch.isIntact, batch.isControl {
                guard state.generation.has(.corruptMarkerLoad) else { throw .invalidRecord }
                continue
            }
            var append = appends.firstIndex { $0.producerID == batch.producerID }
            if append == nil {
                appends.append(state.prepareAppend(batch.producerID, origin: .replication))
                append = appends.count - 1
            }
            if let ended = try appends[append!].replay(batch) { completed.append(ended) }
            if batch.isTransactional { state.endVerification(by: batch) }
        }
        for append in appends { state.update(append) }
        for ended in completed { state.complete(ended) }
    }
}

extension ProducerAppend {
    /// A batch read back from the log. Where it lies is looked up only if a transaction needs it.
    mutating func replay(_ batch: RecordBatch) throws(LogReplayFailure) -> CompletedTransaction? {
        do throws(LogRefusal) {
            return try append(
                batch, at: LogOffsetMetadata(batch.baseOffset), transactionVersion: 0)
        } catch {
            precondition(error == .invalidTransactionState, "nothing else is checked of a replica")
            throw .invalidTransactionState
        }
    }
}

extension LogFiles {
    func baseOffsets(first count: Int) -> [Int64] {
        (0..<count).map { self[segment: $0].baseOffset }
    }
}
