/// What a log wants done in the background, in this order. A process that dies first never does it.
public enum LogTask: Hashable, Sendable {
    /// A roll: what lies below the new segment is to survive a power loss.
    case flushSegments(upTo: Int64)
    /// The cache of leader epochs was truncated: write its file.
    case writeLeaderEpochs
    /// Write the file that holds the topic id.
    case writePartitionMetadata
}

/// The log of one replica of one partition, as a value (UnifiedLog): segments, leader epochs,
/// producers, and the offsets up to which different readers may read.
///
/// It sees no disk: `files` is the directory, and copying the log forks it with all that lies
/// there. It sees no clock either: `now` is what the broker's clock says, in milliseconds.
///
/// Invariants that Kafka means to hold: log start <= last stable <= high watermark <= end. See
/// `Fix.lsoBelowLogStart` for how 4.3.1 breaks them.
public struct PartitionLog: Sendable {
    public var config: LogConfig
    public let generation: Generation
    public internal(set) var files: LogFiles

    /// The first offset that may be read.
    public internal(set) var logStartOffset: Int64
    /// The next offset to be written, and where.
    public internal(set) var end: LogOffsetMetadata
    /// Everything below is on all in-sync replicas. Where it lies is looked up when first needed.
    public internal(set) var highWatermarkMetadata: LogOffsetMetadata
    /// Where the oldest unfinished transaction begins, as last looked up: an append, a move of the
    /// high watermark and of the log start do that, a truncation alone does not.
    public internal(set) var firstUnstableMetadata: LogOffsetMetadata?
    /// Everything below is flushed, or so the log believes: recovery does not look there.
    public internal(set) var recoveryPoint: Int64
    public internal(set) var leaderEpochs: LeaderEpochCache
    public internal(set) var producers: ProducerState
    /// The lowest end that it has had since somebody last asked: what was appended there since is
    /// not what was there before.
    public internal(set) var lowestEnd: Int64
    /// Waiting to be run, oldest first.
    public internal(set) var tasks: [LogTask] = []

    /// The log of a replica that never had one.
    public init(config: LogConfig, generation: Generation, at now: Int64) {
        let files = LogFiles(startingAt: 0, at: now)
        guard
            case .success(let log) = PartitionLog.open(
                files, config: config, generation: generation, clean: false,
                recoveryPoint: 0, logStartOffset: 0, at: now)
        else { preconditionFailure("an empty directory opens") }
        self = log
    }

    init(
        config: LogConfig, generation: Generation, files: LogFiles, loaded: LoadedLog, at now: Int64
    ) {
        self.config = config
        self.generation = generation
        self.files = files
        logStartOffset = loaded.logStartOffset
        end = LogOffsetMetadata(
            loaded.nextOffset, segmentBaseOffset: files.active.baseOffset,
            position: files.active.size)
        lowestEnd = loaded.nextOffset
        highWatermarkMetadata = LogOffsetMetadata(loaded.logStartOffset)
        recoveryPoint = max(loaded.recoveryPoint, loaded.logStartOffset)
        leaderEpochs = loaded.leaderEpochs
        producers = loaded.producers
        tasks = loaded.tasks
        refreshFirstUnstableOffset()
    }

    public var endOffset: Int64 { end.messageOffset }
    public var highWatermark: Int64 { highWatermarkMetadata.messageOffset }

    /// Where committed reads end: the first unstable offset, if it is below the high watermark.
    public var lastStableOffset: Int64 {
        guard let unstable = firstUnstableMetadata?.messageOffset else { return highWatermark }
        return min(unstable, highWatermark)
    }

    public mutating func forgetLowestEnd() { lowestEnd = endOffset }

    public var size: Int64 { files.size }
    public var isEmpty: Bool { logStartOffset == endOffset }

    // MARK: Leader epochs

    /// The leader of this epoch writes from the offset on. Goes to disk at once.
    public mutating func assignEpoch(_ epoch: Int32, from offset: Int64) {
        if leaderEpochs.assign(epoch, from: offset) {
            files.writeLeaderEpochs(leaderEpochs, isFlushed: true)
        }
    }

    public func endOffset(forEpoch epoch: Int32) -> EpochEndOffset? {
        guard generation.has(.epochEndNamesEpoch) else {
            return endOffsetBeforeKIP279(
                epoch, in: leaderEpochs.entries, logEndOffset: endOffset)
        }
        return endOffsetForEpoch(epoch, in: leaderEpochs.entries, logEndOffset: endOffset)
    }

    // MARK: Producers

    /// A transactional batch is about to be verified with the coordinator: the guard to append it
    /// with, or nil if its transaction is open here already (maybeStartTransactionVerification).
    public mutating func startVerification(
        _ id: ProducerID, sequence: Int32, epoch: Int16, supportsEpochBump: Bool, at now: Int64
    ) -> Result<VerificationGuard?, LogRefusal> {
        if let entry = producers.producers[id], epoch < entry.producerEpoch {
            return .failure(.invalidProducerEpoch)
        }
        if producers.hasOngoingTransaction(id, epoch: epoch) { return .success(nil) }
        return .success(
            producers.startVerification(
                id, sequence: sequence, epoch: epoch, supportsEpochBump: supportsEpochBump,
                at: now))
    }

    public mutating func removeExpiredProducers(at now: Int64) {
        producers.removeExpired(after: config.producerIDExpirationMs, at: now)
    }

    /// A transaction is open for longer than any may be, and five minutes more.
    public func hasLateTransaction(at now: Int64) -> Bool {
        let began = producers.oldestTransactionTimestamp
        return began > 0 && now - began > config.transactionMaxTimeoutMs + 300_000
    }

    /// What is known of each producer, ascending by id.
    public var activeProducers: [ProducerStateEntry] { producers.producers.entries }
    /// What is being verified, ascending by producer id.
    public var verifications: [VerificationEntry] { producers.verifications.entries }

    /// All segments' aborted transactions.
    public var abortedTransactions: [AbortedTransaction] {
        (0..<files.segmentCount).flatMap { files[segment: $0].transactionIndex.transactions }
    }

    // MARK: Background

    public var hasTasks: Bool { !tasks.isEmpty }

    /// Hands over what is waiting to be done; the caller runs each when it likes, or never.
    public mutating func takeTasks() -> [LogTask] {
        defer { tasks.removeAll() }
        return tasks
    }

    public mutating func run(_ task: LogTask) {
        switch task {
        case .flushSegments(let offset): flush(upTo: offset)
        case .writeLeaderEpochs:
            files.writeLeaderEpochs(leaderEpochs, isFlushed: generation.has(.epochFileFlushed))
        case .writePartitionMetadata: break
        }
    }
}
