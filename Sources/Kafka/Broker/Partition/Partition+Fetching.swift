import Kernel

/// What a follower's fetch tells of it, and what was true when it was read. Kafka lets go of the
/// partition's lock between the two steps.
struct FetchedProgress: Sendable {
    /// The record of the follower at the time.
    var follower: FollowerProgress
    var leaderEpoch: Int32
    var start: LogOffsetMetadata
    var logStart: Int64
    var leaderEnd: Int64
    var brokerEpoch: Int64
    var readAt: Instant
}

/// How far one partition's part of a fetch may go.
struct ReadLimit: Sendable {
    var bytes: Int64
    /// A first batch that is larger comes all the same.
    var atLeastOne: Bool
}

extension Fetcher {
    var isolation: FetchIsolation {
        switch self {
        case .follower: .logEnd
        case .consumer(_, .uncommitted, _): .highWatermark
        case .consumer(_, .committed, _): .committed
        }
    }

    /// Followers, and clients from before followers could be read from (KIP-392).
    var needsLeader: Bool {
        switch self {
        case .follower: true
        case .consumer(_, _, let tellsOfItself): !tellsOfItself
        }
    }

    var isFollower: Bool {
        if case .follower = self { return true }
        return false
    }
}

extension Partition {
    /// Reads for a follower or a consumer. The offsets in the answer are those from before the
    /// read: what is appended during it must not make a follower look behind.
    mutating func read(
        _ asked: FetchRequest.Partition, into fetch: inout FetchInProgress,
        _ broker: BrokerContext, at now: Instant
    ) -> FetchedProgress? {
        let fetcher = fetch.request.fetcher
        if let error = refusal(
            ofEpoch: asked.currentLeaderEpoch, leaderOnly: fetcher.needsLeader, broker)
        {
            return fail(&fetch, error)
        }
        var follower: Int?
        if case .follower(let id, _) = fetcher {
            follower = leadership?.index(of: id)
            guard follower != nil else {
                // The follower may know of a reassignment that has not come here yet.
                return fail(
                    &fetch,
                    asked.currentLeaderEpoch == nil ? .notLeaderOrFollower : .unknownLeaderEpoch)
            }
        }
        let (highWatermark, lastStable) = (log.highWatermark, log.lastStableOffset)
        let (logStart, leaderEnd) = (log.logStartOffset, log.endOffset)
        let start: LogOffsetMetadata
        switch divergence(of: asked) {
        case .failure(let error): return fail(&fetch, error)
        case .success(let diverging?):
            start = LogOffsetMetadata(asked.fetchOffset)
            if !countsDiverging(broker) { follower = nil }
            fetch.take(
                FetchPartitionReply(
                    id, highWatermark: highWatermark, lastStableOffset: lastStable,
                    logStartOffset: logStart, diverging: diverging),
                from: start)
        case .success(nil):
            let found = log.read(
                from: asked.fetchOffset, maxBytes: min(Int64(asked.maxBytes), fetch.limit.bytes),
                isolation: fetcher.isolation, atLeastOne: fetch.limit.atLeastOne)
            guard case .success(let found) = found else { return fail(&fetch, .offsetOutOfRange) }
            start = found.fetchOffset
            let isWhole = !found.firstEntryIncomplete
            fetch.take(
                FetchPartitionReply(
                    id, highWatermark: highWatermark, lastStableOffset: lastStable,
                    logStartOffset: logStart, batches: isWhole ? found.batches : [],
                    sizeInBytes: isWhole ? Int32(found.sizeInBytes) : 0,
                    abortedTransactions: found.abortedTransactions),
                from: start)
        }
        return follower.map { place in
            FetchedProgress(
                follower: leadership!.followers[place], leaderEpoch: leaderEpoch, start: start,
                logStart: asked.logStartOffset, leaderEnd: leaderEnd,
                brokerEpoch: broker.epoch(of: fetcher), readAt: now)
        }
    }

    /// No records: the consumer is to read them from another replica.
    mutating func redirect(
        _ asked: FetchRequest.Partition, to preferred: NodeID, _ fetch: inout FetchInProgress,
        _ broker: BrokerContext
    ) {
        if let error = refusal(ofEpoch: asked.currentLeaderEpoch, leaderOnly: false, broker) {
            _ = fail(&fetch, error)
            return
        }
        let offsets = log.offsetSnapshot()
        fetch.take(
            FetchPartitionReply(
                id, highWatermark: offsets.highWatermark.messageOffset,
                lastStableOffset: offsets.lastStableOffset.messageOffset,
                logStartOffset: offsets.logStartOffset, preferredReadReplica: preferred),
            from: LogOffsetMetadata(-1))
    }

    private func fail(_ fetch: inout FetchInProgress, _ error: KafkaError) -> FetchedProgress? {
        fetch.take(FetchPartitionReply(id, error), from: LogOffsetMetadata(-1))
        return nil
    }

    /// A follower that is about to truncate has nothing yet at the offset that it fetches from
    /// (KAFKA-13141).
    @inline(__always)
    private func countsDiverging(_ broker: BrokerContext) -> Bool {
        !broker.generation.has(.divergingFetchIsNoProgress)
    }

    /// Where the asker's log parts from this one, if it says which epoch its last record is of
    /// (KIP-595).
    @inline(__always)
    func divergence(of asked: FetchRequest.Partition) -> Result<EpochEndOffset?, KafkaError> {
        guard let epoch = asked.lastFetchedEpoch else { return .success(nil) }
        guard let end = log.endOffset(forEpoch: epoch), asked.fetchOffset >= log.logStartOffset
        else { return .failure(.offsetOutOfRange) }
        let isDiverging = end.epoch < epoch || end.endOffset < asked.fetchOffset
        return .success(isDiverging ? end : nil)
    }

    // MARK: Followers' progress

    /// What the second step of a follower's fetch did.
    struct Noted: Sendable {
        var error: KafkaError?
        /// With the fetch noted; of a record that was dropped meanwhile, what it would be.
        var follower: FollowerProgress
        var endMoved: Bool
    }

    /// Fetches of an earlier registration than the metadata's are not the follower's that lives
    /// now: it may have lost what that one had (KIP-903).
    mutating func note(_ progress: FetchedProgress, _ broker: BrokerContext) -> Noted {
        var noted = Noted(follower: progress.follower, endMoved: false)
        if let alive = broker.aliveEpoch(of: progress.follower.broker),
            progress.brokerEpoch != -1, alive > progress.brokerEpoch
        {
            noted.error = .notLeaderOrFollower
            return noted
        }
        // KAFKA-15590: the epoch that the fetch was read in may be over, and nobody looks.
        if progress.leaderEpoch != leaderEpoch, broker.generation.has(.followerUpdateRechecked) {
            noted.error = .notLeaderOrFollower
            return noted
        }
        let place = leadership?.index(of: progress.follower.broker)
        let isKept = place.map {
            leadership!.followers[$0].tenure == progress.follower.tenure
        } ?? false
        if let place, isKept { noted.follower = leadership!.followers[place] }
        let before = noted.follower.endOffset
        noted.follower.fetched(
            from: progress.start, logStart: progress.logStart, leaderEnd: progress.leaderEnd,
            brokerEpoch: progress.brokerEpoch, at: progress.readAt)
        if let place, isKept { leadership!.followers[place] = noted.follower }
        noted.endMoved = before != noted.follower.endOffset
        return noted
    }
}

extension BrokerContext {
    /// The registration that a fetch says it comes under. Before KIP-903 none did.
    func epoch(of fetcher: Fetcher) -> Int64 {
        guard case .follower(_, let epoch) = fetcher, generation.has(.brokerEpochsInISR) else {
            return -1
        }
        return epoch
    }
}
