/// A transaction that a marker ended (CompletedTxn).
struct CompletedTransaction {
    var producerID: ProducerID
    var firstOffset: Int64
    /// Where the marker is.
    var lastOffset: Int64
    var isAborted: Bool
}

/// What one append does to one producer's state: checked batch by batch, and taken over only when
/// all of the append is accepted (ProducerAppendInfo).
struct ProducerAppend {
    let producerID: ProducerID
    /// What of the state before the append the checks need.
    let before: KnownSequence
    /// The state after it, holding only the batches that it adds.
    private(set) var updated: ProducerStateEntry
    private(set) var startedTransactions: [TransactionSpan] = []
    let origin: AppendOrigin
    let verification: VerificationEntry?
    let generation: Generation

    init(
        _ producerID: ProducerID, in known: ProducerTable<ProducerStateEntry>,
        origin: AppendOrigin, verification: VerificationEntry?, generation: Generation
    ) {
        self.producerID = producerID
        var updated = ProducerStateEntry(producerID: producerID)
        var last: Int32?
        if let index = known.index(of: producerID) {
            // Field by field: the batches that it remembers are most of an entry.
            updated.producerEpoch = known.entries[index].producerEpoch
            updated.coordinatorEpoch = known.entries[index].coordinatorEpoch
            updated.lastTimestamp = known.entries[index].lastTimestamp
            updated.transactionFirstOffset = known.entries[index].transactionFirstOffset
            last = known.entries[index].batches.last?.lastSequence
        }
        self.before = KnownSequence(epoch: updated.producerEpoch, last: last)
        self.updated = updated
        self.origin = origin
        self.verification = verification
        self.generation = generation
    }

    /// `firstOffset` says where the batch is being written. Version 2 of the transaction protocol
    /// expects a marker to bring a new epoch.
    mutating func append(
        _ batch: RecordBatch, at firstOffset: LogOffsetMetadata, transactionVersion: Int16
    ) throws(LogRefusal) -> CompletedTransaction? {
        guard batch.isControl else {
            try appendData(batch, at: firstOffset)
            return nil
        }
        guard case .endTransaction(let marker) = batch.content else {
            // Compaction emptied the marker and kept it for the sake of the producer's epoch.
            if generation.has(.emptiedMarkerEpoch) { updated.become(epoch: batch.producerEpoch) }
            return nil
        }
        return try append(marker, of: batch, transactionVersion: transactionVersion)
    }

    private mutating func appendData(
        _ batch: RecordBatch, at firstOffset: LogOffsetMetadata
    ) throws(LogRefusal) {
        if batch.producerEpoch < updated.producerEpoch, origin != .replication {
            throw .invalidProducerEpoch
        }
        if origin == .client {
            try checkSequence(
                batch, after: before, verification: verification, generation: generation)
        }
        updated.add(
            BatchMetadata(
                lastOffset: batch.lastOffset, timestamp: batch.maxTimestamp,
                lastSequence: batch.lastSequence,
                offsetDelta: Int32(batch.lastOffset - firstOffset.messageOffset)),
            epoch: batch.producerEpoch, keeping: retainedBatches(generation))
        if updated.transactionFirstOffset != nil {
            guard batch.isTransactional else { throw .invalidTransactionState }
        } else if batch.isTransactional {
            updated.transactionFirstOffset = firstOffset.messageOffset
            startedTransactions.append(
                TransactionSpan(producerID: producerID, firstOffset: firstOffset))
        }
    }

    private mutating func append(
        _ marker: EndTransactionMarker, of batch: RecordBatch, transactionVersion: Int16
    ) throws(LogRefusal) -> CompletedTransaction? {
        if origin != .replication {
            guard
                isMarkerEpochValid(
                    batch.producerEpoch, current: updated.producerEpoch,
                    hasOpenTransaction: updated.transactionFirstOffset != nil,
                    transactionVersion: transactionVersion)
            else { throw .invalidProducerEpoch }
            guard marker.coordinatorEpoch >= updated.coordinatorEpoch else {
                throw .transactionCoordinatorFenced
            }
        }
        // A marker without data before it moves no offset, and readers need not know of it.
        let completed = updated.transactionFirstOffset.map {
            CompletedTransaction(
                producerID: producerID, firstOffset: $0, lastOffset: batch.baseOffset,
                isAborted: marker.aborts)
        }
        let keptTimestamp = updated.lastTimestamp
        updated.endTransaction(
            epoch: batch.producerEpoch, coordinatorEpoch: marker.coordinatorEpoch,
            timestamp: generation.has(.markersKeepProducersAlive)
                ? batch.maxTimestamp : keptTimestamp)
        return completed
    }
}
