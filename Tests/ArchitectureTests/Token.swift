/// A word, a number or a sign of Swift source, with comments and the text of literals left out.
struct Token: Equatable, Sendable {
    var text: String
    var line: Int

    var isWord: Bool {
        guard let first = text.utf8.first else { return false }
        return isWordByte(first) && !(0x30...0x39).contains(first)
    }
}

func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
        true
    default: false
    }
}

/// Cuts Swift source into tokens. What a string interpolates is code and is kept.
struct Tokenizer {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var tokenizer = Tokenizer(bytes: Array(text.utf8))
        tokenizer.readCode(untilParenthesis: false)
        return tokenizer.tokens
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        place + ahead < bytes.count ? bytes[place + ahead] : nil
    }

    private func comes(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
    }

    private mutating func skip(_ count: Int = 1) {
        for _ in 0..<count where place < bytes.count {
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
        }
    }

    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while let byte = peek() {
            if comes("//") {
                while let byte = peek(), byte != UInt8(ascii: "\n") { skip() }
            } else if comes("/*") {
                skipComment()
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#") {
                readLiteralOrSign()
            } else if byte == UInt8(ascii: "`") {
                readQuotedName()
            } else if isWordByte(byte) {
                readWord()
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                if untilParenthesis && depth < 0 { return }
                if byte > 0x20 { emit(String(UnicodeScalar(byte))) }
                skip()
            }
        }
    }

    private mutating func emit(_ text: String) {
        tokens.append(Token(text: text, line: line))
    }

    private mutating func readWord() {
        let start = place
        while let byte = peek(), isWordByte(byte) { place += 1 }
        emit(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func readQuotedName() {
        let start = place
        repeat { skip() } while peek() != nil && peek() != UInt8(ascii: "`")
        skip()
        emit(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func skipComment() {
        var depth = 0
        repeat {
            if comes("/*") {
                depth += 1
                skip(2)
            } else if comes("*/") {
                depth -= 1
                skip(2)
            } else {
                skip()
            }
        } while depth > 0 && place < bytes.count
    }

    private mutating func readLiteralOrSign() {
        var hashes = 0
        while peek(hashes) == UInt8(ascii: "#") { hashes += 1 }
        guard peek(hashes) == UInt8(ascii: "\"") else {
            emit("#")
            skip()
            return
        }
        skip(hashes)
        let quotes = comes("\"\"\"") ? 3 : 1
        skip(quotes)
        let end = Array(repeating: UInt8(ascii: "\""), count: quotes)
            + Array(repeating: UInt8(ascii: "#"), count: hashes)
        let escape = [UInt8(ascii: "\\")] + Array(repeating: UInt8(ascii: "#"), count: hashes)
        while place < bytes.count {
            if bytes[place...].starts(with: end) {
                skip(end.count)
                break
            }
            if bytes[place...].starts(with: escape) {
                skip(escape.count)
                if peek() == UInt8(ascii: "(") {
                    skip()
                    readCode(untilParenthesis: true)
                }
            }
            skip()
        }
        emit("\"\"")
    }
}
