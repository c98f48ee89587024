import Kernel

/// The aborted transactions whose markers one segment holds, in the order of the markers.
public struct TransactionIndex: Sendable {
    private struct Entry: Hashable {
        var transaction: AbortedTransaction
        /// The highest stable offset of this entry and those before it.
        var highestStableOffset: Int64
    }

    private var entries = SegmentedArray<Entry>()

    public var transactions: [AbortedTransaction] { entries.map { $0.transaction } }

    mutating func append(_ transaction: AbortedTransaction) {
        let highest =
            entries.isEmpty ? .min : entries[entries.endIndex - 1].highestStableOffset
        entries.append(
            Entry(
                transaction: transaction,
                highestStableOffset: max(highest, transaction.lastStableOffset)))
    }

    mutating func truncate(to offset: Int64) {
        entries.truncate(to: firstIndex { $0.transaction.lastOffset >= offset })
    }

    mutating func removeAll() { entries = SegmentedArray() }

    /// Adds what touches the range. True when no later segment can add to it: the first entry
    /// whose stable offset reaches the end of the range says so, whether it touches the range
    /// itself or not (TransactionIndex.collectAbortedTxns).
    func collect(
        from fetchOffset: Int64, below upperBound: Int64, into found: inout [AbortedTransaction]
    ) -> Bool {
        let stop = firstIndex { $0.highestStableOffset >= upperBound }
        var index = firstIndex { $0.transaction.lastOffset >= fetchOffset }
        while index < entries.endIndex, index <= stop {
            let transaction = entries[index].transaction
            if transaction.firstOffset < upperBound { found.append(transaction) }
            index += 1
        }
        return stop < entries.endIndex
    }

    private func firstIndex(where holds: (Entry) -> Bool) -> Int {
        lowerBound(in: entries.endIndex) { holds(entries[$0]) }
    }
}
