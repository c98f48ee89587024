import Foundation

/// A line of a vector file that could not be understood: a word that is missing or not of the form
/// that the file's header promises.
struct VectorFormError: Error, CustomStringConvertible {
    let description: String
}

/// One line of a case. Left of ` -> ` stands what is given or asked, right of it the answer that is
/// checked. Words are separated by single blanks; `name=value` words are fields, the others are
/// positional and count from 0 after the verb.
struct VectorLine: Sendable {
    /// Counted from 1 in its file.
    let number: Int
    let text: String
    /// Nil: an input without an answer.
    let answer: String?
    private let words: [Substring]

    init(_ text: String, number: Int) {
        self.number = number
        self.text = text
        let (left, answer) = VectorText.splitAnswer(text)
        self.answer = answer.map(String.init)
        self.words = VectorText.split(left, at: UInt8(ascii: " "))
    }

    var verb: String { words.isEmpty ? "" : String(words[0]) }

    /// The line up to the arrow.
    var question: String {
        guard let answer else { return text }
        return String(text.utf8.prefix(text.utf8.count - answer.utf8.count - 4)) ?? text
    }

    func has(_ name: String) -> Bool { value(of: name) != nil }

    /// The text of the field `name=`; nil if the line has no such field.
    func value(of name: String) -> Substring? {
        for word in words.dropFirst() where VectorText.isField(word, named: name) {
            return VectorText.suffix(of: word, from: name.utf8.count + 1)
        }
        return nil
    }

    /// The text of a field that must be there.
    func text(_ name: String) throws -> Substring {
        guard let value = value(of: name) else { throw VectorFormError(description: "no \(name)=") }
        return value
    }

    /// A number that must be there.
    func int<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type = Number.self
    ) throws -> Number {
        try VectorText.int(try text(name))
    }

    /// A number; nil for `-` and for a field that is absent.
    func intOrNone<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type = Number.self
    ) throws -> Number? {
        guard let value = value(of: name), value != "-" else { return nil }
        return try VectorText.int(value)
    }

    func bool(_ name: String) throws -> Bool {
        switch try text(name) {
        case "true", "1": true
        case "false", "0": false
        case let other:
            throw VectorFormError(description: "\(name)=\(other) is neither true nor false")
        }
    }

    /// The elements of `name=[a,b]`; none for a field that is absent or `-`.
    func list(_ name: String) throws -> [Substring] {
        guard let value = value(of: name), value != "-" else { return [] }
        return try VectorText.list(value)
    }

    /// The `index`-th word after the verb that is not a field.
    func word(_ index: Int) throws -> Substring {
        var left = index
        for word in words.dropFirst() where !VectorText.isField(word) {
            if left == 0 { return word }
            left -= 1
        }
        throw VectorFormError(description: "no word \(index) after \(verb)")
    }

    /// All fields in their order.
    var fields: [(name: Substring, value: Substring)] {
        words.dropFirst().compactMap { word in
            guard VectorText.isField(word),
                let equals = word.utf8.firstIndex(of: UInt8(ascii: "="))
            else { return nil }
            return (word[..<equals], word[word.utf8.index(after: equals)...])
        }
    }
}

/// The small grammar inside a line.
enum VectorText {
    static func int<Number: FixedWidthInteger>(
        _ text: Substring, as type: Number.Type = Number.self
    ) throws -> Number {
        guard let number = Number(text) else {
            throw VectorFormError(description: "\(text) is not a number")
        }
        return number
    }

    /// The elements of `[a,b,(c,d)]`: commas inside inner brackets do not separate.
    static func list(_ text: Substring) throws -> [Substring] {
        guard text.utf8.first == UInt8(ascii: "["), text.utf8.last == UInt8(ascii: "]") else {
            throw VectorFormError(description: "\(text) is not a list")
        }
        let inside = suffix(of: prefix(of: text, upTo: text.utf8.count - 1), from: 1)
        return inside.isEmpty ? [] : split(inside, at: UInt8(ascii: ","), outsideBrackets: true)
    }

    /// The two halves around the first `separator`; the second is nil if there is none.
    static func halves(_ text: Substring, at separator: Character) -> (Substring, Substring?) {
        guard let byte = separator.asciiValue, let index = text.utf8.firstIndex(of: byte) else {
            return (text, nil)
        }
        return (text[..<index], text[text.utf8.index(after: index)...])
    }

    /// Parts between single separators, at any depth or only outside of brackets.
    static func split(
        _ text: Substring, at separator: UInt8, outsideBrackets: Bool = false
    ) -> [Substring] {
        var parts: [Substring] = []
        var depth = 0
        var start = text.startIndex
        var index = text.startIndex
        let bytes = text.utf8
        while index < text.endIndex {
            let byte = bytes[index]
            if outsideBrackets {
                if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: "]") || byte == UInt8(ascii: ")") { depth -= 1 }
            }
            if byte == separator && depth == 0 {
                parts.append(text[start..<index])
                start = bytes.index(after: index)
            }
            index = bytes.index(after: index)
        }
        parts.append(text[start...])
        return parts
    }

    static func splitAnswer(_ text: String) -> (left: Substring, answer: Substring?) {
        let bytes = text.utf8
        var index = text.startIndex
        while let hyphen = bytes[index...].firstIndex(of: UInt8(ascii: "-")) {
            let after = bytes.index(after: hyphen)
            if hyphen > text.startIndex, after < text.endIndex, bytes[after] == UInt8(ascii: ">"),
                bytes[bytes.index(before: hyphen)] == UInt8(ascii: " "),
                let space = bytes.index(after, offsetBy: 1, limitedBy: text.endIndex),
                space < text.endIndex, bytes[space] == UInt8(ascii: " ")
            {
                return (text[..<bytes.index(before: hyphen)], text[bytes.index(after: space)...])
            }
            index = after
        }
        return (text[...], nil)
    }

    /// Whether the word has the form `name=value`, where a name holds no bracket.
    static func isField(_ word: Substring) -> Bool {
        for byte in word.utf8 {
            if byte == UInt8(ascii: "=") { return true }
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") { return false }
        }
        return false
    }

    static func isField(_ word: Substring, named name: String) -> Bool {
        let count = name.utf8.count
        guard word.utf8.count > count, word.utf8.starts(with: name.utf8) else { return false }
        return word.utf8[word.utf8.index(word.startIndex, offsetBy: count)] == UInt8(ascii: "=")
    }

    static func suffix(of text: Substring, from offset: Int) -> Substring {
        text[text.utf8.index(text.startIndex, offsetBy: offset)...]
    }

    static func prefix(of text: Substring, upTo offset: Int) -> Substring {
        text[..<text.utf8.index(text.startIndex, offsetBy: offset)]
    }
}
