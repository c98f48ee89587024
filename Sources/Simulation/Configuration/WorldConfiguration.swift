import Kafka
import Kernel

/// Everything that a run consists of besides its seed's luck. Two worlds with equal configurations
/// have equal runs, to the last digest.
public struct WorldConfiguration: Sendable {
    public var seed: UInt64 = 0
    public var nodes: [NodeConfiguration]
    /// 0: the voters stand in every node's settings. 1: in the log (KIP-853).
    public var kraftVersion: Int16 = 1
    public var raft = RaftSettings()
    public var network = NetworkConfiguration()
    public var disk = DiskConfiguration()
    public var proposers: [ProposerConfiguration] = []
    public var snapshots: SnapshotPolicy?
    /// What runs on the quorum; nil: nothing does, and its log says nothing.
    public var cluster: ClusterConfiguration?
    /// `metadata.log.segment.bytes`: cleaning deletes whole files only, so a log keeps up to this
    /// much of what its snapshots already hold.
    public var metadataSegmentBytes: Int64 = 1 << 30
    public var steps: [Step] = []
    /// Several kinds of trouble at once, each with whom it strikes and how often.
    public var chaos: [Chaos] = []
    /// Choices that are not left to the seed.
    public var overrides: [(key: Choices.Key, value: UInt64)] = []

    /// A cluster is started some time before zero, so that it stands when the run begins.
    public var beginsAt: Instant { cluster == nil ? .zero : .zero - .seconds(10) }

    public init(nodes: [NodeConfiguration]) {
        self.nodes = nodes
    }

    /// Controllers 1 … n that all vote, and brokers after them that only observe.
    public init(controllers: Int, observers: Int = 0) {
        nodes = (0..<controllers).map { .voter(NodeID(Int32($0 + 1))) }
        nodes += (0..<observers).map { .observer(NodeID(Int32(controllers + $0 + 1))) }
    }
}

/// One process of the cluster as it is before it starts for the first time.
public struct NodeConfiguration: Hashable, Sendable {
    public var id: NodeID
    /// In the voter set that the cluster is formatted with.
    public var isVoter: Bool
    /// A controller that is not a voter yet may be added; a broker never.
    public var canBecomeVoter: Bool
    /// It hosts partitions.
    public var isBroker: Bool
    /// It is there from the beginning; otherwise a `restart` starts it.
    public var startsAtOnce: Bool
    public var clockAhead: Interval
    /// Of a broker: how many log directories it has, besides that of the metadata log.
    public var directories = 1

    public init(
        id: NodeID, isVoter: Bool, canBecomeVoter: Bool, isBroker: Bool = false,
        startsAtOnce: Bool = true, clockAhead: Interval = .zero
    ) {
        self.id = id
        self.isVoter = isVoter
        self.canBecomeVoter = canBecomeVoter
        self.isBroker = isBroker
        self.startsAtOnce = startsAtOnce
        self.clockAhead = clockAhead
    }

    public static func voter(_ id: NodeID) -> NodeConfiguration {
        NodeConfiguration(id: id, isVoter: true, canBecomeVoter: true)
    }

    public static func observer(_ id: NodeID) -> NodeConfiguration {
        NodeConfiguration(id: id, isVoter: false, canBecomeVoter: false)
    }
}

/// How the links between hosts behave while nothing is wrong with them.
public struct NetworkConfiguration: Hashable, Sendable {
    /// Nanoseconds one way, without the time that the bytes themselves take.
    public var latency = Distribution.sameRack
    /// Bytes a second that a host can send; nil: no limit.
    public var bandwidth: Int64? = 1_250_000_000
    /// Round trips before a connection can carry its first request: TCP's own, and ApiVersions.
    public var handshakeRoundTrips: UInt8 = 2
    /// After a healing, stalled bytes wait for TCP to try again: at most this long.
    public var retransmissionLimit = Interval.milliseconds(500)
    /// `socket.connection.setup.timeout.ms`.
    public var connectionSetupTimeout = Interval.seconds(10)
    /// `reconnect.backoff.ms` and `reconnect.backoff.max.ms` of the Raft client.
    public var reconnectBackoff = Interval.milliseconds(50)
    public var reconnectBackoffMax = Interval.milliseconds(500)
    /// Links that are not like the others.
    public var links: [LinkConfiguration] = []

    public init() {}
}

/// Both directions between two nodes.
public struct LinkConfiguration: Hashable, Sendable {
    public var from: NodeID
    public var to: NodeID
    public var latency: Distribution

    public init(from: NodeID, to: NodeID, latency: Distribution) {
        self.from = from
        self.to = to
        self.latency = latency
    }
}

/// How the disks behave while nothing is wrong with them.
public struct DiskConfiguration: Hashable, Sendable {
    /// Nanoseconds.
    public var flushLatency = Distribution.solidState
    /// How many in a million power losses tear the last batch that survives in part.
    public var tornTailsPerMillion: UInt64 = 500_000
    public var unflushed = Unflushed.partly

    /// How much of a replica's log that had not been flushed a power loss takes.
    public enum Unflushed: String, CaseIterable, Hashable, Sendable {
        /// Some of it may have made it to the disk all the same.
        case partly
        /// All of it.
        case wholly
    }
    /// What a power loss does to a file of a log of which nothing had been flushed: it is not there
    /// any more, or it is, with nothing in it.
    public var leavesEmptyFiles = false

    public init() {}
}

/// A state machine on every node that proposes records while its node leads.
public struct ProposerConfiguration: Hashable, Sendable {
    public var every: Interval
    public var batchRecords: Int32
    public var recordBytes: Int32
    /// Nil: without end.
    public var records: Int64?
    /// Instead of at a fixed pace, keep this many batches uncommitted; for measuring.
    public var pipelined: Int?
    public var from: Instant
    public var until: Instant

    public init(
        every: Interval, batchRecords: Int32 = 1, recordBytes: Int32 = 100, records: Int64? = nil,
        pipelined: Int? = nil, from: Instant = .zero, until: Instant = .never
    ) {
        self.every = every
        self.batchRecords = batchRecords
        self.recordBytes = recordBytes
        self.records = records
        self.pipelined = pipelined
        self.from = from
        self.until = until
    }
}

/// When a node writes a snapshot and cleans its log behind it.
public struct SnapshotPolicy: Hashable, Sendable {
    /// `metadata.log.max.record.bytes.between.snapshots`, counted in records here.
    public var everyRecords: Int64
    /// What a snapshot weighs however long the log is.
    public var sizeInBytes: Int64

    public init(everyRecords: Int64, sizeInBytes: Int64 = 1_000_000) {
        self.everyRecords = everyRecords
        self.sizeInBytes = sizeInBytes
    }
}
