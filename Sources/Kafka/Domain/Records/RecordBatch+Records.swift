extension RecordBatch {
    /// Calls back with key and timestamp of every record, in order. Where the leader stamped the
    /// batch, every record has that time. A marker counts as a record with a key.
    public func forEachRecord(_ body: (_ key: Payload?, _ timestamp: Int64) -> Void) {
        let isStamped = attributes.contains(.logAppendTime)
        switch content {
        case .generated(let generated):
            for delta in 0..<generated.count {
                let time = baseTimestamp + Int64(delta) * Int64(generated.timestampStep)
                body(generated.key(at: delta), isStamped ? maxTimestamp : time)
            }
        case .spelled(let records):
            for record in records { body(record.key, isStamped ? maxTimestamp : record.timestamp) }
        case .endTransaction: body(.bytes([]), maxTimestamp)
        case .emptied: break
        }
    }

    /// The records, spelled out, with the times that a reader sees. None for a marker.
    public var records: [Record] {
        var records: [Record]
        switch content {
        case .generated(let generated): records = generated.spelled(from: baseTimestamp)
        case .spelled(let spelled): records = spelled
        case .endTransaction, .emptied: return []
        }
        if attributes.contains(.logAppendTime) {
            for index in records.indices { records[index].timestamp = maxTimestamp }
        }
        return records
    }

    /// -1 when there are no records, or none with a time.
    var largestRecordTimestamp: Int64 {
        guard !attributes.contains(.logAppendTime) else {
            return count > 0 ? maxTimestamp : Absent.timestamp
        }
        switch content {
        case .generated(let generated):
            let step = Int64(max(generated.timestampStep, 0))
            return baseTimestamp + Int64(generated.count - 1) * step
        case .spelled(let records):
            return records.reduce(Absent.timestamp) { max($0, $1.timestamp) }
        case .endTransaction: return maxTimestamp
        case .emptied: return Absent.timestamp
        }
    }

    /// The offset and time of the first record not older than `target` and not before `start`.
    public func firstRecord(
        from start: Int64, notOlderThan target: Int64
    ) -> (offset: Int64, timestamp: Int64)? {
        let isStamped = attributes.contains(.logAppendTime)
        switch content {
        case .endTransaction:
            return baseOffset >= start && maxTimestamp >= target ? (baseOffset, maxTimestamp) : nil
        case .emptied: return nil
        case .generated, .spelled:
            for record in records {
                let offset = baseOffset + Int64(record.offsetDelta)
                let timestamp = isStamped ? maxTimestamp : record.timestamp
                if offset >= start, timestamp >= target { return (offset, timestamp) }
            }
            return nil
        }
    }
}
