/// Who appends (AppendOrigin): what is checked depends on it.
public enum AppendOrigin: Hashable, Sendable {
    case client
    /// A group or transaction coordinator writing its state, or markers.
    case coordinator
    case replication
    case raftLeader
}

/// Why a log did not do what it was asked. The answer is Kafka's error; the few cases for which
/// the protocol has none are exceptions that only the broker itself sees.
public enum LogRefusal: Error, Hashable, Sendable {
    case corruptMessage
    /// The indices of the records at fault; empty when the batch as a whole is refused.
    case invalidRecord([Int32])
    case invalidTimestamp([Int32])
    case messageTooLarge
    case recordListTooLarge
    case invalidProducerEpoch
    case outOfOrderSequenceNumber
    /// Too old for the log to know where it is: the client takes it for a success (KAFKA-9199).
    case duplicateSequenceNumber
    /// Only brokers before KIP-360 answer it.
    case unknownProducerID
    case invalidTransactionState
    case transactionCoordinatorFenced
    case offsetOutOfRange
    /// A follower was given a batch that begins before the end of its log.
    case unexpectedAppendOffset(first: Int64, last: Int64)
    case offsetsOutOfOrder
    case highWatermarkBeyondEnd
}

extension LogRefusal {
    /// What the client is answered. The exceptions that have no error of their own are what
    /// Errors.forException makes of them.
    public var error: KafkaError {
        switch self {
        case .corruptMessage: .corruptMessage
        case .invalidRecord: .invalidRecord
        case .invalidTimestamp: .invalidTimestamp
        case .messageTooLarge: .messageTooLarge
        case .recordListTooLarge: .recordListTooLarge
        case .invalidProducerEpoch: .invalidProducerEpoch
        case .outOfOrderSequenceNumber: .outOfOrderSequenceNumber
        case .duplicateSequenceNumber: .duplicateSequenceNumber
        case .unknownProducerID: .unknownProducerID
        case .invalidTransactionState: .invalidTxnState
        case .transactionCoordinatorFenced: .transactionCoordinatorFenced
        case .offsetOutOfRange: .offsetOutOfRange
        case .unexpectedAppendOffset, .offsetsOutOfOrder, .highWatermarkBeyondEnd:
            .unknownServerError
        }
    }
}

/// What an append did (LogAppendInfo).
public struct LogAppendInfo: Hashable, Sendable {
    /// -1 when nothing was taken. Of the earlier copy when the batch was a duplicate.
    public var firstOffset: Int64
    public var lastOffset: Int64
    public var maxTimestamp: Int64
    /// -1 unless the log stamps append times. Of the earlier copy when it was a duplicate, even
    /// where the topic keeps the producer's times.
    public var logAppendTime: Int64
    public var logStartOffset: Int64
    /// How many bytes were taken.
    public var validBytes: Int64
    public var isDuplicate: Bool
}
