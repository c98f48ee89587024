import Kafka

/// What the partitions look like, for those who tell or compare how a run ended.
extension World {
    /// What the metadata log says of a partition, as far as anybody has read.
    public func partition(_ name: TopicPartition) -> PartitionRegistration? {
        registration(of: name)
    }

    /// The name that a partition goes by in the metadata log; nil while it is not there.
    public func identity(of name: TopicPartition) -> TopicIDPartition? { id(of: name) }

    /// A broker's log of a partition; nil if it does not run or has none.
    public func log(of name: TopicPartition, on broker: NodeID) -> PartitionLog? {
        guard let process = index(of: broker), processes[process].thread.isUp,
            let place = self.broker(at: process), let id = id(of: name)
        else { return nil }
        return brokers[place].broker.replicas[id]?.log
    }

    /// What the metadata log says of a broker: nil if it has never registered.
    public func registration(of broker: NodeID) -> BrokerRegistration? {
        feed.latest?.brokers[broker]
    }

    /// How many records a producer has been told to send so far, by its name.
    public func sentCount(of producer: String) -> Int64? {
        producers.first { $0.configuration.name == producer }?.nextTicket
    }
}
