extension EncodedRecordBatch {
    /// The records, read without a look at the CRC; each with the time that a reader sees.
    public func records() throws(WireError) -> [Record] {
        try decodeRecords(
            stampedAt: attributes.contains(.logAppendTime) ? maxTimestamp : nil)
    }

    private func decodeRecords(stampedAt stamp: Int64?) throws(WireError) -> [Record] {
        let count = count
        guard count != 0 else { return [] }
        guard count > 0, !isCompressed else { throw .malformed }
        var reader = ByteReader(bytes[Int(RecordBatch.headerSize)...])
        var records: [Record] = []
        for _ in 0..<count {
            records.append(
                try Record(from: &reader, baseTimestamp: baseTimestamp, stampedAt: stamp))
        }
        guard reader.remaining == 0 else { throw .malformed }
        return records
    }

    /// The batch as the protocol sees it, if its records can be read. Whether it is what its
    /// sender wrote, its CRC says: `isIntact`.
    public func decoded() throws(WireError) -> RecordBatch {
        let records = try decodeRecords(stampedAt: nil)
        return RecordBatch(header: self, content: content(of: records))
    }

    private func content(of records: [Record]) -> RecordBatch.Content {
        guard let first = records.first else { return .emptied }
        let isMarker = attributes.contains(.control) && attributes.contains(.transactional)
        if isMarker, records.count == 1, let marker = EndTransactionMarker(record: first) {
            return .endTransaction(marker)
        }
        return .spelled(records)
    }
}

extension RecordBatch {
    fileprivate init(header: EncodedRecordBatch, content: Content) {
        baseOffset = header.baseOffset
        lastOffsetDelta = header.lastOffsetDelta
        leaderEpoch = header.leaderEpoch
        attributes = header.attributes
        isIntact = header.isValid
        producerEpoch = header.producerEpoch
        producerID = ProducerID(header.producerID)
        baseSequence = header.baseSequence
        sizeInBytes = Int32(header.bytes.count)
        baseTimestamp = header.baseTimestamp
        maxTimestamp = header.maxTimestamp
        self.content = content
    }
}

extension Record {
    /// Everything that the record's length promises must be there, and nothing else.
    init(
        from reader: inout ByteReader, baseTimestamp: Int64, stampedAt stamp: Int64?
    ) throws(WireError) {
        let size = try reader.readVarint()
        guard size >= 0, Int(size) <= reader.remaining else { throw .malformed }
        var body = ByteReader(try reader.read(Int(size)))
        _ = try body.read(Int8.self)
        let timestampDelta = try body.readVarlong()
        timestamp = stamp ?? baseTimestamp &+ timestampDelta
        offsetDelta = try body.readVarint()
        key = try body.readNullable().map(Payload.bytes)
        value = try body.readNullable().map(Payload.bytes)
        let count = try body.readVarint()
        guard count >= 0, Int(count) <= body.remaining else { throw .malformed }
        headers = []
        for _ in 0..<count {
            guard let name = try body.readNullable() else { throw .malformed }
            headers.append(
                Header(key: String(decoding: name, as: UTF8.self), value: try body.readNullable()))
        }
        guard body.remaining == 0 else { throw .malformed }
    }
}
