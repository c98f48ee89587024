/// Where a producer stands in its life (TransactionManager.State). A producer that is idempotent
/// only never leaves the first three and the errors.
public enum TransactionPhase: Sendable {
    case uninitialized
    case initializing
    case ready
    case inTransaction
    case committing
    case aborting
    /// The transaction is lost, the producer is not: the program must abort it.
    case abortableError
    case fatalError

    /// Whether this phase may follow `other`.
    func mayFollow(_ other: TransactionPhase) -> Bool {
        switch self {
        case .uninitialized: other == .ready || other == .abortableError
        case .initializing:
            other == .uninitialized || other == .committing || other == .aborting
        case .ready: other == .initializing || other == .committing || other == .aborting
        case .inTransaction: other == .ready
        case .committing: other == .inTransaction
        case .aborting: other == .inTransaction || other == .abortableError
        case .abortableError:
            other == .inTransaction || other == .committing || other == .abortableError
                || other == .initializing
        case .fatalError: true
        }
    }
}

/// On whose behalf something happens. The same invalid step is the program's mistake, or shows
/// that the sender has lost track; then the producer is dead (KAFKA-14831).
enum ProducerThread: Sendable {
    case program
    case sender
}
