import Kernel

/// A write that waits until all in-sync replicas have it. Each partition is settled for itself; the
/// answer goes out when all are.
struct DelayedProduce: Sendable {
    struct Status: Sendable {
        var reply: ProducePartitionReply
        var requiredOffset: Int64
        var isPending: Bool
    }

    var token: ReplyToken
    var deadline: Instant
    var statuses: [Status]

    /// What is not settled in time is answered with REQUEST_TIMED_OUT. The records stay, and may
    /// yet be replicated.
    init(_ appends: [LeaderAppend], token: ReplyToken, deadline: Instant) {
        self.token = token
        self.deadline = deadline
        statuses = appends.map { append in
            var status = Status(
                reply: append.reply, requiredOffset: append.requiredOffset,
                isPending: append.reply.error == .none)
            if status.isPending { status.reply.error = .requestTimedOut }
            return status
        }
    }

    var isSettled: Bool { statuses.allSatisfy { !$0.isPending } }
}

extension ReplicaManager {
    /// Settles what can be settled. True: all of it.
    mutating func settle(_ produce: inout DelayedProduce) -> Bool {
        for index in produce.statuses.indices where produce.statuses[index].isPending {
            let status = produce.statuses[index]
            let id = status.reply.partition
            let outcome =
                partitions.look(id) { $0.value.replication(upTo: status.requiredOffset, broker) }
                ?? absence(of: id)
            guard let outcome else { continue }
            produce.statuses[index].isPending = false
            produce.statuses[index].reply.error = outcome
        }
        return produce.isSettled
    }

    mutating func wait(
        _ produce: DelayedProduce, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        guard produce.deadline > now else {
            return reply(produce.statuses.map(\.reply), to: produce.token, &effects)
        }
        let id = purgatory.newID()
        for status in produce.statuses where partitions.contains(status.reply.partition) {
            partitions[present: status.reply.partition].value.watchers.produces.append(id)
        }
        setDeadline(produce.deadline, of: id, &effects)
        purgatory.produces[id] = produce
    }

    mutating func wakeProduces(_ waiting: [OperationID], _ effects: inout ReplicaEffects) {
        for id in waiting where purgatory.produces.contains(id) {
            var produce = purgatory.produces[present: id]
            let isSettled = settle(&produce)
            purgatory.produces[present: id].statuses = produce.statuses
            if isSettled { completeProduce(id, &effects) }
        }
    }

    mutating func completeProduce(_ id: OperationID, _ effects: inout ReplicaEffects) {
        guard let produce = purgatory.produces.remove(id) else { return }
        purgatory.removeDeadline(produce.deadline, of: id)
        for status in produce.statuses where partitions.contains(status.reply.partition) {
            partitions[present: status.reply.partition].value.watchers.produces
                .removeAll { $0 == id }
        }
        reply(produce.statuses.map(\.reply), to: produce.token, &effects)
    }
}
