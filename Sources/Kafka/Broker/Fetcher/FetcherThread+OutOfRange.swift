import Kernel

/// A follower whose offset the leader does not have asks for both of the leader's ends.
///
/// A leader that was elected uncleanly may end before its follower does: the follower gives up
/// what is beyond. A leader that has deleted much may begin after its follower ends: the follower
/// begins anew there. Otherwise the leader has caught up meanwhile, and it is simply tried again.
extension FetcherThread {
    mutating func askForOffsets(
        _ query: OffsetQuery, _ answer: UnfinishedAnswer, _ turn: inout FetcherTurn,
        _ effects: inout FetcherEffects
    ) {
        let ticket = turn.newTicket()
        let request = ListOffsetsRequest(
            .follower(turn.terms.id),
            partitions: [
                ListOffsetsRequest.Partition(
                    answer.partition, currentLeaderEpoch: answer.leaderEpoch, query)
            ])
        activity = .offsets(ticket, answer)
        effects.append(.send(.listOffsets(request), id, ticket))
    }

    /// The leader named an offset, or did not: nil if there is no answer at all.
    mutating func resume(
        _ rest: UnfinishedAnswer, _ reply: ListOffsetsPartitionReply?, _ turn: inout FetcherTurn,
        _ replicas: inout ReplicaManager, _ effects: inout FetcherEffects
    ) {
        var answer = rest
        let partition = answer.partition
        if let state = states[partition], state.leaderEpoch == answer.leaderEpoch {
            switch reply?.error {
            case .some(.none):
                let offset = reply?.offset ?? -1
                if let leaderEnd = answer.leaderEnd {
                    let isDone = startOver(
                        partition, leaderStart: offset, leaderEnd, turn, &replicas, &effects)
                    if !isDone { answer.failed.append(partition) }
                } else if offset >= replicas.logEnd(of: partition) {
                    answer.leaderEnd = offset
                    askForOffsets(.earliest, answer, &turn, &effects)
                    return
                } else if replicas.truncate(partition, to: offset, at: turn.logTime, &effects) {
                    reset(partition, to: offset, lag: 0, replicas)
                } else {
                    answer.failed.append(partition)
                }
            case .fencedLeaderEpoch:
                _ = isFencedInVain(partition, asked: answer.leaderEpoch, &turn, &effects)
            default: answer.failed.append(partition)
            }
        }
        answer.leaderEnd = nil
        answer.index += 1
        proceed(answer, &turn, &replicas, &effects)
    }

    /// The leader does not end before we do. False if there is no log to go on with.
    private mutating func startOver(
        _ partition: TopicIDPartition, leaderStart: Int64, _ leaderEnd: Int64,
        _ turn: FetcherTurn, _ replicas: inout ReplicaManager, _ effects: inout FetcherEffects
    ) -> Bool {
        guard replicas.partitions.contains(partition) else { return false }
        let end = replicas.logEnd(of: partition)
        if leaderStart > end {
            replicas.truncateFully(partition, to: leaderStart, at: turn.logTime, &effects)
        }
        let offset = max(leaderStart, end)
        reset(partition, to: offset, lag: leaderEnd - offset, replicas)
        return true
    }

    private mutating func reset(
        _ partition: TopicIDPartition, to offset: Int64, lag: Int64, _ replicas: ReplicaManager
    ) {
        guard var state = states[partition] else { return }
        state.phase = .fetching
        state.fetchOffset = offset
        state.lag = lag
        state.lastFetchedEpoch = replicas.latestEpoch(of: partition)
        state.backOff = nil
        set(partition, state, movingToEnd: true)
    }
}
