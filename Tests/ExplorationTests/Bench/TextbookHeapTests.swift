import Testing

@testable import Exploration

struct TextbookHeapTests {
    @Test func `the yardstick of the event queue sorts, ties by sequence`() {
        var heap = TextbookHeap(capacity: 300)
        for number in 0..<300 as Range<UInt64> {
            heap.push(TextbookHeap.Key(time: number * 7_919 % 100, sequence: number))
        }
        var popped: [(UInt64, UInt64)] = []
        for _ in 0..<300 {
            let key = heap.pop()
            popped.append((key.time, key.sequence))
        }
        #expect(popped.elementsEqual(popped.sorted { $0 < $1 }, by: ==))
    }
}
