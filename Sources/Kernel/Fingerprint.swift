/// An incremental digest of 64 bits: the same on every machine, in every build, for ever.
///
/// Order matters, and so does each bit of each word; `value` may be read at any time without
/// disturbing what follows. It tells runs apart, it does not protect against a forger.
@frozen
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    @usableFromInline var state: UInt64

    @inlinable
    public init() {
        state = 0x243f_6a88_85a3_08d3
    }

    @inlinable
    public mutating func combine(_ word: UInt64) {
        let (high, low) = (state ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        state = (high ^ low) &+ 0x1319_8a2e_0370_7345
    }

    @inlinable
    public mutating func combine(_ integer: some FixedWidthInteger) {
        combine(UInt64(truncatingIfNeeded: integer))
    }

    @inlinable
    public mutating func combine(_ flag: Bool) {
        combine(flag ? 1 as UInt64 : 0)
    }

    @inlinable
    public mutating func combine(_ instant: Instant) {
        combine(UInt64(bitPattern: instant.nanoseconds))
    }

    /// Bytes, their number first, so that neighbours cannot trade letters.
    public mutating func combine(bytes: some Collection<UInt8>) {
        combine(UInt64(bytes.count))
        var word: UInt64 = 0
        var filled: UInt64 = 0
        for byte in bytes {
            word |= UInt64(byte) << filled
            filled += 8
            if filled == 64 {
                combine(word)
                word = 0
                filled = 0
            }
        }
        if filled > 0 { combine(word) }
    }

    public mutating func combine(_ text: String) {
        combine(bytes: text.utf8)
    }

    @inlinable public var value: UInt64 { scramble(state) }

    /// Sixteen hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
