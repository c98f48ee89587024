import Kernel

/// The calls of the classic consumer (ClassicKafkaConsumer).
extension Consumer {
    mutating func beginClassic(
        _ call: ConsumerCall, _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        do throws(ClientError) {
            if let result = try beginOrAnswer(call, now, &effects) {
                effects.append(.returned(result))
            }
        } catch {
            effects.append(.failed(error))
        }
    }

    /// Nil: the call has begun and may have to wait.
    private mutating func beginOrAnswer(
        _ call: ConsumerCall, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) -> CallResult? {
        switch call {
        case .assign(let partitions): try assign(partitions, now, &effects)
        case .unsubscribe: unsubscribe()
        case .seek(let partition, let target):
            guard target.offset >= 0 else { throw .illegalArgument }
            let position = FetchPosition(
                target.offset, offsetEpoch: target.leaderEpoch,
                leader: metadata.leader(of: partition))
            metadata.noteEpoch(target.leaderEpoch, of: partition)
            guard subscription.isAssigned(partition) else { throw .illegalState }
            seek(partition, to: position)
        case .seekToBeginning(let partitions): try reset(partitions, to: .earliest)
        case .seekToEnd(let partitions): try reset(partitions, to: .latest)
        case .pause(let partitions): try pause(partitions, true)
        case .resume(let partitions): try pause(partitions, false)
        case .currentLag(let partition): return .lag(try currentLag(of: partition, now))
        case .commitAsync(let offsets, let ticket):
            guard group.exists else { throw .code(.invalidGroupID) }
            noteEpochs(offsets)
            let offsets = offsets ?? consumedOffsets()
            try commitAsync(offsets, .commitAsync(ticket, offsets), now, &effects)
        default:
            try push(call, now, &effects)
            return nil
        }
        return .done
    }

    private mutating func push(
        _ call: ConsumerCall, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        switch call {
        case .poll(let timeout):
            guard subscription.kind != .none else { throw .illegalState }
            classic.push(.poll(deadline: now + timeout, .begin))
        case .position(let partition, let timeout):
            guard subscription.isAssigned(partition) else { throw .illegalState }
            classic.push(.position(partition, deadline: now + timeout, .begin))
        case .beginningOffsets(let partitions, let timeout):
            lookUp(partitions.map { ($0, .earliest) }, timeout, now, &effects)
        case .endOffsets(let partitions, let timeout):
            lookUp(partitions.map { ($0, .latest) }, timeout, now, &effects)
        case .offsetsForTimes(let times, let timeout):
            guard times.allSatisfy({ $0.timestamp >= 0 }) else { throw .illegalArgument }
            lookUp(
                times.map { ($0.partition, .timestamp($0.timestamp)) }, timeout, now, &effects)
        case .committed(let partitions, let timeout):
            guard group.exists else { throw .code(.invalidGroupID) }
            guard !partitions.isEmpty else {
                effects.append(.returned(.committed([])))
                return
            }
            classic.push(.answerCommitted)
            classic.push(
                .fetchCommitted(partitions, deadline: now + timeout, attempts: 0, .begin))
        case .commitSync(let offsets, let timeout):
            guard group.exists else { throw .code(.invalidGroupID) }
            noteEpochs(offsets)
            classic.push(.answerCommit)
            classic.push(
                .commitSync(
                    offsets ?? consumedOffsets(), deadline: now + timeout, attempts: 0, .begin))
        case .close(let timeout):
            let deadline = now + min(timeout, settings.requestTimeout)
            classic.push(.close(began: now, deadline: deadline, timeout: timeout, .begin))
        default: break
        }
    }

    mutating func noteEpochs(_ offsets: [ConsumerCall.OffsetsToCommit]?) {
        for one in offsets ?? [] { metadata.noteEpoch(one.position.leaderEpoch, of: one.partition) }
    }

    // MARK: Calls that do not wait

    private mutating func assign(
        _ partitions: [PartitionRef], _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        if partitions.isEmpty { return unsubscribe() }
        dropBuffered { partitions.contains($0) }
        if group.exists { try maybeAutoCommit(now, &effects) }
        if try subscription.assign(byHand: partitions, metadata.names) {
            metadata.requestUpdateForNewTopics()
        }
    }

    private mutating func unsubscribe() {
        dropBuffered { _ in false }
        if group.exists { group.hasLeft = true }
        subscription.unsubscribe()
    }

    mutating func reset(
        _ partitions: [PartitionRef], to strategy: ResetStrategy
    ) throws(ClientError) {
        for partition in partitions.isEmpty ? subscription.order : partitions {
            try subscription.with(partition) { $0.becomeAwaitingReset(strategy) }
        }
    }

    mutating func pause(
        _ partitions: [PartitionRef], _ isPaused: Bool
    ) throws(ClientError) {
        for partition in partitions {
            try subscription.with(partition) { $0.isPaused = isPaused }
        }
    }

    /// Nil while the end of the log is not known; then it is asked for, once.
    mutating func currentLag(
        of partition: PartitionRef, _ now: Instant
    ) throws(ClientError) -> Int64? {
        guard let one = subscription[partition] else { throw .illegalState }
        // The newer consumer does not ask which records it may see.
        let isolation = settings.implementation == .classic ? settings.isolation : .uncommitted
        if let lag = subscription.lag(of: partition, isolation) { return lag }
        if subscription.end(of: partition, isolation) == nil, !one.isEndRequested {
            subscription[partition]?.isEndRequested = true
            let id = beginLookup([(partition, .latest)], isAwaited: false)
            switch settings.implementation {
            case .classic:
                if !sendLookup(id, now) {
                    endLookup(id)
                    subscription[partition]?.isEndRequested = false
                }
                metadata.clearTransient()
            case .consumer: startLookup(id, now)
            }
        }
        return nil
    }

    /// Without time to wait the question is sent all the same.
    private mutating func lookUp(
        _ times: [(partition: PartitionRef, query: OffsetQuery)], _ timeout: Interval,
        _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        let isAwaited = timeout > .zero
        if times.isEmpty {
            effects.append(.returned(.found([])))
            return
        }
        let id = beginLookup(times, isAwaited: isAwaited)
        if isAwaited {
            classic.push(.lookUp(id, deadline: now + timeout, .begin))
            return
        }
        let empty = lookup(id).map(result) ?? .found([])
        if !sendLookup(id, now) { endLookup(id) }
        metadata.clearTransient()
        effects.append(.returned(empty))
    }
}
