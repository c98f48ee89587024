import Kernel
import Testing

@testable import Kafka

@Suite struct LeaderStateTests {
    private func key(_ id: Int32) -> ReplicaKey { ReplicaKey(NodeID(id), DirectoryID(UInt64(id))) }

    private func voters(_ ids: ClosedRange<Int32>) -> VoterSet {
        VoterSet(ids.map { VoterSet.Voter(key: key($0), endpoint: Endpoint(host: NodeID($0))) })
    }

    private func leader(_ voters: VoterSet) -> LeaderState {
        LeaderState(
            local: key(1), epoch: 3, epochStart: 10, voters: voters,
            fetchTimeout: .milliseconds(2_001), at: .zero)
    }

    @Test func `the high watermark is what most have, past the epoch's start, and never falls`() {
        var random = TestRandom(5)
        for _ in 0..<300 {
            var leader = leader(voters(1...Int32(1 + random.below(5))))
            var end: Int64 = 10
            var ends = [Int64?](repeating: nil, count: leader.voters.count)
            var expected: Int64?
            for _ in 0..<40 {
                let voter = random.below(ends.count)
                let moved: Bool?
                if voter == 0 {
                    end += Int64(random.below(3))
                    ends[0] = end
                    moved = leader.updateLocalEnd(end)
                } else {
                    ends[voter] = Int64(8 + random.below(Int(end) - 7))
                    moved = leader.recordFetch(from: key(Int32(voter + 1)), at: ends[voter]!, .zero)
                }
                let middle = ends.sorted { ($0 ?? -1) > ($1 ?? -1) }[ends.count / 2]
                let before = expected
                if let middle, middle > 10, middle > expected ?? 0 { expected = middle }
                #expect(leader.highWatermark == expected)
                #expect(moved == (before != expected))
            }
        }
    }

    @Test func `timeouts are reckoned in whole milliseconds`() {
        var leader = leader(voters(1...3))
        #expect(leader.checkQuorumDeadline == .zero + .milliseconds(3_001))
        leader.resetBeginQuorumEpochTimer(.zero)
        #expect(leader.nextBeginQuorumEpoch == .zero + .milliseconds(1_000))
    }

    @Test func `a fetch at the instant zero counts like any other`() {
        var leader = leader(voters(1...3))
        #expect(leader.needsBeginQuorumEpoch(leader.voters[1], .zero))
        _ = leader.recordFetch(from: key(2), at: 10, .zero)
        #expect(!leader.needsBeginQuorumEpoch(leader.voters[1], .zero))
    }

    @Test func `what is known of a replica follows it into and out of the voter set`() {
        var leader = leader(voters(1...3))
        _ = leader.updateLocalEnd(10)
        _ = leader.recordFetch(from: key(4), at: 10, .zero)
        #expect(leader.isCaughtUp(key(4), .zero))
        _ = leader.updateLocalEnd(11, voters: voters(1...4))
        #expect(leader.voters.map(\.end) == [11, nil, nil, 10])
        #expect(leader.observers.isEmpty)
        _ = leader.updateLocalEnd(12, voters: voters(2...3))
        #expect(leader.observers.map(\.key) == [key(1), key(4)])
    }
}
