/// The hash of a serialized key (`Utils.murmur2`): 32-bit MurmurHash2 with Kafka's seed, signed.
public func murmur2(_ bytes: [UInt8]) -> Int32 {
    let multiplier: UInt32 = 0x5bd1_e995
    var hash: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
    var index = 0
    while index + 4 <= bytes.count {
        var word = UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
        word |= UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3]) << 24
        word = word &* multiplier
        word ^= word >> 24
        word = word &* multiplier
        hash = (hash &* multiplier) ^ word
        index += 4
    }
    if index < bytes.count {
        for (shift, byte) in bytes[index...].enumerated() {
            hash ^= UInt32(byte) << UInt32(8 * shift)
        }
        hash = hash &* multiplier
    }
    hash ^= hash >> 13
    hash = hash &* multiplier
    hash ^= hash >> 15
    return Int32(bitPattern: hash)
}

/// Kafka's way to make a hash an index: the sign bit is cleared, which is not the absolute value
/// (`Utils.toPositive`).
@inlinable
public func clearingSign(_ value: Int32) -> Int32 { value & .max }

/// The partition of a record with a key: all partitions count, whether they have a leader or not
/// (`BuiltInPartitioner.partitionForKey`). Precondition: `partitions > 0`.
public func partition(forKey key: [UInt8], of partitions: Int32) -> Int32 {
    clearingSign(murmur2(key)) % partitions
}
