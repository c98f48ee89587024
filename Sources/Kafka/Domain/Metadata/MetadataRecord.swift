/// One record of the metadata log. What the controller decides is only what it writes here;
/// brokers and other controllers know the cluster by applying these in order.
public enum MetadataRecord: Hashable, Sendable {
    /// What follows becomes true only with `endTransaction` (KIP-868).
    case beginTransaction
    case endTransaction
    case noOp
    case featureLevel(FeatureLevel)
    /// A dynamic setting; nil removes it.
    case config(ConfigResource, key: String, value: String?)
    /// The eligible leader replicas of a topic are forgotten; of all topics when nil.
    case clearELR(topic: String?)
    case topic(name: String, id: TopicID)
    case removeTopic(TopicID)
    case partition(TopicIDPartition, PartitionRegistration)
    case partitionChange(TopicIDPartition, PartitionChange)
    case registerBroker(BrokerRegistration)
    case unregisterBroker(NodeID, epoch: Int64)
    case brokerRegistrationChange(BrokerRegistrationChange)
    /// Producer ids below `next` are given away.
    case producerIDs(broker: NodeID, epoch: Int64, next: Int64)
}
