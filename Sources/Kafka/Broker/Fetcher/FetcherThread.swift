import Kernel

/// A thread that copies partitions from one leader (ReplicaFetcherThread, AbstractFetcherThread).
///
///     turn ──▶ truncating? ──▶ OffsetsForLeaderEpoch ──▶ Fetch ──▶ append, truncate, back off ──▶
///                                                          └─ out of range? ──▶ ListOffsets ──┘
///
/// It has at most one request under way, and holds what it asked next to what it wants now: new
/// metadata may come in between, and then the answer is about something else.
///
/// Kafka holds a lock while it asks for the leader's offsets, and metadata waits for it. Here
/// metadata comes through, and the answer of offsets is dropped if it is about an older epoch.
///
/// Invariant: `truncating` and `backingOff` hold those partitions of which `states` says so.
struct FetcherThread: Sendable {
    /// What it waits for.
    enum Activity: Sendable {
        case none
        case epochs(FetcherTicket, EpochQuestion)
        case fetch(FetcherTicket)
        case offsets(FetcherTicket, UnfinishedAnswer)
    }

    private struct BackOffEnd: Comparable, Sendable {
        let at: Instant
        let partition: TopicIDPartition

        static func < (left: BackOffEnd, right: BackOffEnd) -> Bool {
            (left.at, left.partition) < (right.at, right.partition)
        }
    }

    let id: FetcherID
    var activity = Activity.none
    var session = FetchSessionHandler()
    private(set) var states = ForkableMap<TopicIDPartition, FetchState>()
    private(set) var truncating = ForkableSet<TopicIDPartition>()
    private var backingOff = ForkableSet<BackOffEnd>()
    /// Those of which the next Fetch may have to say something new. In no order; some twice.
    private var changed: [TopicIDPartition] = []
    private var nextPlace: Int64 = 0

    init(_ id: FetcherID) {
        self.id = id
    }

    var isEmpty: Bool { states.isEmpty }

    // MARK: Partitions

    /// From now on it copies this partition too. One that it copies already in that leader epoch
    /// goes on as it was.
    mutating func add(_ start: FetchStart, _ turn: FetcherTurn, _ replicas: ReplicaManager) {
        if let known = states[start.partition], known.leaderEpoch == start.leaderEpoch {
            set(start.partition, known, movingToEnd: true)
            return
        }
        let epoch = turn.terms.truncatesOnFetch ? replicas.latestEpoch(of: start.partition) : nil
        let state = FetchState(
            phase: epoch == nil ? .truncating : .fetching, fetchOffset: start.offset,
            leaderEpoch: start.leaderEpoch, lastFetchedEpoch: epoch)
        set(start.partition, state, movingToEnd: true)
    }

    mutating func remove(_ partition: TopicIDPartition) {
        guard let old = states.remove(partition) else { return }
        unlist(partition, old)
        changed.append(partition)
    }

    mutating func set(
        _ partition: TopicIDPartition, _ state: FetchState, movingToEnd: Bool = false
    ) {
        var state = state
        if movingToEnd {
            state.place = nextPlace
            nextPlace += 1
        }
        let old = states.insert(state, for: partition)
        if let old { unlist(partition, old) }
        if state.phase == .truncating { truncating.insert(partition) }
        if let backOff = state.backOff {
            backingOff.insert(BackOffEnd(at: backOff.until, partition: partition))
        }
        changed.append(partition)
    }

    /// So much has been copied: it goes on from there, behind the others.
    mutating func advance(
        _ partition: TopicIDPartition, to offset: Int64, epoch: Int32?, leaderEnd: Int64
    ) {
        guard let place = states.find(partition) else { return }
        if let backOff = states[at: place].backOff {
            backingOff.remove(BackOffEnd(at: backOff.until, partition: partition))
            states[at: place].backOff = nil
        }
        states[at: place].fetchOffset = offset
        states[at: place].lag = max(0, leaderEnd - offset)
        if let epoch { states[at: place].lastFetchedEpoch = epoch }
        states[at: place].place = nextPlace
        nextPlace += 1
        changed.append(partition)
    }

    private mutating func unlist(_ partition: TopicIDPartition, _ old: FetchState) {
        if old.phase == .truncating { truncating.remove(partition) }
        if let backOff = old.backOff {
            backingOff.remove(BackOffEnd(at: backOff.until, partition: partition))
        }
    }

    /// The next Fetch looks at it again.
    mutating func markChanged(_ partition: TopicIDPartition) {
        if states.contains(partition) { changed.append(partition) }
    }

    /// The same for those whose back-off is over.
    mutating func endBackOffs(at now: Instant) {
        while let first = backingOff.first, first.at <= now {
            backingOff.remove(first)
            changed.append(first.partition)
        }
    }

    /// If it is only one: in the long run it nearly always is.
    mutating func takeOnlyChanged() -> TopicIDPartition? {
        changed.count == 1 ? changed.removeLast() : nil
    }

    /// Ascending, each once.
    mutating func takeChanged() -> [TopicIDPartition] {
        var taken: [TopicIDPartition] = []
        swap(&taken, &changed)
        guard taken.count > 1 else { return taken }
        taken.sort()
        var kept = 1
        for place in 1..<taken.count where taken[place] != taken[kept - 1] {
            taken[kept] = taken[place]
            kept += 1
        }
        taken.removeLast(taken.count - kept)
        return taken
    }

    // MARK: Errors

    /// Leaves partitions alone for a while. One that is left alone already is not for longer.
    mutating func backOff(_ partitions: some Sequence<TopicIDPartition>, _ turn: FetcherTurn) {
        let length = turn.terms.settings.backOff
        for partition in partitions {
            guard var state = states[partition], !state.isBackingOff(at: turn.now) else { continue }
            state.backOff = FetchState.BackOff(length: length, until: turn.now + length)
            set(partition, state, movingToEnd: true)
        }
    }

    /// Gives a partition up until there is newer metadata.
    mutating func becomeFailed(
        _ partition: TopicIDPartition, _ turn: inout FetcherTurn, _ effects: inout FetcherEffects
    ) {
        remove(partition)
        turn.failed.append(partition)
        effects.append(.note(.failed(partition)))
    }

    /// The leader knows a newer epoch than the one that was named. If that is still ours, our
    /// metadata is behind, and the partition is given up until there is more. True if not.
    mutating func isFencedInVain(
        _ partition: TopicIDPartition, asked epoch: Int32?, _ turn: inout FetcherTurn,
        _ effects: inout FetcherEffects
    ) -> Bool {
        guard let state = states[partition] else { return false }
        guard epoch == state.leaderEpoch else { return true }
        becomeFailed(partition, &turn, &effects)
        return false
    }
}
