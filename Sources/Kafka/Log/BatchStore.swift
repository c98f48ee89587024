import Kernel

/// The batches of one segment, oldest first. Forks of a log share all but the newest few.
public struct BatchStore: Sendable {
    private var items = SegmentedArray<StoredBatch>()

    public var count: Int { items.endIndex }
    public var isEmpty: Bool { items.isEmpty }
    public var last: StoredBatch? { isEmpty ? nil : items[count - 1] }

    public subscript(_ index: Int) -> StoredBatch {
        get { items[index] }
        _modify { yield &items[index] }
    }

    mutating func append(_ item: StoredBatch) { items.append(item) }

    mutating func removeSuffix(from index: Int) { items.truncate(to: index) }

    /// The first batch for which a test holds that holds for all after it too; `count` if none.
    public func firstIndex(where holds: (StoredBatch) -> Bool) -> Int {
        lowerBound(in: count) { holds(items[$0]) }
    }
}

/// The first index for which a test holds that holds for all after it too; `count` if none.
func lowerBound(in count: Int, where holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
        let middle = (low + high) / 2
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
}
