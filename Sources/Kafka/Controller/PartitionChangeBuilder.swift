/// One decision about one partition: what is asked for, and the change that results (KIP-966, and
/// Kafka's class of the same name). Pure: who may lead comes in as a question.
///
/// Every step of the controller that touches a partition goes through here, so each of them may
/// end a reassignment, elect a leader, and keep the books of eligible leader replicas.
struct PartitionChangeBuilder {
    enum Election {
        /// Keep a leader if there can be one: the present one, or else the first that may.
        case online
        /// As `online`, but the first replica of the list is better than the present leader.
        case preferred
        /// As `online`, but rather a replica that may lack records than none.
        case unclean
    }

    /// The rules of the cluster as they apply to this partition.
    struct Rules {
        var metadataVersion: MetadataVersion
        var hasELR: Bool
        /// From how many on an ISR is large enough: min.insync.replicas, capped by the replicas.
        var effectiveMinISR: Int
        var generation: Generation
    }

    private let partition: PartitionRegistration
    private let rules: Rules
    var election = Election.online
    var isr: [NodeID]
    var replicas: [NodeID]
    var adding: [NodeID]
    var removing: [NodeID]
    var recovery: LeaderRecoveryState
    /// A replica that has lost what it had not flushed: it is not eligible any more.
    var uncleanShutdown: NodeID?
    /// The directory into which a replica has been put.
    var assignment: (broker: NodeID, directory: DirectoryID)?
    private var elr: [NodeID]

    init(_ partition: PartitionRegistration, _ rules: Rules) {
        self.partition = partition
        self.rules = rules
        isr = partition.isr
        replicas = partition.replicas
        adding = partition.adding
        removing = partition.removing
        recovery = partition.recovery
        elr = partition.elr
    }

    /// Nil if nothing changes.
    mutating func build(
        mayLead: (NodeID) -> Bool, defaultDirectory: (NodeID) -> DirectoryID
    ) -> PartitionChange? {
        var change = PartitionChange()
        completeReassignmentIfPossible()
        maintainELR()
        elect(&change, mayLead)
        if change.leader == nil, !partition.replicas.allSatisfy(replicas.contains) {
            // A replica that is removed must learn of it: it only heeds a new leader epoch.
            change.leader = partition.leader
        }
        setELR(&change)
        if change.isr == nil, isr != partition.isr, rules.hasELR || !isr.isEmpty {
            change.isr = isr
        }
        bumpLeaderEpochIfShrunk(&change)
        setLastKnownLeader(&change)
        setAssignment(&change, defaultDirectory)
        if recovery != partition.recovery { change.recovery = recovery }
        return change.isEmpty ? nil : change
    }

    private mutating func completeReassignmentIfPossible() {
        if adding.isEmpty, removing.isEmpty { return }
        let plan = ReassignmentPlan(replicas: replicas, adding: adding, removing: removing)
        guard let completed = plan.completion(withISR: isr) else { return }
        replicas = completed.replicas
        isr = completed.isr
        adding = []
        removing = []
    }

    /// Whoever leaves an ISR that is too small to advance the high watermark has every committed
    /// record, and stays eligible until the ISR is large enough again or its disk loses something.
    private mutating func maintainELR() {
        guard rules.hasELR else { return }
        if isr.count >= rules.effectiveMinISR {
            elr = []
            return
        }
        var eligible = elr
        for replica in partition.isr where !eligible.contains(replica) { eligible.append(replica) }
        eligible.removeAll { isr.contains($0) || $0 == uncleanShutdown }
        if rules.generation.has(.elrKeepsRemoved) {
            eligible.removeAll { !replicas.contains($0) }
        }
        elr = eligible.sorted()
    }
}

// MARK: - Election

extension PartitionChangeBuilder {
    private mutating func elect(_ change: inout PartitionChange, _ mayLead: (NodeID) -> Bool) {
        let (leader, isUnclean) = electedLeader(mayLead)
        guard leader != partition.leader else { return }
        change.leader = leader
        if elr.contains(leader) {
            isr = [leader]
            elr.removeAll { $0 == leader }
        }
        if isUnclean {
            change.isr = [leader]
            if partition.recovery != .recovering { change.recovery = .recovering }
        }
    }

    private func electedLeader(_ mayLead: (NodeID) -> Bool) -> (leader: NodeID, isUnclean: Bool) {
        func isClean(_ replica: NodeID) -> Bool {
            (isr.contains(replica) || (isr.isEmpty && elr.contains(replica))) && mayLead(replica)
        }
        if election == .preferred, let first = replicas.first, isClean(first) {
            return (first, false)
        }
        if isClean(partition.leader) { return (partition.leader, false) }
        if let first = replicas.first(where: isClean) { return (first, false) }
        if let last = electableLastKnownLeader(mayLead) { return (last, true) }
        if election == .unclean, let first = replicas.first(where: mayLead) { return (first, true) }
        return (.noLeader, false)
    }

    /// The leader that the partition had last, when nobody is left who is known to have every
    /// committed record: it has at least as much as anybody else.
    private func electableLastKnownLeader(_ mayLead: (NodeID) -> Bool) -> NodeID? {
        guard rules.hasELR, elr.isEmpty, isr.isEmpty, partition.lastKnownELR.count == 1 else {
            return nil
        }
        let last = partition.lastKnownELR[0]
        if rules.generation.has(.lastKnownLeaderIsActive), !mayLead(last) { return nil }
        return last
    }

    private func bumpLeaderEpochIfShrunk(_ change: inout PartitionChange) {
        guard rules.metadataVersion.bumpsLeaderEpochOnShrink, change.leader == nil,
            let isr = change.isr, !partition.isr.allSatisfy(isr.contains)
        else { return }
        change.leader = partition.leader
    }
}

// MARK: - What the change says

extension PartitionChangeBuilder {
    /// After an unclean election nobody is known to have what the partition has lost.
    private mutating func setELR(_ change: inout PartitionChange) {
        if change.isr != nil || !rules.hasELR { elr = [] }
        if elr != partition.elr { change.elr = elr }
    }

    private func setLastKnownLeader(_ change: inout PartitionChange) {
        guard rules.hasELR else { return }
        if change.leader == .noLeader, partition.hasLeader,
            partition.lastKnownELR != [partition.leader]
        {
            change.lastKnownELR = [partition.leader]
        } else if !partition.lastKnownELR.isEmpty, hasLeader(after: change) {
            change.lastKnownELR = []
        }
    }

    private func hasLeader(after change: PartitionChange) -> Bool {
        change.leader.map { $0 != .noLeader } ?? partition.hasLeader
    }

    private func setAssignment(
        _ change: inout PartitionChange, _ defaultDirectory: (NodeID) -> DirectoryID
    ) {
        // Who stays keeps its directory.
        if !replicas.isEmpty, assignment != nil || replicas != partition.replicas {
            if rules.metadataVersion.supportsDirectories {
                let directories = replicas.map { directory(of: $0) ?? defaultDirectory($0) }
                if directories != partition.directories { change.directories = directories }
            }
            if replicas != partition.replicas { change.replicas = replicas }
        }
        if removing != partition.removing { change.removing = removing }
        if adding != partition.adding { change.adding = adding }
    }

    private func directory(of broker: NodeID) -> DirectoryID? {
        if let assignment, assignment.broker == broker { return assignment.directory }
        return partition.directory(of: broker)
    }
}
