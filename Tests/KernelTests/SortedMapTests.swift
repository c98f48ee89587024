import Kernel
import Testing

/// What a sorted map is, without any cleverness: an array of pairs, sorted after each insertion.
private struct SlowSortedMap {
    var pairs: [(key: Int, value: [Int])] = []

    func place(_ key: Int) -> Int? { pairs.firstIndex { $0.key == key } }

    mutating func set(_ key: Int, _ value: [Int]?) {
        if let place = place(key) { pairs.remove(at: place) }
        if let value { pairs.append((key, value)) }
        pairs.sort { $0.key < $1.key }
    }
}

private struct Pair {
    var map = SortedMap<Int, [Int]>()
    var twin = SlowSortedMap()

    mutating func act(_ random: inout TestRandom, keys: Int) {
        let key = random.next(below: keys)
        switch random.next(below: 8) {
        case 0, 1, 2:
            let value = [random.next(below: 1_000)]
            map[key] = value
            twin.set(key, value)
        case 3:
            let expected = twin.place(key).map { twin.pairs[$0].value }
            #expect(map.removeValue(forKey: key) == expected)
            twin.set(key, nil)
        case 4:
            map[key]?.append(key)
            if let place = twin.place(key) { twin.pairs[place].value.append(key) }
        case 5:
            map[key, default: [-1]].append(key)
            twin.set(key, (twin.place(key).map { twin.pairs[$0].value } ?? [-1]) + [key])
        case 6:
            map[key] = nil
            twin.set(key, nil)
        default:
            look(up: key)
        }
    }

    func look(up key: Int) {
        let pairs = twin.pairs
        #expect(map[key] == pairs.first { $0.key == key }?.value)
        #expect(map[key, default: [7]] == pairs.first { $0.key == key }?.value ?? [7])
        #expect(map.ceiling(key)?.key == pairs.first { $0.key >= key }?.key)
        #expect(map.above(key)?.key == pairs.first { $0.key > key }?.key)
        #expect(map.floor(key)?.key == pairs.last { $0.key <= key }?.key)
        #expect(map.below(key)?.key == pairs.last { $0.key < key }?.key)
        let range = key..<(key + 20)
        #expect(map.pairs(in: range).map(\.key) == pairs.map(\.key).filter(range.contains))
    }

    func compare() {
        #expect(map.count == twin.pairs.count)
        #expect(map.isEmpty == twin.pairs.isEmpty)
        #expect(map.map(\.key) == twin.pairs.map(\.key))
        #expect(map.map(\.value) == twin.pairs.map(\.value))
        #expect(map.reversed().map(\.key) == twin.pairs.map(\.key).reversed())
        #expect(map.first?.key == twin.pairs.first?.key)
        #expect(map.last?.key == twin.pairs.last?.key)
    }
}

struct SortedMapTests {
    @Test(arguments: [5, 100, 1_500])
    func `a map does what a sorted array does`(keys: Int) {
        var random = TestRandom(seed: UInt64(keys))
        var pairs = [Pair()]
        for step in 0..<6_000 {
            let chosen = random.next(below: pairs.count)
            pairs[chosen].act(&random, keys: keys)
            if random.oneIn(200) {
                if pairs.count < 3 {
                    pairs.append(pairs[chosen])
                } else {
                    pairs.remove(at: chosen)
                }
            }
            if step % 500 == 0 { pairs[min(chosen, pairs.count - 1)].compare() }
        }
        for pair in pairs { pair.compare() }
    }

    @Test(arguments: [1, -1, 7_919])
    func `a large map keeps its order however the keys arrive`(stride: Int) {
        let count = 20_000
        var map = SortedMap<Int, Int>()
        for index in 0..<count { map[(index * stride % count + count) % count] = index }
        #expect(map.map(\.key) == Array(0..<count))
        for key in 0..<count where key % 3 != 0 { map.removeValue(forKey: key) }
        #expect(map.map(\.key) == Array(Swift.stride(from: 0, to: count, by: 3)))
        for key in Swift.stride(from: 0, to: count, by: 3) { map[key] = nil }
        #expect(map.isEmpty)
        #expect(map.startIndex == map.endIndex)
    }

    @Test func `mutating a value through the map copies nothing`() throws {
        var map: SortedMap<Int, [Int]> = SortedMap((0..<1_000).map { ($0, [$0, $0]) })
        func address(_ key: Int) -> UnsafeRawPointer? {
            map[key]?.withUnsafeBytes { $0.baseAddress }
        }
        for key in [0, 500, 999] {
            let before = address(key)
            map[key]?[0] = -1
            map[key, default: []][1] = -2
            map[valueAt: try #require(map.index(forKey: key))][0] = -3
            #expect(address(key) == before)
            #expect(map[key] == [-3, -2])
        }
        map.updateEach { key, value in value.append(key) }
        #expect(map[7] == [7, 7, 7])
    }

    @Test func `a fork and its origin go their own ways`() {
        let origin = SortedMap((0..<1_000).map { ($0, $0) })
        var fork = origin
        fork[500] = -1
        fork[2_000] = 5
        fork[0] = nil
        #expect(origin.map(\.value) == Array(0..<1_000))
        #expect(fork.count == 1_000)
        #expect(fork != origin)
        fork[500] = 500
        fork[2_000] = nil
        fork[0] = 0
        #expect(fork == origin)
    }

    @Test func `pairs are kept or dropped by a condition`() {
        var map = SortedMap((0..<1_000).map { ($0, $0) })
        map.removeAll { key, _ in key % 2 == 0 }
        #expect(map.count == 500)
        #expect(map.ceiling(500)?.key == 501)
        map.removeAll()
        #expect(map.isEmpty)
    }
}
