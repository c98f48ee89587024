import Kernel

/// Handing out what was fetched (FetchCollector).
extension Consumer {
    /// Up to `max.poll.records` records, in the order in which they came. An error behind records
    /// waits until they have been taken.
    mutating func collect(_ now: Instant) throws(ClientError) -> PolledRecords {
        var polled = PolledRecords()
        var paused: [CompletedFetch] = []
        var left = settings.maxPollRecords
        // Without the fix what is put back looks like news, and the program's thread never sleeps.
        let wakes = !settings.generation.has(.pausedBusyLoop)
        defer { buffer.putBack(paused, waking: wakes) }
        do throws(ClientError) {
            while left > 0 {
                guard let partition = buffer.currentPartition else {
                    guard try takeNext(isFirst: polled.isEmpty, now) else { break }
                    continue
                }
                if subscription.isPaused(partition), let current = buffer.current {
                    paused.append(current)
                    buffer.current = nil
                    continue
                }
                let taken = try takeFromCurrent(partition, left)
                left -= taken.count
                polled.add(taken)
            }
        } catch {
            if polled.isEmpty || dropsRecords(before: error) { throw error }
        }
        return polled
    }

    /// Without the fix, an error that is none of Kafka's own flies past the records that have been
    /// taken already: their position has advanced, and nobody gets them.
    private func dropsRecords(before error: ClientError) -> Bool {
        guard error.kind == .illegalState else { return false }
        return !settings.generation.has(.unexpectedErrorDropsRecords)
    }

    /// Makes the next fetch the current one. False if there is none.
    private mutating func takeNext(isFirst: Bool, _ now: Instant) throws(ClientError) -> Bool {
        guard let next = buffer.first else { return false }
        if next.isInitialized {
            buffer.current = buffer.removeFirst()
            return true
        }
        let isOfUse: Bool
        do throws(ClientError) {
            isOfUse = try prepare(next, now)
        } catch {
            // An answer that is nothing but an error is told once; bytes may yet be read.
            if isFirst, next.reply.sizeInBytes == 0 { _ = buffer.removeFirst() }
            throw error
        }
        buffer.current = buffer.removeFirst()
        if isOfUse { buffer.current?.isInitialized = true } else { buffer.current = nil }
        return true
    }

    private mutating func takeFromCurrent(
        _ partition: PartitionRef, _ limit: Int32
    ) throws(ClientError) -> PolledRecords {
        guard subscription.isFetchable(partition),
            let position = subscription.position(of: partition),
            buffer.current?.nextOffset == position.offset
        else {
            // No longer ours, or not what we are looking for: from an older question.
            drainCurrent()
            return PolledRecords()
        }
        let records = try buffer.current!.take(limit, settings)
        let offset = buffer.current!.nextOffset
        let epoch = buffer.current!.lastEpoch
        if buffer.current!.isConsumed, buffer.current!.hasDelivered {
            subscription.moveToEnd(partition)
        }
        var polled = PolledRecords(records: records)
        for one in records { polled.count += one.count }
        if offset > position.offset {
            let next = FetchPosition(offset, offsetEpoch: epoch, leader: position.leader)
            _ = subscription[partition]?.advance(to: next)
            polled.hasAdvanced = true
        }
        polled.next = [(partition, CommittedPosition(offset, leaderEpoch: epoch))]
        return polled
    }

    private mutating func drainCurrent() {
        guard let current = buffer.current, !current.isConsumed else { return }
        buffer.current?.drain()
        if current.hasDelivered { subscription.moveToEnd(current.partition) }
    }

    /// Forgets what was fetched of partitions that are not among these.
    mutating func dropBuffered(except isKept: (PartitionRef) -> Bool) {
        for partition in buffer.keep(isKept) { subscription.moveToEnd(partition) }
    }

    // MARK: Looking at an answer

    /// False: nothing of it is of use.
    private mutating func prepare(
        _ fetch: CompletedFetch, _ now: Instant
    ) throws(ClientError) -> Bool {
        let partition = fetch.partition
        let error = fetch.reply.error
        defer {
            // Partitions of one topic stay together that way, and requests small.
            if error != .none { subscription.moveToEnd(partition) }
        }
        guard subscription[partition]?.hasValidPosition ?? false else { return false }
        if error != .none {
            try receive(error, fetch)
            return false
        }
        guard subscription.position(of: partition)?.offset == fetch.nextOffset else { return false }
        let reply = fetch.reply
        if reply.batches.isEmpty, reply.sizeInBytes > 0 { throw .kafka }
        let expires = now + settings.metadataMaxAge
        try subscription.with(partition) { one in
            if reply.highWatermark >= 0 { one.update(highWatermark: reply.highWatermark) }
            if reply.logStartOffset >= 0 { one.logStartOffset = reply.logStartOffset }
            if reply.lastStableOffset >= 0 {
                one.update(lastStableOffset: reply.lastStableOffset)
            }
            if let node = reply.preferredReadReplica { one.prefer(node, until: expires) }
        }
        return true
    }

    private mutating func receive(
        _ error: KafkaError, _ fetch: CompletedFetch
    ) throws(ClientError) {
        let partition = fetch.partition
        switch error {
        case .notLeaderOrFollower, .replicaNotAvailable, .kafkaStorageError, .fencedLeaderEpoch,
            .offsetNotAvailable, .unknownTopicOrPartition, .unknownTopicID, .inconsistentTopicID:
            noteBadFetch(of: partition)
        case .offsetOutOfRange: try receiveOutOfRange(fetch)
        case .topicAuthorizationFailed:
            let topic = metadata.names[partition].topic
            throw ClientError(.code(error), about: .topics([topic]))
        case .unknownLeaderEpoch, .unknownServerError: break
        case .corruptMessage: throw .kafka
        default: throw .illegalState
        }
    }

    /// A follower may be behind; only the leader's word counts.
    private mutating func receiveOutOfRange(_ fetch: CompletedFetch) throws(ClientError) {
        let partition = fetch.partition
        if subscription[partition]?.clearReadReplica() != nil { return }
        guard subscription.position(of: partition)?.offset == fetch.nextOffset else { return }
        guard subscription.resetPolicy == .none else {
            subscription.awaitReset(of: partition)
            return
        }
        let offset = ClientError.PartitionOffset(partition: partition, offset: fetch.nextOffset)
        throw ClientError(.offsetOutOfRange, about: .offsets([offset]))
    }
}
