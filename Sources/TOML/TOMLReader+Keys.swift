/// One part of a dotted key, and where it stands. Keys are the same when their bytes are: TOML
/// does not take composed and decomposed letters for equal, as `String` would.
struct TOMLKey: Sendable {
    let bytes: [UInt8]
    let position: TOMLPosition

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension TOMLReader {
    /// A dotted key with the blanks around it.
    mutating func readPath() throws(TOMLError) -> [TOMLKey] {
        var path: [TOMLKey] = []
        repeat {
            skipBlanks()
            guard path.count < deepestTOMLNesting else { throw tooDeep() }
            path.append(try readKey(expectation: path.isEmpty ? "a key" : "a key after '.'"))
            skipBlanks()
        } while take(UInt8(ascii: "."))
        return path
    }

    func tooDeep() -> TOMLError {
        error("nested more than \(deepestTOMLNesting) levels deep")
    }

    private mutating func readKey(expectation: String) throws(TOMLError) -> TOMLKey {
        let start = position()
        switch next {
        case UInt8(ascii: "\""):
            guard !startsMultiline(UInt8(ascii: "\"")) else { throw multilineKey() }
            return TOMLKey(bytes: try readBasicString(), position: start)
        case UInt8(ascii: "'"):
            guard !startsMultiline(UInt8(ascii: "'")) else { throw multilineKey() }
            return TOMLKey(bytes: try readLiteralString(), position: start)
        default:
            let first = index
            while let byte = next, byte.isBareKeyByte { index += 1 }
            guard index > first else { throw unexpected(expectation) }
            return TOMLKey(bytes: Array(bytes[first..<index]), position: start)
        }
    }

    private func multilineKey() -> TOMLError {
        error("a key may not be a multi-line string")
    }
}
