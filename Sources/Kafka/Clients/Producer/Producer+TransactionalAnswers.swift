/// The end of a request of the transactional half (TransactionManager.TxnRequestHandler). Whether
/// an error is met by asking again, by aborting or by dying is a matter of the request.
extension Producer {
    mutating func endTransactional(
        _ request: TransactionalRequest, _ how: RequestEnd
    ) throws(ClientError) {
        transaction.underWay = nil
        let answer: ProducerAnswer
        switch how {
        case .answered(let given): answer = given
        case .disconnected, .timedOut, .written:
            _ = lookUpCoordinator(of: request)
            return transaction.retry(request)
        }
        if case .unsupportedVersion = answer {
            return die(.code(.unsupportedVersion), request)
        }
        switch request.body {
        case .findCoordinator(let kind, _): try endFindCoordinator(request, kind, answer)
        case .initProducerID(_, let raisesEpoch):
            try endInitProducerID(request, raisesEpoch, answer)
        case .addPartitions: try endAddPartitions(request, answer)
        case .addOffsets(let group, let offsets, _):
            try endAddOffsets(request, group, offsets, answer)
        case .commitOffsets(let group, _, _, _): try endCommitOffsets(request, group, answer)
        case .end(let commits, _, _): try endEnd(request, commits, answer)
        }
    }

    private mutating func die(_ error: ClientError, _ request: TransactionalRequest) {
        transaction.outcomes.fail(request.call, error)
        transaction.becomeFatal(error)
    }

    private mutating func becomeAbortable(
        _ error: ClientError, _ request: TransactionalRequest
    ) throws(ClientError) {
        transaction.outcomes.fail(request.call, error)
        try transaction.becomeAbortable(error, on: .sender)
    }

    /// The coordinator has forgotten the producer: with the next epoch it can go on.
    private mutating func becomeAbortableIfPossible(
        _ error: ClientError, _ request: TransactionalRequest
    ) throws(ClientError) {
        guard transaction.survivesErrors else { return die(error, request) }
        if transaction.raisesEpochItself { identity.needsEpochBump = true }
        try becomeAbortable(error, request)
    }

    /// What all requests to the transaction coordinator have in common. Returns whether it was
    /// that.
    private mutating func endAsUsual(
        _ request: TransactionalRequest, _ error: KafkaError
    ) throws(ClientError) -> Bool {
        switch error {
        case .coordinatorNotAvailable, .notCoordinator:
            // InitProducerId of a producer without transactions needs no coordinator.
            transaction.lookUp(.transaction, key: settings.transactionalID ?? "")
            transaction.retry(request)
        case .invalidProducerEpoch, .producerFenced: die(.code(.producerFenced), request)
        case .transactionAbortable: try becomeAbortable(.code(error), request)
        default:
            guard error.isRetriable else { return false }
            transaction.retry(request)
        }
        return true
    }

    private mutating func endFindCoordinator(
        _ request: TransactionalRequest, _ kind: CoordinatorKind, _ answer: ProducerAnswer
    ) throws(ClientError) {
        switch answer {
        case .coordinator(let node):
            switch kind {
            case .transaction: transaction.transactionCoordinator = node
            case .group: transaction.groupCoordinator = node
            }
            transaction.outcomes.complete(request.call)
        case .refused(let error) where error.isRetriable: transaction.retry(request)
        case .refused(.transactionalIDAuthorizationFailed):
            die(.code(.transactionalIDAuthorizationFailed), request)
        case .refused(let error)
        where error == .groupAuthorizationFailed || error == .transactionAbortable:
            try becomeAbortable(.code(error), request)
        default: die(.kafka, request)
        }
    }

    private mutating func endInitProducerID(
        _ request: TransactionalRequest, _ raisesEpoch: Bool, _ answer: ProducerAnswer
    ) throws(ClientError) {
        switch answer {
        case .identity(let new):
            identity.identity = new
            if !settings.isTransactional, !identity.hasBegun {
                identity.identity.epoch = max(new.epoch, settings.firstEpoch)
            }
            identity.hasBegun = true
            try transaction.become(.ready, on: .sender)
            if raisesEpoch { identity.forgetAll(&batches) }
            try identity.restartMarked(&batches)
            transaction.outcomes.complete(request.call)
        case .refused(let error):
            if try endAsUsual(request, error) { return }
            switch error {
            case .transactionalIDAuthorizationFailed, .clusterAuthorizationFailed:
                try becomeAbortable(.code(error), request)
            default: die(.kafka, request)
            }
        default: die(.kafka, request)
        }
    }

    private mutating func endAddPartitions(
        _ request: TransactionalRequest, _ answer: ProducerAnswer
    ) throws(ClientError) {
        guard case .addedPartitions(let errors) = answer else { return die(.kafka, request) }
        var request = request
        request.retriesSoon = false
        var isUnauthorized = false
        var hasErrors = false
        for (_, error) in errors {
            switch error {
            case .none: continue
            case .concurrentTransactions:
                request.retriesSoon = transaction.partitions(.inside).isEmpty
                return transaction.retry(request)
            case .transactionalIDAuthorizationFailed, .invalidTxnState,
                .invalidProducerIDMapping:
                return die(.code(error), request)
            case .unknownProducerID: return try becomeAbortableIfPossible(.code(error), request)
            case .topicAuthorizationFailed: isUnauthorized = true
            default:
                if try endAsUsual(request, error) { return }
                hasErrors = true
            }
        }
        let partitions = errors.map(\.0)
        let isAdded = !isUnauthorized && !hasErrors
        transaction.becomeAnswered(partitions, added: isAdded)
        if isAdded { return transaction.outcomes.complete(request.call) }
        try becomeAbortable(
            isUnauthorized ? .code(.topicAuthorizationFailed) : .kafka, request)
    }

    private mutating func endAddOffsets(
        _ request: TransactionalRequest, _ group: GroupMembership, _ offsets: [OffsetToCommit],
        _ answer: ProducerAnswer
    ) throws(ClientError) {
        switch answer {
        case .addedOffsets:
            // The call goes on until the group has the offsets.
            let commit = transaction.commitRequest(
                group, offsets, identity.identity, for: request.call)
            transaction.enqueue(commit)
            transaction.becomeStarted()
        case .refused(let error):
            if try endAsUsual(request, error) { return }
            switch error {
            case .unknownProducerID: try becomeAbortableIfPossible(.code(error), request)
            case .transactionalIDAuthorizationFailed, .invalidTxnState,
                .invalidProducerIDMapping:
                die(.code(error), request)
            case .groupAuthorizationFailed: try becomeAbortable(.code(error), request)
            default: die(.kafka, request)
            }
        default: die(.kafka, request)
        }
    }

    private mutating func endCommitOffsets(
        _ request: TransactionalRequest, _ group: GroupMembership, _ answer: ProducerAnswer
    ) throws(ClientError) {
        guard case .committedOffsets(let errors) = answer else { return die(.kafka, request) }
        var isLookingUp = false
        loop: for (partition, error) in errors {
            switch error {
            case .none: transaction.becomeCommitted(partition)
            case .coordinatorNotAvailable, .notCoordinator, .requestTimedOut:
                if !isLookingUp { transaction.lookUp(.group, key: group.group) }
                isLookingUp = true
            case .groupAuthorizationFailed, .fencedInstanceID, .transactionAbortable:
                try becomeAbortable(.code(error), request)
                break loop
            case .unknownMemberID, .illegalGeneration:
                try becomeAbortable(ClientError(.commitFailed), request)
                break loop
            case .invalidProducerEpoch, .producerFenced:
                die(.code(.producerFenced), request)
                break loop
            case .transactionalIDAuthorizationFailed, .unsupportedForMessageFormat,
                .invalidProducerIDMapping:
                die(.code(error), request)
                break loop
            default:
                if error.isRetriable { continue }
                die(.kafka, request)
                break loop
            }
        }
        if transaction.outcomes[request.call].isComplete {
            transaction.dropOffsets()
        } else if transaction.offsets.isEmpty {
            transaction.outcomes.complete(request.call)
        } else {
            // All of them again, also those that were answered.
            transaction.retry(request)
        }
    }

    private mutating func endEnd(
        _ request: TransactionalRequest, _ commits: Bool, _ answer: ProducerAnswer
    ) throws(ClientError) {
        switch answer {
        case .ended(let next):
            if next.isValid {
                identity.identity = next
                identity.forgetAll(&batches)
            }
            try transaction.becomeComplete(&identity)
            transaction.outcomes.complete(request.call)
        case .refused(.transactionAbortable) where !commits:
            // What cannot be aborted cannot be helped.
            die(ClientError(.kafka, cause: .code(.transactionAbortable)), request)
        case .refused(let error):
            if try endAsUsual(request, error) { return }
            switch error {
            case .unknownProducerID: try becomeAbortableIfPossible(.code(error), request)
            case .transactionalIDAuthorizationFailed, .invalidTxnState,
                .invalidProducerIDMapping:
                die(.code(error), request)
            default: die(.kafka, request)
            }
        default: die(.kafka, request)
        }
    }
}
