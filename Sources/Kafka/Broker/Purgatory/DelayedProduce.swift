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
}

extension ReplicaManager {
    /// Settles what can be settled. True: all of it.
    mutating func settle(_ statuses: inout [DelayedProduce.Status]) -> Bool {
        var isSettled = true
        for index in statuses.indices where statuses[index].isPending {
            let id = statuses[index].reply.partition
            let end = statuses[index].requiredOffset
            let outcome =
                partitions.look(id) { $0.replication(upTo: end, broker) } ?? absence(of: id)
            guard let outcome else {
                isSettled = false
                continue
            }
            statuses[index].isPending = false
            statuses[index].reply.error = outcome
        }
        return isSettled
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

    /// Those that wait for something in this partition. One that is settled leaves the list.
    mutating func wakeProduces(in partition: TopicIDPartition, _ effects: inout ReplicaEffects) {
        guard let place = partitions.place(of: partition) else { return }
        var index = 0
        while index < partitions.watchers(place).produces.count {
            let id = partitions.watchers(place).produces[index]
            if !wakeProduce(id, &effects) { index += 1 }
        }
    }

    mutating func wakeProduces(_ waiting: [OperationID], _ effects: inout ReplicaEffects) {
        for id in waiting { wakeProduce(id, &effects) }
    }

    /// True: it was waiting, and is answered.
    @discardableResult
    private mutating func wakeProduce(
        _ id: OperationID, _ effects: inout ReplicaEffects
    ) -> Bool {
        guard let place = purgatory.produces.find(id) else { return false }
        var statuses: [DelayedProduce.Status] = []
        swap(&statuses, &purgatory.produces[at: place].statuses)
        let isSettled = settle(&statuses)
        swap(&statuses, &purgatory.produces[at: place].statuses)
        if isSettled { completeProduce(id, &effects) }
        return isSettled
    }

    mutating func completeProduce(_ id: OperationID, _ effects: inout ReplicaEffects) {
        guard let produce = purgatory.produces.remove(id) else { return }
        purgatory.removeDeadline(produce.deadline, of: id)
        for status in produce.statuses {
            guard let place = partitions.place(of: status.reply.partition) else { continue }
            partitions[place].watchers.produces.forget(id)
        }
        reply(produce.statuses.map(\.reply), to: produce.token, &effects)
    }
}
