/// Offsets in ranges, ascending, that neither touch nor overlap.
struct OffsetRanges: Sendable {
    private(set) var ranges: [Range<Int64>] = []

    var first: Int64? { ranges.first?.lowerBound }
    var end: Int64? { ranges.last?.upperBound }

    /// Nearly always it is the last range that grows.
    mutating func insert(_ new: Range<Int64>) {
        if let last = ranges.last, last.lowerBound <= new.lowerBound,
            new.lowerBound <= last.upperBound
        {
            ranges[ranges.count - 1] =
                last.lowerBound..<max(last.upperBound, new.upperBound)
            return
        }
        var start = ranges.count
        while start > 0, ranges[start - 1].upperBound >= new.lowerBound { start -= 1 }
        var merged = new
        var end = start
        while end < ranges.count, ranges[end].lowerBound <= new.upperBound {
            let lower = min(merged.lowerBound, ranges[end].lowerBound)
            merged = lower..<max(merged.upperBound, ranges[end].upperBound)
            end += 1
        }
        ranges.replaceSubrange(start..<end, with: [merged])
    }

    func contains(_ offset: Int64) -> Bool {
        if let last = ranges.last, last.lowerBound <= offset { return offset < last.upperBound }
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= offset
    }

    /// The parts of a range that are in none of these.
    func missing(in range: Range<Int64>) -> [Range<Int64>] {
        var missing: [Range<Int64>] = []
        var from = range.lowerBound
        for its in ranges where its.upperBound > from && its.lowerBound < range.upperBound {
            if its.lowerBound > from { missing.append(from..<its.lowerBound) }
            from = max(from, its.upperBound)
        }
        if from < range.upperBound { missing.append(from..<range.upperBound) }
        return missing
    }
}
