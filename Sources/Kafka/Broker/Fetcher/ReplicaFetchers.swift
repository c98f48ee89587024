import Kernel

/// The fetchers of a broker (ReplicaFetcherManager): they copy what it follows from those who lead,
/// and write it to the logs of its replicas.
///
/// Each thread talks to one leader, one request at a time, about all partitions that are its own.
public struct ReplicaFetchers: Sendable {
    let terms: FetcherTerms
    /// Each in a box of its own: a fork that touches one copies one.
    private var threads = ForkableMap<FetcherID, Shared<FetcherThread>>()
    private var homes = ForkableMap<TopicIDPartition, FetcherID>()
    /// Given up until there is newer metadata (FailedPartitions).
    private var failed = ForkableSet<TopicIDPartition>()
    private var nextTicket: Int64 = 1

    public init(id: NodeID, settings: FetcherSettings, generation: Generation = .current) {
        terms = FetcherTerms(id: id, settings: settings, generation: generation)
    }

    /// The one door. What is fetched goes to the logs of `replicas`.
    public mutating func receive(
        _ input: consuming FetcherInput, at now: Instant, _ replicas: inout ReplicaManager,
        _ effects: inout FetcherEffects
    ) {
        var turn = FetcherTurn(now: now, terms: terms, nextTicket: nextTicket)
        switch consume input {
        case .assigned(let stopped, let started):
            for partition in stopped { remove(partition) }
            for start in started { add(start, turn, replicas, &effects) }
            endIdleThreads(&effects)
        case .turn(let id):
            guard let place = threads.find(id) else { return }
            threads[at: place].value.takeTurn(&turn, &replicas, &effects)
        case .answer(let reply, let id, let ticket):
            guard let place = threads.find(id) else { return }
            threads[at: place].value.receive(reply, ticket, &turn, &replicas, &effects)
        case .failed(let id, let ticket):
            guard let place = threads.find(id) else { return }
            threads[at: place].value.requestFailed(ticket, &turn, &replicas, &effects)
        case .logStartMoved(let partition):
            guard let id = homes[partition] else { return }
            threads[present: id].value.markChanged(partition)
        }
        nextTicket = turn.nextTicket
        for partition in turn.failed {
            homes.remove(partition)
            failed.insert(partition)
        }
    }

    private mutating func remove(_ partition: TopicIDPartition) {
        if !failed.isEmpty { failed.remove(partition) }
        guard let id = homes.remove(partition) else { return }
        threads[present: id].value.remove(partition)
    }

    private mutating func add(
        _ start: FetchStart, _ turn: FetcherTurn, _ replicas: ReplicaManager,
        _ effects: inout FetcherEffects
    ) {
        let id = FetcherID(source: start.leader, slot: slot(of: start.partition, replicas))
        if !failed.isEmpty { failed.remove(start.partition) }
        if let home = homes[start.partition], home != id { remove(start.partition) }
        homes.insert(id, for: start.partition)
        if !threads.contains(id) {
            threads.insert(Shared(FetcherThread(id)), for: id)
        }
        threads[present: id].value.add(start, turn, replicas)
        effects.append(.wake(id, at: turn.now))
    }

    private func slot(of partition: TopicIDPartition, _ replicas: ReplicaManager) -> Int32 {
        let slots = terms.settings.threadsPerLeader
        guard slots > 1, let topic = replicas.broker.metadata.topics[partition.topic] else {
            return 0
        }
        return NamedPartition.fetcher(
            topic: topic.name, partition: partition.partition, of: slots)
    }

    private mutating func endIdleThreads(_ effects: inout FetcherEffects) {
        for id in threads.lazy.filter(\.value.value.isEmpty).map(\.key) {
            threads.remove(id)
            effects.append(.ended(id))
        }
    }
}

// MARK: What can be seen

extension ReplicaFetchers {
    /// How a follower is doing with one partition.
    public struct Progress: Hashable, Sendable {
        public var source: NodeID
        public var isTruncating: Bool
        public var fetchOffset: Int64
        public var leaderEpoch: Int32
        public var lastFetchedEpoch: Int32?
        public var lag: Int64?
        public var isBackingOff: Bool
    }

    public var ids: [FetcherID] { threads.map(\.key) }

    /// Nil if it is not copied, or has failed.
    public func progress(of partition: TopicIDPartition, at now: Instant) -> Progress? {
        guard let id = homes[partition], let state = threads[id]?.value.states[partition] else {
            return nil
        }
        return Progress(
            source: id.source, isTruncating: state.phase == .truncating,
            fetchOffset: state.fetchOffset, leaderEpoch: state.leaderEpoch,
            lastFetchedEpoch: state.lastFetchedEpoch, lag: state.lag,
            isBackingOff: state.isBackingOff(at: now))
    }

    /// It was given up until there is newer metadata.
    public func hasFailed(_ partition: TopicIDPartition) -> Bool { failed.contains(partition) }
}
