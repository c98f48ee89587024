import Kafka
import Kernel
import Simulation

/// Judges what clients saw, by the names that Jepsen and Elle gave to what can be wrong with it.
///
/// A client's record is known by what the log was where it was written or read, which no client
/// could tell: so a record that was lost and replaced by another is not taken for it.
struct HistoryJudge: Sendable {
    private var histories = ForkableMap<TopicIDPartition, Shared<PartitionHistory>>()
    private let guarantees = HistoryGuarantees()

    /// One that is not there yet begins here.
    private subscript(id: TopicIDPartition) -> PartitionHistory {
        get { histories[id]?.value ?? PartitionHistory(id) }
        // It holds as long as nobody else changes the map.
        unsafeMutableAddress {
            let place = histories.place(of: id, orPut: Shared(PartitionHistory(id)))
            return withUnsafeMutablePointer(to: &histories[at: place].value) { $0 }
        }
    }

    /// A producer was told that its records are written. First it is seen whether they are; what
    /// was lost by then has no place in the log.
    mutating func acknowledged(
        _ tickets: [SendTicket], at offset: Int64, to client: Int, by broker: Int?,
        _ ghost: inout PartitionGhost, _ lost: AcknowledgedRecordLost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        let losses = ghost.losses
        let batch = lost.observe(
            tickets, at: offset, to: client, by: broker, &ghost, world, chronicle, &findings)
        guarantees.acknowledged(
            tickets, at: offset, by: client, batch,
            losses: ghost.losses > losses ? nil : ghost.losses, &self[ghost.id], ghost, world,
            chronicle, &findings)
    }

    mutating func received(
        _ from: Int64, to last: Int64, by client: Int, _ ghost: inout PartitionGhost,
        _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        ghost.consumedEnd = max(ghost.consumedEnd, last + 1)
        guarantees.received(
            from, to: last, by: client, &self[ghost.id], &ghost, world, chronicle, &findings)
    }

    /// A consumer goes on somewhere else in a partition.
    mutating func reset(_ client: Int, in id: TopicIDPartition) {
        self[id].reset(client)
    }

    /// A client begins a new life: it knows nothing of the one before.
    mutating func restarted(_ client: Int) {
        for id in histories.map(\.key) { histories[present: id].value.reset(client) }
    }

    mutating func remove(_ topic: TopicID) {
        for id in histories.map(\.key) where id.topic == topic { histories.remove(id) }
    }

    func conclude(
        _ ghost: ClusterGhost, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        for entry in histories where !ghost[entry.key].isCompacted {
            guarantees.conclude(
                entry.value.value, start: ghost[entry.key].start, world, chronicle, &findings)
        }
    }
}

/// Whom to ask when a client has seen something of a partition.
struct HistoryGuarantees: Sendable {
    private let monotonicPolls = MonotonicPolls()
    private let monotonicSends = MonotonicSends()
    private let consistentOffsets = ConsistentOffsets()
    private let noDuplicates = NoDuplicates()
    private let everythingIsRead = EverythingIsRead()

    func acknowledged(
        _ tickets: [SendTicket], at offset: Int64, by client: Int,
        _ batch: AcknowledgedLog.Batch?, losses: Int?, _ history: inout PartitionHistory,
        _ ghost: PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        if let losses {
            monotonicSends.observe(
                tickets, at: offset, by: client, losses: losses, &history, ghost, world,
                chronicle, &findings)
        }
        guard let batch, world.hasConsumers else { return }
        consistentOffsets.observe(written: batch, &history, world, chronicle, &findings)
    }

    func received(
        _ from: Int64, to last: Int64, by client: Int, _ history: inout PartitionHistory,
        _ ghost: inout PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        monotonicPolls.observe(
            from, to: last, by: client, &history, ghost, world, chronicle, &findings)
        if !ghost.isCompacted {
            consistentOffsets.observe(
                readUpTo: last, of: ghost.committed.chain, by: client, &history, world,
                chronicle, &findings)
            consistentOffsets.note(
                readAnew: from..<last + 1, of: ghost.committed.chain, &history)
        }
        noDuplicates.observe(upTo: last, &history, ghost, world, chronicle, &findings)
        history.received.insert(from..<last + 1)
    }

    func conclude(
        _ history: PartitionHistory, start: Int64, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        everythingIsRead.conclude(history, start: start, world, chronicle, &findings)
    }
}
