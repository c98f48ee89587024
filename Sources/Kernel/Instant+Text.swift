extension Instant: CustomStringConvertible {
    /// Seconds with six decimals, cut off and not rounded, as a line of the trace begins with:
    /// `0.790123`.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.longestText) { write(to: $0) }
    }

    /// Appends what `description` says, for whoever writes a line an event.
    public func write(to text: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.longestText) { buffer in
            let length = write(to: buffer)
            text.append(contentsOf: buffer[..<length])
        }
    }

    /// A sign, ten digits of seconds, the point and six decimals, with room to spare.
    private static var longestText: Int { 24 }

    /// Returns the number of bytes written.
    private func write(to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var micros = nanoseconds.magnitude / 1_000
        var place = Self.longestText
        var digits = 0
        repeat {
            place -= 1
            if digits == 6 {
                buffer[place] = UInt8(ascii: ".")
                place -= 1
            }
            let (rest, digit) = micros.quotientAndRemainder(dividingBy: 10)
            buffer[place] = UInt8(truncatingIfNeeded: digit) &+ 0x30
            micros = rest
            digits += 1
        } while micros > 0 || digits < 7
        if nanoseconds < 0 {
            place -= 1
            buffer[place] = UInt8(ascii: "-")
        }
        let length = Self.longestText - place
        for offset in 0..<length { buffer[offset] = buffer[place + offset] }
        return length
    }
}
