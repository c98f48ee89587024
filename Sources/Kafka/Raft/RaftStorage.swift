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
/// new one from its storage; a power loss first takes from the storage what had not reached the
/// disk (`losePower`).
///
/// The node writes here at once and says so in its effects, in bytes; whoever models the disk
/// decides when those bytes are safe.
public struct RaftStorage: Sendable {
    /// The id that the log directory was formatted with.
    public let directory: DirectoryID
    /// The metadata log and its snapshots.
    public internal(set) var log: RaftLog
    /// Versions of the quorum-state file, the newest last: the one that is safe, and those written
    /// after it. Empty: there is no file.
    private var elections: [RaftElectionState]
    /// What the log was before it began anew behind a snapshot, until the old files are deleted:
    /// one or none. The snapshot has to be on the disk before that, and may never get there.
    private var replacedLogs: [RaftLog] = []

    public init(
        directory: DirectoryID, election: RaftElectionState? = nil, log: RaftLog = RaftLog()
    ) {
        self.directory = directory
        self.log = log
        elections = election.map { [$0] } ?? []
    }

    /// The quorum-state file as the process reads it; nil: there is none.
    public var election: RaftElectionState? { elections.last }

    mutating func write(_ election: RaftElectionState) {
        elections.append(election)
    }

    /// The version of the file that is written while this many newer ones still wait.
    public func election(behind waiting: Int) -> RaftElectionState? {
        elections.dropLast(waiting).last
    }

    /// A `persist` effect has been carried out while this many others still wait for theirs, and
    /// the disk has not lied about it: what is older is gone.
    public mutating func didPersistElection(waiting: Int) {
        let kept = waiting + 1
        if elections.count > kept { elections.removeFirst(elections.count - kept) }
    }

    /// Begins anew behind a snapshot that was downloaded. Returns what that replaces; nil: the log
    /// reaches as far as the snapshot.
    mutating func beginAnew(behind snapshot: RaftSnapshot) -> RaftLog? {
        let old = log
        _ = log.keep(snapshot)
        guard log.truncateToLatestSnapshot() else { return nil }
        replacedLogs = [old]
        return old
    }

    /// A `cut` of the log has been carried out.
    public mutating func didCutLog() { replacedLogs = [] }

    /// The process has ended before it could cut its log: the old files are still there, beside
    /// the snapshot.
    public mutating func takeBackCut() {
        guard let old = replacedLogs.popLast() else { return }
        let snapshot = log.latestSnapshot
        log = old
        if let snapshot { _ = log.keep(snapshot) }
    }

    /// The power went, and with it the newest versions of the quorum-state file, the last bytes of
    /// the log, and whole snapshots. A batch that lost some of its bytes fails its checksum when
    /// the log is opened and goes with everything behind it.
    public mutating func losePower(
        elections lostElections: Int, logBytes: Int64, snapshots: [OffsetAndEpoch]
    ) {
        elections.removeLast(min(lostElections, elections.count))
        log.lose(bytes: logBytes, snapshots: snapshots)
    }
}
