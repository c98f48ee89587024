/// The numbers of one partition's batches (TxnPartitionEntry): the next sequence, the last one
/// that was acknowledged, and the batches in between.
///
/// Invariant: a batch keeps its sequence through all retries, because an earlier attempt may have
/// been written; only a new identity gives it another one.
struct PartitionSequences: Sendable {
    /// Under which the next sequence counts.
    var identity = ProducerIdentity.none
    private(set) var next: Int32 = 0
    private(set) var lastAcknowledged = Absent.sequence
    /// -1: nothing has been acknowledged with its offset.
    private(set) var lastAcknowledgedOffset: Int64 = -1
    /// Sent at least once and not resolved, the earliest first.
    private(set) var tracked: [BatchID] = []

    mutating func advance(by count: Int32) { next = incrementSequence(next, by: count) }

    /// As if that had been sent before.
    mutating func continueFrom(next: Int32, acknowledged: Int32, as identity: ProducerIdentity) {
        self.identity = identity
        self.next = next
        lastAcknowledged = acknowledged
    }

    /// What lies at the place of an equal one is not entered a second time.
    mutating func track(_ id: BatchID, _ batches: inout BatchTable, _ order: SequenceOrder) {
        if insert(id, batches, order) { batches.hold(id, as: .tracked) }
    }

    private mutating func insert(
        _ id: BatchID, _ batches: BatchTable, _ order: SequenceOrder
    ) -> Bool {
        if !order.sortsTracked {
            HeapOrder.insert(id, into: &tracked) { order.precedes(batches[$0], batches[$1]) }
            return true
        }
        var position = tracked.count
        while position > 0, order.precedes(batches[id], batches[tracked[position - 1]]) {
            position -= 1
        }
        if position > 0, !order.precedes(batches[tracked[position - 1]], batches[id]) {
            return false
        }
        tracked.insert(id, at: position)
        return true
    }

    /// Takes out the batch of these numbers.
    mutating func untrack(_ id: BatchID, _ batches: inout BatchTable, _ order: SequenceOrder) {
        let match = tracked.firstIndex { other in
            !order.precedes(batches[other], batches[id])
                && !order.precedes(batches[id], batches[other])
        }
        guard let index = match else { return }
        let removed = tracked[index]
        if order.sortsTracked {
            tracked.remove(at: index)
        } else {
            HeapOrder.remove(at: index, from: &tracked) { order.precedes(batches[$0], batches[$1]) }
        }
        batches.release(removed, as: .tracked)
    }

    mutating func untrackAll(_ batches: inout BatchTable) {
        for id in tracked { batches.release(id, as: .tracked) }
        tracked = []
    }

    mutating func maybeAcknowledge(_ sequence: Int32, _ order: SequenceOrder) {
        if order.isLater(sequence, than: lastAcknowledged) { lastAcknowledged = sequence }
    }

    mutating func maybeAcknowledge(offset: Int64) {
        lastAcknowledgedOffset = max(lastAcknowledgedOffset, offset)
    }

    /// A new life: the batches in flight are numbered again from 0, in their order, so that the
    /// broker, which knows nothing of this identity, accepts them one after the other.
    mutating func startAtZero(
        as identity: ProducerIdentity, _ batches: inout BatchTable, _ order: SequenceOrder
    ) {
        var sequence: Int32 = 0
        for id in tracked {
            batches[id].renumber(identity, sequence: sequence)
            sequence = sequence &+ batches[id].count
        }
        reinsert(batches, order)
        self.identity = identity
        next = sequence
        lastAcknowledged = Absent.sequence
    }

    /// A batch of a transaction failed for good: those after it take its place. A partition that
    /// was forgotten meanwhile has no room to shift them to.
    mutating func closeGap(
        at sequence: Int32, of count: Int32, _ batches: inout BatchTable, _ order: SequenceOrder
    ) throws(ClientError) {
        if next < count { throw .illegalState }
        next -= count
        for id in tracked where batches[id].baseSequence >= sequence {
            if batches[id].baseSequence < count { throw .illegalState }
            let shifted = batches[id].baseSequence - count
            batches[id].renumber(batches[id].identity, sequence: shifted)
        }
        reinsert(batches, order)
    }

    private mutating func reinsert(_ batches: BatchTable, _ order: SequenceOrder) {
        let ids = tracked
        tracked = []
        for id in ids { _ = insert(id, batches, order) }
    }
}
