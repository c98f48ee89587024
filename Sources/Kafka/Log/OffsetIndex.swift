import Kernel

/// The sparse index from offsets to positions in one segment (OffsetIndex, AbstractIndex). Batches
/// are found without it here; it decides only how far the list of aborted transactions reaches
/// that a fetch comes with.
public struct OffsetIndex: Sendable {
    public struct Entry: Hashable, Sendable {
        /// The last offset of the batch for which the entry was made.
        public var offset: Int64
        /// Where that batch begins.
        public var position: Int64
    }

    /// Ascending in both.
    private var entries = SegmentedArray<Entry>()

    /// Where the batch of the last entry begins; 0 without entries.
    var lastPosition: Int64 { entries.isEmpty ? 0 : entries[entries.endIndex - 1].position }

    mutating func append(offset: Int64, position: Int64) {
        entries.append(Entry(offset: offset, position: position))
    }

    mutating func truncate(to offset: Int64) {
        entries.truncate(to: lowerBound(in: entries.endIndex) { entries[$0].offset >= offset })
    }

    mutating func removeAll() { entries = SegmentedArray() }

    /// The offset of the first entry at or after the end of what is fetched; nil beyond the last.
    func upperBound(ofFetchAt position: Int64, size: Int64) -> Int64? {
        smallestUpperBound(of: position + size, in: entries.endIndex) { entries[$0].position }
            .map { entries[$0].offset }
    }
}

/// How many entries at the end of an index Kafka searches first, to keep its pages in memory.
private let warmEntries = 8_192 / 8

/// The slot of the smallest value not below the target, as AbstractIndex.binarySearch finds it: an
/// exact hit is missed when the search ends on it, and the next slot is answered. Harmless, the
/// list of aborted transactions only gets longer; but it is what Kafka answers.
func smallestUpperBound(of target: Int64, in count: Int, value: (Int) -> Int64) -> Int? {
    guard count > 0 else { return nil }
    let firstWarm = max(0, count - 1 - warmEntries)
    var low = 0
    var high = firstWarm
    if value(firstWarm) < target {
        low = firstWarm
        high = count - 1
    } else if value(0) > target {
        return 0
    }
    while low < high {
        let middle = (low + high + 1) / 2
        let found = value(middle)
        if found > target {
            high = middle - 1
        } else if found < target {
            low = middle
        } else {
            return middle
        }
    }
    return low == count - 1 ? nil : low + 1
}
