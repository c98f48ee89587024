/// How a replica stands, as those see it who judge it.
public struct ReplicaStanding: Hashable, Sendable {
    public var logStart: Int64
    public var lastStable: Int64
    public var highWatermark: Int64
    public var logEnd: Int64
    public var leaderEpoch: Int32
    public var partitionEpoch: Int32
    public var isLeader: Bool
    /// Its log forgets records that others have replaced: what it holds is not all that was
    /// written.
    public var isCompacted: Bool

    init(_ partition: borrowing Partition) {
        logStart = partition.log.logStartOffset
        lastStable = partition.log.lastStableOffset
        highWatermark = partition.log.highWatermark
        logEnd = partition.log.endOffset
        leaderEpoch = partition.leaderEpoch
        partitionEpoch = partition.partitionEpoch
        isLeader = partition.isLeader
        isCompacted = partition.log.config.cleanupPolicy.contains(.compact)
    }
}

/// For those who judge: looking leaves no trace.
extension HostedPartitions {
    /// Nil: it is not hosted here.
    public func standing(of id: TopicIDPartition) -> ReplicaStanding? {
        look(id) { ReplicaStanding($0) }
    }

    /// Every batch of a replica that reaches into `start ..< end`, in order.
    public func forEachBatch(
        of id: TopicIDPartition, from start: Int64, to end: Int64, _ body: (RecordBatch) -> Void
    ) {
        _ = look(id) { $0.log.forEachBatch(from: start, to: end, body) }
    }

    public func leaderEpochs(of id: TopicIDPartition) -> [EpochEntry] {
        look(id) { $0.log.leaderEpochs.entries } ?? []
    }
}

extension ReplicaManager {
    /// Whether the high watermark waits for that broker as one that may be in the ISR. Nil: this
    /// replica does not lead.
    public func mayBeInSync(_ member: NodeID, in id: TopicIDPartition) -> Bool? {
        let believesWish = broker.believesISRWish
        return partitions.look(id) { partition in
            partition.leadership.map { leadership in
                member == broker.id
                    || leadership.isr.maximalContains(member, believesWish: believesWish)
            }
        } ?? nil
    }
}
