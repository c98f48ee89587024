import Kernel
import Testing

@testable import Kafka

/// The producer's arithmetic against slow, obvious twins.
@Suite struct ProducerArithmeticTests {
    @Test func `a back-off doubles with every failure until it is at its maximum`() {
        var random = TestRandom(1)
        for _ in 0..<2_000 {
            let initial = Int64(random.below(5_000))
            let maximum = Int64(random.below(5_000))
            let failures = random.below(80)
            var slow = Swift.min(initial, maximum)
            for _ in 0..<failures where slow > 0 { slow = Swift.min(maximum, slow * 2) }
            let backoff = ExponentialBackoff(
                initial: .milliseconds(initial), max: .milliseconds(maximum))
            #expect(backoff.delay(after: Int32(failures)) == .milliseconds(slow))
        }
    }

    @Test func `a partition is chosen as often as its weight says, over all draws`() {
        var random = TestRandom(2)
        for _ in 0..<200 {
            var queues = PartitionQueues()
            queues.partitions = (0..<Int32(1 + random.below(9))).map { $0 * 3 }
            queues.lengths = queues.partitions.map { _ in Int32(random.below(6)) }
            queues.isComplete = random.chance(1, in: 2)
            guard let load = PartitionLoad(queues) else {
                #expect(queues.isComplete && Set(queues.lengths).count == 1)
                continue
            }
            let longest = queues.lengths.max() ?? 0
            var wheel: [Int32] = []
            for (partition, length) in zip(queues.partitions, queues.lengths) {
                for _ in 0..<(longest - length + 1) { wheel.append(partition) }
            }
            for draw in 0..<(3 * wheel.count) {
                #expect(load.partition(random: Int32(draw)) == wheel[draw % wheel.count])
            }
        }
    }

    @Test func `with sequence-wrap sequences are ordered by how far it is from one to the other`() {
        var generation = Generation.current
        generation.insert(.sequenceWrap)
        let order = SequenceOrder(generation)
        var random = TestRandom(3)
        for _ in 0..<2_000 {
            let start = Int32(truncatingIfNeeded: random.next()) & .max
            let distance = Int32(1 + random.below(1 << 29))
            let later = incrementSequence(start, by: distance)
            #expect(order.precedes(start, later))
            #expect(!order.precedes(later, start))
            #expect(!order.precedes(start, start))
            #expect(order.isNext(incrementSequence(start, by: 1), after: start))
            #expect(!order.isNext(incrementSequence(start, by: 2), after: start))
        }
        #expect(order.isNext(0, after: Absent.sequence))
    }

    @Test func `equal elements leave Java's heap in its own order`() {
        typealias Element = (urgency: Int, name: String)
        var heap: [Element] = []
        let precedes = { (left: Element, right: Element) in left.urgency < right.urgency }
        for name in ["a", "b", "c", "d"] {
            HeapOrder.insert((2, name), into: &heap, precedes: precedes)
        }
        HeapOrder.insert((1, "first"), into: &heap, precedes: precedes)
        var names: [String] = []
        while !heap.isEmpty {
            names.append(HeapOrder.removeFirst(from: &heap, precedes: precedes).name)
        }
        #expect(names == ["first", "b", "d", "c", "a"])
    }

    @Test func `a heap gives its elements back sorted, whatever was removed from its middle`() {
        var random = TestRandom(4)
        for _ in 0..<300 {
            var heap: [Int] = []
            var twin: [Int] = []
            for _ in 0..<random.below(40) {
                if random.chance(1, in: 4), !heap.isEmpty {
                    let index = random.below(heap.count)
                    twin.remove(at: twin.firstIndex(of: heap[index])!)
                    HeapOrder.remove(at: index, from: &heap, precedes: <)
                } else {
                    let number = random.below(20)
                    twin.append(number)
                    HeapOrder.insert(number, into: &heap, precedes: <)
                }
            }
            var sorted: [Int] = []
            while !heap.isEmpty { sorted.append(HeapOrder.removeFirst(from: &heap, precedes: <)) }
            #expect(sorted == twin.sorted())
        }
    }

    @Test func `queues are walked as hash tables that are copied at each insertion`() {
        var random = TestRandom(5)
        for _ in 0..<200 {
            var order = CopyOnWriteOrder()
            var twin = SlowHashTable(buckets: 16)
            for _ in 0..<random.below(40) {
                let key = Int32(random.below(100))
                if order.partitions.contains(key) { continue }
                order.insert(key)
                if !twin.keys.isEmpty { twin = twin.copied() }
                twin.put(key)
                #expect(order.partitions == twin.keys)
            }
        }
    }

    @Test func `a queue of batches behaves as a list does`() {
        var random = TestRandom(6)
        var queue = BatchQueue()
        var twin: [BatchID] = []
        for step in 0..<20_000 {
            let id = BatchID(index: Int32(step))
            switch random.below(5) {
            case 0, 1:
                queue.append(id)
                twin.append(id)
            case 2 where !twin.isEmpty: #expect(queue.removeFirst() == twin.removeFirst())
            case 3:
                let position = random.below(twin.count + 1)
                queue.insert(id, at: position)
                twin.insert(id, at: position)
            case 4 where !twin.isEmpty:
                let other = twin.remove(at: random.below(twin.count))
                queue.remove(other)
            default: break
            }
            #expect(Array(queue.all) == twin)
            #expect(queue.first == twin.first && queue.last == twin.last)
            #expect(queue.count == twin.count)
        }
    }

    @Test func `memory is neither made nor lost, and nobody who waits is passed over`() {
        var random = TestRandom(7)
        var pool = BufferPool(total: 1_000, poolableSize: 100)
        var held: [Int32] = []
        var ticket: Int64 = 0
        for _ in 0..<5_000 {
            if random.chance(1, in: 2) {
                let size = random.chance(1, in: 2) ? 100 : Int32(101 + random.below(400))
                switch pool.allocate(size) {
                case .granted: held.append(size)
                case .short:
                    ticket += 1
                    pool.wait(
                        BlockedSend(
                            ticket: SendTicket(ticket),
                            record: Record(timestamp: 0, key: nil, value: nil),
                            destination: .partition(PartitionRef(0)), size: size))
                case .neverFits: Issue.record("everything fits")
                }
            } else if !held.isEmpty {
                pool.free(held.remove(at: random.below(held.count)))
            }
            let line = pool.waiting.map(\.ticket)
            var served: [SendTicket] = []
            while let send = pool.nextUnblocked() {
                served.append(send.ticket)
                held.append(send.size)
            }
            #expect(served == Array(line.prefix(served.count)))
            let promised = pool.waiting.reduce(0) { $0 + $1.accumulated }
            let used = held.reduce(Int64(0)) { $0 + Int64($1) }
            #expect(pool.available + promised + used == 1_000)
        }
    }
}

/// Java's HashMap of small numbers, as its documentation describes it.
private struct SlowHashTable {
    private var buckets: [[Int32]]

    init(buckets: Int) {
        self.buckets = Array(repeating: [], count: buckets)
    }

    var keys: [Int32] { buckets.flatMap { $0 } }

    mutating func put(_ key: Int32) {
        buckets[Int(key) % buckets.count].append(key)
        if 4 * keys.count > 3 * buckets.count {
            var larger = SlowHashTable(buckets: 2 * buckets.count)
            for key in keys { larger.buckets[Int(key) % larger.buckets.count].append(key) }
            self = larger
        }
    }

    func copied() -> SlowHashTable {
        var size = 1
        while size < Int(Double(keys.count) / 0.75 + 1) { size *= 2 }
        var copy = SlowHashTable(buckets: size)
        for key in keys { copy.put(key) }
        return copy
    }
}
