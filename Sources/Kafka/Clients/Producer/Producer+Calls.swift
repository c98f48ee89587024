/// The program's calls around transactions (KafkaProducer, TransactionManager). Each begins
/// something that the sender ends; the program may wait for that or give up and call again.
extension Producer {
    mutating func call(_ input: ProducerInput, _ effects: inout ProducerEffects) {
        do throws(ClientError) {
            switch input {
            case .initTransactions: try begin(.initTransactions)
            case .beginTransaction:
                try beginTransaction()
                effects.append(.callReturned(nil))
            case .commitTransaction: try begin(.commitTransaction)
            case .abortTransaction:
                if try becomeUninitializedInstead() {
                    effects.append(.callReturned(nil))
                } else {
                    try begin(.abortTransaction)
                }
            case .sendOffsets(let offsets, let group): try sendOffsets(offsets, group)
            case .awaitCall: isCallAwaited = true
            case .callTimedOut:
                if isCallAwaited { effects.append(.callAbandoned) }
                isCallAwaited = false
            default: break
            }
        } catch {
            effects.append(.callReturned(error))
        }
    }

    /// The call ended and somebody waits for that.
    mutating func maybeReturnCall(_ effects: inout ProducerEffects) {
        guard isCallAwaited, let call = transaction.programCall else { return }
        let outcome = transaction.outcomes[call]
        guard outcome.isComplete else { return }
        isCallAwaited = false
        transaction.outcomes.acknowledge(call)
        if outcome.error == nil, initCall == call {
            transaction.maybeAdoptFeatures(&identity, initially: true)
        }
        effects.append(.callReturned(outcome.error))
    }

    private mutating func begin(_ call: ProducerCall) throws(ClientError) {
        guard settings.isTransactional else { throw .illegalState }
        let id: CallID
        if call == .initTransactions { try transaction.failWithError() }
        if let going = try transaction.resume(call) {
            id = going
        } else {
            switch call {
            case .initTransactions: id = try requestIdentity(.none, on: .program)
            case .commitTransaction: id = try end(commits: true, on: .program)
            case .abortTransaction: id = try end(commits: false, on: .program)
            case .sendOffsets: fatalError("offsets are sent in their own way")
            }
            transaction.becomePending(call, id)
        }
        if call == .initTransactions { initCall = id }
        transaction.programCall = id
    }

    private mutating func beginTransaction() throws(ClientError) {
        guard settings.isTransactional else { throw .illegalState }
        try transaction.checkNothingPending()
        try transaction.failWithError()
        try transaction.become(.inTransaction, on: .program)
    }

    private mutating func sendOffsets(
        _ offsets: [OffsetToCommit], _ group: GroupMembership
    ) throws(ClientError) {
        guard settings.isTransactional else { throw .illegalState }
        try transaction.checkNothingPending()
        try transaction.failWithError()
        if transaction.phase != .inTransaction { throw .illegalState }
        let id = transaction.beginCall()
        transaction.programCall = id
        if transaction.isV2 {
            let request = transaction.commitRequest(group, offsets, identity.identity, for: id)
            transaction.becomeStarted()
            transaction.enqueue(request)
        } else {
            transaction.enqueue(
                TransactionalRequest(.addOffsets(group, offsets, identity.identity), for: id))
        }
    }

    /// Ends the transaction. `beginAbort` may come from the sender too, when the producer closes.
    mutating func end(
        commits: Bool, on thread: ProducerThread
    ) throws(ClientError) -> CallID {
        if commits || transaction.phase != .abortableError { try transaction.failWithError() }
        try transaction.become(commits ? .committing : .aborting, on: thread)
        if !commits { transaction.dropNewPartitions() }
        transaction.requestNewPartitions(identity.identity)
        // It ends in the version in which it began, so the request is made before the features
        // are looked at.
        let id = transaction.beginCall()
        let request = TransactionalRequest(
            .end(commits: commits, identity.identity, isV2: transaction.isV2), for: id)
        transaction.maybeAdoptFeatures(&identity, initially: false)
        transaction.enqueue(request)
        return identity.needsEpochBump ? try requestIdentity(identity.identity, on: thread) : id
    }

    private mutating func requestIdentity(
        _ current: ProducerIdentity, on thread: ProducerThread
    ) throws(ClientError) -> CallID {
        try transaction.failWithError()
        let raisesEpoch = current != .none
        if !raisesEpoch { try transaction.become(.initializing, on: thread) }
        let id = transaction.beginCall()
        transaction.enqueue(
            TransactionalRequest(.initProducerID(current, raisesEpoch: raisesEpoch), for: id))
        return id
    }

    /// There is nothing to abort if the producer never got an identity: it may ask for one again.
    /// Kafka sends the end of a transaction that never was, sooner or later
    /// (cured by `abort-after-failed-init`).
    private mutating func becomeUninitializedInstead() throws(ClientError) -> Bool {
        guard settings.generation.has(.abortAfterFailedInit), settings.isTransactional,
            transaction.phase == .abortableError, !identity.identity.isValid
        else { return false }
        _ = try transaction.resume(.abortTransaction)
        try transaction.becomeUninitialized(transaction.lastError ?? .illegalState)
        return true
    }
}
