import Kernel

/// The hold model: take the earliest of 1,024 pending events and schedule another, for ever.
func measureEventQueue(_ effort: Bench.Effort, _ stopwatch: Stopwatch) -> [Figure] {
    let steps = effort == .quick ? 200_000 : 2_000_000
    let delays = holdDelays()
    let heap = bestNanoseconds(tries: 5, operations: steps, stopwatch) {
        var heap = TextbookHeap(capacity: 1_024)
        for index in 0..<1_024 {
            heap.push(.init(time: UInt64(delays[index]), sequence: UInt64(index)))
        }
        var check: UInt64 = 0
        for index in 0..<steps {
            let key = heap.pop()
            check = (check ^ key.time ^ key.sequence) &* 0x9e37_79b9_7f4a_7c15
            let time = key.time + UInt64(delays[index & (delays.count - 1)])
            heap.push(.init(time: time, sequence: UInt64(1_024 + index)))
        }
        precondition(check != 1)
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
    return (0..<(1 << 18)).map { _ in
        let word = choices.draw(ActorID(0), Purpose(code: 1), below: .max)
        let halvings = Int64(word.leadingZeroBitCount)
        let fraction = Int64((word << UInt64(halvings + 1)) >> 44)
        return (halvings << 20 + (1 << 20) - fraction) * 693_147 >> 20
    }
}
