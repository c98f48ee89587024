import Kernel

/// What came of what was fetched for one partition.
struct FetchedOutcome: Sendable {
    enum Outcome: Sendable {
        /// The log goes on at that offset; nil: nothing was appended.
        case taken(next: Int64, lastEpoch: Int32?)
        /// There is a batch that is not what was written: nothing was appended.
        case corrupt
        case failed
    }

    var outcome: Outcome
    var highWatermarkMoved = false
    var logStartMoved = false
}

extension Partition {
    /// Appends what was fetched, and learns from it how far the leader's log is committed and where
    /// it begins (ReplicaFetcherThread.processPartitionData).
    fileprivate mutating func takeFetched(
        _ reply: FetchPartitionReply, from offset: Int64, newestEpoch: Int32, at now: Int64
    ) -> FetchedOutcome {
        guard offset == log.endOffset else { return FetchedOutcome(outcome: .failed) }
        var fetched: FetchedOutcome
        switch appendAsFollower(reply.batches, leaderEpoch: newestEpoch, at: now) {
        case .success(let info) where info.validBytes > 0:
            let epoch = log.leaderEpochs.latest?.epoch
            fetched = FetchedOutcome(
                outcome: .taken(next: info.lastOffset + 1, lastEpoch: epoch))
        case .success: fetched = FetchedOutcome(outcome: .taken(next: offset, lastEpoch: nil))
        case .failure(.corruptMessage), .failure(.invalidRecord):
            return FetchedOutcome(outcome: .corrupt)
        case .failure: return FetchedOutcome(outcome: .failed)
        }
        fetched.highWatermarkMoved = log.maybeUpdateHighWatermark(reply.highWatermark) != nil
        switch log.maybeIncrementLogStart(to: reply.logStartOffset) {
        case .success(let hasMoved): fetched.logStartMoved = hasMoved
        case .failure: fetched.outcome = .failed
        }
        return fetched
    }
}

/// The logs that this broker's fetchers read and write.
extension ReplicaManager {
    func latestEpoch(of partition: TopicIDPartition) -> Int32? {
        partitions.look(partition) { $0.log.leaderEpochs.latest?.epoch } ?? nil
    }

    func logEnd(of partition: TopicIDPartition) -> Int64 {
        partitions.look(partition) { $0.log.endOffset } ?? 0
    }

    func endOffset(ofEpoch epoch: Int32, _ partition: TopicIDPartition) -> EpochEndOffset? {
        partitions.look(partition) { $0.log.endOffset(forEpoch: epoch) } ?? nil
    }

    mutating func append(
        _ reply: FetchPartitionReply, from offset: Int64, newestEpoch: Int32, at now: Int64,
        _ effects: inout FetcherEffects
    ) -> FetchedOutcome {
        guard let place = partitions.place(of: reply.partition) else {
            return FetchedOutcome(outcome: .failed)
        }
        let fetched = partitions[place].takeFetched(
            reply, from: offset, newestEpoch: newestEpoch, at: now)
        handOverTasks(of: place, &effects)
        return fetched
    }

    /// False if it could not be done.
    mutating func truncate(
        _ id: TopicIDPartition, to offset: Int64, at now: Int64, _ effects: inout FetcherEffects
    ) -> Bool {
        guard let place = partitions.place(of: id) else { return false }
        let end = partitions[place].log.endOffset
        do throws(LogReplayFailure) {
            let hasTruncated = try partitions[place].log.truncate(to: offset, at: now)
            if hasTruncated { effects.append(.note(.truncated(id, end: end, to: offset))) }
        } catch {
            return false
        }
        handOverTasks(of: place, &effects)
        return true
    }

    mutating func truncateFully(
        _ id: TopicIDPartition, to offset: Int64, at now: Int64, _ effects: inout FetcherEffects
    ) {
        guard let place = partitions.place(of: id) else {
            preconditionFailure("a fetcher writes to a replica that is not here")
        }
        partitions[place].log.truncateFully(to: offset, at: now)
        effects.append(.note(.startedAnew(id, at: offset)))
        handOverTasks(of: place, &effects)
    }

    private mutating func handOverTasks(
        of place: HostedPartitions.Place, _ effects: inout FetcherEffects
    ) {
        guard partitions[place].log.hasTasks else { return }
        let id = partitions[place].id
        for task in partitions[place].log.takeTasks() { effects.append(.logTask(id, task)) }
    }
}
