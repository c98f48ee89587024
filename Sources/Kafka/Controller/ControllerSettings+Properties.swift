import Kernel

extension ControllerSettings {
    /// Precondition: `properties` are a controller's, which has the same as a broker, and checked.
    public init(_ properties: Settings) {
        func milliseconds(_ name: String) -> Interval { properties.interval(name) }
        self.init()
        brokerSessionTimeout = milliseconds("broker.session.timeout.ms")
        // As Kafka narrows it (Integer.shortValue).
        defaultReplicationFactor = Int16(
            truncatingIfNeeded: properties.number("default.replication.factor"))
        defaultPartitions = Int32(properties.number("num.partitions"))
        minInSyncReplicas = Int(properties.number("min.insync.replicas"))
        uncleanLeaderElection = properties.boolean("unclean.leader.election.enable")
        autoLeaderRebalance = properties.boolean("auto.leader.rebalance.enable")
        leaderImbalanceCheckInterval = milliseconds("leader.imbalance.check.interval.seconds")
        uncleanLeaderElectionInterval = milliseconds("unclean.leader.election.interval.ms")
        let idle = properties.number("metadata.max.idle.interval.ms")
        maxIdleInterval = idle > 0 ? .milliseconds(idle) : nil
    }
}
