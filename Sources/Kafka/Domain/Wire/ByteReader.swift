/// Why bytes could not be read.
public enum WireError: Error, Hashable, Sendable {
    /// They end too early.
    case underflow
    /// A varint has more bytes than one can have.
    case illegalVarint
    /// Sizes and counts contradict each other.
    case malformed
}

/// Reads what `ByteWriter` writes, and says what is wrong with other bytes.
public struct ByteReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    public var remaining: Int { bytes.endIndex - position }
    /// How many bytes have been read.
    public var used: Int { position - bytes.startIndex }

    public mutating func read<Number: FixedWidthInteger>(
        _: Number.Type = Number.self
    ) throws(WireError) -> Number {
        var number: Number = 0
        for _ in 0..<MemoryLayout<Number>.size {
            number = number << 8 | Number(truncatingIfNeeded: try readByte())
        }
        return number
    }

    public mutating func read(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw .underflow }
        defer { position += count }
        return bytes[position..<position + count]
    }

    public mutating func readUnsignedVarint() throws(WireError) -> UInt32 {
        UInt32(truncatingIfNeeded: try readGroups(atMost: 5))
    }

    public mutating func readVarint() throws(WireError) -> Int32 {
        let raw = try readUnsignedVarint()
        return Int32(bitPattern: raw >> 1) ^ -Int32(bitPattern: raw & 1)
    }

    public mutating func readVarlong() throws(WireError) -> Int64 {
        let raw = try readGroups(atMost: 10)
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    /// A length as a varint, then the bytes; any negative length stands for none.
    public mutating func readNullable() throws(WireError) -> [UInt8]? {
        let size = try readVarint()
        return size < 0 ? nil : Array(try read(Int(size)))
    }

    private mutating func readByte() throws(WireError) -> UInt8 {
        guard remaining > 0 else { throw .underflow }
        defer { position += 1 }
        return bytes[position]
    }

    /// Bits of the last group that have no room are dropped, as Kafka drops them.
    private mutating func readGroups(atMost limit: Int) throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        for group in 0..<limit {
            let byte = try readByte()
            value |= UInt64(byte & 0x7f) << UInt64(7 * group)
            if byte < 0x80 { return value }
        }
        throw .illegalVarint
    }
}
