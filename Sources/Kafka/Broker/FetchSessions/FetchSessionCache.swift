import Kernel

/// What a Fetch request comes to once its session is known: what to read, and how to answer.
public struct FetchContext: Sendable {
    enum Kind: Sendable {
        case sessionless
        /// A session may begin with the answer.
        case full
        case incremental(FetchSession)
        /// There is no such session, or this is not its next request.
        case refused(KafkaError)
    }

    let kind: Kind
    let isFollower: Bool
    /// To be read, in this order: those of the request, or all of the session.
    public let partitions: [FetchRequest.Partition]
}

/// The fetch sessions of a broker (KIP-227, FetchManager and FetchSessionCache).
///
/// A request is opened, what it wants is read, perhaps after a wait, and its answer is closed; in
/// between the session may have gone on with another request, or be gone.
public struct FetchSessionCache: Sendable {
    /// Sessions lie in parts that do not know of each other (KAFKA-9401).
    private struct Shard: Sendable {
        let slots: Int
        let ids: Range<Int32>
        var sessions = ForkableMap<Int32, CachedFetchSession>()
    }

    private static let shardCount = 8

    private let actor: ActorID
    private let evictionAge: Interval
    private var shards: [Shard]
    private var nextShard = 0

    /// With `max.incremental.fetch.session.cache.slots` places.
    public init(_ actor: ActorID, slots: Int, evictionAge: Interval = .seconds(120)) {
        self.actor = actor
        self.evictionAge = evictionAge
        let range = Int32.max / Int32(Self.shardCount)
        shards = (0..<Int32(Self.shardCount)).map { number in
            Shard(
                slots: slots / Self.shardCount,
                ids: max(1, number * range)..<(number + 1) * range)
        }
    }

    public var count: Int { shards.reduce(0) { $0 + $1.sessions.count } }

    // MARK: Requests

    /// What a request wants read. A session is over when nothing is left in it, and when a full
    /// request names it.
    public mutating func open(_ request: FetchRequest, at now: Instant) -> FetchContext {
        let session = request.session
        let shard = shard(of: session.id)
        if session.isFull {
            if let shard { shards[shard].sessions.remove(session.id) }
            let kind: FetchContext.Kind = session.epoch == 0 ? .full : .sessionless
            return context(kind, request, request.partitions)
        }
        guard let shard, let epoch = epoch(of: session, in: shard) else {
            return context(.refused(.fetchSessionIDNotFound), request, [])
        }
        guard epoch == session.epoch else {
            return context(.refused(.invalidFetchSessionEpoch), request, [])
        }
        let wanted = shards[shard].sessions[present: session.id].use(
            for: request, at: now, evictionAge: evictionAge)
        if wanted.isEmpty {
            shards[shard].sessions.remove(session.id)
            return context(.sessionless, request, request.partitions)
        }
        return context(.incremental(session), request, wanted)
    }

    /// Of the next request in a session, nil if there is no such session.
    private func epoch(of session: FetchSession, in shard: Int) -> Int32? {
        shards[shard].sessions.project(session.id) { $0.epoch }
    }

    private func context(
        _ kind: FetchContext.Kind, _ request: FetchRequest, _ wanted: [FetchRequest.Partition]
    ) -> FetchContext {
        var isFollower = false
        if case .follower = request.fetcher { isFollower = true }
        return FetchContext(kind: kind, isFollower: isFollower, partitions: wanted)
    }

    private func shard(of id: Int32) -> Int? {
        let shard = Int(id / (Int32.max / Int32(Self.shardCount)))
        return id > 0 && shard < Self.shardCount ? shard : nil
    }

    // MARK: Answers

    /// The answer to a request that wanted this, given what was read: in a session only what is
    /// news. Nothing is told when the session has gone on meanwhile: the request was a duplicate.
    public mutating func close(
        _ context: FetchContext, _ replies: [FetchPartitionReply], at now: Instant,
        _ choices: inout Choices
    ) -> FetchReply {
        switch context.kind {
        case .sessionless: return FetchReply(partitions: replies)
        case .full:
            let id = begin(context, replies, at: now, &choices)
            return FetchReply(sessionID: id, partitions: replies)
        case .refused(let error): return FetchReply(error)
        case .incremental(let session):
            guard let shard = shard(of: session.id), let epoch = epoch(of: session, in: shard)
            else {
                // It had to yield while this request waited: its next request will hear of it.
                return FetchReply(sessionID: session.id, partitions: replies)
            }
            guard epoch == session.next.epoch else {
                return FetchReply(.invalidFetchSessionEpoch, sessionID: session.id)
            }
            let news = shards[shard].sessions[present: session.id].news(among: replies)
            return FetchReply(sessionID: session.id, partitions: news)
        }
    }

    /// The id of a new session, or 0 if there is no place for one.
    private mutating func begin(
        _ context: FetchContext, _ replies: [FetchPartitionReply], at now: Instant,
        _ choices: inout Choices
    ) -> Int32 {
        let shard = nextShard
        nextShard = (nextShard + 1) % Self.shardCount
        let hasPlace =
            shards[shard].sessions.count < shards[shard].slots
            || evict(
                from: shard, forFollower: context.isFollower, size: replies.count, at: now)
        guard hasPlace else { return 0 }
        var session = CachedFetchSession(
            context.partitions, answered: replies, isFollower: context.isFollower, at: now)
        session.touch(at: now, evictionAge: evictionAge)
        let id = newID(in: shard, &choices)
        shards[shard].sessions.insert(session, for: id)
        return id
    }

    private mutating func newID(in shard: Int, _ choices: inout Choices) -> Int32 {
        let ids = shards[shard].ids
        while true {
            let drawn = choices.draw(actor, .fetchSessionID, below: UInt64(ids.count))
            let id = ids.lowerBound + Int32(drawn)
            if !shards[shard].sessions.contains(id) { return id }
        }
    }

    /// Makes a place: of the session that is unused for longest if that is long, else of the least
    /// one that must yield. Followers come before consumers, then more partitions before fewer.
    private mutating func evict(
        from shard: Int, forFollower isFollower: Bool, size: Int, at now: Instant
    ) -> Bool {
        let sessions = shards[shard].sessions
        let oldest = sessions.min { ($0.value.lastUsed, $0.key) < ($1.value.lastUsed, $1.key) }
        if let oldest, now - oldest.value.lastUsed > evictionAge {
            shards[shard].sessions.remove(oldest.key)
            return true
        }
        func rank(_ isFollower: Bool, _ size: Int, _ id: Int32) -> (Int, Int, Int32) {
            (isFollower ? 1 : 0, size, id)
        }
        let yielding = sessions.lazy
            .filter { isFollower ? $0.value.yieldsToFollowers : $0.value.yieldsToAll }
            .map { (rank: rank($0.value.isFollower, $0.value.size, $0.key), id: $0.key) }
        guard let least = yielding.min(by: { $0.rank < $1.rank }),
            rank(isFollower, size, 0) >= least.rank
        else { return false }
        shards[shard].sessions.remove(least.id)
        return true
    }
}
