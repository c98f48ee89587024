import Testing

/// The metadata quorum: KafkaRaftClient and the classes below it.
enum RaftArea: VectorArea {
    static let name = "raft"

    static func adapter(for file: VectorFile) -> (any VectorAdapter.Type)? {
        switch file.name {
        case "voter-sets": VoterSetsAdapter.self
        case "log-and-epochs": RaftLogAdapter.self
        case "quorum-state": QuorumStateAdapter.self
        case "leader-state": LeaderStateAdapter.self
        case "node-static", "node-leader", "node-voters", "node-snapshots", "tutorial",
            "quorum-of-three", "quorum-of-five":
            RaftNodesAdapter.self
        default: nil
        }
    }
}

@Suite struct ConformanceRaft {
    @Test(arguments: RaftArea.files)
    func `the quorum answers as Kafka's`(_ file: VectorFile) throws {
        try expectConformance(file, to: RaftArea.self)
    }
}
