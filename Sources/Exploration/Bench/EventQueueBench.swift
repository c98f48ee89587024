import Kernel

/// The hold model: take the earliest of 1,024 pending events and schedule another, for ever. The
/// yardstick is a textbook heap with four children a node and keys of sixteen bytes, on bare memory.
func measureEventQueue(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    let steps = effort == .quick ? 200_000 : 2_000_000
    let delays = holdDelays()
    let heap = bestNanoseconds(tries: 5, operations: steps, stopwatch) {
        let heap = FourAryHeap(capacity: 1_024)
        var sequence: UInt64 = 0
        for index in 0..<1_024 {
            heap.push(.init(time: UInt64(delays[index]), sequence: sequence))
            sequence += 1
        }
        var check: UInt64 = 0
        for index in 0..<steps {
            let key = heap.pop()
            check = (check ^ key.time ^ key.sequence) &* 0x9e37_79b9_7f4a_7c15
            let time = key.time + UInt64(delays[index & (delays.count - 1)])
            heap.push(.init(time: time, sequence: sequence))
            sequence += 1
        }
        precondition(check != 1)
        heap.free()
    }
    let queue = bestNanoseconds(tries: 5, operations: steps, stopwatch) {
        var queue = EventQueue<UInt64>()
        for index in 0..<1_024 {
            queue.schedule(UInt64(index), at: Instant(nanoseconds: delays[index]))
        }
        var check: UInt64 = 0
        for index in 0..<steps {
            guard let (at, payload) = queue.popNext() else { break }
            check = (check ^ UInt64(at.nanoseconds) ^ payload) &* 0x9e37_79b9_7f4a_7c15
            let delay = Interval(nanoseconds: delays[index & (delays.count - 1)])
            queue.schedule(payload, at: at + delay)
        }
        precondition(check != 1)
    }
    return [
        Figure(
            "event-queue-hold-1024", queue, "ns",
            yardstick: .init("textbook heap of four", heap))
    ]
}

/// Waiting times with an exponential distribution around a millisecond, made of integers: the
/// number of leading zeros of a random word, and its next bits between two halvings.
private func holdDelays() -> [Int64] {
    var choices = Choices(seed: 42)
    return (0..<(1 << 14)).map { _ in
        let word = choices.draw(ActorID(0), Purpose(code: 1), below: .max)
        let halvings = Int64(word.leadingZeroBitCount)
        let fraction = Int64((word << UInt64(halvings + 1)) >> 44)
        return (halvings << 20 + (1 << 20) - fraction) * 693_147 >> 20
    }
}

/// Children of i are 4i+1 … 4i+4. A reference to bare memory: the fastest way to write it down.
private struct FourAryHeap {
    struct Key {
        var time: UInt64
        var sequence: UInt64

        @inline(__always)
        static func < (left: Key, right: Key) -> Bool {
            left.time < right.time || (left.time == right.time && left.sequence < right.sequence)
        }
    }

    private let keys: UnsafeMutablePointer<Key>
    private let count = UnsafeMutablePointer<Int>.allocate(capacity: 1)

    init(capacity: Int) {
        keys = .allocate(capacity: capacity + 8)
        count.initialize(to: 0)
    }

    func free() {
        keys.deallocate()
        count.deallocate()
    }

    @inline(__always)
    func push(_ key: Key) {
        var place = count.pointee
        count.pointee += 1
        while place > 0 {
            let parent = (place - 1) >> 2
            guard key < keys[parent] else { break }
            keys[place] = keys[parent]
            place = parent
        }
        keys[place] = key
    }

    @inline(__always)
    func pop() -> Key {
        let top = keys[0]
        count.pointee -= 1
        let end = count.pointee
        let last = keys[end]
        var place = 0
        while true {
            let first = 4 * place + 1
            guard first < end else { break }
            var least = first
            for child in first + 1..<max(first + 1, min(first + 4, end)) where keys[child] < keys[least] {
                least = child
            }
            guard keys[least] < last else { break }
            keys[place] = keys[least]
            place = least
        }
        keys[place] = last
        return top
    }
}
