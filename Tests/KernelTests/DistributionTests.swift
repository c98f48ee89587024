import Kernel
import Testing

struct DistributionTests {
    private func quantiles(_ points: [(UInt64, Int64)]) -> [Distribution.Quantile] {
        points.map { Distribution.Quantile(rank: $0.0, value: $0.1) }
    }

    @Test func `between two quantiles the value lies on a straight line`() throws {
        let distribution = try #require(Distribution(quantiles: quantiles([
            (0, 100), (500_000_000, 200), (999_000_000, 1_000), (1_000_000_000, 1_000_000),
        ])))
        let expected: [(UInt64, Int64)] = [
            (0, 100), (250_000_000, 150), (500_000_000, 200), (749_500_000, 600),
            (999_000_000, 1_000), (999_500_000, 500_500), (1_000_000_000, 1_000_000),
        ]
        for (rank, value) in expected { #expect(distribution.value(atRank: rank) == value) }
        #expect(distribution.least == 100)
        #expect(distribution.greatest == 1_000_000)
    }

    @Test func `values rise with ranks, also where the span is all integers`() {
        let distribution = Distribution(uniform: Int64.min...Int64.max)
        var random = TestRandom(seed: 2)
        let ranks = (0..<1_000).map { _ in UInt64(random.next(below: 1_000_000_001)) }.sorted()
        let values = ranks.map(distribution.value(atRank:))
        #expect(values == values.sorted())
        #expect(distribution.value(atRank: 0) == .min)
        #expect(distribution.value(atRank: 1_000_000_000) == .max)
        #expect(distribution.value(atRank: 500_000_000) == -1)
    }

    @Test func `a constant is a distribution`() {
        #expect(Distribution(always: 7).value(atRank: 123_456_789) == 7)
    }

    @Test(arguments: [
        [], [(0, 1)], [(0, 1), (999, 2)], [(1, 1), (1_000_000_000, 2)],
        [(0, 1), (5, 3), (5, 4), (1_000_000_000, 9)], [(0, 2), (1_000_000_000, 1)],
    ] as [[(UInt64, Int64)]])
    func `a table that is no distribution is none`(points: [(UInt64, Int64)]) {
        #expect(Distribution(quantiles: quantiles(points)) == nil)
    }

    @Test func `a draw follows the table`() throws {
        let distribution = try #require(Distribution(quantiles: quantiles([
            (0, 0), (900_000_000, 10), (1_000_000_000, 10_000),
        ])))
        var choices = Choices(seed: 15)
        let drawn = (0..<10_000).map { _ in
            choices.draw(ActorID(0), Purpose(code: 902), from: distribution)
        }
        #expect(abs(drawn.filter { $0 > 10 }.count - 1_000) < 200)
    }
}
