import Kernel

/// What a producer was told (ProducerConfig), already checked: see ClientConfigs for the rules that
/// tie settings together.
public struct ProducerSettings: Sendable {
    public enum Acks: Int16, Sendable {
        case none = 0
        case leader = 1
        case all = -1
    }

    /// How a record finds its partition if it names none.
    public enum Partitioner: Sendable {
        /// A key decides by its hash; without key, the partition sticks (KIP-794).
        case builtIn(ignoreKeys: Bool)
        /// RoundRobinPartitioner.
        case roundRobin
    }

    /// In which order the client lists the partitions of a topic and of a node.
    public enum Listing: Sendable {
        /// As the hash tables of the Java client have them.
        case hashTable
        case byNumber
    }

    public var acks = Acks.all
    public var retries = Int32.max
    public var maxInFlight = 5
    public var linger = Interval.milliseconds(5)
    public var batchSize: Int32 = 16_384
    public var bufferMemory: Int64 = 33_554_432
    public var maxRequestSize: Int32 = 1_048_576
    public var maxBlock = Interval.seconds(60)
    public var requestTimeout = Interval.seconds(30)
    public var deliveryTimeout = Interval.seconds(120)
    public var retryBackoff = ExponentialBackoff(initial: .milliseconds(100), max: .seconds(1))
    /// What the sender's thread sleeps before it repeats a transactional request: not exponential.
    public var transactionalBackoff = Interval.milliseconds(100)
    public var reconnectBackoff = ExponentialBackoff(
        initial: .milliseconds(50), max: .seconds(1))
    /// `socket.connection.setup.timeout.ms`.
    public var connectionSetupTimeout = Interval.seconds(10)
    public var metadataMaxAge = Interval.seconds(300)
    /// Whom to ask first.
    public var bootstrapNodes: [NodeID] = []
    /// Where Kafka's sender spins, because a partition of a ready node is blocked, it looks again
    /// that much later: virtual time would stand still otherwise.
    public var spin = Interval.milliseconds(1)
    public var isIdempotent = true
    /// What an idempotent producer is at when it begins, as if it had written for long: epochs and
    /// sequences come to an end, and no run is long enough to get there.
    public var firstEpoch: Int16 = 0
    public var firstSequence: Int32 = 0
    public var transactionalID: String?
    public var transactionTimeout = Interval.seconds(60)
    public var partitioner = Partitioner.builtIn(ignoreKeys: false)
    public var adaptivePartitioning = true
    /// Zero: no node is ever taken for unavailable.
    public var availabilityTimeout = Interval.zero
    public var listing = Listing.hashTable
    public var generation = Generation.current

    public init() {}

    public var isTransactional: Bool { transactionalID != nil }

    /// With one request in flight a partition waits until its request ends, so that a retry cannot
    /// be overtaken (Sender.guaranteeMessageOrder).
    public var mutesPartitionsInFlight: Bool { maxInFlight == 1 }
}
