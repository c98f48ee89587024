import Kernel

/// What became of an attempt to append a record.
enum AppendOutcome: Sendable {
    /// `isReady`: its queue now holds a batch that need not wait for linger. `growth`: what counts
    /// for the sticky partitioner.
    case appended(PartitionRef, isReady: Bool, isNewBatch: Bool, growth: Int32)
    /// There is not enough memory now.
    case needsMemory(Int32)
}

extension RecordAccumulator {
    /// Appends a record to the last batch of its partition, or to a new one. `granted` is memory
    /// that was waited for: what is not used of it goes back.
    mutating func append(
        _ record: Record, _ ticket: SendTicket, to destination: RecordDestination,
        _ batches: inout BatchTable, _ metadata: ProducerMetadata, at now: Instant,
        granted: Int32? = nil, _ choices: inout Choices
    ) throws(ClientError) -> AppendOutcome {
        var memory = granted
        defer { if let memory { pool.free(memory) } }
        while true {
            let partition = choose(destination, metadata, &choices)
            ensureQueue(partition, metadata)
            if maybeMoveOn(destination, partition, batches, metadata, &choices) { continue }
            if isClosed { throw .kafka }
            if let appended = appendToLast(record, ticket, partition, &batches, at: now) {
                count(appended, destination, batches, metadata, &choices)
                return appended
            }
            let size = memory ?? max(settings.batchSize, boundOfSingleRecordBatch(record))
            if memory == nil {
                switch pool.allocate(size) {
                case .granted: memory = size
                case .neverFits: throw .illegalArgument
                case .short: return .needsMemory(size)
                }
            }
            // The batch was closed because this record did not fit, so now the partitioner may
            // move on, and takes the record with it.
            if maybeMoveOn(destination, partition, batches, metadata, &choices) { continue }
            memory = nil
            let appended = appendToNew(
                record, ticket, partition, capacity: size, &batches, at: now)
            count(appended, destination, batches, metadata, &choices)
            return appended
        }
    }

    /// Completes a change of partition that waited for its last batch to be full.
    private mutating func maybeMoveOn(
        _ destination: RecordDestination, _ partition: PartitionRef, _ batches: BatchTable,
        _ metadata: ProducerMetadata, _ choices: inout Choices
    ) -> Bool {
        guard case .anyPartition(let topic) = destination, isLastBatchFull(partition, batches)
        else { return false }
        return moveOn(topic, after: 0, mayLeaveBatch: true, metadata, &choices)
    }

    private func isLastBatchFull(_ partition: PartitionRef, _ batches: BatchTable) -> Bool {
        guard let last = partitions[partition.index].batches.last else { return true }
        return batches[last].isFull
    }

    private mutating func appendToLast(
        _ record: Record, _ ticket: SendTicket, _ partition: PartitionRef,
        _ batches: inout BatchTable, at now: Instant
    ) -> AppendOutcome? {
        guard let last = partitions[partition.index].batches.last else { return nil }
        let before = batches[last].size
        guard batches[last].append(record, ticket, at: now) else {
            batches[last].closeForRecords()
            return nil
        }
        return .appended(
            partition,
            isReady: partitions[partition.index].batches.count > 1 || batches[last].isFull,
            isNewBatch: false, growth: batches[last].size - before)
    }

    private mutating func appendToNew(
        _ record: Record, _ ticket: SendTicket, _ partition: PartitionRef, capacity: Int32,
        _ batches: inout BatchTable, at now: Instant
    ) -> AppendOutcome {
        let id = batches.add { serial in
            ProducerBatch(partition: partition, created: now, serial: serial, capacity: capacity)
        }
        _ = batches[id].append(record, ticket, at: now)
        partitions[partition.index].batches.append(id)
        return .appended(
            partition,
            isReady: partitions[partition.index].batches.count > 1 || batches[id].isFull,
            isNewBatch: true, growth: batches[id].size)
    }
}

/// The partition of records that may go anywhere.
extension RecordAccumulator {
    private mutating func choose(
        _ destination: RecordDestination, _ metadata: ProducerMetadata, _ choices: inout Choices
    ) -> PartitionRef {
        switch destination {
        case .partition(let partition): return partition
        case .anyPartition(let topic):
            if topics[topic.index].partitioner.partition == nil {
                become(topic, metadata, &choices)
            }
            let number = topics[topic.index].partitioner.partition ?? 0
            return metadata.topics[topic.index].partitions[Int(number)]
        }
    }

    private mutating func count(
        _ appended: AppendOutcome, _ destination: RecordDestination, _ batches: BatchTable,
        _ metadata: ProducerMetadata, _ choices: inout Choices
    ) {
        guard case .anyPartition(let topic) = destination,
            case .appended(let partition, _, _, let growth) = appended
        else { return }
        _ = moveOn(
            topic, after: growth, mayLeaveBatch: isLastBatchFull(partition, batches), metadata,
            &choices)
    }

    private mutating func moveOn(
        _ topic: TopicRef, after bytes: Int32, mayLeaveBatch: Bool, _ metadata: ProducerMetadata,
        _ choices: inout Choices
    ) -> Bool {
        let isTime = topics[topic.index].partitioner
            .shouldSwitch(after: bytes, mayLeaveBatch: mayLeaveBatch)
        if isTime { become(topic, metadata, &choices) }
        return isTime
    }

    private mutating func become(
        _ topic: TopicRef, _ metadata: ProducerMetadata, _ choices: inout Choices
    ) {
        let known = metadata.topics[topic.index]
        let random = choices.draw(actor, .producerStickyPartition, below: 1 << 31)
        topics[topic.index].partitioner.become(
            random: Int32(truncatingIfNeeded: random),
            available: known.available.map { metadata[$0].number },
            of: Int32(known.partitions.count))
    }
}
