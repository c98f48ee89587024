/// One round of compaction of one log (Cleaner): reads the dirty part for the last offset of each
/// key, then writes all segments up to there again without what is outdated.
struct LogCleaner {
    let firstDirtyOffset: Int64
    let firstUncleanableOffset: Int64
    let now: Int64

    /// Up to where the log is clean now.
    func clean(_ log: inout PartitionLog) -> Int64 {
        let keys = readKeys(log)
        let cleanedTo = keys.latestOffset + 1
        var transactions = CompactionTransactions()
        // Each merge moves the groups behind it forward.
        var merged = 0
        for group in groups(log, below: cleanedTo) {
            let range = group.lowerBound - merged..<group.upperBound - merged
            rewrite(range, of: &log, keys, &transactions)
            merged += group.count - 1
        }
        return cleanedTo
    }

    // MARK: Reading

    private func readKeys(_ log: PartitionLog) -> CompactionKeys {
        var keys = CompactionKeys(slots: log.config.cleanerMapSlots)
        let dirty = log.files.indices(from: firstDirtyOffset, to: firstUncleanableOffset)
        var transactions = CompactionTransactions()
        if let floor = log.files.floorIndex(of: firstDirtyOffset) {
            transactions.add(
                log.abortedTransactions(
                    from: firstDirtyOffset, below: firstUncleanableOffset, startingIn: floor))
        }
        for index in dirty {
            let batches = log.files[segment: index].batches
            for position in 0..<batches.count {
                let batch = batches[position].batch
                guard put(batch, into: &keys, &transactions) else { return keys }
                if batch.lastOffset >= firstDirtyOffset { keys.advance(to: batch.lastOffset) }
            }
            let end =
                index + 1 < dirty.upperBound
                ? log.files[segment: index + 1].baseOffset : firstUncleanableOffset
            keys.advance(to: end - 1)
        }
        return keys
    }

    /// False when the map is full: what was read of the batch stays in it.
    private func put(
        _ batch: RecordBatch, into keys: inout CompactionKeys,
        _ transactions: inout CompactionTransactions
    ) -> Bool {
        let isDiscarded = transactions.canDiscard(batch)
        guard !batch.isControl, !isDiscarded else { return true }
        for record in batch.records {
            let offset = batch.baseOffset + Int64(record.offsetDelta)
            guard let key = record.key, offset >= firstDirtyOffset else { continue }
            guard keys.put(key, at: offset) else { return false }
        }
        return true
    }

    // MARK: Writing

    /// Neighbours are merged into one segment as long as they fit into one.
    private func groups(_ log: PartitionLog, below end: Int64) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        let all = log.files.indices(from: 0, to: end)
        var first = all.lowerBound
        while first < all.upperBound {
            var size = log.files[segment: first].size
            var next = first + 1
            while next < all.upperBound {
                let segment = log.files[segment: next]
                // For the last segment, the first uncleanable offset stands for the next base.
                let last =
                    next + 1 < all.upperBound
                    ? log.files[segment: next + 1].baseOffset - 1 : firstUncleanableOffset - 1
                let span = last - log.files[segment: next - 1].baseOffset
                guard size + segment.size <= log.config.segmentBytes,
                    segment.size == 0 || span <= Int64(Int32.max)
                else { break }
                size += segment.size
                next += 1
            }
            groups.append(first..<next)
            first = next
        }
        return groups
    }

    private func rewrite(
        _ range: Range<Int>, of log: inout PartitionLog, _ keys: CompactionKeys,
        _ transactions: inout CompactionTransactions
    ) {
        let base = log.files[segment: range.lowerBound].baseOffset
        var cleaned = LogSegment(baseOffset: base, at: now)
        transactions.beginSegment()
        for index in range {
            let segment = log.files[segment: index]
            let end =
                index + 1 < range.upperBound
                ? log.files[segment: index + 1].baseOffset : segment.nextOffset
            transactions.add(
                log.abortedTransactions(
                    from: segment.baseOffset, below: end, startingIn: index))
            append(segment.batches, of: log, to: &cleaned, keys, &transactions)
        }
        for transaction in transactions.kept { cleaned.transactionIndex.append(transaction) }
        cleaned.becomeInactive()
        cleaned.flush()
        cleaned.lastModified = log.files[segment: range.upperBound - 1].lastModified
        for index in range.dropFirst() {
            log.files.snapshots.remove(at: log.files[segment: index].baseOffset)
        }
        log.files.replaceSealed(range, with: cleaned)
    }

    private func append(
        _ batches: BatchStore, of log: PartitionLog, to cleaned: inout LogSegment,
        _ keys: CompactionKeys, _ transactions: inout CompactionTransactions
    ) {
        var kept: [RecordBatch] = []
        let filter = CompactionFilter(
            keys: keys, firstUncleanableOffset: firstUncleanableOffset,
            deleteRetentionMs: log.config.deleteRetentionMs, now: now)
        for index in 0..<batches.count {
            let batch = batches[index].batch
            let canDiscard = transactions.canDiscard(batch)
            let isLast = isLastOfProducer(batch, log.producers)
            guard let rest = filter.filter(batch, canDiscard: canDiscard, isLastOfProducer: isLast)
            else { continue }
            kept.append(rest)
        }
        guard !kept.isEmpty else { return }
        cleaned.append(kept, indexInterval: log.config.indexIntervalBytes, at: now)
    }

    /// The batch holds the last sequence of a producer that is still active, or if it has none,
    /// its epoch: gone with the batch, a restart would forget it.
    private func isLastOfProducer(_ batch: RecordBatch, _ state: ProducerState) -> Bool {
        guard batch.hasProducerID, let entry = state.producers[batch.producerID] else {
            return false
        }
        if let last = entry.lastDataOffset { return batch.lastOffset == last }
        return batch.isControl && batch.producerEpoch == entry.producerEpoch
    }
}

extension LogFiles {
    mutating func replaceSealed(_ range: Range<Int>, with segment: LogSegment) {
        sealed.replaceSubrange(range, with: CollectionOfOne(segment))
    }
}
