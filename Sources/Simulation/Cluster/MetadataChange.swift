import Kafka

/// What a batch of the metadata log has changed, told when the first broker reads it: the cluster
/// is so from then on, and each broker behaves so as soon as it knows.
public enum MetadataChange: Hashable, Sendable {
    /// The partition as it is afterwards.
    indirect case partition(TopicIDPartition, PartitionRegistration)
    /// It is to be replicated elsewhere, or is new.
    indirect case replicas(TopicIDPartition, PartitionRegistration)
    case removedTopic(TopicID)
    /// A dynamic setting; nil: it has its default again.
    indirect case config(ConfigResource, key: String, value: String?)
    /// Or once more, by the same life of it: then it may be serving already.
    case registered(NodeID, isFenced: Bool)
    case fenced(NodeID)
    case unfenced(NodeID)
}
