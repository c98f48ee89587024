import Kafka
import Kernel

/// What producers were told that is written in a partition, in the order of offsets.
///
/// Invariant: everything in `kept` was in the log of the partition's leader when that was last
/// looked at, so that the first batch that a later leader lacks is found by halving; `pending` came
/// while nobody led.
struct AcknowledgedLog: Sendable {
    struct Batch: Sendable {
        var start: Int64
        /// What the log was up to its end.
        var link: LogChain.Link
        var at: Instant
        var client: Int
        /// Who led when it was written, by process; -1: nobody knows.
        var leader: Int
        /// Which replicas had it when the producer heard of it, as bits by place.
        var holders: UInt32

        var end: Int64 { link.end.offset }
    }

    private(set) var kept = SegmentedArray<Batch>()
    private(set) var pending: [Batch] = []

    var isEmpty: Bool { kept.isEmpty && pending.isEmpty }

    mutating func keep(_ batch: Batch) {
        kept.append(batch)
        // Answers overtake each other by a few places at most.
        var place = kept.endIndex - 1
        while place > kept.startIndex, kept[place - 1].end > batch.end {
            kept[place] = kept[place - 1]
            place -= 1
        }
        kept[place] = batch
    }

    mutating func putOff(_ batch: Batch) { pending.append(batch) }

    /// Takes out what is not in this leader's log, in the order of offsets.
    mutating func takeLost(from chain: LogChain) -> [Batch] {
        var lost = takeLostSuffix(from: chain)
        for batch in pending {
            if chain.lacks(batch) { lost.append(batch) } else { keep(batch) }
        }
        pending.removeAll()
        lost.sort { $0.start < $1.start }
        return lost
    }

    private mutating func takeLostSuffix(from chain: LogChain) -> [Batch] {
        guard let last = kept.last, chain.lacks(last) else { return [] }
        var low = kept.startIndex
        var high = kept.endIndex - 1
        while low < high {
            let middle = (low + high) / 2
            if chain.lacks(kept[middle]) { high = middle } else { low = middle + 1 }
        }
        let lost = (low..<kept.endIndex).map { kept[$0] }
        kept.truncate(to: low)
        return lost
    }

    /// Nobody is promised any more what lies before the start of the log.
    mutating func dropPrefix(to offset: Int64) {
        var place = kept.startIndex
        while place < kept.endIndex, kept[place].end <= offset { place += 1 }
        kept.dropPrefix(before: place)
        pending.removeAll { $0.end <= offset }
    }
}

extension LogChain {
    /// False also where nobody can know.
    func lacks(_ batch: AcknowledgedLog.Batch) -> Bool {
        guard isComparable, batch.end > start else { return false }
        return link(at: batch.end) != batch.link
    }
}
