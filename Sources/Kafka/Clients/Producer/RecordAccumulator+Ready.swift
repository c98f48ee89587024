import Kernel

/// Which nodes can be sent something, and when to look again.
struct ReadyNodes: Sendable {
    /// In the order in which they were found ready.
    var nodes: [NodeID] = []
    /// Nil: nothing waits for time to pass.
    var nextCheck: Interval?
    /// Topics with a batch for a partition that has no leader.
    var leaderless: [TopicRef] = []
}

extension RecordAccumulator {
    /// A node is ready as soon as one of its partitions is; then nobody asks its other partitions
    /// when they will be. On the way, the queues become weights for the sticky partitioner.
    mutating func ready(
        _ batches: inout BatchTable, _ metadata: ProducerMetadata, at now: Instant,
        isCompleting: Bool
    ) -> ReadyNodes {
        var result = ReadyNodes()
        let sendsAll = !pool.waiting.isEmpty || isClosed || flushes > 0 || isCompleting
        for index in topics.indices {
            look(at: TopicRef(Int32(index)), &batches, metadata, now, sendsAll, &result)
        }
        return result
    }

    private mutating func look(
        at topic: TopicRef, _ batches: inout BatchTable, _ metadata: ProducerMetadata,
        _ now: Instant, _ sendsAll: Bool, _ result: inout ReadyNodes
    ) {
        let known = metadata.topics[topic.index]
        let order = topics[topic.index].order.partitions
        let adapts = settings.adaptivePartitioning && order.count >= known.partitions.count
        var lengths = QueueLengths(
            isWanted: adapts, inheritsLength: !settings.generation.has(.idlePartitionQueue))
        for number in order {
            let partition = known.partitions[Int(number)]
            let leader = metadata[partition].leader
            if leader != nil { lengths.begin(number) }
            guard let first = partitions[partition.index].batches.first else { continue }
            batches[first].maybeNoteLeader(epoch: metadata[partition].leaderEpoch)
            guard let leader else {
                if result.leaderless.last != topic { result.leaderless.append(topic) }
                continue
            }
            lengths.set(Int32(partitions[partition.index].batches.count))
            if isUnavailable(leader) { lengths.leaveOut() }
            decide(partition, first, batches, leader, now, sendsAll, &result)
        }
        topics[topic.index].partitioner.updateLoad(adapts ? lengths.queues(of: order.count) : nil)
    }

    @inline(__always)
    private func decide(
        _ partition: PartitionRef, _ first: BatchID, _ batches: BatchTable, _ leader: NodeID,
        _ now: Instant, _ sendsAll: Bool, _ result: inout ReadyNodes
    ) {
        if partitions[partition.index].isMuted || result.nodes.contains(leader) { return }
        let isBackingOff = batches[first].isBackingOff(settings.retryBackoff, at: now)
        let wait =
            isBackingOff
            ? settings.retryBackoff.delay(after: max(0, batches[first].attempts - 1))
            : settings.linger
        let waited = batches[first].waited(until: now)
        let isFull = partitions[partition.index].batches.count > 1 || batches[first].isFull
        if (isFull || waited >= wait || sendsAll) && !isBackingOff {
            result.nodes.append(leader)
        } else {
            let left = max(wait - waited, .zero)
            result.nextCheck = min(left, result.nextCheck ?? left)
        }
    }

    /// It had something to send and could not take it for longer than the availability timeout.
    private func isUnavailable(_ node: NodeID) -> Bool {
        guard settings.availabilityTimeout > .zero,
            let latency = latencies.first(where: { $0.node == node })
        else { return false }
        return latency.ready - latency.drained > settings.availabilityTimeout
    }

    /// The sender has tried a node that is ready.
    mutating func noteAttempt(at node: NodeID, _ now: Instant, couldSend: Bool) {
        if settings.availabilityTimeout <= .zero { return }
        guard let index = latencies.firstIndex(where: { $0.node == node }) else {
            latencies.append(NodeLatency(node: node, ready: now, drained: now))
            return
        }
        latencies[index].ready = now
        if couldSend { latencies[index].drained = now }
    }
}

/// Queue lengths as they are gathered, with one index that goes back where a partition is left
/// out. An empty queue writes no length, so it shows that of the partition that was left out
/// before it (RecordAccumulator.partitionReady; cured by `idle-partition-queue`).
private struct QueueLengths {
    private var partitions: [Int32] = []
    private var lengths: [Int32] = []
    private var used = 0
    /// Otherwise nothing is gathered.
    private let isWanted: Bool
    private let inheritsLength: Bool

    init(isWanted: Bool, inheritsLength: Bool) {
        self.isWanted = isWanted
        self.inheritsLength = inheritsLength
    }

    mutating func begin(_ partition: Int32) {
        guard isWanted else { return }
        if used == lengths.count {
            partitions.append(partition)
            lengths.append(0)
        } else {
            partitions[used] = partition
            if !inheritsLength { lengths[used] = 0 }
        }
        used += 1
    }

    mutating func set(_ length: Int32) {
        if isWanted { lengths[used - 1] = length }
    }

    mutating func leaveOut() {
        if isWanted { used -= 1 }
    }

    func queues(of count: Int) -> PartitionQueues {
        var queues = PartitionQueues()
        queues.partitions = Array(partitions.prefix(used))
        queues.lengths = Array(lengths.prefix(used))
        queues.isComplete = used == count
        return queues
    }
}
