import Kafka

/// What a client has seen or done. Records are named by their place in what their producer has
/// sent, from 0.
public enum ClientNote: Hashable, Sendable {
    /// The producer was told that these are written, one behind the other from this offset on;
    /// nil: with acks=0 nobody says where, nor whether. `by` is the broker whose answer that was;
    /// nil: nobody answers with acks=0.
    case acknowledged([SendTicket], TopicIDPartition, offset: Int64?, by: NodeID?)
    case failed([SendTicket], ClientError)
    /// A Produce answer carried an error; whether it is tried again is the producer's affair.
    case refused(TopicIDPartition, KafkaError)
    /// A program has been given the records of these offsets, in which there may be gaps.
    case received(TopicIDPartition, from: Int64, to: Int64)
    /// A consumer goes on from here because of its reset policy, because the log was truncated, or
    /// because it was told to go to an end of the log. With an epoch: by the word of who leads in
    /// that one the log ends here.
    case reset(TopicIDPartition, offset: Int64, endInEpoch: Int32?)
    /// A consumer's program has asked for an end of the log, and this is it.
    case lookedUp(TopicIDPartition, offset: Int64)
    /// A call of the program threw.
    case threw(ClientError)
}
