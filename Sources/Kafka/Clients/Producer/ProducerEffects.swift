import Kernel

/// A request as it leaves a producer.
public struct ProducerRequest: Sendable {
    public enum Body: Sendable {
        case produce([PartitionBatch])
        case metadata([TopicRef])
        case transactional(TransactionalRequest.Body)
    }

    public struct PartitionBatch: Sendable {
        public var partition: PartitionRef
        public var batch: RecordBatch
        /// Of its records, in order.
        public var tickets: [SendTicket]
    }

    public var number: RequestNumber
    public var node: NodeID
    public var body: Body
    /// Produce with acks=0 gets no answer.
    public var isAnswered: Bool
    /// The broker may add a partition to the transaction itself: a newer version is spoken.
    public var isV2: Bool
}

/// What became of the records of a batch: their callbacks, all at once.
public struct BatchCompletion: Sendable {
    public enum Outcome: Sendable {
        /// `baseOffset` -1: unknown. `logAppendTime` -1: as created.
        case written(baseOffset: Int64, logAppendTime: Int64)
        case failed(ClientError)
        /// Some records were refused, with this error; the others fell with them.
        case refused(records: [Int32], ClientError)
    }

    public var partition: PartitionRef
    public var tickets: [SendTicket]
    public var outcome: Outcome
}

/// What a call of `send` came back with.
public enum SendResult: Sendable {
    case accepted(PartitionRef, isReady: Bool, isNewBatch: Bool)
    /// It waits for memory or for metadata.
    case blocked
    /// `appended`: and yet the record is among those that will be sent.
    case failed(ClientError, appended: PartitionRef?)
}

/// What a producer wants done, in order.
public enum ProducerEffect: Sendable {
    case send(ProducerRequest)
    case connect(NodeID)
    case disconnect(NodeID)
    case completed(BatchCompletion)
    case sendReturned(SendTicket, SendResult)
    /// Nil: it did what it should.
    case callReturned(ClientError?)
    /// The call has not ended, but the program waits no longer.
    case callAbandoned
    case flushed
    /// The sender's thread does nothing until then.
    case sleep(until: Instant)
    /// It waits for answers, at most so long; nil: for ever.
    case poll(Interval?)
    /// An exception came out of the sender's loop or of the handler of an answer, and was logged.
    case uncaught(ClientError)
    /// It wants a turn then, if nothing happens before.
    case wake(at: Instant)
    /// The sender's thread is gone.
    case ended
}

public typealias ProducerEffects = Outbox<ProducerEffect>
