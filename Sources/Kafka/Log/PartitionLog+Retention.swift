/// Deleting old segments: whole ones, from the log's head, none at or above the high watermark.
extension PartitionLog {
    /// What the retention task does every `log.retention.check.interval.ms`: first what lies below
    /// the log start, then what is too much, then what is too old; the latter two only where the
    /// policy is to delete. How many segments went.
    @discardableResult
    public mutating func deleteOldSegments(at now: Int64) -> Int {
        var deleted = deleteSegmentsBelowLogStart(at: now)
        guard config.cleanupPolicy.contains(.delete) else { return deleted }
        deleted += deleteSegmentsBeyondRetentionSize(at: now)
        deleted += deleteSegmentsBeyondRetentionTime(at: now)
        return deleted
    }

    private mutating func deleteSegmentsBelowLogStart(at now: Int64) -> Int {
        let start = logStartOffset
        return deleteSegments(at: now) { log, index in
            index + 1 < log.files.segmentCount && log.files[segment: index + 1].baseOffset <= start
        }
    }

    private mutating func deleteSegmentsBeyondRetentionSize(at now: Int64) -> Int {
        guard config.retentionBytes >= 0, size >= config.retentionBytes else { return 0 }
        var excess = size - config.retentionBytes
        return deleteSegments(at: now) { log, index in
            let size = log.files[segment: index].size
            guard excess >= size else { return false }
            excess -= size
            return true
        }
    }

    private mutating func deleteSegmentsBeyondRetentionTime(at now: Int64) -> Int {
        let limit = config.retentionMs
        guard limit >= 0 else { return 0 }
        return deleteSegments(at: now) { log, index in
            now - log.files[segment: index].largestTimestamp > limit
        }
    }

    /// Deletes segments from the first on as long as the test holds. An empty active segment
    /// stays; if all others and it are to go, a new one is rolled first.
    private mutating func deleteSegments(
        at now: Int64, while isDeletable: (PartitionLog, Int) -> Bool
    ) -> Int {
        var count = 0
        while count < files.segmentCount {
            let isLast = count + 1 == files.segmentCount
            let upperBound = isLast ? endOffset : files[segment: count + 1].baseOffset
            guard highWatermark >= upperBound, isDeletable(self, count) else { break }
            if isLast, files.active.size == 0 { break }
            count += 1
        }
        guard count > 0 else { return 0 }
        if count == files.segmentCount { roll(at: now) }
        let removed = (0..<count).map { files[segment: $0].baseOffset }
        let newStart = files[segment: count].baseOffset
        guard case .success = maybeIncrementLogStart(to: newStart) else {
            preconditionFailure("only segments below the high watermark are deleted")
        }
        files.sealed.removeFirst(count)
        for offset in removed { files.snapshots.remove(at: offset) }
        return count
    }
}
