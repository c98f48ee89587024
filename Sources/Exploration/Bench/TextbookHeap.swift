/// A four-ary heap of 16-byte keys as textbooks have it, the yardstick for the event queue: nothing
/// but keys, no payloads, no cancelling, no copies. Written so that a compiler makes of it what it
/// makes of the same algorithm in C; both were measured side by side and take the same time.
struct TextbookHeap: ~Copyable {
    struct Key {
        var time: UInt64
        var sequence: UInt64

        static let last = Key(time: .max, sequence: .max)

        /// One subtraction of 128 bits, as there is no telling which of two events comes first.
        static func < (left: Key, right: Key) -> Bool {
            let low = left.sequence.subtractingReportingOverflow(right.sequence).overflow
            let (high, overflow) = left.time.subtractingReportingOverflow(right.time)
            return overflow != high.subtractingReportingOverflow(low ? 1 : 0).overflow
        }
    }

    private let block: UnsafeMutablePointer<Key>
    /// Begins in the fourth place of a cache line, so that four siblings share one. Places from
    /// `count` on hold `last`, so that a group of siblings is always full.
    private let keys: UnsafeMutablePointer<Key>
    private var count = 0

    init(capacity: Int) {
        let places = capacity + 16
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: places * MemoryLayout<Key>.stride, alignment: 64)
        block = raw.bindMemory(to: Key.self, capacity: places)
        block.initialize(repeating: .last, count: places)
        keys = block + 3
    }

    deinit {
        block.deallocate()
    }

    mutating func push(_ key: Key) {
        var place = count
        count &+= 1
        while place > 0 {
            let parent = (place &- 1) >> 2
            if !(key < keys[parent]) { break }
            keys[place] = keys[parent]
            place = parent
        }
        keys[place] = key
    }

    mutating func pop() -> Key {
        let top = keys[0]
        count &-= 1
        let moved = keys[count]
        keys[count] = .last
        if count == 0 { return top }
        var place = 0
        while 4 &* place &+ 1 < count {
            let child = leastOfFour(4 &* place &+ 1)
            if !(keys[child] < moved) { break }
            keys[place] = keys[child]
            place = child
        }
        keys[place] = moved
        return top
    }

    private func leastOfFour(_ first: Int) -> Int {
        let left = first &+ (keys[first &+ 1] < keys[first] ? 1 : 0)
        let right = first &+ 2 &+ (keys[first &+ 3] < keys[first &+ 2] ? 1 : 0)
        return keys[right] < keys[left] ? right : left
    }
}
