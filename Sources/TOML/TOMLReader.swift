/// How deep tables and arrays may stand in each other. Whoever walks a document recurses as deep
/// as it is nested, so without a limit a line of brackets could exhaust the stack.
public let deepestTOMLNesting = 256

/// Reads a complete TOML 1.0 document, in time linear in its length whatever it holds.
///
/// A byte-order mark at the start is skipped, as later versions of TOML ask. Documents nested
/// deeper than `deepestTOMLNesting` are refused.
public func readTOML(_ bytes: [UInt8]) throws(TOMLError) -> TOMLTable {
    var reader = TOMLReader(bytes)
    if let offset = firstInvalidUTF8(in: bytes) {
        throw reader.error("not valid UTF-8", at: offset)
    }
    return try reader.readDocument()
}

/// The cursor over a document that is known to be UTF-8: because every delimiter is ASCII, it can
/// go byte by byte and only ever cuts between scalars.
struct TOMLReader {
    let bytes: [UInt8]
    var index = 0
    var tree = TOMLTree()
    private var ruler: TOMLRuler

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        index = bytes.starts(with: mark) ? mark.count : 0
        ruler = TOMLRuler(start: index)
    }

    var next: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    func byte(after distance: Int) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    /// Where the cursor stands now.
    mutating func position() -> TOMLPosition {
        ruler.position(of: index, in: bytes)
    }

    func error(_ message: String, at offset: Int? = nil) -> TOMLError {
        var fresh = TOMLRuler(start: ruler.start)
        return TOMLError(message, at: fresh.position(of: offset ?? index, in: bytes))
    }

    /// "expected …, found …", for whatever stands at the cursor.
    func unexpected(_ expectation: String) -> TOMLError {
        error("expected \(expectation), found \(describeNext())")
    }

    private func describeNext() -> String {
        guard let byte = next else { return "the end of the document" }
        switch byte {
        case .lineFeed: return "the end of the line"
        case .carriageReturn where self.byte(after: 1) == .lineFeed: return "the end of the line"
        case 0..<0x20, 0x7F: return "the control character U+\(hexadecimal(byte))"
        default:
            let rest = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self)
            return quoted(String(rest.unicodeScalars.prefix(1)))
        }
    }

    func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension TOMLReader {
    mutating func readDocument() throws(TOMLError) -> TOMLTable {
        var table = TOMLTree.root
        while true {
            skipBlanks()
            switch next {
            case nil:
                return tree.takeTable(TOMLTree.root)
            case .lineFeed, .carriageReturn:
                try readNewline()
                continue
            case UInt8(ascii: "#"):
                try skipComment()
                continue
            case UInt8(ascii: "["):
                table = try readHeader()
            default:
                try readKeyAndValue(into: table)
            }
            try readEndOfLine()
        }
    }

    mutating func skipBlanks() {
        while next == .space || next == .tab { index += 1 }
    }

    /// At a line feed or a carriage return.
    mutating func readNewline() throws(TOMLError) {
        if take(.carriageReturn), next != .lineFeed {
            throw error("a carriage return must be followed by a line feed", at: index - 1)
        }
        index += 1
    }

    /// Up to the end of the line, which stays.
    mutating func skipComment() throws(TOMLError) {
        while let byte = next, byte != .lineFeed {
            if byte == .carriageReturn, self.byte(after: 1) == .lineFeed { return }
            if byte.isForbiddenControl {
                let code = hexadecimal(byte)
                throw error("the control character U+\(code) may not stand in a comment")
            }
            index += 1
        }
    }

    /// Blanks, comments and newlines, as they may stand between the elements of an array.
    mutating func skipBlanksAndLines() throws(TOMLError) {
        while true {
            skipBlanks()
            switch next {
            case .lineFeed, .carriageReturn: try readNewline()
            case UInt8(ascii: "#"): try skipComment()
            default: return
            }
        }
    }

    private mutating func readEndOfLine() throws(TOMLError) {
        skipBlanks()
        switch next {
        case nil: return
        case .lineFeed, .carriageReturn: try readNewline()
        case UInt8(ascii: "#"): try skipComment()
        default: throw unexpected("the end of the line")
        }
    }

    /// `[a.b]` or `[[a.b]]`; gives the table that the following keys go into.
    private mutating func readHeader() throws(TOMLError) -> TOMLTree.NodeID {
        let start = position()
        index += 1
        let isElement = take(UInt8(ascii: "["))
        let path = try readPath()
        guard take(UInt8(ascii: "]")) else { throw unexpected("']' after the table's name") }
        guard isElement else { return try tree.openTable(path, at: start) }
        guard take(UInt8(ascii: "]")) else { throw unexpected("']]' after the name of the array") }
        return try tree.openElement(path, at: start)
    }

    mutating func readKeyAndValue(into table: TOMLTree.NodeID) throws(TOMLError) {
        let path = try readPath()
        guard take(UInt8(ascii: "=")) else { throw unexpected("'=' after the key") }
        skipBlanks()
        let depth = tree.depth(of: table) + path.count
        let value = try readValue(depth: depth, expectation: "a value after '='")
        try tree.define(path, as: value, in: table)
    }
}

/// Turns offsets into lines and columns. Asked in rising order it walks the document once.
private struct TOMLRuler {
    let start: Int
    private var offset: Int
    private var reached = TOMLPosition(line: 1, column: 1)

    init(start: Int) {
        self.start = start
        offset = start
    }

    mutating func position(of target: Int, in bytes: [UInt8]) -> TOMLPosition {
        if target < offset { self = TOMLRuler(start: start) }
        while offset < target {
            let byte = bytes[offset]
            offset += 1
            if byte == .lineFeed {
                reached = TOMLPosition(line: reached.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                reached.column += 1
            }
        }
        return reached
    }
}
