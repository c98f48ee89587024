import Kernel

/// The end of a Produce request (Sender.handleProduceResponse): for each batch success, another
/// attempt, smaller parts or failure.
extension Producer {
    mutating func endProduce(
        _ ids: [BatchID], _ how: RequestEnd, _ now: Instant, _ effects: inout ProducerEffects
    ) throws(ClientError) {
        defer { for id in ids { leaveRequest(id) } }
        let error: KafkaError
        switch how {
        case .answered(.produced(let answers, let endpoints)):
            var hints: [(partition: PartitionRef, leader: NodeID, epoch: Int32)] = []
            for answer in answers {
                guard let id = ids.first(where: { batches[$0].partition == answer.partition })
                else { continue }
                try end(id, answer, now, &effects)
                if let leader = answer.leader, answer.leaderEpoch >= 0,
                    answer.error == .notLeaderOrFollower || answer.error == .fencedLeaderEpoch
                {
                    hints.append((answer.partition, leader, answer.leaderEpoch))
                }
            }
            return metadata.maybeUpdateLeaders(hints, endpoints: endpoints)
        case .answered(.refused(let code)): error = code
        case .answered: error = .unsupportedVersion
        case .disconnected: error = .networkException
        case .timedOut: error = .requestTimedOut
        case .written: error = .none
        }
        for id in ids.sorted(by: { batches[$0].partition < batches[$1].partition }) {
            try end(id, PartitionProduceAnswer(batches[id].partition, error), now, &effects)
        }
    }

    /// The network no longer holds the batch's bytes.
    private mutating func leaveRequest(_ id: BatchID) {
        if batches[id].isDone { accumulator.freeMemory(of: &batches[id]) }
        batches.release(id, as: .request)
    }

    private mutating func end(
        _ id: BatchID, _ answer: PartitionProduceAnswer, _ now: Instant,
        _ effects: inout ProducerEffects
    ) throws(ClientError) {
        let error = answer.error
        if error == .messageTooLarge, batches[id].count > 1, !batches[id].isDone {
            try split(id, &effects)
        } else if error == .none {
            try complete(id, answer, &effects)
        } else {
            if try mayRetry(id, answer, now) {
                retry(id, now)
            } else if error == .duplicateSequenceNumber {
                try complete(id, answer, &effects)
            } else {
                fail(id, answer, &effects)
            }
            if error.isInvalidMetadata { metadata.requestUpdate() }
        }
        if settings.mutesPartitionsInFlight { accumulator.unmute(batches[id].partition) }
    }

    private mutating func complete(
        _ id: BatchID, _ answer: PartitionProduceAnswer, _ effects: inout ProducerEffects
    ) throws(ClientError) {
        if settings.isIdempotent {
            try identity.complete(
                id, baseOffset: answer.baseOffset, &batches,
                isTransactional: settings.isTransactional)
        }
        guard batches.decide(id, .succeeded) else { return }
        tell(
            id, .written(baseOffset: answer.baseOffset, logAppendTime: answer.logAppendTime),
            &effects)
        forget(id, isInRequest: false)
    }

    private mutating func retry(_ id: BatchID, _ now: Instant) {
        accumulator.reenqueue(id, &batches, at: now, settings.isIdempotent ? identity.order : nil)
        stopFlying(id)
    }

    /// KIP-126. The parts are in flight in the place of the whole: their sequences are its.
    private mutating func split(
        _ id: BatchID, _ effects: inout ProducerEffects
    ) throws(ClientError) {
        if settings.isIdempotent { identity.untrack(id, &batches) }
        let parts = accumulator.split(id, &batches)
        for part in parts.reversed() {
            if settings.isIdempotent { try identity.track(part, &batches) }
            accumulator.insert(part, batches, settings.isIdempotent ? identity.order : nil)
        }
        _ = batches.decide(id, .split)
        noteDone(batches[id].serial, parts: parts.map { batches[$0].serial }, &effects)
        forget(id, isInRequest: false)
    }

    /// Another attempt has sense while time and attempts last, if the error passes, or if it says
    /// that the broker's idea of the sequences and ours differ and that can be mended.
    private mutating func mayRetry(
        _ id: BatchID, _ answer: PartitionProduceAnswer, _ now: Instant
    ) throws(ClientError) -> Bool {
        if batches[id].hasReached(settings.deliveryTimeout, at: now)
            || batches[id].attempts >= settings.retries || batches[id].isDone
        {
            return false
        }
        if settings.isIdempotent {
            if !settings.isTransactional, identity.isGivenUp(batches[id]) { return false }
            if answer.error == .unknownProducerID, let retries = try mend(unknown: id, answer) {
                return retries
            }
            if answer.error == .outOfOrderSequenceNumber,
                let retries = try mend(outOfOrder: id)
            {
                return retries
            }
        }
        return answer.error.isRetriable
    }

    /// The broker knows nothing of the producer, because its records have been deleted or it lost
    /// what it knew (KIP-360). Nil: the error decides.
    private mutating func mend(
        unknown id: BatchID, _ answer: PartitionProduceAnswer
    ) throws(ClientError) -> Bool? {
        let partition = batches[id].partition
        // An old answer, or one to numbers that have changed since.
        if answer.logStartOffset == -1 || batches[id].sequenceWasReset { return true }
        let acknowledged = identity.sequences(of: partition).lastAcknowledgedOffset
        if settings.isTransactional {
            guard acknowledged < answer.logStartOffset else { return nil }
            try identity.restart(partition, &batches)
        } else {
            try identity.requestBump(for: partition, because: .producerForgotten, &batches)
        }
        return true
    }

    /// The broker misses a batch before this one. While one before it is in flight it may still
    /// come; else the gap is for ever. Nil: the error decides.
    private mutating func mend(outOfOrder id: BatchID) throws(ClientError) -> Bool? {
        let partition = batches[id].partition
        let isUnresolved = identity.hasUnresolved(partition)
        if !isUnresolved, batches[id].sequenceWasReset || !identity.isNext(batches[id]) {
            return true
        }
        if settings.isTransactional { return nil }
        if !isUnresolved || identity.followsUnresolved(batches[id]),
            !identity.mustAwaitOthers(than: batches[id], alsoLater: false, batches)
        {
            try identity.requestBump(for: partition, because: .gap, &batches)
            return identity.raisesEpoch
        }
        return true
    }
}
