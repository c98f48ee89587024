import Kernel

/// How a broker is configured: its properties file, and what its storage was formatted with.
public struct BrokerSettings: Sendable {
    public var clusterID: String
    public var endpoint: Endpoint
    /// `broker.rack`
    public var rack: String?
    /// All that the properties file says, by Kafka's names.
    public let properties: Settings
    public let heartbeatInterval: Interval
    public let sessionTimeout: Interval
    public let registrationTimeout: Interval
    /// `controller.socket.timeout.ms`
    public let controllerTimeout: Interval
    /// `replica.socket.timeout.ms`
    public let replicaSocketTimeout: Interval
    public let fetchSessionSlots: Int
    public let shutsDownControlled: Bool
    public let createsTopics: Bool
    public let defaultPartitions: Int32
    public let defaultReplicationFactor: Int16

    /// Precondition: `properties` are a broker's, and checked (`Settings.checkedBroker`).
    public init(_ properties: Settings, clusterID: String, endpoint: Endpoint) {
        precondition(properties.kind == .broker, "a broker is configured as one")
        func milliseconds(_ name: String) -> Interval {
            properties.interval(name)
        }
        self.clusterID = clusterID
        self.endpoint = endpoint
        self.properties = properties
        rack = properties.text("broker.rack")
        heartbeatInterval = milliseconds("broker.heartbeat.interval.ms")
        sessionTimeout = milliseconds("broker.session.timeout.ms")
        registrationTimeout = milliseconds("initial.broker.registration.timeout.ms")
        controllerTimeout = milliseconds("controller.socket.timeout.ms")
        replicaSocketTimeout = milliseconds("replica.socket.timeout.ms")
        fetchSessionSlots = Int(properties.number("max.incremental.fetch.session.cache.slots"))
        shutsDownControlled = properties.boolean("controlled.shutdown.enable")
        createsTopics = properties.boolean("auto.create.topics.enable")
        defaultPartitions = Int32(properties.number("num.partitions"))
        // As Kafka narrows it (Integer.shortValue).
        defaultReplicationFactor = Int16(
            truncatingIfNeeded: properties.number("default.replication.factor"))
    }
}
