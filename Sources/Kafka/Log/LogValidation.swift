/// By what a leader judges a batch before it appends it.
public struct ValidationTerms: Sendable {
    public var stampsAppendTime: Bool
    public var isCompacted: Bool
    public var timestampBeforeMaxMs: Int64
    public var timestampAfterMaxMs: Int64
    public var origin: AppendOrigin
    public var now: Int64

    public init(config: LogConfig, origin: AppendOrigin, now: Int64) {
        stampsAppendTime = config.stampsAppendTime
        isCompacted = config.isCompacted
        timestampBeforeMaxMs = config.timestampBeforeMaxMs
        timestampAfterMaxMs = config.timestampAfterMaxMs
        self.origin = origin
        self.now = now
    }
}

/// What a leader checks in a batch that it was sent, and what it writes into it: the kind of
/// timestamp and the largest one (LogValidator). Offsets and leader epoch are the log's business.
/// The producer's epoch is not looked at here.
public func validate(
    _ batch: inout RecordBatch, as terms: ValidationTerms
) throws(LogRefusal) {
    if terms.origin == .client { try checkHeader(batch) }
    try checkRecords(of: batch, as: terms)
    if terms.stampsAppendTime {
        batch.maxTimestamp = terms.now
        batch.attributes.insert(.logAppendTime)
    } else {
        batch.maxTimestamp = batch.largestRecordTimestamp
        batch.attributes.remove(.logAppendTime)
    }
}

/// Gives the batch the offsets that end with as many further ones as it has records; the next one.
public func assignOffsets(_ batch: inout RecordBatch, from next: Int64) -> Int64 {
    let end = next + Int64(batch.count)
    batch.baseOffset = end - 1 - Int64(batch.lastOffsetDelta)
    return end
}

/// A client numbers its records without gaps and leaves control batches to the coordinators.
private func checkHeader(_ batch: RecordBatch) throws(LogRefusal) {
    let isWellFormed =
        batch.lastOffsetDelta >= 0 && batch.count > 0
        && batch.count == batch.lastOffsetDelta + 1 && !batch.isControl
    guard isWellFormed else { throw .invalidRecord([]) }
    if batch.hasProducerID, batch.baseSequence < 0 { throw .invalidRecord([]) }
}

/// Every record at fault is named; a single wrong timestamp names the error.
private func checkRecords(
    of batch: RecordBatch, as terms: ValidationTerms
) throws(LogRefusal) {
    if case .generated(let generated) = batch.content,
        !batch.attributes.contains(.logAppendTime), isAcceptable(generated, of: batch, as: terms)
    {
        return
    }
    var atFault: [Int32] = []
    var hasWrongTimestamp = false
    var index: Int32 = 0
    batch.forEachRecord { key, timestamp in
        if terms.isCompacted, key == .none {
            atFault.append(index)
        } else if !isAcceptable(timestamp: timestamp, of: batch, as: terms) {
            atFault.append(index)
            hasWrongTimestamp = true
        }
        index += 1
    }
    guard !atFault.isEmpty else { return }
    throw hasWrongTimestamp ? .invalidTimestamp(atFault) : .invalidRecord(atFault)
}

/// Generated records all have a key or none has one, and their times lie between the first and the
/// last: two looks are enough.
private func isAcceptable(
    _ generated: GeneratedRecords, of batch: RecordBatch, as terms: ValidationTerms
) -> Bool {
    if terms.isCompacted, generated.distinctKeys == 0 { return false }
    let last =
        batch.baseTimestamp + Int64(generated.count - 1) * Int64(generated.timestampStep)
    return isAcceptable(timestamp: batch.baseTimestamp, of: batch, as: terms)
        && isAcceptable(timestamp: last, of: batch, as: terms)
}

/// Where the leader stamps the time the producer's does not matter, as long as the producer does
/// not claim to have stamped it; a record without a time is in no way too old.
private func isAcceptable(
    timestamp: Int64, of batch: RecordBatch, as terms: ValidationTerms
) -> Bool {
    if !terms.stampsAppendTime, timestamp != Absent.timestamp {
        let age = terms.now &- timestamp
        return age <= terms.timestampBeforeMaxMs && -1 &* age <= terms.timestampAfterMaxMs
    }
    return !batch.attributes.contains(.logAppendTime)
}
