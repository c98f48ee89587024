import Kernel
import Testing

@testable import Kafka

@Suite struct RaftAccumulatorTests {
    private let start = Instant.zero + .seconds(5)

    private func accumulator(linger: Interval = .milliseconds(25)) -> RaftAccumulator {
        RaftAccumulator(epoch: 3, baseOffset: 10, linger: linger)
    }

    private func proposal(_ count: Int32, from item: Int64, epoch: Int32 = 3) -> RaftProposal {
        RaftProposal(epoch: epoch, count: count, firstItem: item, sizeInBytes: 10 * count)
    }

    @Test func `records that follow each other share a batch until the linger has passed`() {
        var its = accumulator()
        let last1 = its.append(proposal(2, from: 0), at: start)
        #expect(last1 == .success(11))
        let last2 = its.append(proposal(1, from: 2), at: start + .milliseconds(5))
        #expect(last2 == .success(12))
        its.allowDrain()
        #expect(its.drainTime == start + .milliseconds(25))
        let batches3 = its.drain().map { $0.baseOffset..<$0.endOffset }
        #expect(batches3 == [10..<13])
        #expect(its.drainTime == .never)
    }

    @Test func `what was prepared but not scheduled holds back all that comes after it`() {
        var its = accumulator(linger: .zero)
        _ = its.append(proposal(2, from: 0), at: start)
        _ = its.append(control: [.kraftVersion(1)])
        let batches4 = its.drain().isEmpty
        #expect(batches4)
        its.allowDrain()
        #expect(its.drainTime == .zero)
        let batches5 = its.drain().map(\.baseOffset)
        #expect(batches5 == [10, 12])
    }

    @Test func `a control batch does not wait for the linger`() {
        var its = accumulator()
        let last6 = its.append(control: [.kraftVersion(1)])
        #expect(last6 == 10)
        #expect(its.drainTime == .zero)
        let batches7 = its.drain().map(\.count)
        #expect(batches7 == [1])
    }

    @Test func `an older epoch is no leader's, a newer one and no records are impossible`() {
        var its = accumulator()
        let last8 = its.append(proposal(1, from: 0, epoch: 2), at: start)
        #expect(last8 == .failure(.notLeader))
        let last9 = its.append(proposal(1, from: 0, epoch: 4), at: start)
        #expect(last9 == .failure(.illegalArgument))
        let last10 = its.append(proposal(0, from: 0), at: start)
        #expect(last10 == .failure(.illegalArgument))
    }
}

@Suite struct ElectionBackoffTests {
    /// The first waits not at all, the last half as long as nobody, and each twice as long as the
    /// one before it.
    private func slow(place: Int, of count: Int, max: Int64) -> Int64 {
        if place == 0 { return 0 }
        if place >= count { return max }
        var base = max
        for _ in 1..<count { base /= 2 }
        for _ in 1..<place { base *= 2 }
        return min(max, base)
    }

    @Test func `successors hold back by their place, each twice as long as the one before`() {
        for max in [Int64(1_000), 333, 1] {
            for count in 0...7 {
                for place in 0...(count + 1) {
                    let found = electionBackoff(place: place, of: count, max: .milliseconds(max))
                    let expected = slow(place: place, of: count, max: max)
                    #expect(found == .milliseconds(expected), "\(place) of \(count), \(max)")
                }
            }
        }
    }
}
