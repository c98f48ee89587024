import Kernel

/// Where a request goes: to a voter that the node knows by its id, or to an address from
/// `controller.quorum.bootstrap.servers`, where it cannot know who answers.
public struct RaftDestination: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case node(NodeID)
        /// The n-th bootstrap server, which has connections of its own.
        case bootstrap(Int32)
    }

    public var kind: Kind
    public var endpoint: Endpoint

    public init(kind: Kind, endpoint: Endpoint) {
        self.kind = kind
        self.endpoint = endpoint
    }
}

/// The files of a Raft process.
public enum RaftFile: Hashable, Sendable {
    case quorumState
    case log
    case snapshot(OffsetAndEpoch)
}

/// One thing that a Raft process wants done. Order matters: what stands behind a `persist` or a
/// `flush` may happen only when that has reached the disk, because Kafka's Raft thread does
/// nothing else meanwhile.
public enum RaftEffect: Sendable {
    case send(RaftRequest, to: RaftDestination, correlation: CorrelationID)
    case reply(RaftResponse, to: ReplyToken)
    /// The quorum-state file is replaced as a whole, and is on disk before anything that follows.
    case persist(RaftElectionState)
    /// Bytes at the end of a file, in the page cache only.
    case write(RaftFile, bytes: Int64)
    case truncate(RaftFile, toBytes: Int64)
    case delete(RaftFile)
    case flush(RaftFile)
    /// What the state machine of this process hears.
    case tell(RaftNews)
    /// An answer to a call of the state machine that it cannot wait for elsewhere.
    case callResult(RaftCallResult)
    /// An exception escaped the poll loop: the process is gone.
    case died(RaftDeath)
    /// The graceful shutdown has ended: the process is gone.
    case stopped
}

/// What the listener of a Raft process is told (RaftClient.Listener).
public enum RaftNews: Hashable, Sendable {
    case committed(ArraySlice<RaftBatch>)
    case leaderChange(leader: NodeID?, epoch: Int32)
    case loadSnapshot(RaftSnapshot)
    /// The snapshot at 0@0 that a formatted node starts with.
    case loadBootstrap(RaftSnapshot)
    case stopped
}

/// How a call of the state machine ended.
public enum RaftCallResult: Hashable, Sendable {
    case appended(lastOffset: Int64)
    case snapshotCreated(Bool)
    case logCleaned(Bool)
    case upgraded
    case refused(Refusal)

    public enum Refusal: Hashable, Sendable {
        /// NotLeaderException: the epoch is over.
        case notLeader
        /// IllegalArgumentException: the arguments are impossible.
        case illegalArgument
        /// IllegalStateException.
        case illegalState
        case error(RaftError)
    }
}

/// Why a process died: the exception that Kafka 4.3.1 lets escape, and in words why.
public struct RaftDeath: Hashable, Sendable {
    public enum Exception: Hashable, Sendable {
        case illegalState
        case illegalArgument
    }

    public var exception: Exception
    public var reason: StaticReason

    public init(_ exception: Exception, _ reason: StaticReason) {
        self.exception = exception
        self.reason = reason
    }

    /// The known ways to die.
    public enum StaticReason: String, Hashable, Sendable {
        case inconsistentLeader = "an answer names another leader for this epoch"
        case leaderIsSelf = "an answer names this node as leader, but it does not lead"
        case leaderWithoutAddress = "the leader is known, but not its address"
        case truncationBelowHighWatermark = "the leader's log ends below what is committed"
        case impossibleTransition = "a role was asked for that cannot follow this one"
        case impossibleAnswer = "an answer breaks the protocol"
    }
}

/// The outbox of a Raft process. Reused: whoever drains it calls `removeAll`, which keeps its memory.
public struct RaftEffects: Sendable {
    public private(set) var items: [RaftEffect] = []

    public init() {}

    @inlinable public var isEmpty: Bool { items.isEmpty }

    public mutating func append(_ effect: RaftEffect) {
        items.append(effect)
    }

    public mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
    }
}
