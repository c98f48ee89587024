import Kernel

/// Which partitions have to do with a broker or a directory, so that an event concerns itself only
/// with those (BrokersToIsrs, BrokersToElrs and the directory map of ReplicationControlManager).
///
/// Derived from the partitions alone, but for two accidents of Kafka's, which keep entries that
/// nothing stands behind (`staleELRIndex`, `staleDirectoryIndex`). They are part of the state: a
/// controller that has replayed the same log has the same wrong entries.
struct PartitionIndex: Sendable {
    private struct Broker: Sendable {
        var inSync = ForkableSet<TopicIDPartition>()
        /// Partitions that it leads from within their ISR.
        var leaderships = 0
        /// How often each partition is entered: once, unless an entry has gone stale.
        var eligible = ForkableMap<TopicIDPartition, Int>()
    }

    private var brokers = ForkableMap<NodeID, Broker>()
    private var directories = ForkableMap<DirectoryID, ForkableSet<TopicIDPartition>>()
    private(set) var leaderless = ForkableSet<TopicIDPartition>()
    /// Partitions that another than the first replica leads, or nobody.
    private(set) var imbalanced = ForkableSet<TopicIDPartition>()
    private(set) var reassigning = ForkableSet<TopicIDPartition>()

    func hasLeaderships(_ broker: NodeID) -> Bool {
        brokers.project(broker) { $0.leaderships > 0 } ?? false
    }

    func inSync(_ broker: NodeID) -> ForkableSet<TopicIDPartition> {
        brokers[broker]?.inSync ?? ForkableSet()
    }

    /// A partition that is entered twice comes twice.
    func eligible(_ broker: NodeID) -> [TopicIDPartition] {
        var partitions: [TopicIDPartition] = []
        guard let entries = brokers[broker]?.eligible else { return partitions }
        for entry in entries {
            for _ in 0..<entry.value { partitions.append(entry.key) }
        }
        return partitions
    }

    func partitions(in directory: DirectoryID) -> ForkableSet<TopicIDPartition> {
        directories[directory] ?? ForkableSet()
    }
}

extension PartitionIndex {
    /// Takes note of a partition that is new or has changed.
    mutating func update(
        _ id: TopicIDPartition, from old: PartitionRegistration?, to new: PartitionRegistration
    ) {
        enterInSync(id, from: old?.isr ?? [], to: new.isr)
        countLeadership(from: old.flatMap(leaderInSync), to: leaderInSync(new))
        enterEligible(id, from: old?.elr ?? [], to: new.elr)
        if old.map({ !$0.hasLeader }) ?? false != !new.hasLeader {
            leaderless.set(id, isIn: !new.hasLeader)
        }
        if old.map({ !$0.hasPreferredLeader }) ?? false != !new.hasPreferredLeader {
            imbalanced.set(id, isIn: !new.hasPreferredLeader)
        }
        if old?.isReassigning ?? false != new.isReassigning {
            reassigning.set(id, isIn: new.isReassigning)
        }
        if new.directories != old?.directories {
            removeDirectories(id, old?.directories ?? [])
            for directory in new.directories where !directory.isReserved {
                if directories[directory] == nil { directories[directory] = ForkableSet() }
                directories[present: directory].insert(id)
            }
        }
    }

    /// Forgets the partitions of a deleted topic.
    mutating func remove(_ topic: TopicImage, _ generation: Generation) {
        for entry in topic.partitions {
            let id = TopicIDPartition(topic.id, entry.key)
            let partition = entry.value
            enterInSync(id, from: partition.isr, to: [])
            countLeadership(from: leaderInSync(partition), to: nil)
            leaderless.remove(id)
            imbalanced.remove(id)
            reassigning.remove(id)
            for replica in partition.elr { removeEligible(id, replica) }
            // Kafka clears the directories inside the loop over the ISR: not, when it is empty.
            if generation.has(.staleDirectoryIndex) || !partition.isr.isEmpty {
                removeDirectories(id, partition.directories)
            }
        }
    }

    /// The eligible leader replicas of a partition have been cleared. Kafka's index is not told.
    mutating func clearELR(
        _ id: TopicIDPartition, _ old: PartitionRegistration, _ generation: Generation
    ) {
        guard generation.has(.staleELRIndex) else { return }
        for replica in old.elr { removeEligible(id, replica) }
    }

    private mutating func update(_ broker: NodeID, _ change: (inout Broker) -> Void) {
        change(&brokers[broker, default: Broker()])
    }

    private mutating func enterInSync(
        _ id: TopicIDPartition, from old: [NodeID], to new: [NodeID]
    ) {
        if old == new { return }
        for replica in old where !new.contains(replica) {
            update(replica) { _ = $0.inSync.remove(id) }
        }
        for replica in new where !old.contains(replica) { update(replica) { $0.inSync.insert(id) } }
    }

    private func leaderInSync(_ partition: PartitionRegistration) -> NodeID? {
        partition.isr.contains(partition.leader) ? partition.leader : nil
    }

    private mutating func countLeadership(from old: NodeID?, to new: NodeID?) {
        if old == new { return }
        if let old { update(old) { $0.leaderships -= 1 } }
        if let new { update(new) { $0.leaderships += 1 } }
    }

    private mutating func enterEligible(
        _ id: TopicIDPartition, from old: [NodeID], to new: [NodeID]
    ) {
        if old == new { return }
        for replica in old where !new.contains(replica) { removeEligible(id, replica) }
        for replica in new where !old.contains(replica) {
            update(replica) { $0.eligible.insert(($0.eligible[id] ?? 0) + 1, for: id) }
        }
    }

    private mutating func removeEligible(_ id: TopicIDPartition, _ replica: NodeID) {
        update(replica) {
            let left = ($0.eligible[id] ?? 0) - 1
            $0.eligible[id] = left > 0 ? left : nil
        }
    }

    private mutating func removeDirectories(_ id: TopicIDPartition, _ old: [DirectoryID]) {
        for directory in old where !directory.isReserved {
            guard directories.contains(directory) else { continue }
            directories[present: directory].remove(id)
            if directories[present: directory].isEmpty { directories[directory] = nil }
        }
    }
}

extension ForkableSet {
    fileprivate mutating func set(_ element: Element, isIn: Bool) {
        if isIn { insert(element) } else { remove(element) }
    }
}
