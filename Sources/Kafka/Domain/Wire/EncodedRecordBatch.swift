/// The bytes of one record batch, of whatever they consist (DefaultRecordBatch). Reading a header
/// field never looks at the CRC.
///
/// The header, with the offset of each field:
///
///      0 base offset i64       8 length behind here i32   12 leader epoch i32   16 magic i8
///     17 crc u32              21 attributes i16           23 last offset delta i32
///     27 base timestamp i64   35 max timestamp i64        43 producer id i64
///     51 producer epoch i16   53 base sequence i32        57 count i32          61 records
public struct EncodedRecordBatch: Hashable, Sendable {
    public private(set) var bytes: [UInt8]

    /// Where the fields lie.
    private enum Field {
        static let length = 8
        static let leaderEpoch = 12
        static let magic = 16
        static let crc = 17
        static let attributes = 21
        static let lastOffsetDelta = 23
        static let baseTimestamp = 27
        static let maxTimestamp = 35
        static let producerID = 43
        static let producerEpoch = 51
        static let baseSequence = 53
        static let count = 57
    }

    /// Precondition: as many bytes as the length in them says.
    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    public var magic: Int8 { field(at: Field.magic) }
    public var baseOffset: Int64 { field(at: 0) }
    public var leaderEpoch: Int32 { field(at: Field.leaderEpoch) }
    public var storedCRC: UInt32 { field(at: Field.crc) }
    /// The second byte of the attributes is not in use.
    public var attributes: RecordBatch.Attributes {
        RecordBatch.Attributes(rawValue: UInt8(truncatingIfNeeded: rawAttributes) & 0b0111_1000)
    }
    private var rawAttributes: Int16 { field(at: Field.attributes) }
    public var lastOffsetDelta: Int32 { field(at: Field.lastOffsetDelta) }
    public var baseTimestamp: Int64 { field(at: Field.baseTimestamp) }
    public var maxTimestamp: Int64 { field(at: Field.maxTimestamp) }
    public var producerID: Int64 { field(at: Field.producerID) }
    public var producerEpoch: Int16 { field(at: Field.producerEpoch) }
    public var baseSequence: Int32 { field(at: Field.baseSequence) }
    public var count: Int32 { field(at: Field.count) }

    public var lastOffset: Int64 { baseOffset &+ Int64(lastOffsetDelta) }
    public var lastSequence: Int32 {
        baseSequence == Absent.sequence
            ? Absent.sequence : incrementSequence(baseSequence, by: lastOffsetDelta)
    }
    public var isCompressed: Bool { rawAttributes & 0b111 != 0 }

    private func field<Number: FixedWidthInteger>(at offset: Int) -> Number {
        var number: Number = 0
        for byte in bytes[offset..<offset + MemoryLayout<Number>.size] {
            number = number << 8 | Number(truncatingIfNeeded: byte)
        }
        return number
    }

    /// Base offset and leader epoch lie before what the CRC covers: a leader can write them
    /// without computing it again.
    public var computedCRC: UInt32 { crc32c(bytes[Field.attributes...]) }

    public var isValid: Bool {
        bytes.count >= Int(RecordBatch.headerSize) && storedCRC == computedCRC
    }

    // MARK: What a leader writes

    private mutating func set(_ number: some FixedWidthInteger, at offset: Int) {
        var writer = ByteWriter()
        writer.write(number)
        bytes.replaceSubrange(offset..<offset + writer.bytes.count, with: writer.bytes)
    }

    public mutating func setBaseOffset(_ offset: Int64) { set(offset, at: 0) }
    public mutating func setLeaderEpoch(_ epoch: Int32) { set(epoch, at: Field.leaderEpoch) }

    /// The CRC is computed again only if this changes anything.
    public mutating func setMaxTimestamp(_ timestamp: Int64, isAppendTime: Bool) {
        let isSame = attributes.contains(.logAppendTime) == isAppendTime
        guard !isSame || timestamp != maxTimestamp else { return }
        var new = attributes
        if isAppendTime { new.insert(.logAppendTime) } else { new.remove(.logAppendTime) }
        set(Int16(new.rawValue), at: Field.attributes)
        set(timestamp, at: Field.maxTimestamp)
        set(computedCRC, at: Field.crc)
    }
}

extension EncodedRecordBatch {
    /// The batches of a buffer; a last one that is cut off is passed over. The buffer is corrupt
    /// when a size or a format number cannot be one: from there on nothing can be told apart.
    public static func split(
        _ buffer: [UInt8]
    ) -> (batches: [EncodedRecordBatch], isCorrupt: Bool) {
        /// Offset, length, and a message of the oldest format.
        let lengthEnd = 12
        let leastLength = 14
        var batches: [EncodedRecordBatch] = []
        var start = 0
        while buffer.count - start >= lengthEnd {
            var reader = ByteReader(buffer[(start + Field.length)...])
            guard let length: Int32 = try? reader.read() else { return (batches, false) }
            guard length >= leastLength else { return (batches, true) }
            guard buffer.count - start > Field.magic else { return (batches, false) }
            guard (0...2).contains(Int8(bitPattern: buffer[start + Field.magic])) else {
                return (batches, true)
            }
            let end = start + lengthEnd + Int(length)
            guard end <= buffer.count else { return (batches, false) }
            batches.append(EncodedRecordBatch(bytes: Array(buffer[start..<end])))
            start = end
        }
        return (batches, false)
    }
}
