import Kernel

/// What can happen to a consumer.
public enum ConsumerInput: Sendable {
    /// Not while another call has not returned.
    case call(ConsumerCall)
    case answer(RequestNumber, ConsumerAnswer)
    case connected(NodeID)
    /// A connection broke or did not come about.
    case disconnected(NodeID)
    /// Metadata that it did not ask for.
    case metadata(MetadataReply)
    /// The clock has moved: a call that waits may go on.
    case time
    /// The clock has moved, and the consumer's own thread, if it has one, gets a turn.
    case turn
}

/// The answers to a consumer's requests.
public enum ConsumerAnswer: Sendable {
    case broker(BrokerReply)
    case coordinator(KafkaError, NodeID?)
    case offsets(OffsetFetchReply)
    case committed(OffsetCommitReply)
    /// The node does not know the request.
    case unsupported
}

/// A request as it leaves a consumer.
public struct ConsumerRequest: Sendable {
    public enum Body: Sendable {
        case broker(BrokerRequest)
        /// Who coordinates the group?
        case findCoordinator(group: String)
        case fetchOffsets(OffsetFetchRequest)
        case commitOffsets(OffsetCommitRequest)
    }

    public var number: RequestNumber
    public var node: NodeID
    public var body: Body
}

/// What a consumer wants done, in order.
public enum ConsumerEffect: Sendable {
    case send(ConsumerRequest)
    case connect(NodeID)
    case disconnect(NodeID)
    case returned(CallResult)
    case failed(ClientError)
    /// The callback of an asynchronous commit runs.
    case callback(CommitTicket, [ConsumerCall.OffsetsToCommit], ClientError?)
    /// It goes on from there: its reset policy says so, or the log was truncated (KIP-320). With an
    /// epoch: that is where the log ends, by the word of who leads in that epoch.
    case reset(PartitionRef, offset: Int64, endInEpoch: Int32?)
    /// It wants a turn then, if nothing happens before.
    case wake(at: Instant)
    case closed
}

public typealias ConsumerEffects = Outbox<ConsumerEffect>

extension NodeID {
    /// The second connection to a node, for what it does as a group's coordinator, so that commits
    /// do not queue behind fetches (AbstractCoordinator).
    public var asCoordinator: NodeID { NodeID(Int32.max - rawValue) }

    public var isCoordinatorConnection: Bool { rawValue > Int32.max / 2 }
}
