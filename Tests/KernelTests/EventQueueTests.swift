import Kernel
import Testing

/// What an event queue is, without any cleverness: a sorted array.
private struct SlowEventQueue {
    struct Event {
        var time: Int64
        var number: Int
    }

    var events: [Event] = []

    mutating func schedule(_ number: Int, at time: Int64) {
        events.append(Event(time: time, number: number))
        events.sort { ($0.time, $0.number) < ($1.time, $1.number) }
    }

    mutating func pop(notAfter limit: Int64) -> Event? {
        guard let first = events.first, first.time <= limit else { return nil }
        return events.removeFirst()
    }

    mutating func cancel(_ number: Int) -> Bool {
        guard let place = events.firstIndex(where: { $0.number == number }) else { return false }
        events.remove(at: place)
        return true
    }
}

/// A queue beside its twin. The payload is an array, so that a reference dropped or kept too
/// often does not stay unseen.
private struct Pair {
    var queue = EventQueue<[Int]>()
    var twin = SlowEventQueue()
    var handles: [EventQueue<[Int]>.Handle] = []
    var now: Int64 = 0

    mutating func schedule(at time: Int64) {
        twin.schedule(handles.count, at: time)
        let payload = [handles.count, Int(time)]
        handles.append(queue.schedule(payload, at: Instant(nanoseconds: time)))
    }

    mutating func pop(notAfter limit: Int64) {
        let expected = twin.pop(notAfter: limit)
        let popped = queue.popNext(notAfter: Instant(nanoseconds: limit))
        #expect(popped?.at.nanoseconds == expected?.time)
        #expect(popped?.payload == expected.map { [$0.number, Int($0.time)] })
        if let expected { now = expected.time }
    }

    mutating func cancel(_ number: Int) {
        let time = twin.events.first { $0.number == number }?.time
        #expect(queue.instant(of: handles[number])?.nanoseconds == time)
        #expect(queue.isPending(handles[number]) == (time != nil))
        let pending = twin.cancel(number)
        #expect((queue.cancel(handles[number])?.first == number) == pending)
    }

    func compare() {
        #expect(queue.count == twin.events.count)
        #expect(queue.nextInstant?.nanoseconds == twin.events.first?.time)
        let pending = queue.inOrder()
        #expect(pending.map(\.at.nanoseconds) == twin.events.map(\.time))
        #expect(pending.map { $0.payload[0] } == twin.events.map(\.number))
        #expect(pending.map(\.handle) == twin.events.map { handles[$0.number] })
    }
}

struct EventQueueTests {
    /// How far ahead a test schedules: within a list, across the wheel's levels, beyond them, and
    /// before what was already looked at.
    enum Spread: CaseIterable {
        case ties, near, skewed, wide, backwards

        func time(after now: Int64, _ random: inout TestRandom) -> Int64 {
            switch self {
            case .ties: now + Int64(random.next(below: 3))
            case .near: now + Int64(random.next(below: 5_000))
            case .skewed:
                now + Int64(random.next(below: random.oneIn(4) ? 3_000_000_000 : 100_000))
            case .wide:
                now + (Int64(random.next() >> 2) >> Int64(random.next(below: 62)))
            case .backwards:
                Int64(random.next(below: 1 << (1 + random.next(below: 45))))
            }
        }
    }

    @Test(arguments: Spread.allCases)
    func `a queue does what a sorted array does`(spread: Spread) {
        var random = TestRandom(seed: 3)
        var pairs = [Pair()]
        for step in 0..<8_000 {
            let chosen = random.next(below: pairs.count)
            let growing = step / 1_000 % 2 == 0
            switch random.next(below: 20) {
            case 0..<(growing ? 11 : 6):
                let now = min(pairs[chosen].now, .max / 2)
                pairs[chosen].schedule(at: spread.time(after: now, &random))
            case 11..<14 where !pairs[chosen].handles.isEmpty:
                let recent = min(pairs[chosen].handles.count, 50)
                let number = pairs[chosen].handles.count - 1 - random.next(below: recent)
                pairs[chosen].cancel(number)
            case 14:
                let limit = spread.time(after: min(pairs[chosen].now, .max / 2), &random)
                pairs[chosen].pop(notAfter: limit)
            case 15 where random.oneIn(10):
                if pairs.count < 4 {
                    pairs.append(pairs[chosen])
                } else {
                    pairs.remove(at: chosen)
                }
            default:
                pairs[chosen].pop(notAfter: .max)
            }
            if step % 97 == 0 { pairs[min(chosen, pairs.count - 1)].compare() }
        }
        for pair in pairs { pair.compare() }
    }

    @Test func `events of one instant happen in the order of scheduling`() {
        var queue = EventQueue<Int>()
        let instant = Instant(nanoseconds: 1_000_000)
        for number in 0..<500 { queue.schedule(number, at: instant) }
        #expect((0..<500).map { _ in queue.popNext()!.payload } == Array(0..<500))
        #expect(queue.popNext() == nil)
    }

    @Test func `a fork and its origin go their own ways`() {
        var origin = EventQueue<[Int]>()
        for number in 0..<100 {
            origin.schedule([number], at: Instant(nanoseconds: Int64(number) * 1_000))
        }
        var fork = origin
        while fork.popNext() != nil {}
        fork.schedule([1_000], at: Instant(nanoseconds: 5))
        #expect(origin.count == 100)
        #expect(origin.inOrder().map { $0.payload[0] } == Array(0..<100))
        #expect(fork.inOrder().map { $0.payload[0] } == [1_000])
    }

    @Test func `a handle whose event is gone cancels no other`() {
        var queue = EventQueue<String>()
        let first = queue.schedule("first", at: .zero)
        #expect(queue.popNext()?.payload == "first")
        let second = queue.schedule("second", at: .zero)
        #expect(queue.cancel(first) == nil)
        #expect(queue.isPending(second))
        #expect(queue.cancel(second) == "second")
        #expect(queue.cancel(second) == nil)
        #expect(queue.isEmpty)
    }

    @Test func `the end of time is an instant like others`() {
        var queue = EventQueue<Int>()
        queue.schedule(2, at: .never)
        queue.schedule(1, at: .zero)
        queue.schedule(3, at: .never)
        #expect(queue.popNext(notAfter: Instant(nanoseconds: -1)) == nil)
        #expect((0..<3).map { _ in queue.popNext()!.payload } == [1, 2, 3])
    }

    @Test func `payloads are let go when they happen, are cancelled, or their queue ends`() {
        final class Witness: Sendable {}
        weak var happened: Witness?
        weak var cancelled: Witness?
        weak var left: Witness?
        do {
            var queue = EventQueue<Witness>()
            func schedule() -> (Witness, EventQueue<Witness>.Handle) {
                let witness = Witness()
                return (witness, queue.schedule(witness, at: .zero))
            }
            happened = schedule().0
            _ = queue.popNext()
            #expect(happened == nil)
            let (second, handle) = schedule()
            cancelled = second
            queue.cancel(handle)
            left = schedule().0
            #expect(left != nil)
        }
        #expect(cancelled == nil)
        #expect(left == nil)
    }
}
