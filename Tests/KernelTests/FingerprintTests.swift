import Kernel
import Testing

struct FingerprintTests {
    /// The answers were computed by another program, from the definition.
    @Test func `a fingerprint never changes its mind`() {
        var print = Fingerprint()
        #expect(print.description == "959d287f347a1da0")
        print.combine(0 as UInt64)
        #expect(print.description == "298f0c199d3a63df")
        print.combine(UInt64.max)
        print.combine(Int32(-1))
        print.combine(true)
        print.combine(Instant(nanoseconds: 1_500_000_000))
        #expect(print.description == "bf2f2437694a9e5c")
        print.combine("")
        print.combine("orders-0")
        print.combine("broker-1 -> broker-2")
        #expect(print.description == "25c45b49c72b0159")
        #expect(print.value == 0x25c4_5b49_c72b_0159)
    }

    @Test func `order matters`() {
        var one = Fingerprint()
        one.combine(1 as UInt64)
        one.combine(2 as UInt64)
        var other = Fingerprint()
        other.combine(2 as UInt64)
        other.combine(1 as UInt64)
        #expect(one != other)
        #expect(one.value != other.value)
    }

    @Test func `neighbours cannot trade letters`() {
        var one = Fingerprint()
        one.combine("ab")
        one.combine("c")
        var other = Fingerprint()
        other.combine("a")
        other.combine("bc")
        #expect(one.value != other.value)
    }

    @Test func `equal integers of different widths count as equal, signs included`() {
        var one = Fingerprint()
        one.combine(Int8(-3))
        var other = Fingerprint()
        other.combine(Int64(-3))
        #expect(one == other)
    }

    @Test func `one bit changes about half of the bits`() {
        var random = TestRandom(seed: 4)
        var flips = 0
        for bit in 0..<64 as Range<UInt64> {
            let (before, word, after) = (random.next(), random.next(), random.next())
            var one = Fingerprint()
            var other = Fingerprint()
            one.combine(before)
            other.combine(before)
            one.combine(word)
            other.combine(word ^ 1 << bit)
            one.combine(after)
            other.combine(after)
            flips += (one.value ^ other.value).nonzeroBitCount
        }
        #expect((30...34).contains(flips / 64), "\(flips)")
    }

    @Test func `a hundred thousand short histories have as many fingerprints`() {
        var values: [UInt64] = []
        for first in 0..<316 as Range<UInt64> {
            for second in 0..<316 as Range<UInt64> {
                var print = Fingerprint()
                print.combine(first)
                print.combine(second)
                values.append(print.value)
            }
        }
        values.sort()
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 != $1 })
    }
}
