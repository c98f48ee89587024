import Kernel

/// Batches that end without success: refused, expired, or given up.
extension Producer {
    mutating func fail(
        _ id: BatchID, _ answer: PartitionProduceAnswer, _ effects: inout ProducerEffects
    ) {
        let error = ClientError.code(answer.error)
        let outcome: BatchCompletion.Outcome
        switch answer.refusedRecords.count {
        case 0: outcome = .failed(error)
        case 1: outcome = .refused(records: answer.refusedRecords, error)
        default: outcome = .refused(records: answer.refusedRecords, .code(.invalidRecord))
        }
        fail(
            id, error, outcome, closesGap: batches[id].attempts < settings.retries,
            isInRequest: false, &effects)
    }

    private mutating func fail(
        _ id: BatchID, _ error: ClientError, _ outcome: BatchCompletion.Outcome, closesGap: Bool,
        isInRequest: Bool, _ effects: inout ProducerEffects
    ) {
        guard batches.decide(id, .failed) else { return }
        tell(id, outcome, &effects)
        if settings.isIdempotent {
            // A step that is invalid now must not keep the batch from ending: Kafka only logs it.
            try? account(for: id, error, closesGap: closesGap)
        }
        forget(id, isInRequest: isInRequest)
    }

    /// What a failed batch means for the transaction and for the sequences after it.
    private mutating func account(
        for id: BatchID, _ error: ClientError, closesGap: Bool
    ) throws(ClientError) {
        try transaction.becomeFailed(error, &identity, on: .sender)
        identity.untrack(id, &batches)
        if transaction.hasFatalError { return }
        let partition = batches[id].partition
        let isOutOfOrder = error.kind == .code(.outOfOrderSequenceNumber)
        if isOutOfOrder, !settings.isTransactional {
            try leaveGap(at: id)
        } else if error.kind == .code(.unknownProducerID) {
            identity.forget(partition, &batches)
        } else if closesGap {
            if settings.isTransactional || !identity.raisesEpoch {
                try identity.shiftAfterFailure(of: id, &batches)
            } else {
                try leaveGap(at: id)
            }
        }
    }

    /// The broker will never have the batch, and those after it do not fit.
    private mutating func leaveGap(at id: BatchID) throws(ClientError) {
        if identity.mustAwaitOthers(than: batches[id], alsoLater: true, batches) {
            identity.becomeUnresolved(batches[id])
        } else {
            try identity.requestBump(for: batches[id].partition, because: .gap, &batches)
        }
    }

    /// Fails what has reached its delivery timeout: first what is in flight, of which each
    /// partition's list is in the order of sending and is looked at only up to the first batch
    /// that is younger; then the queues. The queues' callbacks come first.
    mutating func expire(_ now: Instant, _ effects: inout ProducerEffects) {
        accumulator.forgetNextExpiry()
        let sent = expiredInFlight(now)
        let queued = accumulator.removeExpired(batches, at: now)
        for id in queued { expire(id, wasInFlight: false, &effects) }
        for id in sent { expire(id, wasInFlight: true, &effects) }
    }

    private mutating func expiredInFlight(_ now: Instant) -> [BatchID] {
        var expired: [BatchID] = []
        for index in flying.indices {
            while let first = flying[index].first {
                guard batches[first].hasReached(settings.deliveryTimeout, at: now) else {
                    accumulator.noteExpiry(of: batches[first])
                    break
                }
                flying[index].removeFirst()
                expired.append(first)
            }
        }
        return expired
    }

    /// If the broker may have it, nobody knows, and the sequences after it are in doubt. Kafka
    /// sees that only if the batch had failed once before (cured by `first-attempt-expiry`).
    private mutating func expire(
        _ id: BatchID, wasInFlight: Bool, _ effects: inout ProducerEffects
    ) {
        let error = ClientError.code(.requestTimedOut)
        let isInDoubt =
            batches[id].isRetry
            || wasInFlight && settings.generation.has(.firstAttemptExpiry)
        batches.hold(id, as: .flying)
        fail(id, error, .failed(error), closesGap: false, isInRequest: wasInFlight, &effects)
        if settings.isIdempotent, isInDoubt {
            identity.becomeDoubtful(
                batches[id], isTransactional: settings.isTransactional, &batches)
        }
        batches.release(id, as: .flying)
    }

    /// Gives up all that has no outcome yet, sent or not.
    mutating func abortAll(because error: ClientError, _ effects: inout ProducerEffects) {
        for id in batches.incomplete {
            abort(id, error, &effects)
            stopFlying(id)
        }
    }

    /// Gives up what has never been sent: what has been must be waited for.
    mutating func abortUndrained(because error: ClientError, _ effects: inout ProducerEffects) {
        for id in batches.incomplete where !batches[id].hasSequence { abort(id, error, &effects) }
    }

    mutating func abort(
        _ id: BatchID, _ error: ClientError, _ effects: inout ProducerEffects
    ) {
        accumulator.partitions[batches[id].partition.index].batches.remove(id)
        guard batches.decide(id, .aborted) else { return }
        tell(id, .failed(error), &effects)
        maybeFree(id, isInRequest: batches[id].holders.contains(.request))
        batches.maybeForget(id)
    }

    mutating func tell(
        _ id: BatchID, _ outcome: BatchCompletion.Outcome, _ effects: inout ProducerEffects
    ) {
        effects.append(
            .completed(
                BatchCompletion(
                    partition: batches[id].partition, tickets: batches[id].tickets,
                    outcome: outcome)))
        noteDone(batches[id].serial, &effects)
    }

    mutating func stopFlying(_ id: BatchID) {
        let partition = batches[id].partition
        if let index = flying[partition.index].firstIndex(of: id) {
            flying[partition.index].remove(at: index)
        }
        batches.release(id, as: .flying)
    }

    /// The batch is over for the producer.
    mutating func forget(_ id: BatchID, isInRequest: Bool) {
        maybeFree(id, isInRequest: isInRequest)
        stopFlying(id)
        batches.maybeForget(id)
    }

    /// While the network may still read a batch's bytes its memory is not given to another one
    /// (KAFKA-19012).
    private mutating func maybeFree(_ id: BatchID, isInRequest: Bool) {
        if !isInRequest || !settings.generation.has(.bufferHeldInFlight) {
            accumulator.freeMemory(of: &batches[id])
        }
    }
}
