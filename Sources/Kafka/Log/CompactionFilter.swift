/// What compaction leaves of a batch (Cleaner.cleanInto, MemoryRecords.filterTo).
struct CompactionFilter {
    let keys: CompactionKeys
    let firstUncleanableOffset: Int64
    let deleteRetentionMs: Int64
    let now: Int64

    /// Nil when nothing is left of it.
    func filter(
        _ batch: RecordBatch, canDiscard: Bool, isLastOfProducer: Bool
    ) -> RecordBatch? {
        // A marker goes only some time after its transaction, so that readers who began before
        // learn how it ended (KIP-534).
        let isPastHorizon = batch.deleteHorizon.map { $0 <= now } ?? false
        let discardsRecords = canDiscard && (!batch.isControl || isPastHorizon)
        // The last batch of the round shows where the log went on, even if nothing else does.
        let isKeptEmpty = isLastOfProducer || batch.nextOffset == firstUncleanableOffset
        if discardsRecords { return isKeptEmpty ? batch.emptied() : nil }
        if batch.isControl {
            guard case .endTransaction = batch.content else {
                return isKeptEmpty ? batch.emptied() : nil
            }
            let needsHorizon = canDiscard && batch.deleteHorizon == nil
            return needsHorizon ? batch.withDeleteHorizon(now + deleteRetentionMs) : batch
        }
        let records = batch.records
        let kept = records.filter { isKept($0, of: batch) }
        guard !kept.isEmpty else { return isKeptEmpty ? batch.emptied() : nil }
        let needsHorizon = batch.deleteHorizon == nil && kept.contains { $0.value == nil }
        guard needsHorizon || kept.count < records.count else { return batch }
        return batch.keeping(
            kept, deleteHorizon: needsHorizon ? now + deleteRetentionMs : batch.deleteHorizon)
    }

    /// The last value of its key; a tombstone until its time has come. What lies beyond the part
    /// that was read stays, and what has no key does not.
    private func isKept(_ record: Record, of batch: RecordBatch) -> Bool {
        let offset = batch.baseOffset + Int64(record.offsetDelta)
        guard offset <= keys.latestOffset else { return true }
        guard let key = record.key, offset >= keys.offset(of: key) ?? -1 else { return false }
        return record.value != nil || batch.deleteHorizon.map { now < $0 } ?? true
    }
}

extension RecordBatch {
    /// Only the header is left; it no longer says when it may go.
    func emptied() -> RecordBatch {
        var batch = self
        batch.content = .emptied
        batch.sizeInBytes = RecordBatch.headerSize
        batch.attributes.remove(.deleteHorizon)
        batch.baseTimestamp = Absent.timestamp
        batch.isIntact = true
        return batch
    }

    /// A marker whose transaction is gone: it may follow at that time.
    func withDeleteHorizon(_ horizon: Int64) -> RecordBatch {
        var batch = self
        batch.attributes.insert(.deleteHorizon)
        batch.baseTimestamp = horizon
        batch.sizeInBytes =
            RecordBatch.headerSize
            + sizeOfRecord(
                offsetDelta: 0, timestampDelta: maxTimestamp - horizon, keySize: 4, valueSize: 6,
                headersSize: 1)
        batch.isIntact = true
        return batch
    }

    /// The batch written again with some of its records. It spans the same offsets.
    func keeping(_ records: [Record], deleteHorizon: Int64?) -> RecordBatch {
        var batch = self
        batch.content = .spelled(records)
        batch.baseTimestamp = deleteHorizon ?? records[0].timestamp
        if deleteHorizon != nil { batch.attributes.insert(.deleteHorizon) }
        if !attributes.contains(.logAppendTime) {
            batch.maxTimestamp = records.reduce(Absent.timestamp) { max($0, $1.timestamp) }
        }
        batch.sizeInBytes = sizeOfBatch(records, baseTimestamp: batch.baseTimestamp)
        batch.isIntact = true
        return batch
    }
}
