/// From which replicas a partition goes to which (KIP-455): the pure arithmetic of a reassignment.
struct ReassignmentPlan: Equatable {
    /// The target list, followed by what is being removed.
    var replicas: [NodeID]
    var adding: [NodeID]
    var removing: [NodeID]

    init(replicas: [NodeID], adding: [NodeID], removing: [NodeID]) {
        self.replicas = replicas
        self.adding = adding
        self.removing = removing
    }

    /// From the list as it stands (with whatever a reassignment in progress has added or not yet
    /// removed) to the one that is asked for.
    init(from current: [NodeID], to target: [NodeID]) {
        removing = current.filter { !target.contains($0) }.sorted()
        adding = target.filter { !current.contains($0) }.sorted()
        replicas = target + removing
    }

    init(inProgressOf partition: PartitionRegistration) {
        self.init(
            replicas: partition.replicas, adding: partition.adding, removing: partition.removing)
    }

    var isInProgress: Bool { !adding.isEmpty || !removing.isEmpty }

    /// What the partition has once the reassignment ends with this ISR; nil while it cannot end.
    ///
    /// It ends when everything that is added is in sync and, if anything is removed, somebody is
    /// left in sync. Only one that shrinks the list has to wait for all that stay (KAFKA-16218):
    /// waiting always would let one dead replica hold up every move.
    func completion(withISR isr: [NodeID]) -> (replicas: [NodeID], isr: [NodeID])? {
        guard isInProgress else { return nil }
        let remaining = replicas.filter { !removing.contains($0) }
        let inSync = isr.filter { !removing.contains($0) }
        if !removing.isEmpty, remaining.isEmpty || inSync.isEmpty { return nil }
        guard adding.allSatisfy(inSync.contains) else { return nil }
        if adding.count < removing.count, !remaining.allSatisfy(inSync.contains) { return nil }
        return (remaining, inSync)
    }

    /// What the partition goes back to when the reassignment is cancelled. If only added replicas
    /// were in sync the first of the others is taken, which may lack records: the cancellation is
    /// unclean. Nil if nothing but added replicas is there.
    func reverted(withISR isr: [NodeID]) -> (replicas: [NodeID], isr: [NodeID], isUnclean: Bool)? {
        let original = replicas.filter { !adding.contains($0) }
        let inSync = isr.filter { !adding.contains($0) }
        if !inSync.isEmpty { return (original, inSync, false) }
        guard let first = original.first else { return nil }
        return (original, [first], true)
    }
}
