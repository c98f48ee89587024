import Kernel

/// Offsets that the program asks for: the ends of logs, or the first record since some time.
extension Consumer {
    /// A search, over several nodes and as many rounds as it takes.
    struct Lookup: Sendable {
        let id: LookupID
        let times: [(partition: PartitionRef, query: OffsetQuery)]
        /// Not found so far.
        var remaining: [PartitionRef]
        var found: [(partition: PartitionRef, found: FoundOffset)] = []
        /// Of this round.
        var answersToCome = 0
        var round = Found()
        /// The round is over: with this error, or with none.
        var hasEnded = false
        var error: ClientError?
        /// A call waits for it.
        var isAwaited: Bool
    }

    mutating func beginLookup(
        _ times: [(partition: PartitionRef, query: OffsetQuery)], isAwaited: Bool
    ) -> LookupID {
        lastLookup += 1
        let id = LookupID(rawValue: lastLookup)
        var topics: [TopicRef] = []
        for (partition, _) in times {
            let topic = metadata.names[partition].topic
            if !topics.contains(topic) { topics.append(topic) }
        }
        metadata.addTransient(topics)
        lookups.append(
            Lookup(
                id: id, times: times, remaining: times.map(\.partition), isAwaited: isAwaited))
        return id
    }

    func lookup(_ id: LookupID) -> Lookup? { lookups.first { $0.id == id } }

    private func index(of id: LookupID) -> Int? { lookups.firstIndex { $0.id == id } }

    /// One round: a request to each leader. False if there is no leader to ask.
    mutating func sendLookup(_ id: LookupID, _ now: Instant) -> Bool {
        guard let index = index(of: id) else { return false }
        var targets: [(node: NodeID, questions: [(PartitionRef, OffsetQuery)])] = []
        var withoutLeader: [PartitionRef] = []
        for (partition, query) in lookups[index].times
        where lookups[index].remaining.contains(partition) {
            if metadata.leader(of: partition).node == nil { metadata.requestUpdate() }
            guard let node = leaderToAsk(of: partition, now) else {
                withoutLeader.append(partition)
                continue
            }
            if let place = targets.firstIndex(where: { $0.node == node }) {
                targets[place].questions.append((partition, query))
            } else {
                targets.append((node, [(partition, query)]))
            }
        }
        lookups[index].round = Found()
        lookups[index].round.toRetry = withoutLeader
        lookups[index].hasEnded = targets.isEmpty
        lookups[index].error = nil
        lookups[index].answersToCome = targets.count
        targets.sort { $0.node < $1.node }
        for (node, questions) in targets {
            let sorted = metadata.names.sorted(questions.map(\.0))
            let ordered = sorted.compactMap { one in questions.first { $0.0 == one } }
            queueListOffsets(ordered, to: node, for: .lookUp(id), now)
        }
        return !targets.isEmpty
    }

    /// An answer of the round. The search goes on when all have come. Throws what Kafka's classic
    /// consumer throws out of whichever call it is in.
    mutating func receiveLookup(
        _ id: LookupID, _ outcome: ConsumerNetwork.Outcome, _ now: Instant
    ) throws(ClientError) {
        let result: Found
        do throws(ClientError) {
            result = try Found(outcome, metadata)
        } catch {
            guard let index = index(of: id), !lookups[index].hasEnded else { return }
            lookups[index].hasEnded = true
            lookups[index].error = error
            try lookupHasFailed(id, error)
            return
        }
        guard let index = index(of: id) else { return }
        lookups[index].round.offsets += result.offsets
        lookups[index].round.toRetry += result.toRetry
        lookups[index].answersToCome -= 1
        guard lookups[index].answersToCome == 0, !lookups[index].hasEnded else { return }
        lookups[index].hasEnded = true
        let round = lookups[index].round
        forgetEndRequests(round.toRetry)
        lookups[index].found += round.offsets
        lookups[index].remaining.removeAll { !round.toRetry.contains($0) }
        for (partition, found) in round.offsets {
            learn(found, of: partition, lookups[index].times)
        }
        lookupHasAnswered(id, now)
    }

    /// The end of the log tells how far behind we are. Without the fix so does every other offset
    /// that was looked for.
    private mutating func learn(
        _ found: FoundOffset, of partition: PartitionRef,
        _ times: [(partition: PartitionRef, query: OffsetQuery)]
    ) {
        let asked = times.first { $0.partition == partition }?.query
        if settings.generation.has(.negativeLag), asked != .latest { return }
        switch settings.isolation {
        case .committed: subscription[partition]?.update(lastStableOffset: found.offset)
        case .uncommitted: subscription[partition]?.update(highWatermark: found.offset)
        }
    }

    /// How far behind the end of the log it believes itself to be, without asking anybody.
    public func lag(in identity: TopicIDPartition) -> Int64? {
        metadata.partition(identity).flatMap { subscription.lag(of: $0, settings.isolation) }
    }

    /// `currentLag` may ask again.
    private mutating func forgetEndRequests(_ partitions: [PartitionRef]) {
        for partition in partitions { subscription[partition]?.isEndRequested = false }
    }

    private mutating func lookupHasFailed(
        _ id: LookupID, _ error: ClientError
    ) throws(ClientError) {
        switch settings.implementation {
        case .classic:
            if let lookup = lookup(id), !lookup.isAwaited { endLookup(id) }
            if !error.isRetriable { throw error }
        case .consumer: finishLookup(id, error)
        }
    }

    private mutating func lookupHasAnswered(_ id: LookupID, _ now: Instant) {
        guard let lookup = lookup(id) else { return }
        switch settings.implementation {
        case .classic:
            if !lookup.isAwaited { endLookup(id) }
        case .consumer:
            if lookup.remaining.isEmpty { return finishLookup(id, nil) }
            metadata.requestUpdate()
            background.stalledLookups.append(id)
        }
    }

    /// The call gives up; what is under way is learnt from all the same.
    mutating func abandonLookup(_ id: LookupID) {
        metadata.clearTransient()
        guard let index = index(of: id) else { return }
        lookups[index].isAwaited = false
        if lookups[index].hasEnded { endLookup(id) }
    }

    mutating func endLookup(_ id: LookupID) {
        lookups.removeAll { $0.id == id }
    }

    /// What a call returns: for times also the partitions in which there is nothing.
    func result(of lookup: Lookup) -> CallResult {
        let isByTime = lookup.times.contains { one in
            if case .timestamp = one.query { true } else { false }
        }
        var found: [(partition: PartitionRef, found: FoundOffset?)] = []
        for partition in metadata.names.sorted(lookup.times.map(\.partition)) {
            let one = lookup.found.last { $0.partition == partition }
            if one != nil || isByTime { found.append((partition, one?.found)) }
        }
        return .found(found)
    }
}
