import Testing

@testable import Kafka

@Suite struct TimelineHashMapOrderTests {
    /// The table itself, put by put.
    private struct Table {
        private var slots: [[Int]] = [[], []]
        private var count = 0

        mutating func put(_ key: Int) {
            if 3 * (count + 1) > 4 * slots.count {
                let old = slots
                slots = Array(repeating: [], count: 2 * old.count)
                for key in old.joined() { slots[slot(of: key)].append(key) }
            }
            guard !slots[slot(of: key)].contains(key) else { return }
            slots[slot(of: key)].append(key)
            count += 1
        }

        private func slot(of key: Int) -> Int {
            let hash = UInt64(key) &* UInt64(bitPattern: -7_046_029_254_386_353_131)
            return Int(hash >> UInt64(64 - slots.count.trailingZeroBitCount))
        }

        var first: Int? { slots.first { !$0.isEmpty }?.last }
    }

    @Test func `the first key is that of the table itself`() {
        var table = Table()
        for count in 1...300 {
            table.put(count - 1)
            #expect(firstInTimelineHashMap(ofCount: count, anyPutAgain: false) == table.first)
            var changed = table
            changed.put(0)
            #expect(firstInTimelineHashMap(ofCount: count, anyPutAgain: true) == changed.first)
        }
    }
}
