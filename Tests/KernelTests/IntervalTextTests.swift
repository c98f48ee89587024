import Kernel
import Testing

struct IntervalTextTests {
    @Test(arguments: [
        ("10ns", 10), ("3us", 3_000), ("3\u{b5}s", 3_000), ("3\u{3bc}s", 3_000),
        ("200ms", 200_000_000), ("1.5s", 1_500_000_000), ("5m", 300_000_000_000),
        ("1h", 3_600_000_000_000), ("2d", 172_800_000_000_000), ("0s", 0), ("0.000000001s", 1),
        ("1.10s", 1_100_000_000), ("007ms", 7_000_000), ("0.00000000000001157407407407407d", nil),
        ("0.0000000000003125d", 27), ("9223372036854775807ns", .max),
        ("1.0000000000000000000000000s", 1_000_000_000),
    ] as [(String, Int64?)])
    func `a number with a unit is that many nanoseconds, exactly`(
        text: String, nanoseconds: Int64?
    ) {
        #expect((try? Interval(parsing: text))?.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        ("", .empty), ("-5ms", .negative), ("ms", .malformedNumber(at: 0)),
        ("1.s", .malformedNumber(at: 2)), (".5s", .malformedNumber(at: 0)),
        (" 5s", .malformedNumber(at: 0)), ("5", .missingUnit), ("1.5", .missingUnit),
        ("5sec", .unknownUnit("sec", nearest: "s")), ("5 ms", .unknownUnit(" ms", nearest: "s")),
        ("5S", .unknownUnit("S", nearest: "s")), ("5min", .unknownUnit("min", nearest: "m")),
        ("5msec", .unknownUnit("msec", nearest: "ms")), ("5hr", .unknownUnit("hr", nearest: "h")),
        ("5micros", .unknownUnit("micros", nearest: "us")),
        ("1h30m", .unknownUnit("h30m", nearest: "h")),
        ("5weeks", .unknownUnit("weeks", nearest: "d")),
        ("5nanos", .unknownUnit("nanos", nearest: "ns")),
        ("9223372036854775808ns", .tooLong), ("99999999999999999999s", .tooLong),
        ("200000d", .tooLong), ("106751.99999999d", .tooLong), ("0.5ns", .tooFine),
        ("0.0000000001s", .tooFine), ("0.00000000000000001d", .tooFine),
    ] as [(String, IntervalSyntaxError)])
    func `what is no duration is refused with what is wrong about it`(
        text: String, error: IntervalSyntaxError
    ) {
        #expect(throws: error) { try Interval(parsing: text) }
        #expect(!error.description.isEmpty)
    }

    @Test(arguments: [
        (0, "0s"), (1, "1ns"), (1_500, "1.5us"), (100_000_000, "100ms"), (1_500_000_000, "1.5s"),
        (1_001_000_000, "1.001s"), (90_000_000_000, "90s"), (120_000_000_000, "2m"),
        (3_600_000_000_000, "1h"), (129_600_000_000_000, "36h"), (172_800_000_000_000, "2d"),
        (999_999_999, "999999999ns"), (.max, "9223372036.854775807s"), (-1_500_000_000, "-1.5s"),
        (.min, "-9223372036.854775808s"),
    ] as [(Int64, String)])
    func `printing chooses the shortest form that reads well`(nanoseconds: Int64, text: String) {
        #expect(Interval(nanoseconds: nanoseconds).description == text)
    }

    @Test func `whatever is printed reads back as the same value`() throws {
        var random = TestRandom(seed: 11)
        for _ in 0..<20_000 {
            let digits = random.next(below: 19)
            let scale = (0..<digits).reduce(Int64(1)) { scale, _ in scale * 10 }
            let count = Int64(random.next() >> 1) / scale
            let zeros = (0..<random.next(below: 10)).reduce(Int64(1)) { scale, _ in scale * 10 }
            let interval = Interval(nanoseconds: count / zeros * zeros)
            #expect(try Interval(parsing: interval.description) == interval)
        }
    }

    @Test(arguments: [
        (0, "0.000000"), (790_123_999, "0.790123"), (1_000_000_000, "1.000000"),
        (59_999_999_999, "59.999999"), (.max, "9223372036.854775"), (-1_500_000, "-0.001500"),
    ] as [(Int64, String)])
    func `an instant is seconds with six decimals`(nanoseconds: Int64, text: String) {
        let instant = Instant(nanoseconds: nanoseconds)
        #expect(instant.description == text)
        var bytes = Array("at ".utf8)
        instant.write(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "at " + text)
    }
}
