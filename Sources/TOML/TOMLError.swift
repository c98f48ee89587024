/// Why a document is not TOML.
public struct TOMLError: Error, Hashable, Sendable {
    public var position: TOMLPosition
    public var message: String

    public init(_ message: String, at position: TOMLPosition) {
        self.position = position
        self.message = message
    }
}

/// Text of a document as an error may show it: in quotes, short, without control characters.
func quoted(_ text: some StringProtocol) -> String {
    let longest = 60
    var shown = String.UnicodeScalarView()
    var length = 0
    for scalar in text.unicodeScalars {
        guard length < longest else { return "'\(String(shown))…'" }
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        shown.append(isControl ? "\u{FFFD}" : scalar)
        length += 1
    }
    return "'\(String(shown))'"
}
