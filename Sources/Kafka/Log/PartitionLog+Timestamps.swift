/// An offset that a query found.
public struct TimestampedOffset: Hashable, Sendable {
    public var offset: Int64
    /// -1 where the query was not about time.
    public var timestamp: Int64
    /// The epoch that wrote it, if known.
    public var leaderEpoch: Int32?
}

extension PartitionLog {
    public mutating func offset(for query: OffsetQuery) -> TimestampedOffset? {
        switch query {
        case .earliest, .earliestLocal:
            let first = leaderEpochs.earliest.flatMap {
                $0.startOffset <= logStartOffset ? $0.epoch : nil
            }
            return TimestampedOffset(
                offset: logStartOffset, timestamp: Absent.timestamp, leaderEpoch: first)
        case .latest:
            return TimestampedOffset(
                offset: endOffset, timestamp: Absent.timestamp,
                leaderEpoch: leaderEpochs.latest?.epoch)
        case .latestTiered, .earliestPendingUpload:
            return TimestampedOffset(
                offset: -1, timestamp: Absent.timestamp, leaderEpoch: Absent.leaderEpoch)
        case .maxTimestamp: return offsetOfMaxTimestamp()
        case .timestamp(let target): return firstOffset(notOlderThan: target)
        }
    }

    private mutating func offsetOfMaxTimestamp() -> TimestampedOffset? {
        var latest = 0
        for index in 1..<files.segmentCount
        where files[segment: index].maxTimestampSoFar > files[segment: latest].maxTimestampSoFar {
            latest = index
        }
        files[segment: latest].hasIndexFile = true
        let target = files[segment: latest].maxTimestampSoFar
        let batches = files[segment: latest].batches
        let index = batches.firstIndex(notOlderThan: target)
        guard index < batches.count else { return nil }
        return found(in: batches[index].batch, from: .min, notOlderThan: target)
    }

    /// Kafka looks into one segment only: the first whose largest timestamp is not older. If no
    /// record there is at or above the log start, it finds nothing, though a later segment may
    /// have one.
    private mutating func firstOffset(notOlderThan target: Int64) -> TimestampedOffset? {
        guard
            let found = (0..<files.segmentCount).first(where: {
                files[segment: $0].largestTimestamp >= target
            })
        else { return nil }
        files[segment: found].hasIndexFile = true
        let batches = files[segment: found].batches
        var index = max(
            batches.firstIndex(notOlderThan: target),
            batches.firstIndex(endingFrom: logStartOffset))
        while index < batches.count {
            let batch = batches[index].batch
            if batch.maxTimestamp >= target,
                let hit = self.found(in: batch, from: logStartOffset, notOlderThan: target)
            {
                return hit
            }
            index += 1
        }
        return nil
    }

    private func found(
        in batch: RecordBatch, from start: Int64, notOlderThan target: Int64
    ) -> TimestampedOffset? {
        batch.firstRecord(from: start, notOlderThan: target).map {
            TimestampedOffset(
                offset: $0.offset, timestamp: $0.timestamp,
                leaderEpoch: batch.leaderEpoch == Absent.leaderEpoch ? nil : batch.leaderEpoch)
        }
    }
}
