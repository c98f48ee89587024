import Kernel

/// Asking for records, and what the answers bring (AbstractFetch).
extension Consumer {
    // MARK: Requests

    /// One request a node, of the partitions that can be read and of which nothing is waiting.
    /// Returns how many.
    @discardableResult
    mutating func sendFetches(_ now: Instant) -> Int {
        var targets: [(node: NodeID, partitions: [FetchRequest.Partition])] = []
        var busy: [NodeID]?
        for partition in subscription.order {
            guard subscription.isFetchable(partition), !buffer.holds(partition) else {
                continue
            }
            let nodes = busy ?? nodesWithBufferedData(now)
            busy = nodes
            guard let position = subscription.position(of: partition),
                let node = target(for: partition, now), !network.isUnavailable(node, at: now),
                !pendingNodes.contains(node),
                !nodes.contains(node)
            else { continue }
            let wanted = FetchRequest.Partition(
                metadata.identity(of: partition),
                currentLeaderEpoch: validatesPositions ? position.leader.epoch : nil,
                fetchOffset: position.offset, maxBytes: settings.maxPartitionFetchBytes)
            if let index = targets.firstIndex(where: { $0.node == node }) {
                targets[index].partitions.append(wanted)
            } else {
                targets.append((node, [wanted]))
            }
        }
        targets.sort { $0.node < $1.node }
        for target in targets { fetch(target.partitions, from: target.node, now) }
        return targets.count
    }

    private mutating func fetch(
        _ partitions: [FetchRequest.Partition], from node: NodeID, _ now: Instant
    ) {
        let contents = sessions[node, default: FetchSessionHandler()]
            .request(wanting: partitions, recreated: metadata.recreated)
        queueFetch(contents, to: node, for: .fetch, now)
    }

    private mutating func queueFetch(
        _ contents: FetchSessionHandler.Contents, to node: NodeID, for errand: ConsumerErrand,
        _ now: Instant
    ) {
        let fetcher = Fetcher.consumer(
            rack: settings.rack, isolation: settings.isolation, tellsOfItself: true)
        let request = FetchRequest(
            fetcher, maxWait: settings.fetchMaxWait, minBytes: settings.fetchMinBytes,
            maxBytes: settings.fetchMaxBytes, session: contents.session,
            partitions: contents.partitions, forgotten: contents.forgotten)
        if !pendingNodes.contains(node) { pendingNodes.append(node) }
        network.queue(.broker(.fetch(request)), to: node, for: errand, at: now)
    }

    /// A node is left alone while the program has not taken what it sent: its sessions then name
    /// everything that is wanted of it.
    private mutating func nodesWithBufferedData(_ now: Instant) -> [NodeID] {
        var nodes: [NodeID] = []
        for partition in subscription.order
        where subscription.isFetchable(partition) && buffer.holds(partition) {
            if let node = target(for: partition, now) { nodes.append(node) }
        }
        return nodes
    }

    /// Whom to ask for a partition. Nil: its leader is not known.
    private mutating func target(for partition: PartitionRef, _ now: Instant) -> NodeID? {
        guard let leader = subscription.position(of: partition)?.leader.node else {
            metadata.requestUpdate()
            return nil
        }
        return replica(for: partition, leader, now)
    }

    /// The replica near us that the leader named, while it is there (KIP-392).
    private mutating func replica(
        for partition: PartitionRef, _ leader: NodeID, _ now: Instant
    ) -> NodeID {
        guard subscription[partition]?.preferredReplica != nil,
            let preferred = subscription[partition]?.readReplica(at: now)
        else { return leader }
        if metadata.isOnline(preferred, for: partition) { return preferred }
        noteBadFetch(of: partition)
        return leader
    }

    /// The sessions end with us (KIP-227).
    mutating func sendSessionEnds(_ now: Instant) {
        for node in Array(sessions.keys) {
            sessions[node]?.close()
            guard metadata.nodes.contains(node), !network.isUnavailable(node, at: now),
                let contents = sessions[node]?.request(wanting: [])
            else { continue }
            queueFetch(contents, to: node, for: .endSession, now)
        }
    }

    // MARK: Answers

    mutating func receive(_ reply: FetchReply, from node: NodeID, _ now: Instant) {
        defer { pendingNodes.removeAll { $0 == node } }
        guard sessions[node]?.receive(reply) ?? false else {
            if reply.error == .fetchSessionTopicIDError { metadata.requestUpdate() }
            return
        }
        var moved: [PartitionRef] = []
        for one in reply.partitions {
            guard let partition = metadata.partition(one.partition),
                let asked = sessions[node]?[one.partition]
            else { continue }
            if one.error == .notLeaderOrFollower || one.error == .fencedLeaderEpoch,
                let hint = one.currentLeader,
                metadata.maybeUpdateLeader(hint, of: partition)
            {
                moved.append(partition)
            }
            buffer.add(CompletedFetch(partition, one, from: asked.fetchOffset))
        }
        // Any answer is a reason for the program's thread to look, even one that says nothing.
        buffer.wake()
        if moved.isEmpty { return }
        metadataHasChanged(now)
        for partition in moved { followLeader(of: partition) }
    }

    /// No answer came: whatever a node was preferred for, it is asked no more.
    mutating func fetchFailed(from node: NodeID) {
        pendingNodes.removeAll { $0 == node }
        guard sessions[node] != nil else { return }
        sessions[node]?.requestFailed()
        guard let session = sessions[node] else { return }
        for one in session.partitions {
            guard let partition = metadata.partition(one.partition) else { continue }
            _ = subscription[partition]?.clearReadReplica()
        }
    }

    /// The metadata that sent us there may be stale.
    mutating func noteBadFetch(of partition: PartitionRef) {
        metadata.requestUpdate()
        _ = subscription[partition]?.clearReadReplica()
    }
}
