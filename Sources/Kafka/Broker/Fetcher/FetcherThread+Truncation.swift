import Kernel

/// What OffsetsForLeaderEpoch was asked.
struct EpochQuestion: Sendable {
    var asked: [OffsetsForLeaderEpochRequest.Partition]
    /// Those that have no epoch to ask about: they are cut to where they were certain.
    var withoutEpoch: [TopicIDPartition]
}

/// Cutting logs back to where they agree with the leader's.
extension FetcherThread {
    /// Begins the truncating phase of the turn. True if the leader was asked, so that its answer
    /// must come first.
    mutating func askWhereToTruncate(
        _ turn: inout FetcherTurn, _ replicas: inout ReplicaManager,
        _ effects: inout FetcherEffects
    ) -> Bool {
        var question = EpochQuestion(asked: [], withoutEpoch: [])
        for partition in truncating {
            guard let state = states[partition], !state.isBackingOff(at: turn.now) else { continue }
            if let epoch = replicas.latestEpoch(of: partition) {
                question.asked.append(
                    OffsetsForLeaderEpochRequest.Partition(
                        partition, currentLeaderEpoch: state.leaderEpoch, leaderEpoch: epoch))
            } else {
                question.withoutEpoch.append(partition)
            }
        }
        guard !question.asked.isEmpty else {
            truncateToFetchOffset(question.withoutEpoch, &turn, &replicas, &effects)
            return false
        }
        let ticket = turn.newTicket()
        let request = OffsetsForLeaderEpochRequest(
            follower: turn.terms.id, partitions: question.asked)
        activity = .epochs(ticket, question)
        effects.append(.send(.offsetsForLeaderEpoch(request), id, ticket))
        return true
    }

    /// The leader said where epochs end. Partitions that have another leader epoch by now ask
    /// again.
    mutating func truncate(
        _ replies: [OffsetsForLeaderEpochPartitionReply], _ question: EpochQuestion,
        _ turn: inout FetcherTurn, _ replicas: inout ReplicaManager,
        _ effects: inout FetcherEffects
    ) {
        let asked = SortedMap(question.asked.lazy.map { ($0.partition, $0.currentLeaderEpoch) })
        var failed: [TopicIDPartition] = []
        for reply in replies {
            let partition = reply.partition
            guard let epoch = asked[partition], let state = states[partition],
                state.leaderEpoch == epoch
            else { continue }
            switch reply.error {
            case .none: truncate(partition, reply.end, &turn, &replicas, &effects)
            case .fencedLeaderEpoch:
                if isFencedInVain(partition, asked: epoch, &turn, &effects) {
                    failed.append(partition)
                }
            default: failed.append(partition)
            }
        }
        backOff(failed, turn)
        truncateToFetchOffset(question.withoutEpoch, &turn, &replicas, &effects)
    }

    /// A log without epochs keeps what it was certain of when it began to follow: what lay below
    /// its high watermark (before KIP-101 all did that).
    private mutating func truncateToFetchOffset(
        _ partitions: [TopicIDPartition], _ turn: inout FetcherTurn,
        _ replicas: inout ReplicaManager, _ effects: inout FetcherEffects
    ) {
        for partition in partitions {
            guard let state = states[partition] else { continue }
            let point = TruncationPoint(offset: state.fetchOffset, isFinal: true)
            truncate(partition, to: point, &turn, &replicas, &effects)
        }
    }

    /// To where the log agrees with what the leader said of an epoch.
    mutating func truncate(
        _ partition: TopicIDPartition, _ end: EpochEndOffset?, _ turn: inout FetcherTurn,
        _ replicas: inout ReplicaManager, _ effects: inout FetcherEffects
    ) {
        guard let state = states[partition] else { return }
        guard replicas.partitions.contains(partition) else {
            becomeFailed(partition, &turn, &effects)
            return
        }
        let point = truncationPoint(
            leader: end, own: end.flatMap { replicas.endOffset(ofEpoch: $0.epoch, partition) },
            logEnd: replicas.logEnd(of: partition), fetchOffset: state.fetchOffset)
        truncate(partition, to: point, &turn, &replicas, &effects)
    }

    private mutating func truncate(
        _ partition: TopicIDPartition, to point: TruncationPoint, _ turn: inout FetcherTurn,
        _ replicas: inout ReplicaManager, _ effects: inout FetcherEffects
    ) {
        guard var state = states[partition] else { return }
        guard replicas.truncate(partition, to: point.offset, at: turn.logTime, &effects) else {
            becomeFailed(partition, &turn, &effects)
            return
        }
        state.fetchOffset = point.offset
        state.phase = turn.terms.truncatesOnFetch || point.isFinal ? .fetching : .truncating
        state.lastFetchedEpoch = replicas.latestEpoch(of: partition)
        if let backOff = state.backOff, !turn.terms.generation.has(.backOffStaysOver) {
            state.backOff?.until = turn.now + backOff.length
        }
        set(partition, state)
    }
}
