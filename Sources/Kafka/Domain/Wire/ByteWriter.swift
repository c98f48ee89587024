/// Writes numbers as Kafka's protocol does: big-endian, or as varints (ByteUtils).
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func write(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    public mutating func writeUnsignedVarint(_ value: UInt32) { writeGroups(UInt64(value)) }

    public mutating func writeVarint(_ value: Int32) {
        writeUnsignedVarint(UInt32(bitPattern: (value << 1) ^ (value >> 31)))
    }

    public mutating func writeVarlong(_ value: Int64) {
        writeGroups(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// A length as a varint, then the bytes; -1 stands for none.
    public mutating func writeNullable(_ more: [UInt8]?) {
        guard let more else { return writeVarint(-1) }
        writeVarint(Int32(more.count))
        write(more)
    }

    /// Seven bits a byte, lowest first; the high bit says that there is more.
    private mutating func writeGroups(_ value: UInt64) {
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
