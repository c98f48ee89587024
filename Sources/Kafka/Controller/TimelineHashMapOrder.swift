/// Which of the keys 0 ..< count a TimelineHashMap iterates over first, when they were put in in
/// ascending order, and then perhaps one of them again.
///
/// The table begins with two slots, and doubles before a put when three quarters of what it holds
/// and one more would exceed them, be it that the put only replaces. A key's slot are the top bits
/// of its Fibonacci hash; a slot lists its keys in the order in which they came, and is read from
/// the end (BaseHashTable, SnapshottableHashTable).
func firstInTimelineHashMap(ofCount count: Int, anyPutAgain: Bool) -> Int {
    let largestPut = anyPutAgain ? count + 1 : count
    var bits = 1
    while largestPut * 3 > 4 << bits { bits += 1 }
    func slot(of key: Int) -> UInt64 {
        (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits)
    }
    var first = 0
    for key in 0..<count where slot(of: key) <= slot(of: first) { first = key }
    return first
}
