/// What makes a producer idempotent (KIP-98; the half of TransactionManager that has nothing to do
/// with transactions): its identity, the sequences of every partition, and what to do about those
/// whose fate is unknown.
struct IdempotentState: Sendable {
    struct Partition: Sendable {
        /// Nil: nothing was ever sent, or it was forgotten.
        var sequences: PartitionSequences?
        /// After a batch expired that had been sent: the sequence that follows it. Nothing new is
        /// numbered until it is clear whether the broker has that batch.
        var unresolved: Int32?
        /// Its batches in flight begin anew with the next epoch.
        var restartsWithNextEpoch = false
        /// It has been sent something.
        var hasBegun = false
    }

    var identity = ProducerIdentity.none
    /// It has been somebody.
    var hasBegun = false
    private let firstSequence: Int32
    /// The client itself raises the epoch, at once if idempotent, else when the transaction ends.
    var needsEpochBump = false
    private(set) var partitions: [Partition] = []
    let order: SequenceOrder
    /// Instead of it the identity was given up before KIP-360, or numbered again from 0.
    let raisesEpoch: Bool
    private let countsWhenSent: Bool
    private let generation: Generation

    init(_ generation: Generation, firstSequence: Int32 = 0) {
        self.generation = generation
        self.firstSequence = firstSequence
        order = SequenceOrder(generation)
        raisesEpoch = generation.has(.epochBumpOnUnknownProducer)
        countsWhenSent = generation.has(.sequencesCountedWhenSent)
    }

    mutating func extend(to metadata: ProducerMetadata) {
        while partitions.count < metadata.partitions.count { partitions.append(Partition()) }
    }

    func sequences(of partition: PartitionRef) -> PartitionSequences {
        partitions[partition.index].sequences ?? PartitionSequences()
    }

    /// The sequences of a partition for change; begun if there are none.
    private subscript(partition: PartitionRef) -> PartitionSequences {
        _read {
            if let sequences = partitions[partition.index].sequences {
                yield sequences
            } else {
                yield PartitionSequences()
            }
        }
        _modify {
            if partitions[partition.index].sequences == nil {
                partitions[partition.index].sequences = PartitionSequences()
            }
            yield &partitions[partition.index].sequences!
        }
    }

    /// Kafka finds no entry where it counts on one: the partition was forgotten.
    private func requireSequences(of partition: PartitionRef) throws(ClientError) {
        if partitions[partition.index].sequences == nil { throw .illegalState }
    }

    mutating func begin(_ partition: PartitionRef) {
        if partitions[partition.index].sequences == nil {
            partitions[partition.index].sequences = PartitionSequences()
        }
    }
}

/// Sending.
extension IdempotentState {
    func hasTracked(_ partition: PartitionRef) -> Bool {
        partitions[partition.index].sequences?.tracked.isEmpty == false
    }

    func isStale(_ partition: PartitionRef) -> Bool {
        sequences(of: partition).identity != identity
    }

    /// Whether the next batch of its partition may be sent: a batch without number waits for the
    /// batches of the old epoch and for what is unresolved; a retry, for those before it.
    func mayDrain(_ batch: ProducerBatch, _ batches: BatchTable) -> Bool {
        guard identity.isValid else { return false }
        let partition = batch.partition
        if !batch.hasSequence {
            if hasTracked(partition) && isStale(partition) { return false }
            return partitions[partition.index].unresolved == nil
        }
        guard let first = partitions[partition.index].sequences?.tracked.first else { return true }
        return batches[first].baseSequence == batch.baseSequence
            || batches[first].baseSequence == Absent.sequence
    }

    /// Gives a batch its number when it is sent for the first time. If the identity is new to the
    /// partition and nothing of it is in flight, its sequences begin anew (KAFKA-12152).
    mutating func maybeNumber(
        _ id: BatchID, _ batches: inout BatchTable, isTransactional: Bool
    ) {
        if batches[id].hasSequence { return }
        let partition = batches[id].partition
        if isStale(partition), !hasTracked(partition) {
            if generation.has(.idlePartitionsTakeNewEpoch) {
                self[partition].startAtZero(as: identity, &batches, order)
            } else {
                self[partition].identity = identity
            }
            maybeBeginLater(partition)
        }
        batches[id].number(
            identity, sequence: sequences(of: partition).next, isTransactional: isTransactional)
        if countsWhenSent { self[partition].advance(by: batches[id].count) }
        self[partition].track(id, &batches, order)
    }

    /// A producer that is at its first sequence only because it has written so many.
    private mutating func maybeBeginLater(_ partition: PartitionRef) {
        defer { partitions[partition.index].hasBegun = true }
        guard firstSequence > 0, !partitions[partition.index].hasBegun else { return }
        assume(partition, next: firstSequence, acknowledged: firstSequence - 1)
    }

    /// The parts of a split batch take its place.
    mutating func track(_ id: BatchID, _ batches: inout BatchTable) throws(ClientError) {
        let partition = batches[id].partition
        try requireSequences(of: partition)
        self[partition].track(id, &batches, order)
    }

    mutating func untrack(_ id: BatchID, _ batches: inout BatchTable) {
        let partition = batches[id].partition
        begin(partition)
        if hasTracked(partition) { self[partition].untrack(id, &batches, order) }
    }

    /// A batch was written. `baseOffset` is -1 if the broker knew it already.
    mutating func complete(
        _ id: BatchID, baseOffset: Int64, _ batches: inout BatchTable, isTransactional: Bool
    ) throws(ClientError) {
        let partition = batches[id].partition
        if partitions[partition.index].sequences != nil {
            if !countsWhenSent { self[partition].advance(by: batches[id].count) }
            self[partition].maybeAcknowledge(order.last(of: batches[id]), order)
        }
        if baseOffset >= 0 {
            if isTransactional { try requireSequences(of: partition) }
            self[partition].maybeAcknowledge(offset: baseOffset + Int64(batches[id].count) - 1)
        }
        untrack(id, &batches)
    }

    mutating func shiftAfterFailure(
        of id: BatchID, _ batches: inout BatchTable
    ) throws(ClientError) {
        let partition = batches[id].partition
        if partitions[partition.index].sequences == nil || !countsWhenSent { return }
        try self[partition].closeGap(
            at: batches[id].baseSequence, of: batches[id].count, &batches, order)
    }

    /// As if so many records of the partition had been acknowledged before.
    mutating func assume(_ partition: PartitionRef, next: Int32, acknowledged: Int32) {
        self[partition].continueFrom(next: next, acknowledged: acknowledged, as: identity)
    }
}

/// Forgetting and beginning anew.
extension IdempotentState {
    mutating func forget(_ partition: PartitionRef, _ batches: inout BatchTable) {
        partitions[partition.index].sequences?.untrackAll(&batches)
        partitions[partition.index].sequences = nil
        partitions[partition.index].unresolved = nil
    }

    mutating func forgetAll(_ batches: inout BatchTable) {
        for index in partitions.indices { forget(PartitionRef(Int32(index)), &batches) }
    }

    mutating func restart(
        _ partition: PartitionRef, _ batches: inout BatchTable
    ) throws(ClientError) {
        try requireSequences(of: partition)
        self[partition].startAtZero(as: identity, &batches, order)
    }

    /// What is wrong with the sequences of a partition.
    enum Loss {
        /// The broker no longer knows what it had.
        case producerForgotten
        /// The broker does not have what it should have.
        case gap
    }

    /// The partition goes on under the next epoch. Without KIP-360 it begins anew under the same
    /// one, at the risk of duplicates, or the whole identity is given up.
    mutating func requestBump(
        for partition: PartitionRef, because loss: Loss, _ batches: inout BatchTable
    ) throws(ClientError) {
        if raisesEpoch {
            needsEpochBump = true
            partitions[partition.index].restartsWithNextEpoch = true
        } else if loss == .producerForgotten {
            try restart(partition, &batches)
            partitions[partition.index].unresolved = nil
        } else {
            giveUpIdentity(&batches)
        }
    }

    /// All partitions begin anew as somebody else (TransactionManager.resetProducerId, until 2.4).
    private mutating func giveUpIdentity(_ batches: inout BatchTable) {
        identity = .none
        forgetAll(&batches)
    }

    /// Whether the batch is of an identity that was given up, which is not tried again.
    func isGivenUp(_ batch: ProducerBatch) -> Bool { !raisesEpoch && batch.identity != identity }

    /// An idempotent producer raises its epoch by itself; after the last one it needs a new id,
    /// and until it has one it is nobody. Kafka renumbers the batches in flight all the same, as
    /// nobody's, so that they are sent unnumbered (cured by `epoch-exhausted-sends-unnumbered`).
    /// Returns whether a new id is needed.
    mutating func bumpEpoch(_ batches: inout BatchTable) throws(ClientError) -> Bool {
        let isExhausted = identity.epoch == .max
        if isExhausted {
            identity = .none
        } else {
            identity.epoch += 1
        }
        if !(isExhausted && generation.has(.epochExhaustedSendsUnnumbered)) {
            try restartMarked(&batches)
        }
        needsEpochBump = false
        return isExhausted
    }

    /// Begins the partitions anew that wait for an epoch.
    mutating func restartMarked(_ batches: inout BatchTable) throws(ClientError) {
        for index in partitions.indices where partitions[index].restartsWithNextEpoch {
            try restart(PartitionRef(Int32(index)), &batches)
            partitions[index].unresolved = nil
        }
        for index in partitions.indices { partitions[index].restartsWithNextEpoch = false }
    }
}

/// Sequences whose fate is unknown.
extension IdempotentState {
    /// The batch has expired, and the broker may have it or not.
    mutating func becomeDoubtful(
        _ batch: ProducerBatch, isTransactional: Bool, _ batches: inout BatchTable
    ) {
        if isTransactional || generation.has(.unresolvedAwaited) {
            becomeUnresolved(batch)
        } else {
            giveUpIdentity(&batches)
        }
    }

    /// Whether a new epoch must wait, although this batch has failed for good: others in flight may
    /// have been written, and would be written again. Those before it by themselves; those after it
    /// only if it may have been written, too, its answer not having come in time. Kafka does not
    /// wait (KAFKA-14034).
    func mustAwaitOthers(
        than batch: ProducerBatch, alsoLater: Bool, _ batches: BatchTable
    ) -> Bool {
        generation.has(.bumpAwaitsOthers)
            && sequences(of: batch.partition).tracked.contains {
                alsoLater || order.precedes(batches[$0], batch)
            }
    }

    mutating func becomeUnresolved(_ batch: ProducerBatch) {
        let next = order.following(batch)
        let known = partitions[batch.partition.index].unresolved
        if let known, !order.precedes(known, next) { return }
        partitions[batch.partition.index].unresolved = next
    }

    func hasUnresolved(_ partition: PartitionRef) -> Bool {
        partitions[partition.index].unresolved != nil
    }

    mutating func becomeResolved(_ partition: PartitionRef) {
        partitions[partition.index].unresolved = nil
    }

    /// Partitions with something unresolved and nothing in flight any more that could resolve it.
    var undecidable: [PartitionRef] {
        partitions.indices.lazy.map { PartitionRef(Int32($0)) }
            .filter { hasUnresolved($0) && !hasTracked($0) }
    }

    /// All that was numbered has been acknowledged.
    func isComplete(_ partition: PartitionRef) -> Bool {
        let sequences = sequences(of: partition)
        return order.isNext(sequences.next, after: sequences.lastAcknowledged)
    }

    func isNext(_ batch: ProducerBatch) -> Bool {
        order.isNext(
            batch.baseSequence, after: sequences(of: batch.partition).lastAcknowledged)
    }

    func followsUnresolved(_ batch: ProducerBatch) -> Bool {
        partitions[batch.partition.index].unresolved == batch.baseSequence
    }
}
