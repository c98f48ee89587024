import Kernel

/// A fetch that waits for enough to read.
struct DelayedFetch: Sendable {
    var token: ReplyToken
    var deadline: Instant
    var request: FetchRequest
    /// Where the reads began, in the order of the request.
    var starts: ReadStarts
}

/// What a waiting fetch would find in one partition.
enum Waiting: Sendable {
    case bytes(Int64)
    /// There is no sense in waiting any longer.
    case isOver
}

extension Partition {
    /// A fetch that waits here is over when this replica may not answer it any more, when the log
    /// has been cut below it or parts from the follower's, and when a new segment has begun: one
    /// fetch reads one segment only.
    mutating func waiting(
        _ asked: FetchRequest.Partition, from start: LogOffsetMetadata, by fetcher: Fetcher,
        _ broker: BrokerContext
    ) -> Waiting {
        if refusal(ofEpoch: asked.currentLeaderEpoch, leaderOnly: fetcher.needsLeader, broker)
            != nil
        {
            return .isOver
        }
        let offsets = log.offsetSnapshot()
        let end = switch fetcher.isolation {
        case .logEnd: offsets.logEndOffset
        case .highWatermark: offsets.highWatermark
        case .committed: offsets.lastStableOffset
        }
        var bytes: Int64 = 0
        if start.messageOffset > end.messageOffset { return .isOver }
        if start.messageOffset < end.messageOffset {
            if start.segmentBaseOffset < end.segmentBaseOffset { return .isOver }
            if start.segmentBaseOffset == end.segmentBaseOffset {
                bytes = min(end.position - start.position, Int64(asked.maxBytes))
            }
        }
        guard let epoch = asked.lastFetchedEpoch else { return .bytes(bytes) }
        guard let known = log.endOffset(forEpoch: epoch), known.epoch >= epoch,
            known.endOffset >= asked.fetchOffset
        else { return .isOver }
        return .bytes(bytes)
    }
}

extension ReplicaManager {
    /// Whether there is enough to answer.
    private static func isOver(
        _ fetch: DelayedFetch, in partitions: inout HostedPartitions,
        _ broker: BrokerContext
    ) -> Bool {
        var bytes: Int64 = 0
        for index in fetch.request.partitions.indices {
            let asked = fetch.request.partitions[index]
            guard let place = partitions.place(of: asked.partition) else { return true }
            let found = partitions[place].waiting(
                asked, from: fetch.starts[index], by: fetch.request.fetcher, broker)
            guard case .bytes(let more) = found else { return true }
            bytes += more
        }
        return bytes >= broker.minBytes(of: fetch.request)
    }

    mutating func wait(
        _ fetch: consuming DelayedFetch, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        guard !Self.isOver(fetch, in: &partitions, broker), fetch.deadline > now else {
            return answerFromPurgatory(fetch, at: now, &effects)
        }
        let id = purgatory.newID()
        for asked in fetch.request.partitions {
            partitions[present: asked.partition].value.watchers.fetches.append(id)
        }
        setDeadline(fetch.deadline, of: id, &effects)
        purgatory.fetches.insert(consume fetch, for: id)
    }

    /// Those that wait for something in this partition. One that is over leaves the list.
    mutating func wakeFetches(
        in partition: TopicIDPartition, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        guard let place = partitions.place(of: partition) else { return }
        var index = 0
        while index < partitions.watchers(place).fetches.count {
            let id = partitions.watchers(place).fetches[index]
            if let its = purgatory.fetches.find(id),
                Self.isOver(purgatory.fetches[at: its], in: &partitions, broker)
            {
                completeFetch(id, at: now, &effects)
            } else {
                index += 1
            }
        }
    }

    mutating func wakeFetches(
        _ waiting: [OperationID], at now: Instant, _ effects: inout ReplicaEffects
    ) {
        for id in waiting {
            guard let its = purgatory.fetches.find(id),
                Self.isOver(purgatory.fetches[at: its], in: &partitions, broker)
            else { continue }
            completeFetch(id, at: now, &effects)
        }
    }

    mutating func completeFetch(
        _ id: OperationID, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        guard let fetch = purgatory.fetches.remove(id) else { return }
        purgatory.removeDeadline(fetch.deadline, of: id)
        for asked in fetch.request.partitions {
            guard let place = partitions.place(of: asked.partition) else { continue }
            partitions[place].watchers.fetches.forget(id)
        }
        answerFromPurgatory(fetch, at: now, &effects)
    }

    /// Reads again.
    private mutating func answerFromPurgatory(
        _ fetch: DelayedFetch, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        var again = FetchInProgress(
            fetch.request, token: fetch.token, limit: maxBytes(of: fetch.request))
        for asked in fetch.request.partitions {
            // What it tells of a follower was noted when the fetch came.
            _ = read(asked, into: &again, at: now)
        }
        reply(again.replies, to: fetch.token, &effects)
    }
}

extension BrokerContext {
    /// Nobody asks for more than the largest answer can hold.
    @inline(__always)
    func minBytes(of request: FetchRequest) -> Int64 {
        min(Int64(request.minBytes), settings.maxFetchBytes)
    }
}
