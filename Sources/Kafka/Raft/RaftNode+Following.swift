import Kernel

/// Fetching from a leader, or from whoever may know one.
extension RaftNode {
    mutating func pollFollower(_ turn: inout RaftTurn) throws(RaftDeath) -> Instant {
        if shutdownEnd != nil { return turn.now }
        let isUpdateDue = (quorum.following?.updateVoterDeadline ?? .never) <= turn.now
        if isVoter {
            if quorum.deadline <= turn.now {
                try becomeProspective(&turn)
                return turn.now
            }
            let next = isUpdateDue ? updateVoterOrFetch(&turn) : fetchFromBestNode(&turn)
            return min(next, min(quorum.deadline, updateDeadline(after: turn.now)))
        }
        if isUpdateDue && mayJoin { return join(&turn) }
        let next = min(quorum.deadline, fetchFromBestNode(&turn))
        return mayJoin ? min(next, updateDeadline(after: turn.now)) : next
    }

    /// A request for voters that is due waits for the one that is under way.
    private func updateDeadline(after now: Instant) -> Instant {
        guard let deadline = quorum.following?.updateVoterDeadline, deadline > now else {
            return .never
        }
        return deadline
    }

    /// From the leader, or while it does not answer from a bootstrap server, which may know of
    /// another one.
    mutating func fetchFromBestNode(_ turn: inout RaftTurn) -> Instant {
        guard let leader = leaderDestination else { return .never }
        if connections.hasTimedOut(leader.kind, at: turn.now) {
            connections.reset(leader.kind)
            return fetchFromAnyBootstrapServer(&turn)
        }
        if connections.isBackingOff(leader.kind, at: turn.now) {
            return fetchFromAnyBootstrapServer(&turn)
        }
        if connections.hasAnyInFlight(at: turn.now) {
            return connections.nextChance(of: bootstrapServers, at: turn.now)
        }
        if let loading = quorum.following?.loading {
            return send(.fetchSnapshot(request(for: loading)), to: leader, &turn)
        }
        return send(.fetch(fetchRequest), to: leader, &turn)
    }

    /// From the first one that is ready, beginning anywhere. Only one fetch may be under way, over
    /// all destinations.
    mutating func fetchFromAnyBootstrapServer(_ turn: inout RaftTurn) -> Instant {
        if connections.hasAnyInFlight(at: turn.now) {
            return connections.nextChance(of: bootstrapServers, at: turn.now)
        }
        let isReady = bootstrapServers.contains {
            connections.wait(for: $0.kind, at: turn.now) == nil
        }
        guard isReady else { return connections.nextChance(of: bootstrapServers, at: turn.now) }
        let count = bootstrapServers.count
        let first = Int(
            turn.choices.draw(configuration.actor, .raftBootstrapServer, below: UInt64(count)))
        for step in 0..<count {
            let server = bootstrapServers[(first + step) % count]
            if connections.wait(for: server.kind, at: turn.now) == nil {
                return send(.fetch(fetchRequest), to: server, &turn)
            }
        }
        return .never
    }

    var leaderDestination: RaftDestination? {
        guard let leader = quorum.leader, let endpoint = quorum.leaderEndpoint else { return nil }
        return RaftDestination(kind: .node(leader), endpoint: endpoint)
    }

    @inline(__always)
    private var fetchRequest: RaftRequest.Fetch {
        RaftRequest.Fetch(
            epoch: quorum.epoch, replica: local, offset: storage.log.end,
            lastFetchedEpoch: storage.log.lastEpoch, highWatermark: quorum.highWatermark,
            maxWaitMilliseconds: Int32(configuration.settings.fetchMaxWait.wholeMilliseconds))
    }
}

// MARK: - The leader's answer

extension RaftNode {
    /// FETCH (`handleFetchResponse`), when it neither names another leader nor another epoch.
    mutating func accept(
        _ fetch: RaftResponse.Fetch, _ error: KafkaError, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> Bool {
        guard quorum.role == .follower else { throw RaftDeath(.illegalState, .notFollowing) }
        if error != .none { return false }
        if let diverging = fetch.diverging {
            try truncate(toDiverging: diverging, &turn)
        } else if let snapshot = fetch.snapshot {
            if snapshot.offset < 0 || snapshot.epoch < 0 { return false }
            beginDownload(of: snapshot, &turn)
        } else {
            if !fetch.records.isEmpty { try append(fetched: fetch.records, &turn) }
            if let highWatermark = fetch.highWatermark {
                try updateHighWatermark(toAtMost: highWatermark, &turn)
            }
        }
        quorum.didFetch(at: turn.now)
        return true
    }

    /// The leader's log parts from this one (KIP-595). What is committed is never cut.
    private mutating func truncate(
        toDiverging diverging: OffsetAndEpoch, _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        if let known = quorum.highWatermark, diverging.offset < known {
            throw RaftDeath(.kafka, .truncationBelowHighWatermark)
        }
        let before = storage.log.sizeInBytes
        guard let cut = storage.log.truncate(toDiverging: diverging) else {
            throw RaftDeath(.illegalArgument, .truncationBelowHighWatermark)
        }
        turn.effects.append(.cut(.log, bytes: before - storage.log.sizeInBytes))
        control.truncateNew(from: cut)
        try requireLastEpoch()
    }

    /// Voters have what they fetched on disk before they ask for more, because the leader takes
    /// the next fetch for an acknowledgement (KAFKA-10533).
    private mutating func append(
        fetched records: [RaftBatch], _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        switch storage.log.append(fetched: records, inEpoch: quorum.epoch) {
        case .beforeEnd: throw RaftDeath(.unexpectedAppendOffset, .appendBeforeEnd)
        case .nothingUsable: break  // CORRUPT_MESSAGE is logged and forgotten.
        case nil: turn.effects.append(.write(.log, bytes: storage.log.bytes(ofLast: records)))
        }
        if configuration.canBecomeVoter || isVoter { flushLog(&turn) }
        try control.read(storage.log, appended: records)
    }

    /// The one place where the log is flushed. Before KAFKA-10533 it was left to the operating
    /// system, and a power loss took records that counted as committed.
    mutating func flushLog(_ turn: inout RaftTurn) {
        if configuration.settings.generation.has(.flushBeforeFetch) {
            turn.effects.append(.flush(.log))
        }
    }

    /// As a follower learns it: no further than its own log reaches.
    mutating func updateHighWatermark(
        toAtMost offset: Int64, _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        let reached = min(offset, storage.log.end)
        if try quorum.updateFollowerHighWatermark(reached) {
            storage.log.updateHighWatermark(reached)
            try tellCommitted(upTo: reached, &turn)
        }
    }
}
