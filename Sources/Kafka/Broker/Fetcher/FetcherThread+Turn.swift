import Kernel

/// One turn: truncate what must be, then fetch.
extension FetcherThread {
    mutating func takeTurn(
        _ turn: inout FetcherTurn, _ replicas: inout ReplicaManager,
        _ effects: inout FetcherEffects
    ) {
        guard case .none = activity else { return }
        if truncating.isEmpty || !askWhereToTruncate(&turn, &replicas, &effects) {
            fetch(&turn, &replicas, &effects)
        }
    }

    mutating func receive(
        _ reply: consuming BrokerReply, _ ticket: FetcherTicket, _ turn: inout FetcherTurn,
        _ replicas: inout ReplicaManager, _ effects: inout FetcherEffects
    ) {
        switch consume reply {
        case .fetch(let reply):
            guard case .fetch(ticket) = activity else { return }
            activity = .none
            take(reply, &turn, &replicas, &effects)
        case .offsetsForLeaderEpoch(let replies):
            guard case .epochs(ticket, let question) = activity else { return }
            activity = .none
            truncate(replies, question, &turn, &replicas, &effects)
            fetch(&turn, &replicas, &effects)
        case .listOffsets(let replies):
            guard case .offsets(ticket, let rest) = activity else { return }
            activity = .none
            let answer = replies.first { $0.partition == rest.partition }
            resume(rest, answer, &turn, &replicas, &effects)
        default:
            // Nobody waits for it any more.
            break
        }
    }

    /// There will be no answer. That of a Fetch concerns every partition: none is known to be well.
    mutating func requestFailed(
        _ ticket: FetcherTicket, _ turn: inout FetcherTurn, _ replicas: inout ReplicaManager,
        _ effects: inout FetcherEffects
    ) {
        switch activity {
        case .epochs(ticket, let question):
            activity = .none
            let replies = question.asked.map {
                OffsetsForLeaderEpochPartitionReply($0.partition, .networkException)
            }
            truncate(replies, question, &turn, &replicas, &effects)
            fetch(&turn, &replicas, &effects)
        case .fetch(ticket):
            activity = .none
            session.requestFailed()
            backOff(states.map(\.key), turn)
            endTurn(turn, &effects)
        case .offsets(ticket, let rest):
            activity = .none
            resume(rest, nil, &turn, &replicas, &effects)
        default: break
        }
    }

    /// It goes on at once.
    func endTurn(_ turn: FetcherTurn, _ effects: inout FetcherEffects) {
        effects.append(.wake(id, at: turn.now))
    }

    // MARK: Fetching

    /// One Fetch about all partitions that are ready; in a session it names only what has changed.
    /// Without any it waits as long as a back-off lasts, and new metadata wakes it.
    mutating func fetch(
        _ turn: inout FetcherTurn, _ replicas: inout ReplicaManager,
        _ effects: inout FetcherEffects
    ) {
        endBackOffs(at: turn.now)
        let contents = nextContents(turn, replicas)
        guard !session.isEmpty || !contents.forgotten.isEmpty else {
            effects.append(.wake(id, at: turn.now + turn.terms.settings.backOff))
            return
        }
        let ticket = turn.newTicket()
        activity = .fetch(ticket)
        let settings = turn.terms.settings
        let request = FetchRequest(
            .follower(turn.terms.id, brokerEpoch: replicas.broker.brokerEpoch),
            maxWait: settings.maxWait, minBytes: settings.minBytes, maxBytes: settings.maxBytes,
            session: contents.session, partitions: contents.partitions,
            forgotten: contents.forgotten)
        effects.append(.send(.fetch(request), id, ticket))
    }

    private mutating func nextContents(
        _ turn: FetcherTurn, _ replicas: ReplicaManager
    ) -> FetchSessionHandler.Contents {
        if session.session.isFull {
            _ = takeChanged()
            return session.request(wanting: wanted(of: states.map(\.key), turn, replicas))
        }
        if let only = takeOnlyChanged() {
            if let wanted = wanted(of: only, turn, replicas)?.wanted {
                return session.request(changing: [wanted], forgetting: [])
            }
            let isReady = states[only]?.isReady(at: turn.now) ?? false
            return session.request(changing: [], forgetting: isReady ? [] : [only])
        }
        let changed = takeChanged()
        let wanted = wanted(of: changed, turn, replicas)
        var gone: [TopicIDPartition] = []
        if wanted.count < changed.count {
            gone = changed.filter { states[$0]?.isReady(at: turn.now) != true }
        }
        return session.request(changing: wanted, forgetting: gone)
    }

    /// What is to be fetched of those partitions that are ready, in the order of the thread.
    private func wanted(
        of partitions: [TopicIDPartition], _ turn: FetcherTurn,
        _ replicas: ReplicaManager
    ) -> [FetchRequest.Partition] {
        var found: [(place: Int64, wanted: FetchRequest.Partition)] = []
        for partition in partitions {
            if let wanted = wanted(of: partition, turn, replicas) { found.append(wanted) }
        }
        if found.count > 1 { found.sort { $0.place < $1.place } }
        return found.map(\.wanted)
    }

    @inline(__always)
    private func wanted(
        of partition: TopicIDPartition, _ turn: FetcherTurn, _ replicas: ReplicaManager
    ) -> (place: Int64, wanted: FetchRequest.Partition)? {
        guard let state = states[partition], state.isReady(at: turn.now),
            let logStart = replicas.partitions.look(partition, { $0.log.logStartOffset })
        else { return nil }
        let wanted = FetchRequest.Partition(
            partition, currentLeaderEpoch: state.leaderEpoch, fetchOffset: state.fetchOffset,
            lastFetchedEpoch: turn.terms.truncatesOnFetch ? state.lastFetchedEpoch : nil,
            logStartOffset: logStart, maxBytes: turn.terms.settings.maxPartitionBytes)
        return (state.place, wanted)
    }
}
