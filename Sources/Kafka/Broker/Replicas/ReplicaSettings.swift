import Kernel

/// How a broker is configured as far as its replicas go.
public struct ReplicaSettings: Sendable {
    /// replica.lag.time.max.ms
    public var maxLag = Interval.seconds(30)
    /// replica.high.watermark.checkpoint.interval.ms
    public var highWatermarkCheckpointInterval = Interval.seconds(5)
    /// log.flush.offset.checkpoint.interval.ms, and the one of log starts, which is as long.
    public var logCheckpointInterval = Interval.seconds(60)
    /// log.retention.check.interval.ms
    public var retentionCheckInterval = Interval.seconds(300)
    /// log.cleaner.backoff.ms; nil: nothing is ever compacted (log.cleaner.enable).
    public var cleanerBackoff: Interval? = .seconds(15)
    /// producer.id.expiration.check.interval.ms
    public var producerExpiryCheckInterval = Interval.seconds(600)
    /// log.initial.task.delay.ms
    public var initialTaskDelay = Interval.seconds(30)
    /// min.insync.replicas of topics that do not say.
    public var minInSyncReplicas = 1
    /// What topics do not say about their logs.
    public var log = LogConfig()
    /// All that topics do not say, and the broker's own properties; nil: topics say nothing but
    /// their `min.insync.replicas`.
    public var topicDefaults: Settings?
    public var properties: Settings?
    /// replica.selector.class
    public var selector: ReplicaSelector?
    /// fetch.max.bytes: no answer is larger, whatever was asked for.
    public var maxFetchBytes: Int64 = 57_671_680
    /// How long a change of an ISR that the controller could not look at waits before it is sent
    /// again.
    public var alterPartitionBackoff = Interval.milliseconds(50)

    public init() {}
}

/// Where Kafka lets go of a lock and takes it again in the midst of a request: what comes between
/// belongs to other threads. A world that names a point decides how long the gap is; by default
/// there is none.
public struct YieldPoints: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A follower's fetch was read, its progress is not noted yet (KAFKA-15590).
    public static let beforeFollowerUpdate = YieldPoints(rawValue: 1)
    /// A follower was found fit for the ISR, the change is not proposed yet (KAFKA-15221).
    public static let beforeExpansion = YieldPoints(rawValue: 2)
}
