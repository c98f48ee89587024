import Kernel

/// The fetching side of a fetch session with one broker: what the broker knows that we want
/// (FetchSessionHandler). Followers and consumers use it alike.
///
/// Each request takes either all that is wanted, as a consumer does that has few partitions, or
/// what has changed since the last one, as a follower does that has ten thousand. Both come to the
/// same request.
///
/// At most one request is under way; its answer, or its failure, comes before the next request.
public struct FetchSessionHandler: Sendable {
    public typealias Partition = FetchRequest.Partition

    /// What a request says of the session.
    public struct Contents: Sendable {
        public var session: FetchSession
        /// In a session: new ones, then those that changed, in the order of the session.
        public var partitions: [Partition]
        public var forgotten: [TopicIDPartition]
    }

    private struct Entry: Sendable {
        var wanted: Partition
        /// When it joined the session: a session keeps its order.
        let place: Int64
    }

    /// Of the next request.
    public private(set) var session = FetchSession.new
    private var entries = ForkableMap<TopicIDPartition, Entry>()
    private var nextPlace: Int64 = 0

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }
    public var count: Int { entries.count }

    /// What was asked for a partition, in the last request or in an earlier one of the session.
    public subscript(partition: TopicIDPartition) -> Partition? { entries[partition]?.wanted }

    /// Ascending by partition.
    public var partitions: some Sequence<Partition> { entries.lazy.map(\.value.wanted) }

    // MARK: Requests

    /// The next request, given all partitions that are wanted. `recreated` names topics that were
    /// deleted and made again: the new partition takes over the old one's place in the session.
    public mutating func request(
        wanting wanted: [Partition], recreated: [(old: TopicID, new: TopicID)] = []
    ) -> Contents {
        if session.isFull { return fullRequest(wanted) }
        if wanted.count == 1, entries.count == 1, entries.contains(wanted[0].partition) {
            return amend(wanted, without: [])
        }
        var asked = ForkableSet<TopicIDPartition>()
        for one in wanted { asked.insert(one.partition) }
        var gone: [TopicIDPartition] = []
        var replaced: [(old: TopicIDPartition, place: Int64)] = []
        for entry in entries where !asked.contains(entry.key) {
            if let new = successor(of: entry.key, recreated, among: asked) {
                // It differs from what is wanted, and so will count as altered.
                entries.insert(entry.value, for: new)
                entries.remove(entry.key)
                replaced.append((entry.key, entry.value.place))
            } else {
                gone.append(entry.key)
            }
        }
        var contents = amend(wanted, without: gone)
        contents.forgotten += replaced.sorted { $0.place < $1.place }.map(\.old)
        return contents
    }

    /// The next request, given what has changed: what is wanted now and was not before or not so,
    /// and what is no longer wanted. Not for a full request: see `session`.
    public mutating func request(
        changing changed: [Partition], forgetting gone: [TopicIDPartition]
    ) -> Contents {
        precondition(!session.isFull, "a full request names everything")
        return amend(changed, without: gone.isEmpty ? [] : gone.filter { entries.contains($0) })
    }

    private func successor(
        of old: TopicIDPartition, _ recreated: [(old: TopicID, new: TopicID)],
        among asked: ForkableSet<TopicIDPartition>
    ) -> TopicIDPartition? {
        guard let pair = recreated.last(where: { $0.old == old.topic }) else { return nil }
        let new = TopicIDPartition(pair.new, old.partition)
        return asked.contains(new) && !entries.contains(new) ? new : nil
    }

    private mutating func fullRequest(_ wanted: [Partition]) -> Contents {
        entries = ForkableMap()
        nextPlace = 0
        for one in wanted { join(one) }
        return Contents(session: session, partitions: wanted, forgotten: [])
    }

    private mutating func amend(
        _ wanted: [Partition], without gone: [TopicIDPartition]
    ) -> Contents {
        let forgotten = gone.isEmpty ? [] : remove(gone)
        if wanted.count == 1 {
            let place = entries.find(wanted[0].partition)
            let isKnown = place.map { entries[at: $0].wanted == wanted[0] } ?? false
            if let place {
                if !isKnown { entries[at: place].wanted = wanted[0] }
            } else {
                join(wanted[0])
            }
            return Contents(
                session: session, partitions: isKnown ? [] : wanted, forgotten: forgotten)
        }
        var named: [Partition] = []
        var altered: [Entry] = []
        for one in wanted {
            if let known = entries[one.partition] {
                if known.wanted != one { altered.append(Entry(wanted: one, place: known.place)) }
            } else {
                named.append(one)
            }
        }
        altered.sort { $0.place < $1.place }
        for entry in altered { named.append(entry.wanted) }
        for one in named { ask(one) }
        return Contents(session: session, partitions: named, forgotten: forgotten)
    }

    /// The broker is asked for it from now on, and in this way.
    private mutating func ask(_ one: Partition) {
        if let place = entries.find(one.partition) {
            entries[at: place].wanted = one
        } else {
            join(one)
        }
    }

    /// In the order of the session.
    private mutating func remove(_ gone: [TopicIDPartition]) -> [TopicIDPartition] {
        let removed = gone.compactMap { one in entries.remove(one).map { (one, $0.place) } }
        return removed.sorted { $0.1 < $1.1 }.map(\.0)
    }

    private mutating func join(_ one: Partition) {
        entries.insert(Entry(wanted: one, place: nextPlace), for: one.partition)
        nextPlace += 1
    }
}

// MARK: Answers

extension FetchSessionHandler {
    /// The answer came. False if nothing in it may be used: an error, or partitions that the
    /// session does not have, or in a full answer not all that it has.
    public mutating func receive(_ reply: FetchReply) -> Bool {
        guard reply.error == .none else {
            session = reply.error == .fetchSessionIDNotFound ? .new : session.replaced
            return false
        }
        guard reply.partitions.allSatisfy({ entries.contains($0.partition) }) else {
            session = session.isFull ? .new : session.replaced
            return false
        }
        if session.isFull {
            // Kafka counts them as a set; a broker names each once.
            guard reply.partitions.count == entries.count else {
                session = .new
                return false
            }
            session = FetchSession(id: reply.sessionID, epoch: reply.sessionID == 0 ? 0 : 1)
        } else {
            session = reply.sessionID == 0 ? .new : session.next
        }
        return true
    }

    /// The request failed, or its answer will not come.
    public mutating func requestFailed() {
        session = session.replaced
    }

    /// The next request ends the session.
    public mutating func close() {
        session = session.ended
    }
}
