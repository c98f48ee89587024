/// Appending: the order of the steps decides what a refused append leaves behind. Duplicates,
/// wrong sequences and batches too long for a segment leave the new epoch in the cache; all but
/// the last also the roll (UnifiedLog.append).
extension PartitionLog {
    /// What a producer or a coordinator sent to the leader.
    public mutating func appendAsLeader(
        _ batch: RecordBatch, leaderEpoch: Int32, origin: AppendOrigin,
        verificationGuard: VerificationGuard? = nil, transactionVersion: Int16 = 0, at now: Int64
    ) -> Result<LogAppendInfo, LogRefusal> {
        append(
            CollectionOfOne(batch), leaderEpoch: leaderEpoch,
            AppendTerms(
                origin: origin, verificationGuard: verificationGuard,
                transactionVersion: transactionVersion, now: now))
    }

    /// The same for however many batches were sent: format 2 allows one, but for a Raft leader's.
    public mutating func appendAsLeader(
        _ batches: [RecordBatch], leaderEpoch: Int32, origin: AppendOrigin,
        verificationGuard: VerificationGuard? = nil, transactionVersion: Int16 = 0, at now: Int64
    ) -> Result<LogAppendInfo, LogRefusal> {
        append(
            batches, leaderEpoch: leaderEpoch,
            AppendTerms(
                origin: origin, verificationGuard: verificationGuard,
                transactionVersion: transactionVersion, now: now))
    }

    private mutating func append(
        _ batches: some Collection<RecordBatch>, leaderEpoch: Int32, _ terms: AppendTerms
    ) -> Result<LogAppendInfo, LogRefusal> {
        do throws(LogRefusal) {
            let analyzed = try analyze(
                batches, origin: terms.origin, leaderEpoch: leaderEpoch)
            guard analyzed.taken > 0 else { return .success(nothingAppended) }
            guard terms.origin != .raftLeader else {
                try checkOffsets(analyzed)
                return .success(try commit(batches, analyzed, terms))
            }
            guard var batch = batches.first, batches.count == 1 else { throw .invalidRecord([]) }
            try validate(
                &batch,
                as: ValidationTerms(config: config, origin: terms.origin, now: terms.now))
            let next = assignOffsets(&batch, from: endOffset)
            batch.leaderEpoch = leaderEpoch
            var written = analyzed
            written.firstOffset = endOffset
            written.lastOffset = next - 1
            written.maxTimestamp = batch.maxTimestamp
            return .success(try commit(CollectionOfOne(batch), written, terms))
        } catch {
            return .failure(error)
        }
    }

    /// What a follower fetched with this leader epoch. Batches of a newer epoch than that may not
    /// be true any more when they arrive: they are left out (KAFKA-18723).
    public mutating func appendAsFollower(
        _ batches: [RecordBatch], leaderEpoch: Int32, at now: Int64
    ) -> Result<LogAppendInfo, LogRefusal> {
        do throws(LogRefusal) {
            let analyzed = try analyze(batches, origin: .replication, leaderEpoch: leaderEpoch)
            guard analyzed.taken > 0 else { return .success(nothingAppended) }
            let taken = batches[..<analyzed.taken]
            try checkOffsets(analyzed)
            return .success(
                try commit(taken, analyzed, AppendTerms(origin: .replication, now: now)))
        } catch {
            return .failure(error)
        }
    }

    private var nothingAppended: LogAppendInfo {
        LogAppendInfo(
            firstOffset: -1, lastOffset: -1, maxTimestamp: Absent.timestamp,
            logAppendTime: Absent.timestamp, logStartOffset: logStartOffset, validBytes: 0,
            isDuplicate: false)
    }

    /// What the headers of the batches say, before anything is done with them.
    private struct Analysis {
        /// How many batches are taken.
        var taken = 0
        var validBytes: Int64 = 0
        var firstOffset: Int64 = -1
        var lastOffset: Int64 = -1
        var maxTimestamp = Absent.timestamp
        var offsetsAscend = true
    }

    private func analyze(
        _ batches: some Collection<RecordBatch>, origin: AppendOrigin, leaderEpoch: Int32
    ) throws(LogRefusal) -> Analysis {
        var found = Analysis()
        for batch in batches {
            if origin == .raftLeader, batch.leaderEpoch != leaderEpoch { throw .invalidRecord([]) }
            if origin == .client, batch.baseOffset != 0 { throw .invalidRecord([]) }
            if origin == .replication, batch.leaderEpoch > leaderEpoch { break }
            if found.taken == 0 { found.firstOffset = batch.baseOffset }
            if found.lastOffset >= batch.lastOffset { found.offsetsAscend = false }
            found.lastOffset = batch.lastOffset
            if origin != .replication, Int64(batch.sizeInBytes) > config.maxMessageBytes {
                throw .messageTooLarge
            }
            guard batch.isIntact else { throw .corruptMessage }
            found.maxTimestamp = max(found.maxTimestamp, batch.maxTimestamp)
            found.validBytes += Int64(batch.sizeInBytes)
            found.taken += 1
        }
        return found
    }

    /// Those who bring offsets along must bring ascending ones, from the log's end on.
    private func checkOffsets(_ analyzed: Analysis) throws(LogRefusal) {
        guard analyzed.offsetsAscend else { throw .offsetsOutOfOrder }
        guard analyzed.firstOffset >= endOffset else {
            throw .unexpectedAppendOffset(
                first: analyzed.firstOffset, last: analyzed.lastOffset)
        }
    }

    private struct AppendTerms {
        var origin: AppendOrigin
        var verificationGuard: VerificationGuard?
        var transactionVersion: Int16 = 0
        var now: Int64
    }

    /// Offsets are assigned: epochs, roll, producers, and at last the bytes.
    private mutating func commit(
        _ batches: some Collection<RecordBatch>, _ written: Analysis, _ terms: AppendTerms
    ) throws(LogRefusal) -> LogAppendInfo {
        // By index, here and below: a batch that is looked at is not copied.
        for place in batches.indices where batches[place].leaderEpoch >= 0 {
            assignEpoch(batches[place].leaderEpoch, from: batches[place].baseOffset)
        }
        guard written.validBytes <= config.segmentBytes else { throw .recordListTooLarge }
        maybeRoll(written, at: terms.now)
        var info = LogAppendInfo(
            firstOffset: written.firstOffset, lastOffset: written.lastOffset,
            maxTimestamp: written.maxTimestamp,
            logAppendTime: config.stampsAppendTime && terms.origin != .replication
                && terms.origin != .raftLeader ? terms.now : Absent.timestamp,
            logStartOffset: logStartOffset, validBytes: written.validBytes, isDuplicate: false)
        let changes = try checkProducers(of: batches, terms)
        if let duplicate = changes.duplicate {
            info.firstOffset = duplicate.firstOffset
            info.lastOffset = duplicate.lastOffset
            info.logAppendTime = duplicate.timestamp
            info.isDuplicate = true
            return info
        }
        files.active.append(
            batches, indexInterval: config.indexIntervalBytes, at: terms.now)
        setEnd(written.lastOffset + 1)
        raiseHighWatermarkToEnd()
        if let first = changes.first { producers.update(first) }
        for other in changes.others { producers.update(other) }
        for completed in changes.completed { complete(completed) }
        producers.setEndOffset(written.lastOffset + 1)
        refreshFirstUnstableOffset()
        if endOffset - recoveryPoint >= config.flushMessages { flush(includingActive: false) }
        return info
    }

    private mutating func complete(_ completed: CompletedTransaction) {
        if completed.isAborted {
            files.active.transactionIndex.append(
                AbortedTransaction(
                    producerID: completed.producerID, firstOffset: completed.firstOffset,
                    lastOffset: completed.lastOffset,
                    lastStableOffset: producers.lastStableOffset(after: completed)))
        }
        producers.complete(completed)
    }

    private mutating func maybeRoll(_ written: Analysis, at now: Int64) {
        let isFull = files.active.size > config.segmentBytes - written.validBytes
        let isOld =
            files.active.size > 0
            && files.active.timeWaitedForRoll(written.maxTimestamp, at: now) > config.maxSegmentMs
        guard isFull || isOld || !files.active.canHold(written.lastOffset) else {
            files.active.hasIndexFile = true
            return
        }
        roll(expecting: written.firstOffset, at: now)
    }

    // MARK: Producers

    private struct ProducerChanges {
        /// Of the first producer: nearly always the only one, and then no array is made.
        var first: ProducerAppend?
        var others: [ProducerAppend] = []
        var completed: [CompletedTransaction] = []
        var duplicate: BatchMetadata?
    }

    private mutating func checkProducers(
        of batches: some Collection<RecordBatch>, _ terms: AppendTerms
    ) throws(LogRefusal) -> ProducerChanges {
        var changes = ProducerChanges()
        var position = files.active.size
        for place in batches.indices {
            defer { position += Int64(batches[place].sizeInBytes) }
            guard batches[place].hasProducerID else { continue }
            let batch = batches[place]
            if terms.origin == .client,
                let index = producers.producers.index(of: batch.producerID),
                let duplicate = producers.producers[at: index].duplicate(of: batch)
            {
                changes.duplicate = duplicate
                return changes
            }
            if terms.origin == .client || terms.origin == .coordinator {
                try checkVerification(of: batch, with: terms.verificationGuard)
            }
            let first =
                batch.isTransactional
                ? LogOffsetMetadata(
                    batch.baseOffset, segmentBaseOffset: files.active.baseOffset,
                    position: position)
                : LogOffsetMetadata(batch.baseOffset)
            try add(batch, at: first, terms, to: &changes)
        }
        return changes
    }

    private mutating func add(
        _ batch: RecordBatch, at first: LogOffsetMetadata, _ terms: AppendTerms,
        to changes: inout ProducerChanges
    ) throws(LogRefusal) {
        let id = batch.producerID
        if changes.first == nil {
            changes.first = producers.prepareAppend(id, origin: terms.origin)
        } else if changes.first?.producerID != id,
            !changes.others.contains(where: { $0.producerID == id })
        {
            changes.others.append(producers.prepareAppend(id, origin: terms.origin))
        }
        let version = terms.transactionVersion
        let completed: CompletedTransaction?
        if let index = changes.others.firstIndex(where: { $0.producerID == id }) {
            completed = try changes.others[index].append(
                batch, at: first, transactionVersion: version)
        } else {
            completed =
                try changes.first?.append(batch, at: first, transactionVersion: version) ?? nil
        }
        if batch.isTransactional { producers.endVerification(by: batch) }
        if let completed { changes.completed.append(completed) }
    }

    /// A transactional batch is taken only into a transaction that is open here, or that the
    /// coordinator has just confirmed (KIP-890).
    private func checkVerification(
        of batch: RecordBatch, with given: VerificationGuard?
    ) throws(LogRefusal) {
        guard batch.isTransactional, !batch.isControl, config.verifiesTransactions,
            generation.has(.transactionsVerified),
            !producers.hasOngoingTransaction(batch.producerID, epoch: batch.producerEpoch)
        else { return }
        if let entry = producers.producers[batch.producerID],
            batch.producerEpoch < entry.producerEpoch
        {
            throw .invalidProducerEpoch
        }
        let stored = producers.verifications[batch.producerID]?.verificationGuard
        guard let given, given == stored else { throw .invalidTransactionState }
    }
}
