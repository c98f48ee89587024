import Kernel

/// Where records wait until their batches are sent (RecordAccumulator): a queue of batches for
/// each partition, the memory they take, and the partitioner of records that may go anywhere.
struct RecordAccumulator: Sendable {
    /// What has been appended to one topic.
    struct TopicQueues: Sendable {
        var order = CopyOnWriteOrder()
        var partitioner: StickyPartitioner
    }

    struct PartitionQueue: Sendable {
        /// A record of the partition has been here; that is never forgotten.
        var exists = false
        var isMuted = false
        var batches = BatchQueue()
    }

    /// When a node last had something to send, and when it last could take it.
    struct NodeLatency: Sendable {
        let node: NodeID
        var ready: Instant
        var drained: Instant
    }

    let settings: ProducerSettings
    /// Whose random numbers it draws.
    let actor: ActorID
    var pool: BufferPool
    var topics: [TopicQueues] = []
    var partitions: [PartitionQueue] = []
    var latencies: [NodeLatency] = []
    /// The partition at which the next drain of a node begins.
    var drainStarts: [(node: NodeID, index: Int)] = []
    private(set) var isClosed = false
    /// Calls of `flush` that have not ended.
    var flushes = 0
    /// When the next batch reaches its delivery timeout, as of the last look.
    private(set) var nextExpiry = Instant.never

    init(_ settings: ProducerSettings, actor: ActorID) {
        self.settings = settings
        self.actor = actor
        pool = BufferPool(total: settings.bufferMemory, poolableSize: settings.batchSize)
    }

    var hasUndrained: Bool { partitions.contains { !$0.batches.isEmpty } }

    mutating func close() {
        isClosed = true
        pool.close()
    }

    mutating func mute(_ partition: PartitionRef) { partitions[partition.index].isMuted = true }

    mutating func unmute(_ partition: PartitionRef) { partitions[partition.index].isMuted = false }

    /// Knows all that the metadata knows.
    mutating func extend(to metadata: ProducerMetadata) {
        while topics.count < metadata.topics.count {
            topics.append(
                TopicQueues(partitioner: StickyPartitioner(batchSize: max(1, settings.batchSize))))
        }
        while partitions.count < metadata.partitions.count { partitions.append(PartitionQueue()) }
    }

    mutating func ensureQueue(_ partition: PartitionRef, _ metadata: ProducerMetadata) {
        if partitions[partition.index].exists { return }
        partitions[partition.index].exists = true
        let one = metadata[partition]
        topics[one.topic.index].order.insert(one.number)
    }
}

/// What comes and goes besides records.
extension RecordAccumulator {
    /// Its memory goes back, unless it is part of a split batch.
    mutating func freeMemory(of batch: inout ProducerBatch) {
        if batch.isFromPool, !batch.isFreed { pool.free(batch.capacity) }
        batch.isFreed = true
    }

    /// A batch that failed waits for another attempt: before those that have never been sent, and
    /// if it is numbered, behind those of lower sequence.
    mutating func reenqueue(
        _ id: BatchID, _ batches: inout BatchTable, at now: Instant, _ order: SequenceOrder?
    ) {
        batches[id].becomeRetry(at: now)
        insert(id, batches, order)
    }

    mutating func insert(_ id: BatchID, _ batches: BatchTable, _ order: SequenceOrder?) {
        let partition = batches[id].partition
        var position = 0
        if let order, order.sortsRetries {
            let sequence = batches[id].baseSequence
            for other in partitions[partition.index].batches.all {
                guard batches[other].hasSequence,
                    order.precedes(batches[other].baseSequence, sequence)
                else { break }
                position += 1
            }
        }
        partitions[partition.index].batches.insert(id, at: position)
    }

    /// A batch that was too large for the broker is cut up; a part that was too large again, in
    /// half. The parts keep its age (KIP-126). Returns them in order; they are in no queue yet.
    func split(_ id: BatchID, _ batches: inout BatchTable) -> [BatchID] {
        let whole = batches[id]
        let limit =
            whole.isFromPool
            ? settings.batchSize : max(whole.largestRecordBound, whole.size / 2)
        var parts: [BatchID] = []
        for (record, ticket) in zip(whole.records, whole.tickets) {
            if let part = parts.last, batches[part].append(record, ticket, at: whole.created) {
                continue
            }
            if let part = parts.last { batches[part].closeForRecords() }
            let part = batches.add { serial in
                ProducerBatch(
                    partition: whole.partition, created: whole.created, serial: serial,
                    capacity: max(boundOfSingleRecordBatch(record), limit), isFromPool: false)
            }
            _ = batches[part].append(record, ticket, at: whole.created)
            parts.append(part)
        }
        batches[parts[parts.count - 1]].closeForRecords()
        if whole.hasSequence {
            var sequence = whole.baseSequence
            for part in parts {
                batches[part].number(
                    whole.identity, sequence: sequence, isTransactional: whole.isTransactional)
                sequence = incrementSequence(sequence, by: batches[part].count)
            }
        }
        return parts
    }

    /// Takes the batches whose delivery timeout is over from the heads of the queues.
    mutating func removeExpired(_ batches: BatchTable, at now: Instant) -> [BatchID] {
        var expired: [BatchID] = []
        for index in partitions.indices {
            while let first = partitions[index].batches.first {
                guard batches[first].hasReached(settings.deliveryTimeout, at: now) else {
                    noteExpiry(of: batches[first])
                    break
                }
                expired.append(partitions[index].batches.removeFirst())
            }
        }
        return expired
    }

    mutating func forgetNextExpiry() { nextExpiry = .never }

    mutating func noteExpiry(of batch: ProducerBatch) {
        nextExpiry = min(nextExpiry, batch.created + settings.deliveryTimeout)
    }
}
