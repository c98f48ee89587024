import Kernel

/// Where the reads of a fetch began, in the order of the request. Most fetches are about one
/// partition: then no array is made.
struct ReadStarts: Sendable {
    private var first = LogOffsetMetadata(-1)
    private var others: [LogOffsetMetadata] = []
    private(set) var count = 0

    subscript(index: Int) -> LogOffsetMetadata { index == 0 ? first : others[index - 1] }

    mutating func append(_ start: LogOffsetMetadata) {
        if count == 0 { first = start } else { others.append(start) }
        count += 1
    }
}

/// A fetch of which some partitions have been read.
struct FetchInProgress: Sendable {
    let request: FetchRequest
    let token: ReplyToken
    /// In the order of the request.
    private(set) var replies: [FetchPartitionReply] = []
    private(set) var starts = ReadStarts()
    /// For the next partition. Once something was read, what comes behind must fit.
    private(set) var limit: ReadLimit

    init(_ request: consuming FetchRequest, token: ReplyToken, limit: Int64) {
        replies.reserveCapacity(request.partitions.count)
        self.request = request
        self.token = token
        self.limit = ReadLimit(bytes: limit, atLeastOne: true)
    }

    mutating func take(_ read: consuming PartitionRead) {
        let bytes = Int64(read.reply.sizeInBytes)
        if bytes > 0 { limit.atLeastOne = false }
        limit.bytes = max(0, limit.bytes - bytes)
        starts.append(read.start)
        replies.append(read.reply)
    }

    var next: FetchRequest.Partition? {
        replies.count < request.partitions.count ? request.partitions[replies.count] : nil
    }
}

extension FetchPartitionReply {
    /// Whoever asked does not want to wait any longer.
    @inline(__always)
    fileprivate var mustBeTold: Bool {
        error != .none || diverging != nil || preferredReadReplica != nil
    }
}

/// A fetch that was interrupted at a yield point.
enum SuspendedFetch: Sendable {
    case beforeFollowerUpdate(FetchInProgress, PartitionRead)
    case beforeExpansion(FetchInProgress, PartitionRead, FollowerStep)
}

/// The second step of a follower's fetch, while it goes on.
struct FollowerStep: Sendable {
    var follower: FollowerProgress
    var endMoved: Bool
    var lowWatermarkMoved: Bool
    var fetchedAt: Instant
}

extension ReplicaManager {
    mutating func fetch(
        _ request: consuming FetchRequest, _ token: ReplyToken, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        let limit = maxBytes(of: request)
        goOn(FetchInProgress(request, token: token, limit: limit), at: now, &effects)
    }

    @inline(__always)
    func maxBytes(of request: FetchRequest) -> Int64 {
        min(Int64(request.maxBytes), broker.settings.maxFetchBytes)
    }

    mutating func read(
        _ asked: FetchRequest.Partition, by fetcher: Fetcher, _ limit: ReadLimit,
        at now: Instant
    ) -> PartitionRead {
        let id = asked.partition
        guard let place = partitions.place(of: id) else {
            return PartitionRead(reply: FetchPartitionReply(id, absence(of: id)))
        }
        if let preferred = partitions[place].preferredReadReplica(
            for: fetcher, at: asked.fetchOffset, broker)
        {
            return partitions[place].redirect(asked, to: preferred, broker)
        }
        return partitions[place].read(asked, by: fetcher, limit, broker, at: now)
    }

    /// Reads the partitions that are left.
    private mutating func goOn(
        _ fetch: consuming FetchInProgress, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        while let asked = fetch.next {
            let read = read(asked, by: fetch.request.fetcher, fetch.limit, at: now)
            if read.progress == nil {
                fetch.take(read)
            } else if broker.yieldPoints.contains(.beforeFollowerUpdate) {
                return suspend(
                    .beforeFollowerUpdate(fetch, read), at: .beforeFollowerUpdate, &effects)
            } else if !noteProgress(of: read, in: &fetch, &effects) {
                return
            }
        }
        conclude(fetch, at: now, &effects)
    }

    /// Answers at once if nobody wants to wait or there is something to say, and waits otherwise.
    private mutating func conclude(
        _ fetch: consuming FetchInProgress, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        var bytes: Int64 = 0
        var isUrgent = fetch.request.maxWait <= .zero || fetch.request.partitions.isEmpty
        for place in fetch.replies.indices {
            bytes += Int64(fetch.replies[place].sizeInBytes)
            isUrgent = isUrgent || fetch.replies[place].mustBeTold
        }
        guard !isUrgent, bytes < broker.minBytes(of: fetch.request) else {
            return reply(fetch.replies, to: fetch.token, &effects)
        }
        wait(
            DelayedFetch(
                token: fetch.token, deadline: now + fetch.request.maxWait, request: fetch.request,
                starts: fetch.starts),
            at: now, &effects)
    }

    mutating func reply(
        _ replies: consuming [FetchPartitionReply], to token: ReplyToken,
        _ effects: inout ReplicaEffects
    ) {
        for index in replies.indices where replies[index].error != .none {
            replies[index].currentLeader = currentLeader(
                of: replies[index].partition, after: replies[index].error)
        }
        effects.append(.reply(.fetch(FetchReply(partitions: replies)), to: token))
    }

    // MARK: A follower's progress

    /// The second step of a follower's fetch. False: it was interrupted.
    private mutating func noteProgress(
        of read: PartitionRead, in fetch: inout FetchInProgress, _ effects: inout ReplicaEffects
    ) -> Bool {
        let id = read.reply.partition
        guard let progress = read.progress, let place = partitions.place(of: id) else {
            fetch.take(read)
            return true
        }
        // Only a follower that has moved its log start can move the low watermark.
        let mayMoveLow =
            progress.logStart != progress.follower.logStartOffset && !purgatory.isEmpty
        let before = mayMoveLow ? partitions[place].lowWatermark(broker) : -1
        let noted = partitions[place].note(progress, broker)
        if let error = noted.error {
            fetch.take(PartitionRead(reply: FetchPartitionReply(id, error)))
            return true
        }
        let after = mayMoveLow ? partitions[place].lowWatermark(broker) : -1
        let step = FollowerStep(
            follower: noted.follower, endMoved: noted.endMoved, lowWatermarkMoved: after > before,
            fetchedAt: progress.readAt)
        if partitions[place].isReadyToJoin(noted.follower, broker) {
            if broker.yieldPoints.contains(.beforeExpansion) {
                suspend(.beforeExpansion(fetch, read, step), at: .beforeExpansion, &effects)
                return false
            }
            expandISR(of: id, with: noted.follower.broker, at: step.fetchedAt, &effects)
        }
        finish(step, in: id, &effects)
        fetch.take(read)
        return true
    }

    /// After the ISR, in which a new member counts for the high watermark.
    private mutating func finish(
        _ step: FollowerStep, in id: TopicIDPartition, _ effects: inout ReplicaEffects
    ) {
        guard step.endMoved || step.lowWatermarkMoved, let place = partitions.place(of: id)
        else { return }
        let moved =
            step.endMoved
            && partitions[place].maybeAdvanceHighWatermark(broker, at: step.fetchedAt)
        if moved || step.lowWatermarkMoved { wakeAll(in: id, at: step.fetchedAt, &effects) }
    }

    // MARK: Yield points

    private mutating func suspend(
        _ fetch: SuspendedFetch, at point: YieldPoints, _ effects: inout ReplicaEffects
    ) {
        nextSuspension += 1
        let id = SuspensionID(nextSuspension)
        suspended[id] = fetch
        effects.append(.suspended(id, at: point))
    }

    mutating func resume(
        _ id: SuspensionID, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        switch suspended.removeValue(forKey: id) {
        case nil: break
        case .beforeFollowerUpdate(var fetch, let read):
            if noteProgress(of: read, in: &fetch, &effects) { goOn(fetch, at: now, &effects) }
        case .beforeExpansion(var fetch, let read, let step):
            let id = read.reply.partition
            if partitions[id]?.value.isStillReadyToJoin(step.follower, broker) ?? false {
                expandISR(of: id, with: step.follower.broker, at: step.fetchedAt, &effects)
            }
            finish(step, in: id, &effects)
            fetch.take(read)
            goOn(fetch, at: now, &effects)
        }
    }
}
