import Testing

@testable import Kafka

/// Where logs part, found in rounds, against a comparison of the logs themselves.
@Suite struct TruncationPointTests {
    /// A log as the list of the epochs of its records.
    private typealias Lineage = [Int32]

    private func end(of epoch: Int32, in log: Lineage) -> EpochEndOffset? {
        let entries = log.indices.compactMap { index in
            index > 0 && log[index - 1] == log[index]
                ? nil : EpochEntry(epoch: log[index], startOffset: Int64(index))
        }
        return endOffsetForEpoch(epoch, in: entries, logEndOffset: Int64(log.count))
    }

    /// Asks round after round, as a follower does, until it is told that it is done.
    private func truncated(_ log: Lineage, towards leader: Lineage) -> Lineage {
        var log = log
        for _ in 0..<100 {
            guard let last = log.last else { return log }
            let said = end(of: last, in: leader)
            let point = truncationPoint(
                leader: said, own: said.flatMap { end(of: $0.epoch, in: log) },
                logEnd: Int64(log.count), fetchOffset: 0)
            log = Array(log.prefix(Int(point.offset)))
            if point.isFinal { return log }
        }
        Issue.record("it never ended: \(log) against \(leader)")
        return log
    }

    /// In one epoch there is one leader: two logs agree as far as their epochs do.
    private func common(_ one: Lineage, _ other: Lineage) -> Lineage {
        zip(one, other).prefix { $0 == $1 }.map { $0.0 }
    }

    /// More records of later epochs, all even or all odd: an epoch is given out once.
    private func continued(
        _ start: Lineage, _ parity: Int32, _ random: inout TestRandom
    ) -> Lineage {
        var log = start
        for _ in 0..<random.below(4) {
            let next = (log.last ?? 0) + 2 + Int32(random.below(2)) * 2
            log += Array(repeating: next / 2 * 2 + parity, count: 1 + random.below(3))
        }
        return log
    }

    @Test(arguments: 0..<400)
    func `rounds of questions end where the logs part`(seed: UInt64) {
        var random = TestRandom(seed)
        let shared = continued([1], Int32(random.below(2)), &random)
        // The leader's own epoch has begun, with a record in it.
        let leader = continued(shared, 0, &random) + [1_000]
        let follower = continued(shared, 1, &random)
        #expect(truncated(follower, towards: leader) == common(follower, leader))
    }

    @Test func `a leader that knows nothing leaves only what was certain`() {
        let point = truncationPoint(leader: nil, own: nil, logEnd: 9, fetchOffset: 4)
        #expect(point == TruncationPoint(offset: 4, isFinal: true))
    }

    @Test func `a follower that has nothing so old takes the leader's word`() {
        let leader = EpochEndOffset(epoch: 2, endOffset: 5)
        let point = truncationPoint(leader: leader, own: nil, logEnd: 9, fetchOffset: 4)
        #expect(point == TruncationPoint(offset: 5, isFinal: true))
    }
}
