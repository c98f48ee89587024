/// What a Raft process has promised, in its `quorum-state` file (ElectionState): the epoch, who
/// leads it if that is known, and for whom this node voted in it.
public struct RaftElectionState: Hashable, Sendable {
    public var epoch: Int32
    public var leader: NodeID?
    public var voted: ReplicaKey?

    public init(epoch: Int32, leader: NodeID? = nil, voted: ReplicaKey? = nil) {
        self.epoch = epoch
        self.leader = leader
        self.voted = voted
    }
}

/// The durable part of a Raft process: it survives the process. A kill drops the node and builds a
/// new one from its storage; a power loss first cuts the storage back to what had reached the disk.
public struct RaftStorage: Hashable, Sendable {
    /// The id that the log directory was formatted with.
    public var directory: DirectoryID
    /// As the process reads it. What the disk holds after a power loss is `flushedElection`.
    public var election: RaftElectionState?
    public var flushedElection: RaftElectionState?

    public init(directory: DirectoryID, election: RaftElectionState? = nil) {
        self.directory = directory
        self.election = election
        flushedElection = election
    }
}
