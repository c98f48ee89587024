import Testing

@testable import Kernel

@Suite struct ForkableMapTests {
    @Test func `it holds what a plain sorted list of pairs holds`() {
        var choices = Choices(seed: 1)
        func draw(_ bound: Int) -> Int {
            Int(choices.draw(ActorID(0), Purpose(code: 0), below: UInt64(bound)))
        }
        for bound in [3, 40, 1_000] {
            var map = ForkableMap<Int, Int>()
            var twin: [(key: Int, value: Int)] = []
            for step in 0..<4_000 {
                let key = draw(bound)
                let old = twin.first { $0.key == key }?.value
                #expect(map[key] == old)
                twin.removeAll { $0.key == key }
                if draw(3) == 0 {
                    #expect(map.remove(key) == old)
                } else {
                    #expect(map.insert(step, for: key) == old)
                    let place = twin.firstIndex { $0.key > key } ?? twin.count
                    twin.insert((key, step), at: place)
                }
                #expect(map.count == twin.count)
            }
            #expect(map.map(\.key) == twin.map(\.key))
            #expect(map.map(\.value) == twin.map(\.value))
            #expect(map.first?.key == twin.first?.key)
            #expect(map.last?.key == twin.last?.key)
        }
    }

    @Test func `a copy does not see what happens to the other`() {
        var map = ForkableMap<Int, [Int]>()
        for key in 0..<200 { map[key] = [key] }
        let copy = map
        map[present: 100].append(7)
        map.remove(3)
        #expect(copy[100] == [100])
        #expect(copy[3] == [3])
        #expect(map[100] == [100, 7])
        #expect(copy.count == 200)
    }

    @Test func `equality asks for the entries, not for how they lie`() {
        var up = ForkableMap<Int, Int>()
        var down = ForkableMap<Int, Int>()
        for key in 0..<100 { up[key] = key }
        for key in (0..<100).reversed() { down[key] = key }
        #expect(up == down)
        down[50] = 0
        #expect(up != down)
    }
}
