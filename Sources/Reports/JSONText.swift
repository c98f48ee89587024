/// Writes JSON with keys in the order in which they are given, so that equal values are equal
/// bytes.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    /// Whether the innermost open object or array already has a member.
    private var hasMember: [Bool] = [false]
    private var afterKey = false

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func object(_ members: (inout JSONText) -> Void) {
        nested(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    mutating func array(_ elements: (inout JSONText) -> Void) {
        nested(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
    }

    mutating func array<Elements: Sequence>(
        of elements: Elements, _ write: (inout JSONText, Elements.Element) -> Void
    ) {
        array { json in for element in elements { write(&json, element) } }
    }

    mutating func key(_ name: String) {
        separate()
        newline()
        quote(name)
        bytes.append(contentsOf: ": ".utf8)
        afterKey = true
    }

    mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    mutating func integer(_ value: some BinaryInteger) { literal(String(value)) }
    mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }
    mutating func null() { literal("null") }

    /// A number that is already text, such as a decimal made of integers.
    mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    mutating func member(_ name: String, _ value: String) { key(name); string(value) }
    mutating func member(_ name: String, _ value: some BinaryInteger) { key(name); integer(value) }

    /// Null when there is none.
    mutating func member(_ name: String, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    mutating func member<Value: BinaryInteger>(_ name: String, _ value: Value?) {
        key(name)
        if let value { integer(value) } else { null() }
    }

    mutating func member(_ name: String, _ value: Bool) { key(name); boolean(value) }

    private mutating func nested(
        _ open: UInt8, _ close: UInt8, _ content: (inout JSONText) -> Void
    ) {
        separate()
        bytes.append(open)
        hasMember.append(false)
        content(&self)
        if hasMember.removeLast() { newline() }
        bytes.append(close)
    }

    private mutating func separate() {
        if afterKey {
            afterKey = false
            return
        }
        if hasMember[hasMember.count - 1] { bytes.append(UInt8(ascii: ",")) }
        hasMember[hasMember.count - 1] = true
        if bytes.last == UInt8(ascii: "[") || bytes.last == UInt8(ascii: ",") { newline() }
    }

    private mutating func newline() {
        guard bytes.last != UInt8(ascii: "\n"), bytes.last != UInt8(ascii: " ") else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 1..<hasMember.count { bytes.append(contentsOf: "  ".utf8) }
    }

    private mutating func quote(_ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
