import Kernel

/// Kafka's producer client: the program's calls come in on one side, answers of brokers on the
/// other, and between them a sender takes its turns (KafkaProducer, Sender).
///
/// A value with one door, `receive`. It sees neither network nor clock; what it wants done stands
/// in the effects, in order. A turn of the sender ends with `poll`; answers that come while it
/// sleeps are looked at when it polls again, because it has but one thread.
public struct Producer: Sendable {
    /// What the sender's thread is doing between two inputs.
    enum SenderStep: Sendable {
        case polling
        /// Before a request is repeated.
        case sleeping(until: Instant, then: TransactionalRequest, node: NodeID?)
        /// A transactional request waits for the connection on which it is to go.
        case connecting(TransactionalRequest, node: NodeID, until: Instant)
    }

    enum Life: Sendable {
        case running
        /// Sends what is left.
        case draining
        /// Ends the open transaction.
        case endingTransaction
        case ended
    }

    struct InFlight: Sendable {
        enum Kind: Sendable {
            case produce([BatchID])
            case transactional(TransactionalRequest)
            case metadata
        }

        let number: RequestNumber
        let node: NodeID
        let sent: Instant
        let kind: Kind
    }

    public let settings: ProducerSettings
    public internal(set) var metadata: ProducerMetadata
    var connections: ClientConnections
    var batches = BatchTable()
    var accumulator: RecordAccumulator
    var identity: IdempotentState
    var transaction: TransactionClient
    var roundRobin: [RoundRobinPartitioner] = []

    var step = SenderStep.polling
    var life = Life.running
    var isForced = false
    /// In flight as the sender sees it: what expires is gone, though its request goes on.
    var flying: [[BatchID]] = []
    var inFlight: [InFlight] = []
    /// False only where a stand-in is the network, which tells nobody of lost servers.
    var refreshesAfterLoss = true
    var lastRequest = RequestNumber(0)
    /// Came while the sender was not polling.
    var inbox: [ProducerInput] = []
    /// Requests without answer that are done when they have been written.
    var unanswered: [RequestNumber] = []
    /// Sends to topics of which nothing is known yet.
    var waitingForMetadata: [(record: Record, ticket: SendTicket, route: RecordRoute)] = []
    var flushes: [Flush] = []
    /// Somebody waits for the end of the program's last call.
    var isCallAwaited = false
    /// The last call of `initTransactions`.
    var initCall: CallID?
    var refresh: MetadataRefresh
    /// Calls of `send` that wait for it should look again.
    var hasNewMetadata = false

    public init(_ settings: ProducerSettings, actor: ActorID) {
        self.settings = settings
        metadata = ProducerMetadata(
            listing: settings.listing, bootstrapNodes: settings.bootstrapNodes)
        refresh = MetadataRefresh(
            maxAge: settings.metadataMaxAge, backoff: settings.retryBackoff)
        connections = ClientConnections(
            maxInFlight: settings.maxInFlight, requestTimeout: settings.requestTimeout,
            backoff: settings.reconnectBackoff)
        accumulator = RecordAccumulator(settings, actor: actor)
        identity = IdempotentState(
            settings.generation, firstSequence: settings.firstSequence)
        transaction = TransactionClient(
            transactionalID: settings.transactionalID, generation: settings.generation)
    }

    /// The one door.
    public mutating func receive(
        _ input: ProducerInput, at now: Instant, _ choices: inout Choices,
        _ effects: inout ProducerEffects
    ) {
        switch input {
        case .send(let record, let ticket, let route):
            send(record, ticket, route, now, &choices, &effects)
        case .sendTimedOut(let ticket): giveUp(ticket, now, &choices, &effects)
        case .initTransactions, .beginTransaction, .commitTransaction, .abortTransaction,
            .sendOffsets, .awaitCall, .callTimedOut:
            call(input, &effects)
        case .flush: beginFlush(&effects)
        case .close: close(forced: false, &effects)
        case .forceClose: close(forced: true, &effects)
        case .metadata(let leaders, let nodes):
            update(leaders, nodes, now, &effects)
        case .features(let version, let epoch):
            transaction.offer(transactionVersion: version, epoch: epoch)
        case .connected, .disconnected, .connectionTimedOut, .answer:
            hear(input, now, &effects)
        case .turn: takeTurn(now, &effects)
        }
        if hasNewMetadata { resumeSendsWithMetadata(now, &choices, &effects) }
        if !accumulator.pool.waiting.isEmpty { resumeBlockedSends(now, &choices, &effects) }
        if isCallAwaited { maybeReturnCall(&effects) }
    }

    /// The number of a topic for `send`.
    public mutating func topic(named name: String) -> TopicRef {
        let topic = metadata.topic(named: name)
        extendToMetadata()
        return topic
    }

    mutating func extendToMetadata() {
        accumulator.extend(to: metadata)
        identity.extend(to: metadata)
        transaction.extend(to: metadata)
        while roundRobin.count < metadata.topics.count {
            roundRobin.append(RoundRobinPartitioner())
        }
        while flying.count < metadata.partitions.count { flying.append([]) }
    }

    func wake(_ now: Instant, _ effects: inout ProducerEffects) {
        effects.append(.wake(at: now))
    }
}
