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
    case send(Sending)
    case reply(Reply)
    /// The quorum-state file is replaced as a whole, and is on disk before anything that follows.
    case persist(RaftElectionState)
    /// Bytes at the end of a file, in the page cache only.
    case write(RaftFile, bytes: Int64)
    /// Bytes go from the end of a file.
    case cut(RaftFile, bytes: Int64)
    case delete(RaftFile)
    case flush(RaftFile)
    /// What the state machine of this process hears.
    case tell(RaftNews)
    /// How a call of the state machine ended.
    case callResult(RaftCallResult)
    /// An exception escaped the poll loop: the process is gone.
    case died(RaftDeath)
    /// The graceful shutdown has ended, in time or not: the process is gone.
    case stopped(inTime: Bool)

    public struct Sending: Sendable {
        public var request: RaftRequest
        public var destination: RaftDestination
        public var correlation: CorrelationID
    }

    public struct Reply: Sendable {
        public var response: RaftResponse
        public var token: ReplyToken
    }
}

/// What the listener of a Raft process is told (RaftClient.Listener).
public enum RaftNews: Hashable, Sendable {
    case committed([RaftBatch])
    case leaderChange(leader: NodeID?, epoch: Int32)
    case loadSnapshot(RaftSnapshot)
    /// The snapshot at 0@0 that a formatted node starts with.
    case loadBootstrap(RaftSnapshot)
}

/// How a call of the state machine ended.
public enum RaftCallResult: Hashable, Sendable {
    case appended(lastOffset: Int64)
    case snapshotCreated(Bool)
    case logCleaned(Bool)
    case upgraded
    case refused(Refusal)

    public enum Refusal: Error, Hashable, Sendable {
        /// NotLeaderException: the epoch is over.
        case notLeader
        /// IllegalArgumentException: the arguments are impossible.
        case illegalArgument
        /// IllegalStateException.
        case illegalState
        case error(KafkaError)
    }
}

/// Why a process died: the exception that Kafka 4.3.1 lets escape, and in words why.
public struct RaftDeath: Error, Hashable, Sendable {
    public enum Exception: Hashable, Sendable {
        case illegalState
        case illegalArgument
        /// KafkaException
        case kafka
        case clusterAuthorization
        case unexpectedAppendOffset
    }

    public var exception: Exception
    public var reason: Reason

    public init(_ exception: Exception, _ reason: Reason) {
        self.exception = exception
        self.reason = reason
    }

    /// The known ways to die.
    public enum Reason: String, Hashable, Sendable {
        case inconsistentLeader = "it was told of another leader in an epoch whose leader it knows"
        case leaderIsSelf = "it was told that it leads, and it does not"
        case leaderWithoutAddress = "it knows who leads but not where"
        case notFollowing = "the leader answered, but it does not follow"
        case truncationBelowHighWatermark = "the leader's log ends below what is committed"
        case highWatermarkWentBack = "the high watermark would go back"
        case impossibleTransition = "the role asked for cannot follow the one it has"
        case voteChanged = "a voter answered its vote request twice, and differently"
        case notAVoter = "somebody who is no voter answered like one"
        case votedWithoutID = "it has voted, but has no id"
        case candidateIsNoVoter = "it stood for election, but is no voter now"
        case unrelatedVoterSet = "a voter set shares no majority with the one before"
        case voterWithoutAddress = "a voter's address is not known"
        case appendBeforeEnd = "the leader sent records that begin before the end of the log"
        case snapshotMismatch = "a piece of another snapshot, or of another place in it, arrived"
        case missingSnapshot = "the log does not reach back as far, and there is no snapshot"
        case invalidRequest = "the answer was that its request is invalid"
        case logWithoutEpoch = "its log begins before its snapshot ends and knows no epoch"
        case notResigned = "a resignation was acknowledged, but it is over"
        case clusterAuthorization = "it is not allowed to take part in the cluster"
    }
}

/// The outbox of a Raft process, reused from input to input.
public typealias RaftEffects = Outbox<RaftEffect>

extension Outbox where Effect == RaftEffect {
    mutating func reply(_ response: consuming RaftResponse, to token: ReplyToken) {
        append(.reply(.init(response: response, token: token)))
    }
}
