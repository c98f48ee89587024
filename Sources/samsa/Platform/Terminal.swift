/// Where words go: results to standard output, progress and complaints to standard error.
enum Terminal {
    static let outputIsTerminal = isatty(1) == 1
    static let errorIsTerminal = isatty(2) == 1

    /// Colour only for a person who looks at a terminal and has not asked for none (NO_COLOR).
    static let usesColour: Bool = {
        guard outputIsTerminal else { return false }
        guard let value = getenv("NO_COLOR") else { return true }
        return value.pointee == 0
    }()

    static func write(_ text: String) { write(Array(text.utf8), to: 1) }

    static func complain(_ text: String) { write(Array((text + "\n").utf8), to: 2) }

    /// Writes all of it, however often the system takes only a part. A reader that has gone away
    /// (`samsa run … | head`) ends the program quietly.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[start...])
                #if canImport(Glibc)
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #elseif canImport(Musl)
                let count = Musl.write(descriptor, rest.baseAddress, rest.count)
                #else
                let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count > 0 {
                    start += count
                } else if errno == EINTR {
                    continue
                } else {
                    _exit(ExitStatus.asExpected.rawValue)
                }
            }
        }
    }
}
