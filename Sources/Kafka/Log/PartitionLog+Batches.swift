/// A log as those see it who judge it: looking leaves no trace.
extension PartitionLog {
    /// Every batch that reaches into `start ..< end`, in order.
    @inline(__always)
    public func forEachBatch(
        from start: Int64, to end: Int64, _ body: (RecordBatch) -> Void
    ) {
        for segment in (files.floorIndex(of: start) ?? 0)..<files.segmentCount {
            let isDone = files.withSegment(segment) { found in
                found.batches.forEach(from: start, to: end, body)
            }
            if isDone { return }
        }
    }
}

extension BatchStore {
    /// True if a batch was met that begins at `end` or after it.
    @inline(__always)
    fileprivate func forEach(
        from start: Int64, to end: Int64, _ body: (RecordBatch) -> Void
    ) -> Bool {
        // Nearly always it is the last batch that is asked for.
        var index = count
        while index > 0, count - index < 2, lastOffset(at: index - 1) >= start { index -= 1 }
        if count - index == 2 {
            index = lowerBound(in: index) { lastOffset(at: $0) >= start }
        }
        while index < count {
            if baseOffset(at: index) >= end { return true }
            read(index, body)
            index += 1
        }
        return false
    }
}
