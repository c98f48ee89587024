/// What a partition knows of its producers and their transactions (ProducerStateManager).
public struct ProducerState: Sendable {
    var producers = ProducerTable<ProducerStateEntry>()
    var verifications = ProducerTable<VerificationEntry>()
    /// Open transactions, ascending by first offset.
    private(set) var ongoing: [TransactionSpan] = []
    /// Transactions that ended with a marker at or above the high watermark, ascending by first
    /// offset: readers of committed records may not pass them yet.
    private(set) var unreplicated: [TransactionSpan] = []
    /// The last timestamp of the producer whose transaction is open for longest; -1 if none is.
    private(set) var oldestTransactionTimestamp: Int64 = -1
    /// Up to which offset the log has been taken in.
    private(set) var endOffset: Int64 = 0
    /// Where the newest snapshot was taken, or loaded.
    private(set) var snapshotOffset: Int64 = 0
    private var nextGuard: UInt64 = 1
    let generation: Generation

    init(generation: Generation) {
        self.generation = generation
    }

    /// Nothing that a rebuild would have to forget first.
    var isEmpty: Bool { producers.isEmpty && unreplicated.isEmpty }

    mutating func setEndOffset(_ offset: Int64) { endOffset = offset }

    // MARK: Verification (KIP-890)

    func hasOngoingTransaction(_ id: ProducerID, epoch: Int16) -> Bool {
        guard let entry = producers[id] else { return false }
        return entry.transactionFirstOffset != nil && entry.producerEpoch == epoch
    }

    mutating func startVerification(
        _ id: ProducerID, sequence: Int32, epoch: Int16, supportsEpochBump: Bool, at now: Int64
    ) -> VerificationGuard {
        if let index = verifications.index(of: id) {
            verifications[at: index].observe(sequence: sequence, epoch: epoch)
            return verifications[at: index].verificationGuard
        }
        let entry = VerificationEntry(
            producerID: id, verificationGuard: VerificationGuard(nextGuard), timestamp: now,
            lowestSequence: sequence, epoch: epoch, supportsEpochBump: supportsEpochBump)
        nextGuard += 1
        verifications.insert(entry)
        return entry.verificationGuard
    }

    /// A transactional batch was accepted: either the transaction has begun now, or it has ended.
    /// A marker that ends the previous transaction leaves alone what the next one verifies with
    /// the same epoch (transaction version 2).
    mutating func endVerification(by batch: RecordBatch) {
        guard let index = verifications.index(of: batch.producerID) else { return }
        let entry = verifications[at: index]
        if batch.isControl, entry.supportsEpochBump, entry.epoch == batch.producerEpoch { return }
        verifications.remove(batch.producerID)
    }

    // MARK: Appends

    func prepareAppend(_ id: ProducerID, origin: AppendOrigin) -> ProducerAppend {
        ProducerAppend(
            id, in: producers, origin: origin, verification: verifications[id],
            generation: generation)
    }

    mutating func update(_ append: ProducerAppend) {
        if let index = producers.index(of: append.producerID) {
            producers[at: index].merge(append.updated, keeping: retainedBatches(generation))
        } else {
            producers.insert(append.updated)
        }
        for transaction in append.startedTransactions { insert(transaction, into: &ongoing) }
        refreshOldestTransaction()
    }

    /// The first offset that stays unstable once this transaction has ended: another producer's
    /// open transaction, or what follows the marker. What is asked for is the situation at the
    /// marker; Kafka looks at what is open after the whole append, so that a transaction that
    /// begins behind the marker in the same append counts too.
    func lastStableOffset(after completed: CompletedTransaction) -> Int64 {
        let sees = generation.has(.abortedIndexLSO) ? completed.lastOffset : Int64.max
        let next = ongoing.first {
            $0.producerID != completed.producerID && $0.firstOffset.messageOffset < sees
        }
        return next?.firstOffset.messageOffset ?? completed.lastOffset + 1
    }

    mutating func complete(_ completed: CompletedTransaction) {
        guard
            let index = ongoing.firstIndex(where: {
                $0.firstOffset.messageOffset == completed.firstOffset
            })
        else { preconditionFailure("a transaction ended that is not open") }
        var transaction = ongoing.remove(at: index)
        transaction.lastOffset = completed.lastOffset
        insert(transaction, into: &unreplicated)
        refreshOldestTransaction()
    }

    private func insert(_ transaction: TransactionSpan, into list: inout [TransactionSpan]) {
        let offset = transaction.firstOffset.messageOffset
        let index = list.firstIndex { $0.firstOffset.messageOffset >= offset } ?? list.count
        if index < list.count, list[index].firstOffset.messageOffset == offset {
            list[index] = transaction
        } else {
            list.insert(transaction, at: index)
        }
    }

    private mutating func refreshOldestTransaction() {
        oldestTransactionTimestamp =
            ongoing.first.flatMap { producers[$0.producerID]?.lastTimestamp } ?? -1
    }

    // MARK: Offsets

    /// Where the oldest transaction begins that is open, or whose marker is not replicated yet.
    var firstUnstableOffset: LogOffsetMetadata? {
        guard let undecided = ongoing.first?.firstOffset else {
            return unreplicated.first?.firstOffset
        }
        guard let decided = unreplicated.first?.firstOffset else { return undecided }
        return undecided.messageOffset < decided.messageOffset ? undecided : decided
    }

    /// Markers below the offset are replicated, or gone.
    mutating func forgetUnreplicated(below offset: Int64) {
        if unreplicated.isEmpty { return }
        unreplicated.removeAll { $0.lastOffset.map { $0 < offset } ?? false }
    }

    mutating func logStartMoved(to offset: Int64, latestSnapshot: Int64?) {
        forgetUnreplicated(below: offset)
        if endOffset < offset { endOffset = offset }
        snapshotOffset = latestSnapshot ?? offset
        guard !generation.has(.producersOutliveRecords) else { return }
        // The producers whose every batch is deleted are deleted with them.
        producers.removeAll {
            $0.transactionFirstOffset == nil && ($0.lastDataOffset.map { $0 < offset } ?? false)
        }
    }

    // MARK: Expiry

    mutating func removeExpired(after expiration: Int64, at now: Int64) {
        producers.removeAll { $0.isExpired(after: expiration, at: now) }
        verifications.removeAll { now - $0.timestamp >= expiration }
    }

    // MARK: Snapshots

    /// Writes a snapshot unless there is one of this offset, or a later one.
    mutating func takeSnapshot(into files: inout ProducerSnapshots) {
        guard endOffset > snapshotOffset else { return }
        let producers = producers.entries.map { entry in
            var kept = entry
            kept.batches.removeAll()
            if var last = entry.batches.last {
                // The file has one time for the producer, be it a marker's.
                last.timestamp = entry.lastTimestamp
                kept.batches.append(last)
            }
            return kept
        }
        files.write(
            ProducerSnapshot(offset: endOffset, producers: producers, unreplicated: unreplicated))
        snapshotOffset = endOffset
    }

    /// Forgets everything and starts again from the newest snapshot that can be read; files that
    /// cannot are deleted. Snapshots outside of the log are deleted first.
    mutating func reload(
        from files: inout ProducerSnapshots, logStart: Int64, logEnd: Int64,
        expiration: Int64, at now: Int64
    ) {
        files.removeAll { $0 > logEnd || $0 <= logStart }
        guard logEnd != endOffset else {
            logStartMoved(to: logStart, latestSnapshot: files.latest?.offset)
            return
        }
        forgetProducers()
        while let snapshot = files.latest {
            guard snapshot.isReadable else {
                files.remove(at: snapshot.offset)
                continue
            }
            load(snapshot, expiration: expiration, at: now)
            return
        }
        snapshotOffset = logStart
        endOffset = logStart
    }

    private mutating func load(_ snapshot: ProducerSnapshot, expiration: Int64, at now: Int64) {
        let live = snapshot.producers.filter { !$0.isExpired(after: expiration, at: now) }
        producers = ProducerTable(ascending: live)
        for entry in live {
            guard let offset = entry.transactionFirstOffset else { continue }
            let span = TransactionSpan(
                producerID: entry.producerID, firstOffset: LogOffsetMetadata(offset))
            insert(span, into: &ongoing)
        }
        if generation.has(.snapshotUnreplicated) { unreplicated = snapshot.unreplicated }
        snapshotOffset = snapshot.offset
        endOffset = snapshot.offset
        refreshOldestTransaction()
    }

    mutating func truncateFully(to offset: Int64, deleting files: inout ProducerSnapshots) {
        forgetProducers()
        files.removeAll { _ in true }
        snapshotOffset = 0
        endOffset = offset
    }

    private mutating func forgetProducers() {
        producers.removeAll()
        ongoing.removeAll()
        unreplicated.removeAll()
        refreshOldestTransaction()
    }
}
