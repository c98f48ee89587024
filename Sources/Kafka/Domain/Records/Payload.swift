/// The bytes of a key or of a value, said as briefly as they can be said.
public enum Payload: Sendable {
    /// The decimal digits of a number that is not negative, zero-padded on the left to `width`,
    /// which is at least as many as it has.
    case number(Int64, width: Int32)
    case bytes([UInt8])

    /// How many bytes it has.
    public var size: Int32 {
        switch self {
        case .number(_, let width): width
        case .bytes(let bytes): Int32(bytes.count)
        }
    }

    public var bytes: [UInt8] {
        switch self {
        case .number(let number, let width):
            var digits = [UInt8](repeating: UInt8(ascii: "0"), count: Int(width))
            var rest = number
            for position in digits.indices.reversed() {
                digits[position] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            return digits
        case .bytes(let bytes): return bytes
        }
    }
}

/// Two payloads are the same when their bytes are, however they are said.
extension Payload: Comparable {
    public static func == (left: Payload, right: Payload) -> Bool {
        switch (left, right) {
        case (.number(let one, let width), .number(let other, let otherWidth)):
            one == other && width == otherWidth
        case (.bytes(let one), .bytes(let other)): one == other
        default: left.bytes == right.bytes
        }
    }

    public static func < (left: Payload, right: Payload) -> Bool {
        switch (left, right) {
        case (.number(let one, let width), .number(let other, let otherWidth))
        where width == otherWidth:
            one < other
        default: left.bytes.lexicographicallyPrecedes(right.bytes)
        }
    }
}
