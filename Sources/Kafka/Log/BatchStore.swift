import Kernel

/// The batches of one segment, oldest first. Forks of a log share all but the newest few.
public struct BatchStore: Sendable {
    private var items = SegmentedArray<StoredBatch>()

    public var count: Int { items.endIndex }
    public var isEmpty: Bool { items.isEmpty }

    public subscript(_ index: Int) -> StoredBatch {
        get { items[index] }
        _modify { yield &items[index] }
    }

    func position(at index: Int) -> Int64 { items.project(index) { $0.position } }

    func baseOffset(at index: Int) -> Int64 { items.project(index) { $0.batch.baseOffset } }

    func lastOffset(at index: Int) -> Int64 { items.project(index) { $0.batch.lastOffset } }

    func sizeInBytes(at index: Int) -> Int64 {
        items.project(index) { Int64($0.batch.sizeInBytes) }
    }

    func read(_ index: Int, _ body: (RecordBatch) -> Void) {
        items.project(index) { body($0.batch) }
    }

    mutating func append(_ item: StoredBatch) { items.append(item) }

    mutating func removeSuffix(from index: Int) { items.truncate(to: index) }

    /// The first batch that ends at or after the offset; `count` if none.
    public func firstIndex(endingFrom offset: Int64) -> Int {
        lowerBound(in: count) { items.project($0) { $0.batch.lastOffset } >= offset }
    }

    /// The first batch with that timestamp or a later one; `count` if none.
    func firstIndex(notOlderThan timestamp: Int64) -> Int {
        lowerBound(in: count) { items.project($0) { $0.maxTimestampSoFar } >= timestamp }
    }
}

/// The first index for which a test holds that holds for all after it too; `count` if none.
@inline(__always)
func lowerBound(in count: Int, where holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
        let middle = (low + high) / 2
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
}
