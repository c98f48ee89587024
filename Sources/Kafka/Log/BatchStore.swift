import Kernel

/// The batches of one segment, oldest first. Forks of a log share all but the newest few.
public struct BatchStore: Sendable {
    private var items = SegmentedArray<StoredBatch>()

    public var count: Int { items.endIndex }
    public var isEmpty: Bool { items.isEmpty }

    public subscript(_ index: Int) -> StoredBatch {
        get { items[index] }
        // It holds as long as nobody else changes the batches.
        unsafeMutableAddress { withUnsafeMutablePointer(to: &items[index]) { $0 } }
    }

    @inline(__always)
    func batch(at index: Int) -> RecordBatch { items.project(index) { $0.batch } }

    @inline(__always)
    func position(at index: Int) -> Int64 { items.project(index) { $0.position } }

    @inline(__always)
    func baseOffset(at index: Int) -> Int64 { items.project(index) { $0.batch.baseOffset } }

    @inline(__always)
    func lastOffset(at index: Int) -> Int64 { items.project(index) { $0.batch.lastOffset } }

    @inline(__always)
    func sizeInBytes(at index: Int) -> Int64 {
        items.project(index) { Int64($0.batch.sizeInBytes) }
    }

    @inline(__always)
    func read(_ index: Int, _ body: (RecordBatch) -> Void) {
        items.project(index) { body($0.batch) }
    }

    mutating func append(_ item: consuming StoredBatch) { items.append(consume item) }

    mutating func removeSuffix(from index: Int) { items.truncate(to: index) }

    /// The first batch that ends at or after the offset; `count` if none.
    ///
    /// Batches of one log tend to be alike, so it is looked for first where it would be if they all
    /// were, and from there further and further away: in a long log nearly every step of a plain
    /// search is a miss of the cache.
    public func firstIndex(endingFrom offset: Int64) -> Int {
        let count = count
        // Most readers are at the end.
        if count > 1, lastOffset(at: count - 1) >= offset, lastOffset(at: count - 2) < offset {
            return count - 1
        }
        var low = 0
        var high = count
        if let guess = likelyIndex(of: offset) {
            var step = 1
            if lastOffset(at: guess) >= offset {
                high = guess
                while high > 0, lastOffset(at: max(0, high - step)) >= offset {
                    high = max(0, high - step)
                    step *= 2
                }
                low = max(0, high - step)
            } else {
                low = guess + 1
                while low < count, lastOffset(at: min(count - 1, low + step - 1)) < offset {
                    low = min(count, low + step)
                    step *= 2
                }
                high = min(count, low + step)
            }
        }
        return low + lowerBound(in: high - low) { lastOffset(at: low + $0) >= offset }
    }

    /// Nil where it is not worth a guess.
    private func likelyIndex(of offset: Int64) -> Int? {
        guard count > 16 else { return nil }
        let first = baseOffset(at: 0)
        let span = lastOffset(at: count - 1) + 1 - first
        guard offset > first, offset - first < span, span <= Int64(Int32.max) else { return nil }
        return min(count - 1, Int((offset - first) * Int64(count) / span))
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
