import Kernel
import Testing

/// What a segmented array is, without any cleverness: an array and where it begins.
private struct SlowSegmentedArray {
    var start = 0
    var elements: [[Int]] = []

    var end: Int { start + elements.count }
}

private struct Pair {
    var array = SegmentedArray<[Int]>()
    var twin = SlowSegmentedArray()

    mutating func act(_ random: inout TestRandom) {
        switch random.next(below: 100) {
        case 0..<3:
            let back = random.next(below: random.oneIn(5) ? 6_000 : 50)
            let end = max(twin.start, twin.end - back)
            array.truncate(to: end)
            twin.elements.removeLast(twin.end - end)
        case 3..<5:
            let ahead = random.next(below: random.oneIn(5) ? 6_000 : 50)
            let start = min(twin.end, twin.start + ahead)
            array.dropPrefix(before: start)
            twin.elements.removeFirst(start - twin.start)
            twin.start = start
        case 5..<10 where !twin.elements.isEmpty:
            let index = random.next(in: twin.start...twin.end - 1)
            array[index].append(index)
            twin.elements[index - twin.start].append(index)
        case 10..<15 where !twin.elements.isEmpty:
            let index = random.next(in: twin.start...twin.end - 1)
            #expect(array[index] == twin.elements[index - twin.start])
        default:
            let more = (0..<random.next(below: 100)).map { [$0] }
            array.append(contentsOf: more)
            twin.elements += more
        }
        #expect(array.startIndex == twin.start)
        #expect(array.endIndex == twin.end)
    }

    func compare() {
        #expect(array.count == twin.elements.count)
        #expect(Array(array) == twin.elements)
        #expect(array.indices.map { array[$0] } == twin.elements)
        #expect(array.first == twin.elements.first)
        #expect(array.last == twin.elements.last)
        let middle = (twin.start + twin.end) / 2
        #expect(Array(array[middle...]) == Array(twin.elements[(middle - twin.start)...]))
        #expect(array.reversed().prefix(50).elementsEqual(twin.elements.reversed().prefix(50)))
    }
}

struct SegmentedArrayTests {
    @Test(arguments: 0..<4)
    func `a segmented array does what an array does`(seed: UInt64) {
        var random = TestRandom(seed: seed)
        var pairs = [Pair()]
        for step in 0..<1_500 {
            let chosen = random.next(below: pairs.count)
            pairs[chosen].act(&random)
            if random.oneIn(50) {
                if pairs.count < 3 {
                    pairs.append(pairs[chosen])
                } else {
                    pairs.remove(at: chosen)
                }
            }
            if step % 250 == 0 { pairs[min(chosen, pairs.count - 1)].compare() }
        }
        for pair in pairs { pair.compare() }
    }

    @Test func `an array may begin anywhere`() {
        var array = SegmentedArray<Int>(startIndex: 1_000_003)
        #expect(array.isEmpty)
        array.append(contentsOf: 0..<5_000)
        #expect(array[1_000_003] == 0)
        #expect(array[1_005_002] == 4_999)
        array.dropPrefix(before: 1_005_003)
        #expect(array.isEmpty)
        array.append(7)
        #expect(array[1_005_003] == 7)
    }

    @Test func `forks share what is sealed and go their own ways`() {
        var origin = SegmentedArray<Int>()
        origin.append(contentsOf: 0..<10_000)
        var fork = origin
        fork[5] = -5
        fork.append(10_000)
        origin.append(-1)
        #expect(origin[5] == 5)
        #expect(fork[5] == -5)
        #expect(origin[10_000] == -1)
        #expect(fork[10_000] == 10_000)
        #expect(fork != origin)
        fork[5] = 5
        fork[10_000] = -1
        #expect(fork == origin)
    }

    @Test func `what is dropped at the front is let go, a group at a time`() {
        final class Witness: Sendable {}
        weak var first: Witness?
        var array = SegmentedArray<Witness>()
        do {
            let witness = Witness()
            first = witness
            array.append(witness)
        }
        for _ in 0..<5_000 { array.append(Witness()) }
        array.dropPrefix(before: 1)
        #expect(array.count == 5_000)
        array.dropPrefix(before: 4_000)
        #expect(first == nil)
        #expect(array.count == 1_001)
    }
}
