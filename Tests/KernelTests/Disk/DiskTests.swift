import Kernel
import Testing

@Suite struct DiskTests {
    private let log = FileID(1)
    private let actor = ActorID(1)

    private func disk(flushTakes nanoseconds: Int64 = 100) -> Disk {
        Disk(latency: Distribution(always: nanoseconds))
    }

    @Test func `a flush covers what was written before it began`() {
        var disk = disk()
        var choices = Choices(seed: 1)
        _ = disk.write(10, to: log)
        let done = disk.beginFlush(log, at: .zero, by: actor, &choices)
        #expect(done == Instant(nanoseconds: 100))
        _ = disk.write(5, to: log)
        disk.finishFlush(log)
        #expect(disk.written(log) == 15)
        #expect(disk.durable(log) == 10)
    }

    @Test func `flushes wait for one another`() {
        var disk = disk()
        var choices = Choices(seed: 1)
        _ = disk.beginFlush(log, at: .zero, by: actor, &choices)
        disk.slowBy = Interval(nanoseconds: 30)
        let second = disk.beginFlush(FileID(2), at: Instant(nanoseconds: 10), by: actor, &choices)
        #expect(second == Instant(nanoseconds: 230))
    }

    @Test(arguments: 0..<50)
    func `a power loss keeps what was flushed and perhaps some of the rest`(seed: UInt64) {
        var disk = disk()
        var choices = Choices(seed: seed)
        _ = disk.write(10, to: log)
        _ = disk.beginFlush(log, at: .zero, by: actor, &choices)
        disk.finishFlush(log)
        _ = disk.write(7, to: log)
        let remains = disk.losePower(by: actor, &choices)
        #expect(remains.count == 1)
        #expect(remains[0].had == 17)
        #expect((10...17).contains(remains[0].bytes))
        #expect(disk.written(log) == remains[0].bytes)
    }

    @Test func `every amount of the unflushed rest can survive`() {
        var survivors: [Int64] = []
        for seed in 0..<200 as Range<UInt64> {
            var disk = disk()
            var choices = Choices(seed: seed)
            _ = disk.write(3, to: log)
            survivors.append(disk.losePower(by: actor, &choices)[0].bytes)
        }
        for bytes in 0...3 as ClosedRange<Int64> { #expect(survivors.contains(bytes)) }
    }

    @Test func `a lie is told at once and found out at the power loss`() {
        var disk = disk()
        var choices = Choices(seed: 1, overrides: SortedMap([
            (.init(actor: actor, purpose: .diskSurvivors, ordinal: 0), 0)
        ]))
        disk.lies = true
        _ = disk.write(10, to: log)
        _ = disk.beginFlush(log, at: .zero, by: actor, &choices)
        disk.finishFlush(log)
        #expect(disk.durable(log) == 0)
        let remains = disk.losePower(by: actor, &choices)
        #expect(remains.map(\.bytes) == [0])
        #expect(remains.map(\.had) == [10])
    }

    @Test func `a full disk takes nothing and keeps what it has`() {
        var disk = disk()
        _ = disk.write(10, to: log)
        disk.isFull = true
        let isTaken = disk.write(1, to: log)
        #expect(!isTaken)
        #expect(disk.written(log) == 10)
    }

    @Test func `what is cut off is gone, flushed or not`() {
        var disk = disk()
        var choices = Choices(seed: 1)
        _ = disk.write(10, to: log)
        _ = disk.beginFlush(log, at: .zero, by: actor, &choices)
        disk.cut(6, from: log)
        disk.finishFlush(log)
        #expect(disk.durable(log) == 4)
        #expect(disk.written(log) == 4)
    }

    @Test func `a wiped disk is empty and sound`() {
        var disk = disk()
        disk.lies = true
        _ = disk.write(10, to: log)
        disk.wipe()
        #expect(disk.written(log) == 0)
        #expect(!disk.lies)
    }

    @Test func `a bit flips within what was written`() {
        for seed in 0..<50 as Range<UInt64> {
            var disk = disk()
            var choices = Choices(seed: seed)
            #expect(disk.placeOfBitFlip(log, within: 5, by: actor, &choices) == nil)
            _ = disk.write(100, to: log)
            let place = disk.placeOfBitFlip(log, within: 5, by: actor, &choices)!
            #expect((95..<100).contains(place))
        }
    }
}
