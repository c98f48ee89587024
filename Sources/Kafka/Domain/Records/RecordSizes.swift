// How many bytes records take in format 2, to the byte: DefaultRecord, DefaultRecordBatch and
// ByteUtils. Producers fill batches by these sizes, brokers roll segments and refuse by them.

extension RecordBatch {
    /// The header before the records (DefaultRecordBatch.RECORD_BATCH_OVERHEAD).
    public static let headerSize: Int32 = 61
}

/// The one record of an end-of-transaction marker: a key of 4 bytes and a value of 6.
let endTransactionRecordSize = sizeOfRecord(
    offsetDelta: 0, timestampDelta: 0, keySize: 4, valueSize: 6, headersSize: 0)

/// A zigzag varint of 32 bits.
@inlinable
public func sizeOfVarint(_ value: Int32) -> Int32 {
    sizeOfUnsignedVarint(UInt32(bitPattern: (value << 1) ^ (value >> 31)))
}

@inlinable
public func sizeOfUnsignedVarint(_ value: UInt32) -> Int32 {
    max(1, (38 - Int32(value.leadingZeroBitCount)) / 7)
}

/// A zigzag varint of 64 bits.
@inlinable
public func sizeOfVarlong(_ value: Int64) -> Int32 {
    let zigzag = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    return max(1, (70 - Int32(zigzag.leadingZeroBitCount)) / 7)
}

/// A record with the length in front of it. A size of -1 is a null key or value.
public func sizeOfRecord(
    offsetDelta: Int32, timestampDelta: Int64, keySize: Int32, valueSize: Int32, headersSize: Int32
) -> Int32 {
    // Attributes, and the number of headers, which `headersSize` leaves out, take a byte each at
    // least: the number's further bytes are the headers' business.
    var body = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta)
    body += sizeOfNullable(keySize) + sizeOfNullable(valueSize)
    body += max(1, headersSize)
    return sizeOfVarint(body) + body
}

private func sizeOfNullable(_ size: Int32) -> Int32 {
    size < 0 ? sizeOfVarint(-1) : sizeOfVarint(size) + size
}

/// The headers of a record with their number in front.
public func sizeOfHeaders(_ headers: [Record.Header]) -> Int32 {
    var size = sizeOfVarint(Int32(headers.count))
    for header in headers {
        let keySize = Int32(header.key.utf8.count)
        size += sizeOfVarint(keySize) + keySize
        size += sizeOfNullable(header.value.map { Int32($0.count) } ?? -1)
    }
    return size
}

public func sizeOfRecord(_ record: Record, baseTimestamp: Int64) -> Int32 {
    sizeOfRecord(
        offsetDelta: record.offsetDelta, timestampDelta: record.timestamp &- baseTimestamp,
        keySize: record.key?.size ?? -1, valueSize: record.value?.size ?? -1,
        headersSize: sizeOfHeaders(record.headers))
}

/// A bound for a record that is not placed yet: whatever its deltas will be, it is not larger.
public func maximalSizeOfRecord(_ record: Record) -> Int32 {
    maximalRecordOverhead + sizeOfNullable(record.key?.size ?? -1)
        + sizeOfNullable(record.value?.size ?? -1) + sizeOfHeaders(record.headers)
}

/// The longest length, attributes, timestamp and offset (DefaultRecord.MAX_RECORD_OVERHEAD).
private let maximalRecordOverhead: Int32 = 5 + 5 + 10 + 1

public func sizeOfBatch(_ records: [Record], baseTimestamp: Int64) -> Int32 {
    var size = RecordBatch.headerSize
    for record in records { size += sizeOfRecord(record, baseTimestamp: baseTimestamp) }
    return size
}

/// In time that does not depend on the number of records: they are of one size as long as the
/// varints of the offset and of the time delta keep their lengths.
public func sizeOfBatch(_ generated: GeneratedRecords) -> Int32 {
    var size = RecordBatch.headerSize
    var delta: Int32 = 0
    while delta < generated.count {
        let end = min(
            generated.count, endOfEqualVarints(delta, step: 1),
            endOfEqualVarints(delta, step: generated.timestampStep))
        let one = sizeOfRecord(
            offsetDelta: delta, timestampDelta: Int64(delta) * Int64(generated.timestampStep),
            keySize: generated.distinctKeys > 0 ? generated.keySize : -1,
            valueSize: generated.valueSize, headersSize: 1)
        size += (end - delta) * one
        delta = end
    }
    return size
}

/// The first index after `index` at which the varint of `index * step` may get longer.
private func endOfEqualVarints(_ index: Int32, step: Int32) -> Int32 {
    guard step != 0 else { return .max }
    let bits = 7 * sizeOfVarlong(Int64(index) * Int64(step))
    // Zigzag varints of n bytes hold -2^(7n-1) ... 2^(7n-1) - 1.
    let limit = bits > 62 ? Int64.max : (1 << Int64(bits - 1)) - (step > 0 ? 1 : 0)
    let last = limit / Int64(abs(step))
    return last >= Int64(Int32.max) ? .max : Int32(last) + 1
}
