import Kernel

/// Where the program wants a record to go.
public enum RecordRoute: Hashable, Sendable {
    case partition(Int32, of: TopicRef)
    /// By its key, or where the partitioner likes.
    case topic(TopicRef)
}

/// What can happen to a producer.
public enum ProducerInput: Sendable {
    case send(Record, SendTicket, to: RecordRoute)
    /// A call of `send` has waited for `max.block.ms`.
    case sendTimedOut(SendTicket)
    case initTransactions
    case beginTransaction
    case commitTransaction
    case abortTransaction
    case sendOffsets([OffsetToCommit], GroupMembership)
    /// The program waits for the end of its last call.
    case awaitCall
    /// It has waited for `max.block.ms`.
    case callTimedOut
    case flush
    case close
    case forceClose

    /// Metadata that it did not ask for.
    case metadata([ProducerMetadata.Leadership], nodes: [NodeID])
    case features(transactionVersion: Int16, epoch: Int64)
    /// A connection stands; this is the highest InitProducerId that the node knows.
    case connected(NodeID, initProducerIDVersion: Int16)
    /// A connection broke or did not come about.
    case disconnected(NodeID)
    /// The producer's own patience with a node's oldest request is over.
    case connectionTimedOut(NodeID)
    case answer(RequestNumber, ProducerAnswer)
    /// The sender's thread gets a turn.
    case turn
}

/// What a broker says of one partition of a Produce request.
public struct PartitionProduceAnswer: Sendable {
    public var partition: PartitionRef
    public var error: KafkaError
    /// -1: unknown.
    public var baseOffset: Int64
    /// -1: the records keep the times that the producer gave them.
    public var logAppendTime: Int64
    public var logStartOffset: Int64
    /// Who leads instead (KIP-951).
    public var leader: NodeID?
    public var leaderEpoch: Int32
    /// Which records of the batch were refused (KIP-467).
    public var refusedRecords: [Int32]

    public init(
        _ partition: PartitionRef, _ error: KafkaError, baseOffset: Int64 = -1,
        logAppendTime: Int64 = -1, logStartOffset: Int64 = -1, leader: NodeID? = nil,
        leaderEpoch: Int32 = -1, refusedRecords: [Int32] = []
    ) {
        self.partition = partition
        self.error = error
        self.baseOffset = baseOffset
        self.logAppendTime = logAppendTime
        self.logStartOffset = logStartOffset
        self.leader = leader
        self.leaderEpoch = leaderEpoch
        self.refusedRecords = refusedRecords
    }
}

/// The answers to a producer's requests.
public enum ProducerAnswer: Sendable {
    case produced([PartitionProduceAnswer], endpoints: [NodeID])
    case metadata([ProducerMetadata.Leadership], nodes: [NodeID])
    case coordinator(NodeID)
    case identity(ProducerIdentity)
    case addedPartitions([(PartitionRef, KafkaError)])
    case addedOffsets
    case committedOffsets([(TopicIDPartition, KafkaError)])
    /// With transaction version 2 the producer goes on under another identity (KIP-890).
    case ended(next: ProducerIdentity)
    /// The request as a whole was refused.
    case refused(KafkaError)
    /// The node does not know the request's version.
    case unsupportedVersion
}
