/// The client's half of transactions (KIP-98, KIP-890; TransactionManager): in which phase the
/// producer is, what belongs to the transaction, and which requests wait to be sent.
struct TransactionClient: Sendable {
    /// What the program began and has not been told the end of: only the same call may follow.
    struct PendingCall: Sendable {
        let call: ProducerCall
        let id: CallID
    }

    /// Where a partition stands between the first record for it and its place in the transaction.
    /// With transaction version 2 the broker adds it, so it is in at once.
    enum Membership: Sendable {
        case outside
        case new
        case adding
        case inside
    }

    let transactionalID: String?
    let generation: Generation
    private(set) var phase = TransactionPhase.uninitialized
    /// Why the phase is an error.
    var lastError: ClientError?
    var outcomes = CallOutcomes()
    private(set) var pendingCall: PendingCall?
    /// The call that the program made last and may wait for.
    var programCall: CallID?
    private var heap: [TransactionalRequest] = []
    /// The request under way, if one is.
    var underWay: CallID?
    /// The request that was taken out last: it is being sent, or is under way, or has ended.
    private var handled: CallID?
    private(set) var members: [Membership] = []
    /// Offsets that the group has not confirmed yet, by partition.
    private(set) var offsets: [OffsetToCommit] = []
    var transactionCoordinator: NodeID?
    var groupCoordinator: NodeID?
    /// It knows InitProducerId version 3, so it can raise the epoch of a live producer (KIP-360).
    var coordinatorRaisesEpochs = false
    /// The coordinator may know of the transaction, so it must be ended there.
    private(set) var hasStarted = false
    private(set) var isV2 = false
    private var featuresEpoch: Int64 = -1
    /// What the client was told last of the cluster's features; adopted between transactions.
    private var offered: (epoch: Int64, transactionVersion: Int16)?

    init(transactionalID: String?, generation: Generation) {
        self.transactionalID = transactionalID
        self.generation = generation
    }

    var isTransactional: Bool { transactionalID != nil }
    var hasFatalError: Bool { phase == .fatalError }
    var hasAbortableError: Bool { phase == .abortableError }
    var isCompleting: Bool { phase == .committing || phase == .aborting }
    var isOngoing: Bool { phase == .inTransaction || isCompleting || hasAbortableError }
    var pending: [TransactionalRequest] { heap }

    /// With version 1 the client itself asks for the next epoch after a failed transaction, if the
    /// coordinator can give it; with version 2 every transaction ends with the next epoch.
    var raisesEpochItself: Bool { isTransactional && coordinatorRaisesEpochs && !isV2 }
    var survivesErrors: Bool { coordinatorRaisesEpochs || isV2 }

    mutating func extend(to metadata: ProducerMetadata) {
        while members.count < metadata.partitions.count { members.append(.outside) }
    }
}

/// Phases.
extension TransactionClient {
    mutating func become(
        _ next: TransactionPhase, because error: ClientError? = nil, on thread: ProducerThread
    ) throws(ClientError) {
        if !next.mayFollow(phase) {
            if thread == .sender {
                phase = .fatalError
                lastError = .illegalState
            }
            throw .illegalState
        }
        phase = next
        lastError = error
    }

    mutating func becomeFatal(_ error: ClientError) {
        phase = .fatalError
        lastError = error
        if let pendingCall { outcomes.fail(pendingCall.id, error) }
    }

    /// An abort goes on, whatever else fails.
    mutating func becomeAbortable(
        _ error: ClientError, on thread: ProducerThread
    ) throws(ClientError) {
        if phase == .aborting { return }
        try become(.abortableError, because: error, on: thread)
    }

    /// The producer was not allowed to have an identity: it may ask again.
    mutating func becomeUninitialized(_ error: ClientError) throws(ClientError) {
        try become(.uninitialized, on: .sender)
        if let pendingCall { outcomes.fail(pendingCall.id, error) }
        lastError = nil
    }

    /// Something went wrong with a batch or a call of `send`.
    mutating func becomeFailed(
        _ error: ClientError, _ identity: inout IdempotentState, on thread: ProducerThread
    ) throws(ClientError) {
        if error.killsProducer {
            becomeFatal(error)
        } else if isTransactional {
            if raisesEpochItself && !isCompleting { identity.needsEpochBump = true }
            try becomeAbortable(error.endingTransaction, on: thread)
        }
    }

    /// The transaction is over, or there was nothing to end.
    mutating func becomeComplete(_ identity: inout IdempotentState) throws(ClientError) {
        try become(identity.needsEpochBump ? .initializing : .ready, on: .sender)
        lastError = nil
        identity.needsEpochBump = false
        hasStarted = false
        for index in members.indices { members[index] = .outside }
    }

    func failWithError() throws(ClientError) {
        guard phase == .abortableError || phase == .fatalError, let lastError else { return }
        switch lastError.kind {
        case .code(.producerFenced), .code(.invalidProducerEpoch):
            throw ClientError(lastError.kind)
        case .illegalState: throw ClientError(.illegalState, cause: .illegalState)
        default: throw ClientError(.kafka, cause: lastError.kind)
        }
    }
}

extension ClientError {
    /// Another has taken the producer's place, or the cluster will never take its records.
    var killsProducer: Bool {
        switch kind {
        case .code(.clusterAuthorizationFailed), .code(.transactionalIDAuthorizationFailed),
            .code(.producerFenced), .code(.unsupportedVersion), .code(.invalidProducerIDMapping):
            true
        default: false
        }
    }

    /// What cannot be retried any more must not look as if it could: the program is to abort the
    /// transaction and not to send the record again (KIP-1050).
    var endingTransaction: ClientError {
        isRetriable || kind == .code(.invalidTxnState)
            ? ClientError(.code(.transactionAbortable), cause: kind) : self
    }
}

/// Partitions and offsets of the transaction.
extension TransactionClient {
    func partitions(_ membership: Membership) -> [PartitionRef] {
        members.indices.lazy.filter { members[$0] == membership }.map { PartitionRef(Int32($0)) }
    }

    /// Records wait until their partition is in the transaction.
    func maySend(to partition: PartitionRef) -> Bool {
        if hasFatalError { return false }
        return !isTransactional || members[partition.index] == .inside
    }

    /// A record was sent to the partition.
    mutating func maybeAdd(
        _ partition: PartitionRef, _ identity: inout IdempotentState
    ) throws(ClientError) {
        try checkSendAllowed(hasIdentity: identity.identity.isValid)
        guard isTransactional else { return }
        if isV2 {
            identity.begin(partition)
            members[partition.index] = .inside
            hasStarted = true
        } else if members[partition.index] == .outside {
            identity.begin(partition)
            members[partition.index] = .new
        }
    }

    mutating func checkSendAllowed(hasIdentity: Bool) throws(ClientError) {
        try failWithError()
        try checkNothingPending()
        if isTransactional, !hasIdentity || phase != .inTransaction { throw .illegalState }
    }

    mutating func dropNewPartitions() {
        for index in members.indices where members[index] == .new { members[index] = .outside }
    }

    /// What is new is asked for together with what is being asked for.
    mutating func requestNewPartitions(_ identity: ProducerIdentity) {
        if !members.contains(.new) { return }
        for index in members.indices where members[index] == .new { members[index] = .adding }
        enqueue(
            TransactionalRequest(.addPartitions(partitions(.adding), identity), for: beginCall()))
    }

    mutating func becomeAnswered(_ partitions: [PartitionRef], added: Bool) {
        for partition in partitions {
            if added {
                members[partition.index] = .inside
            } else if members[partition.index] == .adding {
                members[partition.index] = .outside
            }
        }
        if added { hasStarted = true }
    }

    mutating func becomeStarted() { hasStarted = true }

    /// The request says all offsets that are open, not only these.
    mutating func commitRequest(
        _ group: GroupMembership, _ new: [OffsetToCommit], _ identity: ProducerIdentity,
        for call: CallID
    ) -> TransactionalRequest {
        for offset in new {
            let index = offsets.firstIndex { $0.partition >= offset.partition } ?? offsets.count
            if index < offsets.count, offsets[index].partition == offset.partition {
                offsets[index] = offset
            } else {
                offsets.insert(offset, at: index)
            }
        }
        return TransactionalRequest(
            .commitOffsets(group, offsets, identity, isV2: isV2), for: call)
    }

    mutating func becomeCommitted(_ partition: TopicIDPartition) {
        offsets.removeAll { $0.partition == partition }
    }

    mutating func dropOffsets() { offsets = [] }
}

/// Requests that wait to be sent.
extension TransactionClient {
    mutating func enqueue(_ request: TransactionalRequest) {
        HeapOrder.insert(request, into: &heap) { $0.urgency < $1.urgency }
    }

    mutating func dequeue() -> TransactionalRequest? {
        if heap.isEmpty { return nil }
        let request = HeapOrder.removeFirst(from: &heap) { $0.urgency < $1.urgency }
        handled = request.call
        return request
    }

    mutating func retry(_ request: TransactionalRequest) {
        var request = request
        request.isRetry = true
        enqueue(request)
    }

    /// Forgets a coordinator and asks who it is now.
    mutating func lookUp(_ kind: CoordinatorKind, key: String) {
        switch kind {
        case .transaction: transactionCoordinator = nil
        case .group: groupCoordinator = nil
        }
        enqueue(TransactionalRequest(.findCoordinator(kind, key: key), for: beginCall()))
    }

    func coordinator(_ kind: CoordinatorKind) -> NodeID? {
        switch kind {
        case .transaction: transactionCoordinator
        case .group: groupCoordinator
        }
    }
}

/// Calls of the program.
extension TransactionClient {
    mutating func beginCall() -> CallID {
        let pendingID = pendingCall?.id
        let handled = handled
        let waiting = heap
        return outcomes.begin { id in
            id == pendingID || id == handled || id == programCall
                || waiting.contains { $0.call == id }
        }
    }

    /// Whether the call before this one is settled. If it is the same call again, it goes on.
    mutating func resume(_ call: ProducerCall) throws(ClientError) -> CallID? {
        guard let pending = pendingCall else { return nil }
        if outcomes[pending.id].isAcknowledged {
            pendingCall = nil
            return nil
        }
        if pending.call != call { throw .illegalState }
        return pending.id
    }

    mutating func checkNothingPending() throws(ClientError) {
        guard let pending = pendingCall else { return }
        if !outcomes[pending.id].isAcknowledged { throw .illegalState }
        pendingCall = nil
    }

    mutating func becomePending(_ call: ProducerCall, _ id: CallID) {
        pendingCall = PendingCall(call: call, id: id)
    }
}

/// Features.
extension TransactionClient {
    mutating func offer(transactionVersion: Int16, epoch: Int64) {
        if epoch > offered?.epoch ?? -1 { offered = (epoch, transactionVersion) }
    }

    /// Adopts what the cluster has finalized. A producer that turns to version 2 between two
    /// transactions needs the next epoch first.
    mutating func maybeAdoptFeatures(
        _ identity: inout IdempotentState, initially: Bool
    ) {
        guard let offered, featuresEpoch < offered.epoch else { return }
        featuresEpoch = offered.epoch
        let wasV2 = isV2
        isV2 = offered.transactionVersion >= 2
        if !initially, !wasV2, isV2 { identity.needsEpochBump = true }
    }
}
