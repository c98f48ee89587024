extension RecordBatch {
    /// The batch in format 2, uncompressed, as it goes over the wire and into a file.
    public var encoded: EncodedRecordBatch {
        var body = ByteWriter()
        for record in encodableRecords { record.encode(baseTimestamp: baseTimestamp, into: &body) }
        var covered = ByteWriter()
        covered.write(Int16(attributes.rawValue))
        covered.write(lastOffsetDelta)
        covered.write(baseTimestamp)
        covered.write(maxTimestamp)
        covered.write(producerID.rawValue)
        covered.write(producerEpoch)
        covered.write(baseSequence)
        covered.write(count)
        covered.write(body.bytes)
        var whole = ByteWriter()
        whole.write(baseOffset)
        whole.write(Int32(9 + covered.bytes.count))
        whole.write(leaderEpoch)
        whole.write(Int8(2))
        whole.write(crc32c(covered.bytes))
        whole.write(covered.bytes)
        return EncodedRecordBatch(bytes: whole.bytes)
    }

    /// With the producer's times, which a leader's stamp does not overwrite in the records.
    private var encodableRecords: [Record] {
        switch content {
        case .generated(let generated): generated.spelled(from: baseTimestamp)
        case .spelled(let records): records
        case .endTransaction(let marker):
            [Record(control: marker.type, value: marker.encodedValue, timestamp: maxTimestamp)]
        case .emptied: []
        }
    }
}

extension Record {
    func encode(baseTimestamp: Int64, into writer: inout ByteWriter) {
        var body = ByteWriter()
        body.write(Int8(0))
        body.writeVarlong(timestamp &- baseTimestamp)
        body.writeVarint(offsetDelta)
        body.writeNullable(key?.bytes)
        body.writeNullable(value?.bytes)
        body.writeVarint(Int32(headers.count))
        for header in headers {
            body.writeNullable(Array(header.key.utf8))
            body.writeNullable(header.value)
        }
        writer.writeVarint(Int32(body.bytes.count))
        writer.write(body.bytes)
    }
}
