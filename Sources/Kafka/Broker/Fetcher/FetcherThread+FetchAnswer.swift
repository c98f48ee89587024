import Kernel

/// A Fetch answer as far as it was not dealt with: it waits while the leader is asked for offsets.
struct UnfinishedAnswer: Sendable {
    var replies: [FetchPartitionReply]
    /// The one that is dealt with.
    var index = 0
    /// In error: they will be left alone for a while.
    var failed: [TopicIDPartition] = []
    var diverging: [(partition: TopicIDPartition, end: EpochEndOffset)] = []
    var highWatermarksMoved: [TopicIDPartition] = []
    /// The leader's log end, once it was asked for.
    var leaderEnd: Int64?
    /// The leader epoch under which it was asked.
    var leaderEpoch: Int32 = -1

    init(_ replies: [FetchPartitionReply]) {
        self.replies = replies
    }

    var partition: TopicIDPartition { replies[index].partition }
}

/// What is done with the answer to a Fetch.
extension FetcherThread {
    mutating func take(
        _ reply: consuming FetchReply, _ turn: inout FetcherTurn, _ replicas: inout ReplicaManager,
        _ effects: inout FetcherEffects
    ) {
        guard session.receive(reply) else {
            if reply.error == .fetchSessionTopicIDError { backOff(states.map(\.key), turn) }
            endTurn(turn, &effects)
            return
        }
        proceed(UnfinishedAnswer(reply.partitions), &turn, &replicas, &effects)
    }

    /// Partition by partition, then those that diverge, then those in error.
    mutating func proceed(
        _ answer: consuming UnfinishedAnswer, _ turn: inout FetcherTurn,
        _ replicas: inout ReplicaManager, _ effects: inout FetcherEffects
    ) {
        while answer.index < answer.replies.count {
            if take(&answer, &turn, &replicas, &effects) {
                askForOffsets(.latest, answer, &turn, &effects)
                return
            }
            answer.index += 1
        }
        for (partition, end) in answer.diverging {
            truncate(partition, end, &turn, &replicas, &effects)
        }
        if !answer.failed.isEmpty { backOff(answer.failed, turn) }
        if !answer.highWatermarksMoved.isEmpty {
            effects.append(.highWatermarksMoved(answer.highWatermarksMoved))
        }
        endTurn(turn, &effects)
    }

    /// One partition of the answer. True if its offset is out of the leader's range.
    private mutating func take(
        _ answer: inout UnfinishedAnswer, _ turn: inout FetcherTurn,
        _ replicas: inout ReplicaManager, _ effects: inout FetcherEffects
    ) -> Bool {
        let partition = answer.partition
        guard let state = states[partition], let asked = session[partition],
            let newestEpoch = newestEpochTaken(asked, state, turn),
            asked.fetchOffset == state.fetchOffset, state.isReady(at: turn.now)
        else { return false }
        switch answer.replies[answer.index].error {
        case .none:
            if turn.terms.truncatesOnFetch, let end = answer.replies[answer.index].diverging {
                if !turn.terms.generation.has(.truncationBeforeHighWatermark) {
                    append(&answer, state, newestEpoch, &turn, &replicas, &effects)
                }
                answer.diverging.append((partition, end))
            } else {
                append(&answer, state, newestEpoch, &turn, &replicas, &effects)
            }
        case .offsetOutOfRange:
            answer.leaderEpoch = state.leaderEpoch
            return true
        case .fencedLeaderEpoch:
            if isFencedInVain(partition, asked: asked.currentLeaderEpoch, &turn, &effects) {
                answer.failed.append(partition)
            }
        default: answer.failed.append(partition)
        }
        return false
    }

    /// Up to which leader epoch batches are taken: what a leader has by now sent may be of a later
    /// one than it was asked in (KAFKA-18723). Nil if the answer belongs to an earlier epoch.
    private func newestEpochTaken(
        _ asked: FetchRequest.Partition, _ state: FetchState, _ turn: FetcherTurn
    ) -> Int32? {
        guard turn.terms.generation.has(.answersOfOneEpoch) else { return .max }
        guard let epoch = asked.currentLeaderEpoch else { return state.leaderEpoch }
        return epoch == state.leaderEpoch ? epoch : nil
    }

    private mutating func append(
        _ answer: inout UnfinishedAnswer, _ state: FetchState, _ newestEpoch: Int32,
        _ turn: inout FetcherTurn, _ replicas: inout ReplicaManager,
        _ effects: inout FetcherEffects
    ) {
        let partition = answer.partition
        let fetched = replicas.append(
            answer.replies[answer.index], from: state.fetchOffset, newestEpoch: newestEpoch,
            at: turn.logTime, &effects)
        if fetched.highWatermarkMoved { answer.highWatermarksMoved.append(partition) }
        switch fetched.outcome {
        case .taken(let next, let epoch):
            if next != state.fetchOffset || state.lag == nil {
                advance(
                    partition, to: next, epoch: epoch,
                    leaderEnd: answer.replies[answer.index].highWatermark)
            } else if fetched.logStartMoved {
                markChanged(partition)
            }
        case .corrupt: answer.failed.append(partition)
        case .failed: becomeFailed(partition, &turn, &effects)
        }
    }
}
