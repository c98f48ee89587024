import Kernel

/// Questions about offsets, answered at once.
extension ReplicaManager {
    mutating func listOffsets(
        _ request: ListOffsetsRequest, _ token: ReplyToken, _ effects: inout ReplicaEffects
    ) {
        let replies = request.partitions.map { asked in
            var reply = listOffset(asked, request)
            if request.version < 5, reply.error == .offsetNotAvailable {
                // Clients of that time do not know the error.
                reply.error = .leaderNotAvailable
            }
            if request.version < 4 { reply.leaderEpoch = nil }
            return reply
        }
        effects.append(.reply(.listOffsets(replies), to: token))
    }

    private mutating func listOffset(
        _ asked: ListOffsetsRequest.Partition, _ request: ListOffsetsRequest
    ) -> ListOffsetsPartitionReply {
        let id = asked.partition
        guard request.version >= asked.query.firstVersion else {
            return ListOffsetsPartitionReply(id, .unsupportedVersion)
        }
        guard partitions.contains(id) else { return ListOffsetsPartitionReply(id, absence(of: id)) }
        return partitions[present: id].value.listOffset(asked, by: request.asker, broker)
    }

    func endOffsets(
        _ request: OffsetsForLeaderEpochRequest, _ token: ReplyToken,
        _ effects: inout ReplicaEffects
    ) {
        let replies = request.partitions.map { asked in
            partitions[asked.partition]?.value.endOffset(asked, broker)
                ?? OffsetsForLeaderEpochPartitionReply(
                    asked.partition, absence(of: asked.partition))
        }
        effects.append(.reply(.offsetsForLeaderEpoch(replies), to: token))
    }
}
