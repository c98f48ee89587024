import Kafka
import Kernel

/// What runs on the quorum: brokers with topics, clients that write and read them. A world without
/// it is a bare Raft quorum.
public struct ClusterConfiguration: Sendable {
    /// Common to all nodes, as their properties files say.
    public var settings: Settings
    /// For single nodes, instead of the common ones.
    public var nodeSettings: [(node: NodeID, settings: Settings)] = []
    public var racks: [(node: NodeID, rack: String)] = []
    public var generation = Generation.current
    /// Levels that the cluster is formatted with instead of the newest.
    public var features: [FeatureLevel] = []
    /// Made as soon as the brokers that they need are there.
    public var topics: [TopicConfiguration] = []
    public var producers: [ProducerConfiguration] = []
    public var consumers: [ConsumerConfiguration] = []

    public init(settings: Settings) {
        self.settings = settings
    }

    /// As this node has them.
    public func settings(of node: NodeID) -> Settings {
        nodeSettings.first { $0.node == node }?.settings ?? settings
    }

    public func rack(of node: NodeID) -> String? { racks.first { $0.node == node }?.rack }
}

/// A topic as it is to be when the cluster begins its work.
public struct TopicConfiguration: Hashable, Sendable {
    public var name: String
    public var partitions: Int32
    public var replicationFactor: Int16
    /// By partition; the first leads. Empty: the controller places them.
    public var assignments: [[NodeID]]
    public var settings: [CreateTopicsRequest.Setting]

    public init(
        _ name: String, partitions: Int32 = 1, replicationFactor: Int16 = -1,
        assignments: [[NodeID]] = [], settings: [CreateTopicsRequest.Setting] = []
    ) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.assignments = assignments
        self.settings = settings
    }
}

/// A program that writes.
public struct ProducerConfiguration: Sendable {
    public var name: String
    public var settings: ProducerSettings
    /// What it sends of its own accord; steps can have it send more.
    public var orders: [SendOrder]
    public var startsAt: Instant
    public var clockAhead: Interval

    public init(
        _ name: String, settings: ProducerSettings, orders: [SendOrder] = [],
        startsAt: Instant = .zero, clockAhead: Interval = .zero
    ) {
        self.name = name
        self.settings = settings
        self.orders = orders
        self.startsAt = startsAt
        self.clockAhead = clockAhead
    }
}

/// Records that a producer is to send.
public struct SendOrder: Hashable, Sendable {
    public var topic: String
    /// Nil: wherever the key or the partitioner says.
    public var partition: Int32?
    /// Taken in turn; empty: none has a key. Nil among them: this one has none.
    public var keys: [String?]
    /// Nil among them: a tombstone. Empty: each says its number.
    public var values: [String?]
    /// Nil: without end.
    public var records: Int64?
    /// Zero: all at once.
    public var every: Interval
    /// This many each time.
    public var atOnce: Int32
    /// In bytes, of values that say their number.
    public var valueSize: Int32
    /// Waits until all that was sent before has been answered.
    public var awaits: Bool
    /// Nothing more is sent from then on.
    public var until = Instant.never

    public init(
        to topic: String, partition: Int32? = nil, keys: [String?] = [], values: [String?] = [],
        records: Int64?, every: Interval = .zero, atOnce: Int32 = 1, valueSize: Int32 = 10,
        awaits: Bool = false
    ) {
        self.topic = topic
        self.partition = partition
        self.keys = keys
        self.values = values
        self.records = records
        self.every = every
        self.atOnce = atOnce
        self.valueSize = valueSize
        self.awaits = awaits
    }
}

/// A program that reads.
public struct ConsumerConfiguration: Sendable {
    public var name: String
    public var settings: ConsumerSettings
    public var reads: Reading
    public var startsAt: Instant
    public var clockAhead: Interval
    /// How long it works on what one poll has given it.
    public var workTime: Interval
    /// How long a poll waits for records.
    public var pollTimeout = Interval.seconds(1)

    public enum Reading: Hashable, Sendable {
        /// These partitions, without a group's say; of a topic all when nil.
        case assigned([TopicPartitions])
        case subscribed([String])
    }

    public init(
        _ name: String, settings: ConsumerSettings, reads: Reading, startsAt: Instant = .zero,
        clockAhead: Interval = .zero, workTime: Interval = .zero
    ) {
        self.name = name
        self.settings = settings
        self.reads = reads
        self.startsAt = startsAt
        self.clockAhead = clockAhead
        self.workTime = workTime
    }
}
