import Kernel

/// What a consumer was configured with, under the names of its configuration.
public struct ConsumerSettings: Sendable {
    /// `group.protocol`: which of Kafka's two consumers it is.
    public enum Implementation: Sendable {
        /// One thread does it all, while the program is in a call (ClassicKafkaConsumer).
        case classic
        /// A thread of its own talks to the brokers (AsyncKafkaConsumer).
        case consumer
    }

    public var implementation = Implementation.classic
    public var group: String?
    /// Nil: `enable.auto.commit` is off.
    public var autoCommitInterval: Interval?
    public var isolation = ReadIsolation.uncommitted
    public var reset = ResetStrategy.latest
    public var maxPollRecords: Int32 = 500
    public var fetchMinBytes: Int32 = 1
    public var fetchMaxBytes: Int32 = 52_428_800
    public var fetchMaxWait = Interval.milliseconds(500)
    public var maxPartitionFetchBytes: Int32 = 1_048_576
    public var checksCRCs = true
    public var rack: String?
    public var retryBackoff = ExponentialBackoff(initial: .milliseconds(100), max: .seconds(1))
    public var reconnectBackoff = ExponentialBackoff(
        initial: .milliseconds(50), max: .seconds(1))
    /// `socket.connection.setup.timeout.ms`.
    public var connectionSetupTimeout = Interval.seconds(10)
    public var requestTimeout = Interval.seconds(30)
    /// `default.api.timeout.ms`.
    public var callTimeout = Interval.seconds(60)
    public var metadataMaxAge = Interval.seconds(300)
    public var heartbeatInterval = Interval.seconds(3)
    public var maxPollInterval = Interval.seconds(300)
    public var bootstrapNodes: [NodeID] = []
    /// A value of which the program's deserializer can make nothing.
    public var undeserializable: Payload?
    /// Where Kafka's threads spin, they look again that much later: virtual time would stand still
    /// otherwise.
    public var spin = Interval.milliseconds(1)
    public var generation = Generation.current

    public init() {}

    var commitsAutomatically: Bool { group != nil && autoCommitInterval != nil }
    var retryDelay: Interval { retryBackoff.initial }
}
