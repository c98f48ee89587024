import Kernel

/// The changes of ISRs on their way to the controller (AlterPartitionManager): one request at a
/// time, in which everything goes that has gathered meanwhile, and one change a partition, which
/// stays here until it is answered, however often that takes.
struct AlterPartitionQueue: Sendable {
    private var changes = SortedMap<TopicIDPartition, AlterPartitionRequest.Partition>()
    /// What the request in flight is about; nil when none is.
    private var inFlight: [TopicIDPartition]?
    /// When failed requests are tried again, unless something else was sent before. Ascends.
    private var resends: [Instant] = []

    /// A change that was answered.
    struct Settled: Sendable {
        var change: AlterPartitionRequest.Partition
        var reply: AlterPartitionReply
    }

    /// False: refused, since an earlier change of the partition is not answered yet.
    mutating func submit(_ change: AlterPartitionRequest.Partition) -> Bool {
        guard changes.index(forKey: change.partition) == nil else { return false }
        changes[change.partition] = change
        return true
    }

    /// All that waits, if nothing is in flight. The broker's epoch is that of this moment.
    mutating func takeRequest(from broker: NodeID, epoch: Int64) -> AlterPartitionRequest? {
        guard inFlight == nil, !changes.isEmpty else { return nil }
        inFlight = Array(changes.keys)
        return AlterPartitionRequest(
            broker: broker, epoch: epoch, partitions: Array(changes.values))
    }

    /// What the answer settles. Until `conclude` the request counts as in flight, so that changes
    /// that are handed in again meanwhile leave together. A partition that the answer does not
    /// mention stays. Nil: the request failed, nothing is settled, and `resend` says when to try
    /// again.
    mutating func settle(_ answer: AlterPartitionAnswer) -> [Settled]? {
        guard case .partitions(let replies) = answer else { return nil }
        // An answer to nothing is one to a process that was here before.
        guard let asked = inFlight, asked.count == replies.count else { return [] }
        var settled: [Settled] = []
        for (partition, reply) in zip(asked, replies) {
            guard let reply, let change = changes.removeValue(forKey: partition) else { continue }
            settled.append(Settled(change: change, reply: reply))
        }
        return settled
    }

    mutating func conclude() { inFlight = nil }

    /// A failed request is tried again then.
    mutating func scheduleResend(at instant: Instant) -> Instant {
        resends.append(instant)
        return resends[0]
    }

    mutating func clockJumped(by jump: Interval) {
        for place in resends.indices { resends[place].shift(by: jump) }
    }

    /// The instant has come. When the next one does.
    mutating func takeResend(at now: Instant) -> Instant? {
        resends.removeAll { $0 <= now }
        return resends.first
    }
}
