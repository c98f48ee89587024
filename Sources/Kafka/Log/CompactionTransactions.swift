/// Which transactions the cleaner is in the middle of as it reads a log from the start
/// (CleanedTransactionMetadata). Aborted data goes at once; a marker may go when nothing of its
/// transaction was seen before it.
struct CompactionTransactions {
    private struct Aborted {
        var transaction: AbortedTransaction
        var hasBatch = false
    }

    /// Aborted transactions that have not begun yet, ascending by first offset.
    private var waiting: [AbortedTransaction] = []
    private var aborted: [Aborted] = []
    /// Producers with data of a transaction that is not aborted.
    private var committed: [ProducerID] = []
    /// The aborted transactions of which something is kept: the index of the cleaned segment.
    private(set) var kept: [AbortedTransaction] = []

    mutating func add(_ transactions: [AbortedTransaction]) {
        waiting += transactions
        waiting.sort { $0.firstOffset < $1.firstOffset }
    }

    /// A new cleaned segment begins.
    mutating func beginSegment() { kept.removeAll() }

    /// True when the batch can go: aborted data, or the marker of a transaction of which nothing
    /// is left, or a marker that was emptied before.
    mutating func canDiscard(_ batch: RecordBatch) -> Bool {
        begin(upTo: batch.lastOffset)
        return batch.isControl ? canDiscardMarker(batch) : isAborted(batch)
    }

    private mutating func begin(upTo offset: Int64) {
        while let next = waiting.first, next.firstOffset <= offset {
            waiting.removeFirst()
            if !aborted.contains(where: { $0.transaction.producerID == next.producerID }) {
                aborted.append(Aborted(transaction: next))
            }
        }
    }

    private mutating func canDiscardMarker(_ batch: RecordBatch) -> Bool {
        guard case .endTransaction(let marker) = batch.content else { return true }
        if marker.aborts {
            guard
                let index = aborted.firstIndex(where: {
                    $0.transaction.producerID == batch.producerID
                })
            else { return true }
            let ended = aborted.remove(at: index)
            if ended.hasBatch { kept.append(ended.transaction) }
            return !ended.hasBatch
        }
        guard let index = committed.firstIndex(of: batch.producerID) else { return true }
        committed.remove(at: index)
        return false
    }

    private mutating func isAborted(_ batch: RecordBatch) -> Bool {
        guard batch.isTransactional else { return false }
        if let index = aborted.firstIndex(where: { $0.transaction.producerID == batch.producerID })
        {
            aborted[index].hasBatch = true
            return true
        }
        if !committed.contains(batch.producerID) { committed.append(batch.producerID) }
        return false
    }
}
