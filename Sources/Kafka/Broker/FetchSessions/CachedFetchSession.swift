import Kernel

/// What a broker remembers of one fetch session: what is wanted, and what the fetcher was last
/// told (FetchSession, CachedPartition).
///
/// Partitions are read in the order in which they joined, but one whose records were sent goes to
/// the end: when an answer is full before all have had their turn, others come first next time.
struct CachedFetchSession: Sendable {
    fileprivate struct Partition: Sendable {
        var wanted: FetchRequest.Partition
        /// As last told; -1: not at all, or an error was told since.
        var highWatermark: Int64 = -1
        var logStartOffset: Int64 = -1
    }

    let isFollower: Bool
    let created: Instant
    private(set) var lastUsed: Instant
    /// Of the next request.
    var epoch: Int32 = 1
    /// As of the last use, like the two below: nothing looks in between.
    private(set) var size = 0
    /// Whether a new session of a consumer, or of a follower, may take this one's place.
    private(set) var yieldsToAll = false
    private(set) var yieldsToFollowers = false

    private var partitions = ForkableMap<Int64, Partition>()
    private var places = ForkableMap<TopicIDPartition, Int64>()
    private var nextPlace: Int64 = 0
    /// What was read for the last request, until something in it changes.
    private var lastRead: [FetchRequest.Partition] = []

    /// A full request was answered.
    init(
        _ wanted: [FetchRequest.Partition], answered replies: [FetchPartitionReply],
        isFollower: Bool, at now: Instant
    ) {
        self.isFollower = isFollower
        created = now
        lastUsed = now
        let asked = SortedMap(wanted.lazy.map { ($0.partition, $0) })
        for reply in replies {
            guard let one = asked[reply.partition] else { continue }
            join(
                Partition(
                    wanted: one, highWatermark: reply.highWatermark,
                    logStartOffset: reply.logStartOffset))
        }
    }

    /// The next request has come: what is wanted now, in the order in which it is read.
    mutating func use(
        for request: FetchRequest, at now: Instant, evictionAge: Interval
    ) -> [FetchRequest.Partition] {
        update(request.partitions, forgetting: request.forgotten)
        touch(at: now, evictionAge: evictionAge)
        epoch = request.session.next.epoch
        if lastRead.count == partitions.count { return lastRead }
        if partitions.count == 1, request.partitions.count == 1 {
            lastRead = request.partitions
            return lastRead
        }
        lastRead = []
        lastRead.reserveCapacity(partitions.count)
        for entry in partitions { lastRead.append(entry.value.wanted) }
        return lastRead
    }

    private mutating func update(
        _ changed: [FetchRequest.Partition], forgetting: [TopicIDPartition]
    ) {
        if !changed.isEmpty || !forgetting.isEmpty { lastRead = [] }
        for one in changed {
            if let place = places[one.partition] {
                partitions[present: place].wanted = one
            } else {
                join(Partition(wanted: one))
            }
        }
        for one in forgetting {
            if let place = places.remove(one) { partitions.remove(place) }
        }
    }

    mutating func touch(at now: Instant, evictionAge: Interval) {
        lastUsed = now
        size = partitions.count
        yieldsToAll = now - created > evictionAge
        yieldsToFollowers = !isFollower || yieldsToAll
    }

    /// What the fetcher must be told; remembers what it then knows.
    mutating func news(among replies: [FetchPartitionReply]) -> [FetchPartitionReply] {
        if replies.count == 1 { return isNews(replies, 0) ? replies : [] }
        var old: [Int] = []
        for place in replies.indices where !isNews(replies, place) { old.append(place) }
        if old.isEmpty { return replies }
        if old.count == replies.count { return [] }
        var news: [FetchPartitionReply] = []
        var next = 0
        for place in replies.indices {
            if next < old.count, old[next] == place {
                next += 1
            } else {
                news.append(replies[place])
            }
        }
        return news
    }

    /// In its place: whole replies are not copied to be looked at.
    private mutating func isNews(_ replies: [FetchPartitionReply], _ reply: Int) -> Bool {
        guard let place = places[replies[reply].partition] else { return true }
        let isNews = partitions[present: place].isNews(replies, reply)
        let isLast = place == nextPlace - 1
        if isNews, replies[reply].sizeInBytes > 0, !isLast, let sent = partitions.remove(place) {
            join(sent)
            lastRead = []
        }
        return isNews
    }

    private mutating func join(_ partition: Partition) {
        partitions.insert(partition, for: nextPlace)
        places.insert(nextPlace, for: partition.wanted.partition)
        nextPlace += 1
    }
}

extension CachedFetchSession.Partition {
    @inline(__always)
    fileprivate mutating func isNews(_ replies: [FetchPartitionReply], _ reply: Int) -> Bool {
        var isNews =
            replies[reply].sizeInBytes > 0 || replies[reply].preferredReadReplica != nil
            || replies[reply].diverging != nil
        if highWatermark != replies[reply].highWatermark {
            highWatermark = replies[reply].highWatermark
            isNews = true
        }
        if logStartOffset != replies[reply].logStartOffset {
            logStartOffset = replies[reply].logStartOffset
            isNews = true
        }
        if replies[reply].error != .none {
            highWatermark = -1
            isNews = true
        }
        return isNews
    }
}
