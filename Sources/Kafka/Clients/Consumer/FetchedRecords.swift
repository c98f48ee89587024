/// Records that a call of `poll` hands out: some of a batch's, which nobody has looked at.
public struct FetchedRecords: Sendable {
    public var partition: PartitionRef
    public var batch: RecordBatch
    /// Which of the batch's records, counted from the first that it still has.
    public var range: Range<Int32>

    public var count: Int32 { range.upperBound - range.lowerBound }
    public var firstOffset: Int64 { batch.offset(ofRecord: range.lowerBound) }
    public var lastOffset: Int64 { batch.offset(ofRecord: range.upperBound - 1) }
    /// No offset between the first and the last is missing.
    public var isGapless: Bool { lastOffset - firstOffset + 1 == Int64(count) }
}

/// What `poll` returned: records, and where each partition goes on.
public struct PolledRecords: Sendable {
    public var records: [FetchedRecords] = []
    /// Of partitions whose position has advanced, though perhaps without a record.
    public var next: [(partition: PartitionRef, position: CommittedPosition)] = []
    var count: Int32 = 0
    var hasAdvanced = false

    /// Returning it would tell the program nothing.
    public var isEmpty: Bool { count == 0 && !hasAdvanced }

    mutating func add(_ other: consuming PolledRecords) {
        if records.isEmpty, next.isEmpty {
            let hadAdvanced = hasAdvanced
            self = other
            hasAdvanced = hasAdvanced || hadAdvanced
            return
        }
        records += other.records
        count += other.count
        hasAdvanced = hasAdvanced || other.hasAdvanced
        for one in other.next {
            if let index = next.firstIndex(where: { $0.partition == one.partition }) {
                next[index] = one
            } else {
                next.append(one)
            }
        }
    }
}

extension RecordBatch {
    /// Of the records that it still has.
    func offset(ofRecord index: Int32) -> Int64 {
        if case .spelled(let records) = content {
            return baseOffset + Int64(records[Int(index)].offsetDelta)
        }
        return baseOffset + Int64(index)
    }

    /// The first record with this offset or a later one.
    func firstRecord(notBefore offset: Int64) -> Int32 {
        guard offset > baseOffset else { return 0 }
        guard case .spelled(let records) = content else {
            return Int32(min(Int64(count), offset - baseOffset))
        }
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if baseOffset + Int64(records[middle].offsetDelta) < offset {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return Int32(low)
    }
}
