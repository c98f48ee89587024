import Kernel

/// The answer to a `RaftRequest`. Every API reports the epoch and leader that the answering node
/// knows, so that whoever was wrong about them learns it from any answer.
public struct RaftResponse: Hashable, Sendable {
    public var error: KafkaError
    /// The error is that of the whole response, which then says nothing else.
    public var isTopLevelError: Bool
    public var epoch: Int32
    public var leader: NodeID?
    /// Where that leader listens, if the answering node knows.
    public var endpoint: Endpoint?
    public var body: Body

    public init(
        error: KafkaError = .none, isTopLevelError: Bool = false, epoch: Int32, leader: NodeID?,
        endpoint: Endpoint? = nil, body: Body
    ) {
        self.error = error
        self.isTopLevelError = isTopLevelError
        self.epoch = epoch
        self.leader = leader
        self.endpoint = endpoint
        self.body = body
    }

    public enum Body: Hashable, Sendable {
        case vote(granted: Bool)
        case beginQuorumEpoch
        case endQuorumEpoch
        case fetch(Fetch)
        indirect case fetchSnapshot(FetchSnapshot)
        case describeQuorum(DescribeQuorum)
        case addVoter
        case removeVoter
        case updateVoter
        /// The kraft.version range that the answering software supports; nil: it said none.
        case apiVersions(ClosedRange<Int16>?)
    }

    public struct Fetch: Hashable, Sendable {
        public var highWatermark: Int64?
        public var records: [RaftBatch]
        /// Why there are no records.
        public var detour: Detour?

        public enum Detour: Hashable, Sendable {
            /// Up to where the follower's log may agree with the leader's: it cuts and asks again.
            case diverging(OffsetAndEpoch)
            /// The log no longer has what was asked for: load this snapshot first (KIP-630).
            case snapshot(OffsetAndEpoch)
        }

        public init(
            highWatermark: Int64?, records: [RaftBatch] = [], detour: Detour? = nil
        ) {
            self.highWatermark = highWatermark
            self.records = records
            self.detour = detour
        }

        public var diverging: OffsetAndEpoch? {
            if case .diverging(let position) = detour { position } else { nil }
        }

        public var snapshot: OffsetAndEpoch? {
            if case .snapshot(let id) = detour { id } else { nil }
        }
    }

    /// One chunk of a snapshot. Its bytes are not modelled: the answer carries what the whole
    /// snapshot holds, and the receiver may use it when it has counted all of `size`.
    public struct FetchSnapshot: Hashable, Sendable {
        public var id: OffsetAndEpoch
        public var size: Int64
        public var position: Int64
        public var bytes: Int32
        public var content: RaftSnapshot?

        public init(
            id: OffsetAndEpoch, size: Int64, position: Int64, bytes: Int32, content: RaftSnapshot?
        ) {
            self.id = id
            self.size = size
            self.position = position
            self.bytes = bytes
            self.content = content
        }
    }

    public struct DescribeQuorum: Hashable, Sendable {
        public var highWatermark: Int64?
        public var voters: [Replica]
        public var observers: [Replica]

        public init(highWatermark: Int64?, voters: [Replica], observers: [Replica]) {
            self.highWatermark = highWatermark
            self.voters = voters
            self.observers = observers
        }

        public struct Replica: Hashable, Sendable {
            public var key: ReplicaKey
            public var logEnd: Int64?
            public var lastFetch: Instant?
            public var lastCaughtUp: Instant?

            public init(
                key: ReplicaKey, logEnd: Int64?, lastFetch: Instant?, lastCaughtUp: Instant?
            ) {
                self.key = key
                self.logEnd = logEnd
                self.lastFetch = lastFetch
                self.lastCaughtUp = lastCaughtUp
            }
        }
    }
}
