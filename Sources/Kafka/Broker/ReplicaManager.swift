import Kernel

/// The replicas of one broker (ReplicaManager): it hosts partitions, answers what is asked of them,
/// keeps requests that must wait, and tells the controller who is in sync.
///
/// It holds no clock, network or disk. The followers' fetchers are a machine of their own: this
/// one says from where they are to copy (`startFetching`), they write to the partitions here.
public struct ReplicaManager: Sendable {
    public internal(set) var broker: BrokerContext
    /// What this broker hosts. Each lies in a box of its own: a fork that touches one copies one.
    var partitions = ForkableMap<TopicIDPartition, Shared<Partition>>()

    public init(id: NodeID, settings: ReplicaSettings, generation: Generation = .current) {
        broker = BrokerContext(id: id, settings: settings, generation: generation)
    }

    public subscript(id: TopicIDPartition) -> Partition? { partitions[id]?.value }

    /// The one door.
    public mutating func receive(
        _ input: ReplicaInput, at now: Instant, _ effects: inout ReplicaEffects
    ) {
    }
}
