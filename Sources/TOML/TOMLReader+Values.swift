extension TOMLReader {
    /// The value at the cursor, which stands in that many tables and arrays.
    mutating func readValue(
        depth: Int, expectation: String
    ) throws(TOMLError) -> TOMLValue {
        let start = position()
        guard depth <= deepestTOMLNesting else { throw tooDeep() }
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return TOMLValue(.string(try readString()), at: start)
        case UInt8(ascii: "["):
            return TOMLValue(.array(try readArray(depth: depth)), at: start)
        case UInt8(ascii: "{"):
            return TOMLValue(.table(try readInlineTable(depth: depth, at: start)), at: start)
        case let byte? where byte.isDigit:
            if startsDate || startsTime {
                return TOMLValue(.dateTime(try readDateTime()), at: start)
            }
            return TOMLValue(try readNumber(), at: start)
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return TOMLValue(try readNumber(), at: start)
        case let byte? where byte.isBareKeyByte:
            return TOMLValue(try readWord(), at: start)
        default:
            throw unexpected(expectation)
        }
    }

    private mutating func readWord() throws(TOMLError) -> TOMLValue.Kind {
        let first = index
        while let byte = next, byte.isBareKeyByte { index += 1 }
        switch String(decoding: bytes[first..<index], as: UTF8.self) {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "inf": return .float(.infinity)
        case "nan": return .float(.nan)
        case let word: throw error("\(quoted(word)) is not a value; text needs quotes", at: first)
        }
    }

    private mutating func readArray(depth: Int) throws(TOMLError) -> [TOMLValue] {
        let opening = index
        var elements: [TOMLValue] = []
        index += 1
        while true {
            try skipBlanksAndLines()
            if take(UInt8(ascii: "]")) { return elements }
            guard next != nil else { throw error("expected ']' to close the array", at: opening) }
            elements.append(try readValue(depth: depth + 1, expectation: "a value or ']'"))
            try skipBlanksAndLines()
            guard take(UInt8(ascii: ",")) || next == UInt8(ascii: "]") else {
                guard next != nil else {
                    throw error("expected ']' to close the array", at: opening)
                }
                throw unexpected("',' or ']' after the value")
            }
        }
    }

    /// TOML 1.0: on one line, and no comma after the last pair.
    private mutating func readInlineTable(
        depth: Int, at start: TOMLPosition
    ) throws(TOMLError) -> TOMLTable {
        let table = tree.makeInlineTable(depth: depth, at: start)
        index += 1
        skipBlanks()
        if take(UInt8(ascii: "}")) { return TOMLTable() }
        while true {
            try readKeyAndValue(into: table)
            skipBlanks()
            if take(UInt8(ascii: "}")) { return tree.takeTable(table) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or '}' after the value") }
        }
    }
}
