import Kernel

/// How a controller is configured: what its own properties file says, and what its storage was
/// formatted with.
public struct ControllerSettings: Hashable, Sendable {
    public var clusterID = "cluster"
    /// All controllers: dynamic settings may be made for their node ids too.
    public var controllers: [NodeID] = []
    public var brokerSessionTimeout = Interval.seconds(9)
    public var defaultReplicationFactor: Int16 = 1
    public var defaultPartitions: Int32 = 1
    public var minInSyncReplicas = 1
    public var uncleanLeaderElection = false
    public var autoLeaderRebalance = true
    public var leaderImbalanceCheckInterval = Interval.seconds(300)
    public var uncleanLeaderElectionInterval = Interval.seconds(300)
    /// metadata.max.idle.interval.ms; nil: never.
    public var maxIdleInterval: Interval? = .milliseconds(500)
    /// The most elections of one run of a task.
    public var electionsPerRun = 1_000
    /// The features that a new cluster starts with, metadata.version first.
    public var bootstrapFeatures = Feature.allCases.compactMap { feature -> FeatureLevel? in
        let level = feature.defaultLevel(at: .latestProduction)
        return level > 0 && feature != .kraftVersion ? FeatureLevel(feature, level) : nil
    }

    public init() {}
}
