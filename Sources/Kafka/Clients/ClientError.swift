/// What a call of a client throws, or what a record's callback is told: the code that a broker
/// answered with, or one of the exceptions that only clients know.
///
/// Programs branch on it, and so does the producer itself: which error it meets decides whether a
/// transaction can be aborted or the producer is dead.
public struct ClientError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The exception that stands for an error code of the protocol.
        case code(KafkaError)
        case kafka
        case illegalState
        case illegalArgument
        case authentication
        case bufferExhausted
        case transactionAborted
        case commitFailed
        /// The connection was lost before the answer came.
        case disconnected
        case noBrokersAvailable
        case retriableCommitFailed
        /// Java's own TimeoutException, as the cause of Kafka's.
        case timedOut
        case noOffsetForPartition
        case offsetOutOfRange
        case logTruncation
        case recordDeserialization
        case serialization
    }

    /// What it is about, where the program can ask.
    public enum Subject: Hashable, Sendable {
        case topics([TopicRef])
        case partitions([PartitionRef])
        case offsets([PartitionOffset])
        /// Where the logs part is nil if the leader could not tell.
        case truncations([Truncation])
        case record(PartitionRef, offset: Int64)
    }

    public struct PartitionOffset: Hashable, Sendable {
        public var partition: PartitionRef
        public var offset: Int64
    }

    public struct Truncation: Hashable, Sendable {
        public var partition: PartitionRef
        public var offset: Int64
        public var diverging: EpochEndOffset?
    }

    public var kind: Kind
    /// What it wraps.
    public var cause: Kind?
    public var subject: Subject?

    public init(_ kind: Kind, cause: Kind? = nil, about subject: Subject? = nil) {
        self.kind = kind
        self.cause = cause
        self.subject = subject
    }

    @inlinable
    public static func code(_ code: KafkaError) -> ClientError { ClientError(.code(code)) }

    public static let kafka = ClientError(.kafka)
    public static let illegalState = ClientError(.illegalState)
    public static let illegalArgument = ClientError(.illegalArgument)

    /// Whether it is a RetriableException. Running out of buffer is one: it is a timeout.
    public var isRetriable: Bool {
        switch kind {
        case .code(let code): code.isRetriable
        case .bufferExhausted, .disconnected, .noBrokersAvailable, .retriableCommitFailed: true
        default: false
        }
    }
}

extension ClientError.Kind {
    /// As programs know it: the code's name, or the exception's.
    public var name: String {
        switch self {
        case .code(let error): error.name
        case .kafka: "KafkaException"
        case .illegalState: "IllegalStateException"
        case .illegalArgument: "IllegalArgumentException"
        case .authentication: "AuthenticationException"
        case .bufferExhausted: "BufferExhaustedException"
        case .transactionAborted: "TransactionAbortedException"
        case .commitFailed: "CommitFailedException"
        case .disconnected: "DisconnectException"
        case .noBrokersAvailable: "NoAvailableBrokersException"
        case .retriableCommitFailed: "RetriableCommitFailedException"
        case .timedOut: "TimeoutException"
        case .noOffsetForPartition: "NoOffsetForPartitionException"
        case .offsetOutOfRange: "OffsetOutOfRangeException"
        case .logTruncation: "LogTruncationException"
        case .recordDeserialization: "RecordDeserializationException"
        case .serialization: "SerializationException"
        }
    }
}
