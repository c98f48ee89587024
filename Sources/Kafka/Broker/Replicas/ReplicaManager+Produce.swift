import Kernel

/// Appends to partitions that this broker leads.
extension ReplicaManager {
    mutating func produce(
        _ asked: LocalAppend, _ token: ReplyToken, at now: Instant,
        _ effects: inout ReplicaEffects
    ) {
        let request = asked.request
        guard let acks = RequiredAcks(rawValue: request.acks) else {
            let refused = request.partitions.map {
                ProducePartitionReply($0.partition, .invalidRequiredAcks)
            }
            return effects.append(.reply(.produce(refused), to: token))
        }
        var appends: [LeaderAppend] = []
        appends.reserveCapacity(request.partitions.count)
        for index in request.partitions.indices {
            appends.append(append(asked, index, needsAllReplicas: acks == .all, at: now))
            takeLogTasks(of: request.partitions[index].partition, &effects)
        }
        if acks == .all, appends.contains(where: { $0.reply.error == .none }) {
            var delayed = DelayedProduce(appends, token: token, deadline: now + request.timeout)
            if settle(&delayed.statuses) {
                reply(delayed.statuses.map(\.reply), to: token, &effects)
            } else {
                wait(delayed, at: now, &effects)
            }
        } else {
            reply(appends.map(\.reply), to: token, &effects)
        }
        for append in appends { wake(after: append, at: now, &effects) }
    }

    private mutating func append(
        _ asked: LocalAppend, _ index: Int, needsAllReplicas: Bool, at now: Instant
    ) -> LeaderAppend {
        let id = asked.request.partitions[index].partition
        guard let place = partitions.place(of: id) else {
            return LeaderAppend(reply: ProducePartitionReply(id, absence(of: id)))
        }
        if asked.origin == .client, partitions[place].isInternal {
            return LeaderAppend(reply: ProducePartitionReply(id, .invalidTopicException))
        }
        let batch = LeaderBatch(
            batch: asked.request.partitions[index].batch, origin: asked.origin,
            verificationGuard: asked.guards.isEmpty ? nil : asked.guards[index],
            transactionVersion: asked.transactionVersion, needsAllReplicas: needsAllReplicas)
        return partitions[place].append(batch, broker, at: now)
    }

    mutating func reply(
        _ replies: [ProducePartitionReply], to token: ReplyToken, _ effects: inout ReplicaEffects
    ) {
        var replies = replies
        for index in replies.indices where replies[index].error != .none {
            replies[index].currentLeader = currentLeader(
                of: replies[index].partition, after: replies[index].error)
        }
        effects.append(.reply(.produce(replies), to: token))
    }
}
