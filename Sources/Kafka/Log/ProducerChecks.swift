// The rules by which a partition's leader tells a producer's next batch from a late, a repeated
// and a foreign one (ProducerAppendInfo). Followers take what the leader took.

/// Whether a sequence follows another; 0 follows the largest.
public func isInSequence(_ next: Int32, after last: Int32) -> Bool {
    Int64(next) == Int64(last) + 1 || (next == 0 && last == .max)
}

/// Whether a marker's producer epoch may end what is open. Before version 2 of the transaction
/// protocol it must not be older than the known one. Since then each transaction has its own, so
/// it must be newer, or be the marker of an already ended one sent again (KAFKA-19999); at the
/// largest epoch nothing newer exists.
public func isMarkerEpochValid(
    _ epoch: Int16, current: Int16, hasOpenTransaction: Bool, transactionVersion: Int16
) -> Bool {
    guard transactionVersion >= 2, epoch == current else { return epoch >= current }
    return !hasOpenTransaction || epoch == .max
}

/// How many batches of a producer a broker remembers: as many as may be in flight. Brokers before
/// KAFKA-5494 remembered the last one.
func retainedBatches(_ generation: Generation) -> Int {
    generation.has(.deduplicatesFiveBatches) ? RecentBatches.limit : 1
}

/// Up to where a producer's sequences are known: nothing without an epoch, and only the epoch if a
/// marker is all that is left of it.
struct KnownSequence {
    var epoch: Int16
    var last: Int32?
}

/// Refuses a client's batch that does not follow what is known of its producer. A client sends one
/// batch at a time, so what is known is what was known before the append.
func checkSequence(
    _ batch: RecordBatch, after known: KnownSequence, verification: VerificationEntry?,
    generation: Generation
) throws(LogRefusal) {
    let sequence = batch.baseSequence
    if let verification {
        if verification.supportsEpochBump, known.last == nil, sequence != 0 {
            throw .outOfOrderSequenceNumber
        }
        if sequence > verification.lowestSequence, generation.has(.lowestUnverifiedSequence) {
            throw .outOfOrderSequenceNumber
        }
    }
    if batch.producerEpoch != known.epoch {
        guard sequence != 0 else { return }
        guard known.epoch == Absent.producerEpoch else { throw .outOfOrderSequenceNumber }
        try acceptWithoutState(generation)
        return
    }
    if known.last == nil, sequence != 0, generation.refusesUnknownProducers {
        throw .unknownProducerID
    }
    let isNew = known.epoch == Absent.producerEpoch
    guard !isNew, !isInSequence(sequence, after: known.last ?? Absent.sequence) else { return }
    // Longer ago than any batch that is remembered, so nobody can say where it was appended.
    if let last = known.last, isAtMost(batch.lastSequence, last),
        generation.has(.oldDuplicateIsDuplicate)
    {
        throw .duplicateSequenceNumber
    }
    throw .outOfOrderSequenceNumber
}

/// Whether a sequence was given out before another, or is it: of sequences that wrap, the half
/// before it.
public func isAtMost(_ sequence: Int32, _ other: Int32) -> Bool {
    (Int64(other) - Int64(sequence)) & Int64(Int32.max) < 1 << 30
}

/// A first batch whose sequence is not 0: either the broker forgot the producer, which is no
/// fault of it (KIP-360), or an earlier batch is still on its way and will never fit again
/// (KAFKA-15591).
private func acceptWithoutState(_ generation: Generation) throws(LogRefusal) {
    if generation.refusesUnknownProducers { throw .unknownProducerID }
    if generation.has(.firstSequenceIsZero) { throw .outOfOrderSequenceNumber }
}

extension Generation {
    /// Before KIP-360 a broker refused whoever did not begin at sequence 0.
    fileprivate var refusesUnknownProducers: Bool { !has(.unknownProducersAccepted) }
}
