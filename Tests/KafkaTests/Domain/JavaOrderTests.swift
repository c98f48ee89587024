import Testing

@testable import Kafka

@Suite struct JavaOrderTests {
    /// A table of chained buckets that really moves its entries when it doubles.
    private struct Table {
        var buckets: [[Int]]
        let hashes: [Int32]

        init(_ hashes: [Int32], capacity: Int) {
            self.hashes = hashes
            var count = 1
            while count < capacity { count *= 2 }
            buckets = Array(repeating: [], count: count)
        }

        func bucket(_ index: Int) -> Int {
            let bits = UInt32(bitPattern: hashes[index])
            return Int((bits ^ (bits >> 16)) % UInt32(buckets.count))
        }

        mutating func extend() {
            let old = buckets
            buckets = Array(repeating: [], count: old.count * 2)
            for index in old.joined() { buckets[bucket(index)].append(index) }
        }

        mutating func put(_ index: Int) {
            buckets[bucket(index)].append(index)
            if buckets[bucket(index)].count > 8 && buckets.count < 64 { extend() }
            if index + 1 > buckets.count * 3 / 4 { extend() }
        }

        mutating func computeIfAbsent(_ index: Int) {
            if index > buckets.count * 3 / 4 { extend() }
            buckets[bucket(index)].insert(index, at: 0)
            if buckets[bucket(index)].count >= 8 && buckets.count < 64 { extend() }
        }
    }

    @Test func `the order is that of a table that moves its entries when it grows`() {
        var random = TestRandom(6)
        for _ in 0..<400 {
            let spread = [4, 40, 4_000, 1 << 30][random.below(4)]
            let hashes = (0..<random.below(120)).map { _ in
                Int32(random.below(spread)) &* (random.chance(1, in: 2) ? 1 : 65_537)
            }
            let capacity = [0, 1, 16, 30, 64][random.below(5)]
            guard isTreeless(hashes) else { continue }
            var filled = Table(hashes, capacity: capacity)
            var computed = filled
            for index in hashes.indices {
                filled.put(index)
                computed.computeIfAbsent(index)
            }
            #expect(JavaOrder.put(hashes, capacity: capacity) == Array(filled.buckets.joined()))
            #expect(
                JavaOrder.computeIfAbsent(hashes, capacity: capacity)
                    == Array(computed.buckets.joined()))
        }
    }

    /// Java makes a tree of a long bucket in a large table, which we leave out.
    private func isTreeless(_ hashes: [Int32]) -> Bool {
        var table = Table(hashes, capacity: 64)
        for index in hashes.indices { table.put(index) }
        return table.buckets.allSatisfy { $0.count < 8 }
    }
}
