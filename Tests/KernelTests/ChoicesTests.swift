import Kernel
import Testing

private let latency = Purpose(code: 900)
private let loss = Purpose(code: 901)

struct ChoicesTests {
    private let actor = ActorID(1)

    @Test func `the same seed and key give the same value for ever`() {
        var choices = Choices(seed: 42)
        let drawn = (0..<4).map { _ in choices.draw(actor, latency, below: 1_000_000) }
        #expect(drawn == [374_371, 140_516, 811_485, 573_657])
        #expect(choices.made(actor, latency) == 4)
        #expect(choices.made(actor, loss) == 0)
    }

    @Test func `nobody's luck depends on what others do`() {
        var alone = Choices(seed: 5)
        var among = Choices(seed: 5)
        for _ in 0..<100 {
            _ = among.draw(ActorID(2), latency, below: 10)
            _ = among.draw(actor, loss, below: 10)
            let expected = alone.draw(actor, latency, below: 1 << 40)
            #expect(among.draw(actor, latency, below: 1 << 40) == expected)
        }
    }

    @Test func `an actor that counts for itself draws what one that is counted for draws`() {
        var counted = Choices(seed: 9)
        var counting = Choices(seed: 9)
        for ordinal in 0..<20 as Range<UInt32> {
            let key = Choices.Key(actor: actor, purpose: loss, ordinal: ordinal)
            let expected = counted.draw(actor, loss, below: 1_000)
            #expect(counting.draw(key, below: 1_000) == expected)
        }
    }

    @Test func `an override wins over the hash, once, and stays within the bound`() {
        var choices = Choices(seed: 1)
        var plain = choices
        choices.override(Choices.Key(actor: actor, purpose: latency, ordinal: 1), with: 7)
        choices.override(Choices.Key(actor: actor, purpose: latency, ordinal: 2), with: 5_000)
        let drawn = (0..<4).map { _ in choices.draw(actor, latency, below: 1_000) }
        let without = (0..<4).map { _ in plain.draw(actor, latency, below: 1_000) }
        #expect(drawn == [without[0], 7, 999, without[3]])
    }

    @Test func `a recording replayed under another seed gives the same run`() throws {
        func run(_ choices: inout Choices) -> [UInt64] {
            (0..<500).map { step in
                let actor = ActorID(UInt32(step % 7))
                return choices.draw(actor, step % 3 == 0 ? loss : latency, below: 1 << 50)
            }
        }
        var original = Choices(seed: 3)
        original.startRecording()
        let drawn = run(&original)
        let recording = try #require(original.recording)
        #expect(recording.map(\.value) == drawn)
        #expect(recording.allSatisfy { $0.bound == 1 << 50 })
        var replayed = Choices(seed: 77, replaying: recording)
        #expect(run(&replayed) == drawn)
        #expect(Choices(seed: 3).recording == nil)
    }

    @Test func `a fork draws what its origin will draw`() {
        var origin = Choices(seed: 8)
        for _ in 0..<10 { _ = origin.draw(actor, latency, below: 100) }
        var fork = origin
        let forked = (0..<10).map { _ in fork.draw(actor, latency, below: 100) }
        #expect(origin.made(actor, latency) == 10)
        #expect((0..<10).map { _ in origin.draw(actor, latency, below: 100) } == forked)
    }

    @Test func `counters of a hundred thousand actors are right`() {
        var choices = Choices(seed: 0)
        var random = TestRandom(seed: 21)
        var expected = Array(repeating: UInt32(0), count: 100_000)
        for _ in 0..<150_000 {
            let actor = random.next(below: expected.count)
            _ = choices.draw(ActorID(UInt32(actor)), latency, below: 2)
            expected[actor] += 1
        }
        for (actor, count) in expected.enumerated() {
            guard choices.made(ActorID(UInt32(actor)), latency) == count else {
                Issue.record("actor \(actor)")
                return
            }
        }
    }

    @Test func `every value of a small range comes about equally often`() {
        var choices = Choices(seed: 123)
        var seen = Array(repeating: 0, count: 10)
        for ordinal in 0..<20_000 {
            let actor = ActorID(UInt32(ordinal % 100))
            seen[Int(choices.draw(actor, latency, in: -5...4)) + 5] += 1
        }
        // Two thousand each; a deviation of 250 is more than five standard deviations.
        #expect(seen.allSatisfy { abs($0 - 2_000) < 250 }, "\(seen)")
    }

    @Test func `one bit of seed or key changes about half of the bits drawn`() {
        func bits(_ seed: UInt64, _ actor: UInt32, _ purpose: UInt16, _ ordinal: UInt32) -> UInt64 {
            var choices = Choices(seed: seed)
            let key = Choices.Key(
                actor: ActorID(actor), purpose: Purpose(code: purpose), ordinal: ordinal)
            return choices.draw(key, below: .max)
        }
        func average(_ count: Int, _ flipped: (Int) -> UInt64) -> Int {
            let original = bits(1, 2, 3, 4)
            let flips = (0..<count).map { (original ^ flipped($0)).nonzeroBitCount }
            return flips.reduce(0, +) / count
        }
        #expect((28...36).contains(average(64) { bits(1 ^ 1 << UInt64($0), 2, 3, 4) }))
        #expect((28...36).contains(average(32) { bits(1, 2 ^ 1 << UInt32($0), 3, 4) }))
        #expect((26...38).contains(average(16) { bits(1, 2, 3 ^ 1 << UInt16($0), 4) }))
        #expect((28...36).contains(average(32) { bits(1, 2, 3, 4 ^ 1 << UInt32($0)) }))
    }

    @Test func `chance is an integer ratio`() {
        var choices = Choices(seed: 6)
        let often = (0..<10_000).filter { _ in choices.happens(actor, loss, 1, of: 4) }.count
        #expect(abs(often - 2_500) < 250)
        #expect(!(0..<100).contains { _ in choices.happens(actor, loss, 0, of: 4) })
        #expect((0..<100).allSatisfy { _ in choices.happens(actor, loss, 4, of: 4) })
    }

    @Test func `a range may span almost all integers`() {
        var choices = Choices(seed: 4)
        let drawn = (0..<100).map { _ in choices.draw(actor, loss, in: (.min + 1)...(.max)) }
        #expect(drawn.contains { $0 < 0 } && drawn.contains { $0 > 0 })
        #expect(choices.draw(actor, loss, in: 7...7) == 7)
        let interval = choices.draw(actor, loss, in: .milliseconds(2)...(.milliseconds(3)))
        #expect((2_000_000...3_000_000).contains(interval.nanoseconds))
    }

    @Test func `purposes are named in both directions`() {
        let names = PurposeNames(joining: [["latency": latency], ["loss": loss]])
        #expect(names[loss] == "loss")
        #expect(names["latency"] == latency)
        #expect(names["luck"] == nil)
        #expect(names.byName.map(\.key) == ["latency", "loss"])
    }
}
