/// Fetched and not yet taken by the program (FetchBuffer).
struct FetchBuffer: Sendable {
    private(set) var waiting: [CompletedFetch] = []
    /// The program takes from this one.
    var current: CompletedFetch?
    /// The program's thread has a reason to look (KIP-848's consumer).
    var isWoken = false
    /// How often there was news for it.
    private(set) var news: Int64 = 0

    var isEmpty: Bool { waiting.isEmpty }
    var first: CompletedFetch? { waiting.first }

    /// The program takes from what was fetched of this one.
    var currentPartition: PartitionRef? {
        current?.isConsumed ?? true ? nil : current?.partition
    }

    mutating func add(_ fetch: CompletedFetch) {
        waiting.append(fetch)
        wake()
    }

    mutating func wake() {
        isWoken = true
        news += 1
    }

    mutating func removeFirst() -> CompletedFetch { waiting.removeFirst() }

    /// Of paused partitions: looked at, and kept.
    mutating func putBack(_ fetches: [CompletedFetch], waking: Bool) {
        if fetches.isEmpty { return }
        waiting += fetches
        if waking { isWoken = true }
    }

    /// Keeps what is of these partitions. Returns those that had delivered something.
    mutating func keep(_ isKept: (PartitionRef) -> Bool) -> [PartitionRef] {
        var delivered: [PartitionRef] = []
        waiting.removeAll { fetch in
            if isKept(fetch.partition) { return false }
            if fetch.hasDelivered, !fetch.isConsumed { delivered.append(fetch.partition) }
            return true
        }
        if let one = current, !isKept(one.partition) {
            if one.hasDelivered, !one.isConsumed { delivered.append(one.partition) }
            current = nil
        }
        return delivered
    }

    func holds(_ partition: PartitionRef) -> Bool {
        if currentPartition == partition { return true }
        return waiting.contains { $0.partition == partition }
    }
}
