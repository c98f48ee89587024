import Kafka
import Kernel
import Simulation

/// What the judges know of a cluster besides the world itself, partition by partition. Each lies in
/// a box of its own: a fork that touches one copies one.
struct ClusterGhost: Sendable {
    private var partitions = ForkableMap<TopicIDPartition, Shared<PartitionGhost>>()

    var all: some Sequence<TopicIDPartition> { partitions.lazy.map(\.key) }

    /// One that is not there yet begins here.
    subscript(id: TopicIDPartition) -> PartitionGhost {
        _read {
            if let place = partitions.find(id) {
                yield partitions[at: place].value
            } else {
                yield PartitionGhost(id)
            }
        }
        // It holds as long as nobody else changes the map.
        unsafeMutableAddress {
            let place = partitions.place(of: id, orPut: Shared(PartitionGhost(id)))
            return withUnsafeMutablePointer(to: &partitions[at: place].value) { $0 }
        }
    }

    mutating func remove(_ topic: TopicID) {
        for id in partitions.map(\.key) where id.topic == topic { partitions.remove(id) }
    }

    /// Follows what became of a replica's log, but for what it was given.
    mutating func observe(_ change: ReplicaChange, of node: Int, in world: World) {
        switch change {
        case .opened(let id, let start, let end, _):
            self[id].open(node, from: start, to: end, in: world)
        case .truncated(let id, _, let to): self[id].truncate(node, to: to)
        case .movedStart(let id, _, let to):
            let isLeader = world.standing(of: id, at: node)?.isLeader ?? false
            self[id].moveStart(node, to: to, isLeader: isLeader, in: world)
        case .appended, .movedHighWatermark, .closed: break
        }
    }
}
