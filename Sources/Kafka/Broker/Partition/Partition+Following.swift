import Kernel

/// What a follower does with its log.
extension Partition {
    /// Where it begins to copy as far as it can tell itself: a log with leader epochs at its end,
    /// because the leader will find out where the two part; one without at its high watermark.
    public var initialFetchOffset: Int64 {
        log.leaderEpochs.latest == nil ? log.highWatermark : log.endOffset
    }

    /// Appends what was fetched from the leader of that epoch. A log that is empty may begin anew
    /// at an earlier offset: the leader's log start may lie inside of its first batch, which comes
    /// whole.
    mutating func appendAsFollower(
        _ batches: [RecordBatch], leaderEpoch: Int32, at now: Int64
    ) -> Result<LogAppendInfo, LogRefusal> {
        let result = log.appendAsFollower(batches, leaderEpoch: leaderEpoch, at: now)
        guard case .failure(.unexpectedAppendOffset(let first, let last)) = result, log.isEmpty,
            first < log.endOffset, last >= log.endOffset
        else { return result }
        log.truncateFully(to: first, at: now)
        return log.appendAsFollower(batches, leaderEpoch: leaderEpoch, at: now)
    }
}
