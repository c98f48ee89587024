import Kernel
import Testing

@testable import Kafka

@Suite struct TimerTableTests {
    private func at(_ seconds: Int64) -> Instant { .zero + .seconds(seconds) }

    @Test func `a later wish takes the place of the earlier`() {
        var timers = TimerTable<Int>()
        timers.set(1, at: at(5))
        timers.set(1, at: at(9))
        #expect(timers.next == at(9))
        #expect(timers.take(at: at(8)) == nil)
        #expect(timers.take(at: at(9)) == 1)
        #expect(timers.next == .never)
    }

    @Test func `what was due first is done first, of two at once the lesser`() {
        var timers = TimerTable<Int>()
        timers.set(3, at: at(2))
        timers.set(2, at: at(2))
        timers.set(1, at: at(4))
        timers.set(4, at: at(1))
        #expect((0..<4).map { _ in timers.take(at: at(10)) } == [4, 2, 3, 1])
        #expect(timers.take(at: at(10)) == nil)
    }

    @Test func `it agrees with a list that is searched`() {
        var random = TestRandom(7)
        var timers = TimerTable<Int>()
        var list: [(task: Int, at: Instant)] = []
        for _ in 0..<2_000 {
            let task = Int(random.next() % 6)
            let instant = at(Int64(random.next() % 20))
            switch random.next() % 4 {
            case 0:
                let due = list.filter { $0.at <= instant }
                let first = due.min { ($0.at, $0.task) < ($1.at, $1.task) }
                list.removeAll { $0.task == first?.task }
                #expect(timers.take(at: instant) == first?.task)
            case 1:
                timers.remove(task)
                list.removeAll { $0.task == task }
            default:
                timers.set(task, at: instant)
                list.removeAll { $0.task == task }
                list.append((task, instant))
            }
            #expect(timers.next == list.map(\.at).min() ?? .never)
        }
    }
}
