import Kernel

/// What came of an append to one partition.
struct LeaderAppend: Sendable {
    var reply: ProducePartitionReply
    /// Up to where the high watermark must come before the write counts as replicated.
    var requiredOffset: Int64 = 0
    /// Nil: nothing was appended.
    var highWatermarkMoved: Bool?
}

/// One batch to append, and on whose behalf.
struct LeaderBatch: Sendable {
    var batch: RecordBatch
    var origin: AppendOrigin
    var verificationGuard: VerificationGuard?
    var transactionVersion: Int16
    var needsAllReplicas: Bool
}

/// What a leader does with its log.
extension Partition {
    mutating func append(
        _ asked: LeaderBatch, _ broker: BrokerContext, at now: Instant
    ) -> LeaderAppend {
        guard let leadership else { return failure(.notLeaderOrFollower, logStart: -1) }
        let minISR = effectiveMinISR(of: leadership)
        if asked.needsAllReplicas, leadership.isr.committed.count < minISR {
            return failure(.notEnoughReplicas, logStart: log.logStartOffset)
        }
        let result = log.appendAsLeader(
            asked.batch, leaderEpoch: leaderEpoch, origin: asked.origin,
            verificationGuard: asked.verificationGuard,
            transactionVersion: asked.transactionVersion, at: broker.logTime(at: now))
        switch result {
        case .failure(let refusal): return failure(refusal)
        case .success(let info):
            let moved = maybeAdvanceHighWatermark(broker, at: now)
            return LeaderAppend(
                reply: ProducePartitionReply(
                    id, .none, baseOffset: info.firstOffset, logAppendTime: info.logAppendTime,
                    logStartOffset: info.logStartOffset),
                requiredOffset: info.lastOffset + 1, highWatermarkMoved: moved)
        }
    }

    private func failure(_ error: KafkaError, logStart: Int64) -> LeaderAppend {
        LeaderAppend(reply: ProducePartitionReply(id, error, logStartOffset: logStart))
    }

    /// Kafka tells the log start only with errors that it did not expect.
    private func failure(_ refusal: LogRefusal) -> LeaderAppend {
        switch refusal {
        case .messageTooLarge, .recordListTooLarge, .corruptMessage:
            return failure(refusal.error, logStart: -1)
        case .invalidRecord(let indices), .invalidTimestamp(let indices):
            var failed = failure(refusal.error, logStart: log.logStartOffset)
            failed.reply.refusedRecords = indices
            return failed
        default: return failure(refusal.error, logStart: log.logStartOffset)
        }
    }

    /// Whether everybody who must have the records below the offset has them. Nil: not yet.
    func replication(upTo offset: Int64, _ broker: BrokerContext) -> KafkaError? {
        guard let leadership else { return .notLeaderOrFollower }
        guard log.highWatermark >= offset else { return nil }
        let inSync = leadership.isr.maximalCount(believesWish: broker.believesISRWish)
        return effectiveMinISR(of: leadership) <= inSync ? KafkaError.none
            : .notEnoughReplicasAfterAppend
    }

    /// Deletes records below an offset; -1 is the high watermark. What was asked for in plain
    /// numbers, and how far all replicas have come with it.
    mutating func deleteRecords(
        below asked: Int64, _ broker: BrokerContext
    ) -> Result<(offset: Int64, lowWatermark: Int64), KafkaError> {
        guard isLeader else { return .failure(.notLeaderOrFollower) }
        guard log.config.cleanupPolicy.contains(.delete) else { return .failure(.policyViolation) }
        let offset = asked == -1 ? log.highWatermark : asked
        guard offset >= 0, case .success = log.maybeIncrementLogStart(to: offset) else {
            return .failure(.offsetOutOfRange)
        }
        return .success((offset, lowWatermark(broker)))
    }
}

