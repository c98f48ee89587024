extension TOMLReader {
    /// Whether three of these quotes stand at the cursor.
    func startsMultiline(_ quote: UInt8) -> Bool {
        next == quote && byte(after: 1) == quote && byte(after: 2) == quote
    }

    /// At a quotation mark or apostrophe: any of the four forms.
    mutating func readString() throws(TOMLError) -> String {
        let quote = bytes[index]
        let isBasic = quote == UInt8(ascii: "\"")
        let text: [UInt8]
        if startsMultiline(quote) {
            text = try readMultilineString(quote)
        } else {
            text = try isBasic ? readBasicString() : readLiteralString()
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `"…"` on one line.
    mutating func readBasicString() throws(TOMLError) -> [UInt8] {
        var text: [UInt8] = []
        let opening = index
        index += 1
        while !take(UInt8(ascii: "\"")) {
            if next == UInt8(ascii: "\\") {
                try readEscape(into: &text)
            } else {
                text.append(try readTextByte(opened: opening, by: "'\"'"))
            }
        }
        return text
    }

    /// `'…'` on one line, nothing escaped.
    mutating func readLiteralString() throws(TOMLError) -> [UInt8] {
        let opening = index
        index += 1
        let first = index
        while !take(UInt8(ascii: "'")) {
            _ = try readTextByte(opened: opening, by: "\"'\"")
        }
        return Array(bytes[first..<index - 1])
    }

    private mutating func readTextByte(
        opened opening: Int, by quote: String
    ) throws(TOMLError) -> UInt8 {
        guard let byte = next else {
            throw error("expected \(quote) to close the string", at: opening)
        }
        if byte == .lineFeed || (byte == .carriageReturn && self.byte(after: 1) == .lineFeed) {
            throw error("expected \(quote) to close the string before the end of the line")
        }
        if byte.isForbiddenControl { throw forbiddenInString(byte) }
        index += 1
        return byte
    }

    private func forbiddenInString(_ byte: UInt8) -> TOMLError {
        error("the control character U+\(hexadecimal(byte)) may not stand in a string")
    }
}

extension TOMLReader {
    /// `"""…"""` or `'''…'''`. A newline right after the opening does not count, and up to two
    /// quotes may stand right before the closing three.
    private mutating func readMultilineString(_ quote: UInt8) throws(TOMLError) -> [UInt8] {
        let opening = index
        let isBasic = quote == UInt8(ascii: "\"")
        var text: [UInt8] = []
        index += 3
        if next == .lineFeed || next == .carriageReturn { try readNewline() }
        while let byte = next {
            if byte == quote {
                if readClosingQuotes(quote, into: &text) { return text }
            } else if isBasic, byte == UInt8(ascii: "\\") {
                try readEscapeOrFold(into: &text)
            } else if byte == .lineFeed || byte == .carriageReturn {
                let first = index
                try readNewline()
                text.append(contentsOf: bytes[first..<index])
            } else if byte.isForbiddenControl {
                throw forbiddenInString(byte)
            } else {
                text.append(byte)
                index += 1
            }
        }
        let closing = isBasic ? "'\"\"\"'" : "\"'''\""
        throw error("expected \(closing) to close the string", at: opening)
    }

    /// At a run of quotes: whether it closes the string. Those that do not are text.
    private mutating func readClosingQuotes(_ quote: UInt8, into text: inout [UInt8]) -> Bool {
        var count = 0
        while count < 5, take(quote) { count += 1 }
        let isClosed = count >= 3
        text.append(contentsOf: repeatElement(quote, count: isClosed ? count - 3 : count))
        return isClosed
    }

    /// A backslash at the end of a line swallows all blanks and newlines up to the next text.
    private mutating func readEscapeOrFold(into text: inout [UInt8]) throws(TOMLError) {
        var end = index + 1
        while end < bytes.count, bytes[end] == .space || bytes[end] == .tab { end += 1 }
        guard end < bytes.count, bytes[end] == .lineFeed || bytes[end] == .carriageReturn else {
            try readEscape(into: &text)
            return
        }
        index = end
        while let byte = next {
            switch byte {
            case .space, .tab: index += 1
            case .lineFeed, .carriageReturn: try readNewline()
            default: return
            }
        }
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(TOMLError) {
        let backslash = index
        index += 1
        guard let byte = next else { throw unexpected("a character after '\\'") }
        index += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(.tab)
        case UInt8(ascii: "n"): text.append(.lineFeed)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(.carriageReturn)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
        case UInt8(ascii: "u"): try readScalar(digits: 4, from: backslash, into: &text)
        case UInt8(ascii: "U"): try readScalar(digits: 8, from: backslash, into: &text)
        default:
            throw error(
                "unknown escape; a string knows \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX",
                at: backslash)
        }
    }

    private mutating func readScalar(
        digits: Int, from backslash: Int, into text: inout [UInt8]
    ) throws(TOMLError) {
        var code: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = next?.digitValue else {
                throw unexpected("\(digits) hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw error("this escape names no Unicode scalar value", at: backslash)
        }
        text.append(contentsOf: UTF8.encode(scalar)!)
    }
}
