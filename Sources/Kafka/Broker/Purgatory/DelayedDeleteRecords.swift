import Kernel

/// A DeleteRecords that waits until all live replicas have moved their log starts.
struct DelayedDeleteRecords: Sendable {
    struct Status: Sendable {
        var reply: DeleteRecordsPartitionReply
        var requiredOffset: Int64
        var isPending: Bool
    }

    var token: ReplyToken
    var deadline: Instant
    var statuses: [Status]
}

extension ReplicaManager {
    /// Settles what can be settled. True: all of it.
    private func settle(_ deletion: inout DelayedDeleteRecords) -> Bool {
        for index in deletion.statuses.indices where deletion.statuses[index].isPending {
            let status = deletion.statuses[index]
            let outcome = lowWatermark(of: status.reply.partition)
            if case .success(let low) = outcome, low < status.requiredOffset { continue }
            deletion.statuses[index].isPending = false
            switch outcome {
            case .success(let low):
                deletion.statuses[index].reply.error = .none
                deletion.statuses[index].reply.lowWatermark = low
            case .failure(let error):
                deletion.statuses[index].reply.error = error
                deletion.statuses[index].reply.lowWatermark = -1
            }
        }
        return deletion.statuses.allSatisfy { !$0.isPending }
    }

    /// Here a partition that is not hosted is unknown, whatever the metadata says.
    private func lowWatermark(of id: TopicIDPartition) -> Result<Int64, KafkaError> {
        guard let partition = partitions[id] else { return .failure(.unknownTopicOrPartition) }
        guard partition.value.isLeader else { return .failure(.notLeaderOrFollower) }
        return .success(partition.value.lowWatermark(broker))
    }

    mutating func wait(
        _ deletion: DelayedDeleteRecords, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        var deletion = deletion
        guard !settle(&deletion), deletion.deadline > now else {
            return answer(deletion, &effects)
        }
        let id = purgatory.newID()
        for status in deletion.statuses where partitions.contains(status.reply.partition) {
            partitions[present: status.reply.partition].value.watchers.deletions.append(id)
        }
        setDeadline(deletion.deadline, of: id, &effects)
        purgatory.deletions[id] = deletion
    }

    mutating func wakeDeletions(_ waiting: [OperationID], _ effects: inout ReplicaEffects) {
        for id in waiting {
            guard var deletion = purgatory.deletions[id] else { continue }
            let isSettled = settle(&deletion)
            purgatory.deletions[present: id].statuses = deletion.statuses
            if isSettled { completeDeletion(id, &effects) }
        }
    }

    mutating func completeDeletion(_ id: OperationID, _ effects: inout ReplicaEffects) {
        guard let deletion = purgatory.deletions.remove(id) else { return }
        purgatory.removeDeadline(deletion.deadline, of: id)
        for status in deletion.statuses {
            guard let place = partitions.place(of: status.reply.partition) else { continue }
            partitions[place].watchers.deletions.forget(id)
        }
        answer(deletion, &effects)
    }

    private func answer(_ deletion: DelayedDeleteRecords, _ effects: inout ReplicaEffects) {
        effects.append(
            .reply(.deleteRecords(deletion.statuses.map(\.reply)), to: deletion.token))
    }
}
