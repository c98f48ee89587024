/// What a request or a task comes to: records, and what is answered when they are committed.
struct Decision {
    var records: [MetadataRecord]
    /// Nil: nobody has asked.
    var reply: ControllerReply?
    /// All or nothing. Otherwise a long list of records may end up in several batches, of which
    /// the last may be lost.
    var isAtomic: Bool

    init(_ records: [MetadataRecord], _ reply: ControllerReply? = nil, isAtomic: Bool = true) {
        self.records = records
        self.reply = reply
        self.isAtomic = isAtomic
    }

    /// The most records of a batch of a decision that is not atomic.
    private static let longestBatch = 10_000

    var batches: [[MetadataRecord]] {
        if records.isEmpty { return [] }
        if isAtomic || records.count <= Self.longestBatch { return [records] }
        return stride(from: 0, to: records.count, by: Self.longestBatch).map { start in
            Array(records[start..<min(start + Self.longestBatch, records.count)])
        }
    }
}
