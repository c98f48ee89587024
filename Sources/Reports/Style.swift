/// How text is dressed: with colours for a terminal, or plain for everything else.
public struct Style: Sendable {
    public static let plain = Style(usesColour: false)
    public static let coloured = Style(usesColour: true)

    let usesColour: Bool

    enum Ink: String {
        case good = "32"
        case bad = "31"
        case warning = "33"
        case quiet = "2"
        case strong = "1"
    }

    func paint(_ text: String, _ ink: Ink) -> String {
        usesColour ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// `12,408`: digits in groups of three.
func grouped(_ number: UInt64) -> String {
    let digits = String(number)
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}

/// Sixteen hexadecimal digits, as every report prints a digest.
func hexadecimal(_ digest: UInt64) -> String {
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

/// One decimal, rounded down: `60.0 s`.
func seconds(_ nanoseconds: Int64) -> String {
    let tenths = nanoseconds / 100_000_000
    return "\(grouped(UInt64(max(0, tenths / 10)))).\(tenths % 10) s"
}

func count(_ number: UInt64, _ singular: String) -> String {
    "\(grouped(number)) \(singular)\(number == 1 ? "" : "s")"
}

extension String {
    /// Filled with spaces up to `width` characters; never cut.
    func padded(to width: Int) -> String {
        let missing = width - self.count
        return missing > 0 ? self + String(repeating: " ", count: missing) : self
    }
}
