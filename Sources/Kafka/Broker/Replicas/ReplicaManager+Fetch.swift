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

    mutating func forgetLast() {
        if count == 1 { first = LogOffsetMetadata(-1) } else {
            others[count - 2] = LogOffsetMetadata(-1)
        }
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
    /// What it was for the partition that was read last.
    private var formerLimit: ReadLimit
    /// How much has been read.
    private(set) var bytes: Int64 = 0
    /// Whoever asked does not want to wait any longer.
    private(set) var hasNews = false

    init(_ request: consuming FetchRequest, token: ReplyToken, limit: Int64) {
        replies.reserveCapacity(request.partitions.count)
        self.request = consume request
        self.token = token
        self.limit = ReadLimit(bytes: limit, atLeastOne: true)
        formerLimit = self.limit
    }

    /// What was read of the next partition, and from where on.
    mutating func take(_ reply: consuming FetchPartitionReply, from start: LogOffsetMetadata) {
        let size = Int64(reply.sizeInBytes)
        formerLimit = limit
        if size > 0 { limit.atLeastOne = false }
        limit.bytes = max(0, limit.bytes - size)
        bytes += size
        hasNews = hasNews || reply.mustBeTold
        starts.append(start)
        replies.append(consume reply)
    }

    /// What was read last is not told after all.
    mutating func refuseLast(because error: KafkaError) {
        let last = replies.count - 1
        limit = formerLimit
        bytes -= Int64(replies[last].sizeInBytes)
        hasNews = true
        starts.forgetLast()
        replies[last] = FetchPartitionReply(replies[last].partition, error)
    }

    var next: FetchRequest.Partition? {
        replies.count < request.partitions.count ? request.partitions[replies.count] : nil
    }

    /// The partition that was read last.
    var partition: TopicIDPartition { replies[replies.count - 1].partition }
}

extension FetchPartitionReply {
    @inline(__always)
    fileprivate var mustBeTold: Bool {
        error != .none || diverging != nil || preferredReadReplica != nil
    }
}

/// A fetch that was interrupted at a yield point.
enum SuspendedFetch: Sendable {
    case beforeFollowerUpdate(FetchInProgress, FetchedProgress)
    case beforeExpansion(FetchInProgress, FollowerStep)
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
        goOn(
            FetchInProgress(consume request, token: token, limit: limit), at: now, &effects)
    }

    @inline(__always)
    func maxBytes(of request: FetchRequest) -> Int64 {
        min(Int64(request.maxBytes), broker.settings.maxFetchBytes)
    }

    /// Reads the next partition. What that tells of a follower is noted in a second step.
    mutating func read(
        _ asked: FetchRequest.Partition, into fetch: inout FetchInProgress, at now: Instant
    ) -> FetchedProgress? {
        let id = asked.partition
        guard let place = partitions.place(of: id) else {
            fetch.take(FetchPartitionReply(id, absence(of: id)), from: LogOffsetMetadata(-1))
            return nil
        }
        if let preferred = partitions[place].preferredReadReplica(
            for: fetch.request.fetcher, at: asked.fetchOffset, broker)
        {
            partitions[place].redirect(asked, to: preferred, &fetch, broker)
            return nil
        }
        return partitions[place].read(asked, into: &fetch, broker, at: now)
    }

    /// Reads the partitions that are left.
    private mutating func goOn(
        _ fetch: consuming FetchInProgress, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        while let asked = fetch.next {
            guard let progress = read(asked, into: &fetch, at: now) else { continue }
            if broker.yieldPoints.contains(.beforeFollowerUpdate) {
                return suspend(
                    .beforeFollowerUpdate(fetch, progress), at: .beforeFollowerUpdate, &effects)
            }
            if !note(progress, of: &fetch, &effects) { return }
        }
        conclude(consume fetch, at: now, &effects)
    }

    /// Answers at once if nobody wants to wait or there is something to say, and waits otherwise.
    private mutating func conclude(
        _ fetch: consuming FetchInProgress, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        let isUrgent =
            fetch.hasNews || fetch.request.maxWait <= .zero || fetch.request.partitions.isEmpty
        guard !isUrgent, fetch.bytes < broker.minBytes(of: fetch.request) else {
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
    private mutating func note(
        _ progress: FetchedProgress, of fetch: inout FetchInProgress,
        _ effects: inout ReplicaEffects
    ) -> Bool {
        let id = fetch.partition
        guard let place = partitions.place(of: id) else { return true }
        // Only a follower that has moved its log start can move the low watermark.
        let mayMoveLow =
            progress.logStart != progress.follower.logStartOffset && !purgatory.isEmpty
        let before = mayMoveLow ? partitions[place].lowWatermark(broker) : -1
        let noted = partitions[place].note(progress, broker)
        if let error = noted.error {
            fetch.refuseLast(because: error)
            return true
        }
        let after = mayMoveLow ? partitions[place].lowWatermark(broker) : -1
        let step = FollowerStep(
            follower: noted.follower, endMoved: noted.endMoved, lowWatermarkMoved: after > before,
            fetchedAt: progress.readAt)
        if partitions[place].isReadyToJoin(noted.follower, broker) {
            if broker.yieldPoints.contains(.beforeExpansion) {
                suspend(.beforeExpansion(fetch, step), at: .beforeExpansion, &effects)
                return false
            }
            expandISR(of: id, with: noted.follower.broker, at: step.fetchedAt, &effects)
        }
        finish(step, in: id, &effects)
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
        case .beforeFollowerUpdate(var fetch, let progress):
            if note(progress, of: &fetch, &effects) { goOn(fetch, at: now, &effects) }
        case .beforeExpansion(let fetch, let step):
            let id = fetch.partition
            if partitions[id]?.value.isStillReadyToJoin(step.follower, broker) ?? false {
                expandISR(of: id, with: step.follower.broker, at: step.fetchedAt, &effects)
            }
            finish(step, in: id, &effects)
            goOn(fetch, at: now, &effects)
        }
    }
}
