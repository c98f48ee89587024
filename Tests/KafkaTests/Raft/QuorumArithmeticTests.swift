import Testing

@testable import Kafka

@Suite struct QuorumArithmeticTests {
    /// The obvious way: sort, and take the middle one or the one below it.
    private func offsetBySorting(_ ends: [Int64?]) -> Int64? {
        let descending = ends.sorted { ($0 ?? -1) > ($1 ?? -1) }
        return descending[ends.count / 2]
    }

    @Test func `the offset that a majority has reached is the middle one in descending order`() {
        var random = TestRandom(1)
        for _ in 0..<20_000 {
            let ends = (0..<(1 + random.below(7))).map { _ in
                random.chance(1, in: 5) ? nil : Int64(random.below(6))
            }
            #expect(offsetReachedByMajority(ends) == offsetBySorting(ends), "\(ends)")
        }
    }

    @Test(arguments: 1...9)
    func `fetchers and the leader are a quorum exactly if they are more than half`(voters: Int) {
        for fetchers in 0...voters {
            for withLeader in [false, true] {
                let present = fetchers + (withLeader ? 1 : 0)
                #expect(
                    isQuorum(fetchers: fetchers, of: voters, withLeader: withLeader)
                        == (present * 2 > voters))
            }
        }
    }

    @Test func `one voter more or one less leaves majorities that share a voter`() {
        var random = TestRandom(2)
        for _ in 0..<300 {
            let before = voters(&random)
            let key = ReplicaKey(NodeID(5), DirectoryID(1))
            let more = before.adding(VoterSet.Voter(key: key, endpoint: Endpoint(host: key.id)))
            for after in [more, before.removing(before.voters[0].key)].compactMap({ $0 }) {
                #expect(before.hasOverlappingMajority(with: after))
                #expect(majoritiesMeet(before, after))
            }
        }
    }

    @Test func `a voter replaced in one step passes the test, though majorities need not meet`() {
        let before = voters([1, 2, 3])
        let after = voters([1, 2, 4])
        #expect(before.hasOverlappingMajority(with: after))
        #expect(!majoritiesMeet(before, after))
        #expect(!before.hasOverlappingMajority(with: voters([1, 4, 5])))
    }

    private func majoritiesMeet(_ first: VoterSet, _ second: VoterSet) -> Bool {
        majorities(of: first).allSatisfy { one in
            majorities(of: second).allSatisfy { other in one.contains { other.contains($0) } }
        }
    }

    private func voters(_ ids: [Int32]) -> VoterSet {
        VoterSet(
            ids.map { id in
                VoterSet.Voter(
                    key: ReplicaKey(NodeID(id), DirectoryID(1)),
                    endpoint: Endpoint(host: NodeID(id)))
            })
    }

    private func voters(_ random: inout TestRandom) -> VoterSet {
        let ids = (1...4).filter { _ in random.chance(2, in: 3) }
        return VoterSet(
            (ids.isEmpty ? [1] : ids).map { id in
                let key = ReplicaKey(NodeID(Int32(id)), DirectoryID(UInt64(1 + random.below(2))))
                return VoterSet.Voter(key: key, endpoint: Endpoint(host: key.id))
            })
    }

    private func majorities(of set: VoterSet) -> [[ReplicaKey]] {
        let keys = set.voters.map(\.key)
        return (0..<(1 << keys.count)).compactMap { mask in
            let chosen = keys.indices.filter { mask >> $0 & 1 == 1 }.map { keys[$0] }
            return chosen.count * 2 > keys.count ? chosen : nil
        }
    }

    @Test func `a vote may change, and is counted once`() {
        var election = EpochElection(
            VoterSet(configured: (1...3).map { (NodeID($0), Endpoint(host: NodeID($0))) }))
        var answer = election.record(NodeID(1), granted: true)
        #expect(answer == true)
        answer = election.record(NodeID(1), granted: true)
        #expect(answer == false)
        #expect(!election.isWon)
        answer = election.record(NodeID(2), granted: false)
        #expect(answer == true)
        answer = election.record(NodeID(2), granted: true)
        #expect(answer == false)
        #expect(election.isWon)
        answer = election.record(NodeID(9), granted: true)
        #expect(answer == nil)
    }
}
