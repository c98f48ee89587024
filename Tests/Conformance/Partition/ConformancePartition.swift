import Testing

/// Partitions on brokers: ReplicaManager, Partition and what is around them.
enum PartitionArea: VectorArea {
    static let name = "partition"

    static func adapter(for file: VectorFile) -> (any VectorAdapter.Type)? {
        switch file.name {
        case "leader-isr", "leader-guide", "leader-fetch", "leader-mixed", "leader-change":
            LeaderAdapter.self
        case "alter-partition-queue": AlterPartitionQueueAdapter.self
        case "several-partitions": SeveralPartitionsAdapter.self
        case "follower-cluster", "follower-guide", "follower-pair", "follower-pair-old":
            FollowerAdapter.self
        default: nil
        }
    }
}

@Suite struct ConformancePartition {
    @Test(arguments: PartitionArea.files)
    func `the replicas of a broker answer as Kafka's`(_ file: VectorFile) throws {
        try expectConformance(file, to: PartitionArea.self)
    }
}
