import Kernel

/// A producer wants to be somebody: a new id, or the next epoch of the one it has.
public struct InitProducerIDRequest: Hashable, Sendable {
    /// Nil: idempotence only, and any broker will do.
    public var transactionalID: String?
    public var transactionTimeout: Interval
    /// Who it is so far (KIP-360); `none` at first.
    public var identity: ProducerIdentity

    public init(
        transactionalID: String? = nil, transactionTimeout: Interval = .seconds(60),
        identity: ProducerIdentity = .none
    ) {
        self.transactionalID = transactionalID
        self.transactionTimeout = transactionTimeout
        self.identity = identity
    }
}

/// Who it is now; `none` with an error.
public struct InitProducerIDReply: Hashable, Sendable {
    public var error: KafkaError
    public var identity: ProducerIdentity

    public init(_ error: KafkaError, _ identity: ProducerIdentity = .none) {
        self.error = error
        self.identity = identity
    }
}
