/// The batches of one segment, oldest first.
public struct BatchStore: Sendable {
    private var items: [StoredBatch] = []

    public var count: Int { items.count }
    public var isEmpty: Bool { items.isEmpty }
    public var last: StoredBatch? { items.last }

    public subscript(_ index: Int) -> StoredBatch {
        get { items[index] }
        _modify { yield &items[index] }
    }

    mutating func append(_ item: StoredBatch) { items.append(item) }

    mutating func removeSuffix(from index: Int) { items.removeSubrange(index...) }

    /// The first batch for which a test holds that holds for all after it too; `count` if none.
    func firstIndex(where holds: (StoredBatch) -> Bool) -> Int {
        var low = 0
        var high = items.count
        while low < high {
            let middle = (low + high) / 2
            if holds(items[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
