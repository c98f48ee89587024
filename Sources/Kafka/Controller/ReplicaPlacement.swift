/// Where the replicas of new partitions go (StripedReplicaPlacer): partition after partition along
/// the racks, from a random start, unfenced brokers before fenced ones, and never a fenced one
/// first. After as many partitions as there are unfenced brokers everything is shuffled, so that
/// the same sets do not come again.
struct ReplicaPlacement {
    /// A broker that may get a replica.
    struct Candidate: Equatable {
        var id: NodeID
        var rack: String?
        var isFenced: Bool
    }

    /// Brokers of one rack that are taken round robin: each at most once for a partition.
    private struct Ring {
        var brokers: [NodeID]
        private var start = 0
        private var taken = 0
        private var partition = 0

        init(_ brokers: [NodeID], draw: (Int) -> Int) {
            self.brokers = brokers.sorted()
            if !brokers.isEmpty { start = draw(brokers.count) }
        }

        mutating func next(for partition: Int) -> NodeID? {
            guard !brokers.isEmpty else { return nil }
            if self.partition != partition {
                self.partition = partition
                taken = 0
                start = (start + 1) % brokers.count
            }
            guard taken < brokers.count else { return nil }
            taken += 1
            return brokers[(start + taken - 1) % brokers.count]
        }
    }

    private struct Rack {
        var fenced: Ring
        var unfenced: Ring

        mutating func next(for partition: Int) -> NodeID? {
            unfenced.next(for: partition) ?? fenced.next(for: partition)
        }
    }

    private var racks: [Rack] = []
    /// The order in which the racks are walked: positions in `racks`.
    private var order: [Int]
    private var offset: Int
    private var unfencedCount: Int
    private var totalCount: Int
    /// Counts the partitions since the last shuffle.
    private var partition = 0

    /// `draw(n)` is a random number below n.
    init(_ candidates: [Candidate], draw: (Int) -> Int) {
        var names: [String?] = []
        for candidate in candidates where !names.contains(candidate.rack) {
            names.append(candidate.rack)
        }
        names.sort { left, right in
            guard let left, let right else { return left == nil && right != nil }
            return left < right
        }
        for name in names {
            let inRack = candidates.filter { $0.rack == name }
            let fenced = Ring(inRack.filter(\.isFenced).map(\.id), draw: draw)
            let unfenced = Ring(inRack.filter { !$0.isFenced }.map(\.id), draw: draw)
            racks.append(Rack(fenced: fenced, unfenced: unfenced))
        }
        order = Array(racks.indices)
        totalCount = candidates.count
        unfencedCount = candidates.count { !$0.isFenced }
        offset = racks.isEmpty ? 0 : draw(racks.count)
    }

    /// The replica lists of so many new partitions; nil if the replication factor cannot be met.
    mutating func place(
        partitions: Int, replicationFactor: Int, draw: (Int) -> Int
    ) -> [[NodeID]]? {
        guard replicationFactor > 0, replicationFactor <= totalCount, unfencedCount > 0 else {
            return nil
        }
        return (0..<partitions).map { _ in place(replicationFactor, draw) }
    }

    private mutating func place(_ replicationFactor: Int, _ draw: (Int) -> Int) -> [NodeID] {
        if partition == unfencedCount, unfencedCount > 1 {
            reshuffle(draw)
            partition = 0
        }
        if offset == order.count { offset = 0 }
        var chosen: [NodeID] = []
        var first = offset
        while chosen.isEmpty {
            if let leader = racks[order[first]].unfenced.next(for: partition) {
                chosen.append(leader)
            } else {
                first = (first + 1) % order.count
            }
        }
        // The rack of the leader is passed over once: its turn has been.
        var passedOver: Int? = first
        var next = offset
        while chosen.count < replicationFactor {
            if next == passedOver {
                passedOver = nil
            } else if let broker = racks[order[next]].next(for: partition) {
                chosen.append(broker)
            }
            next = (next + 1) % order.count
        }
        partition += 1
        offset += 1
        return chosen
    }

    private mutating func reshuffle(_ draw: (Int) -> Int) {
        shuffle(&order, draw)
        for index in racks.indices {
            shuffle(&racks[index].fenced.brokers, draw)
            shuffle(&racks[index].unfenced.brokers, draw)
        }
    }
}

/// From the last place down, each changes with a drawn one before it or itself
/// (`Collections.shuffle`): a list of n takes draws below n, n-1, …, 2.
func shuffle<Element>(_ list: inout [Element], _ draw: (Int) -> Int) {
    for count in stride(from: list.count, to: 1, by: -1) {
        list.swapAt(count - 1, draw(count))
    }
}
