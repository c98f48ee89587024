import Kernel

/// Records are deleted from below (KIP-107): answered when all live replicas have done so.
extension ReplicaManager {
    mutating func deleteRecords(
        _ request: DeleteRecordsRequest, _ token: ReplyToken, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        var mustWait = false
        let statuses = request.partitions.map { asked -> DelayedDeleteRecords.Status in
            switch deleteRecords(asked) {
            case .failure(let error):
                return DelayedDeleteRecords.Status(
                    reply: DeleteRecordsPartitionReply(asked.partition, error, lowWatermark: -1),
                    requiredOffset: -1, isPending: false)
            case .success(let deleted):
                mustWait = mustWait || deleted.lowWatermark < deleted.offset
                takeLogTasks(of: asked.partition, &effects)
                return DelayedDeleteRecords.Status(
                    reply: DeleteRecordsPartitionReply(
                        asked.partition, .none, lowWatermark: deleted.lowWatermark),
                    requiredOffset: deleted.offset, isPending: true)
            }
        }
        guard mustWait else {
            return effects.append(.reply(.deleteRecords(statuses.map(\.reply)), to: token))
        }
        var deletion = DelayedDeleteRecords(
            token: token, deadline: now + request.timeout, statuses: statuses)
        for index in statuses.indices where statuses[index].isPending {
            deletion.statuses[index].reply.error = .requestTimedOut
        }
        wait(deletion, at: now, &effects)
    }

    private mutating func deleteRecords(
        _ asked: DeleteRecordsRequest.Partition
    ) -> Result<(offset: Int64, lowWatermark: Int64), KafkaError> {
        let id = asked.partition
        guard partitions.contains(id) else { return .failure(absence(of: id)) }
        if partitions[present: id].value.isInternal { return .failure(.invalidTopicException) }
        return partitions[present: id].value.deleteRecords(below: asked.offset, broker)
    }
}
