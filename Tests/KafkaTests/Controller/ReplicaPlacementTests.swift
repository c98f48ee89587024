import Testing

@testable import Kafka

@Suite struct ReplicaPlacementTests {
    @Test func `replicas are distinct, the first is unfenced, leaderships are even`() {
        var random = TestRandom(3)
        for _ in 0..<500 {
            let count = 1 + random.below(9)
            let candidates = (1...count).map { number in
                ReplicaPlacement.Candidate(
                    id: NodeID(Int32(number)), rack: [nil, "a", "b", "c"][random.below(4)],
                    isFenced: random.chance(1, in: 4))
            }
            let unfenced = candidates.filter { !$0.isFenced }.map(\.id)
            let factor = 1 + random.below(4)
            var placement = ReplicaPlacement(candidates) { random.below($0) }
            let placed = placement.place(
                partitions: unfenced.count, replicationFactor: factor
            ) { random.below($0) }
            guard let placed else {
                #expect(factor > count || unfenced.isEmpty)
                continue
            }
            for replicas in placed {
                #expect(replicas.count == factor)
                #expect(Set(replicas).count == factor)
                #expect(unfenced.contains(replicas[0]))
            }
            if Set(candidates.map(\.rack)).count == 1 {
                #expect(Set(placed.map { $0[0] }) == Set(unfenced))
            }
        }
    }

    @Test func `replicas of a partition are in as many racks as there are`() {
        var random = TestRandom(4)
        let candidates = (0..<9).map { number in
            ReplicaPlacement.Candidate(
                id: NodeID(Int32(number)), rack: ["a", "b", "c"][number % 3], isFenced: false)
        }
        var placement = ReplicaPlacement(candidates) { random.below($0) }
        let placed = placement.place(partitions: 50, replicationFactor: 3) { random.below($0) }
        for replicas in placed ?? [] {
            #expect(Set(replicas.map { $0.rawValue % 3 }).count == 3)
        }
        #expect(placed?.count == 50)
    }
}
