import Kernel

/// Roles: the only places where a replica begins to lead or to follow. What the metadata says is
/// taken unless an answer of the controller has told of a later state already.
extension Partition {
    /// True if the high watermark moved. Nil: what the metadata says is out of date.
    ///
    /// Most updates change the ISR or the assignment, and leave the leader epoch as it is. Without
    /// the fix each is taken for an election, because ZooKeeper's controller told of nothing else.
    ///
    /// What the controller has answered comes again, later, through the metadata log. To Kafka it
    /// is news all the same: a change of the ISR that is on its way by then is forgotten, and until
    /// the log tells of that, too, nobody waits for a follower that may have joined.
    mutating func becomeLeader(
        _ registration: PartitionRegistration, _ broker: BrokerContext, at now: Instant
    ) -> Bool? {
        let isAlwaysElection = !broker.generation.has(.updatesAreNoElections)
        guard isAlwaysElection || registration.partitionEpoch >= partitionEpoch else { return nil }
        let isNewLeader = !isLeader
        let isKnown =
            isLeader && registration.partitionEpoch == partitionEpoch
            && registration.leaderEpoch == leaderEpoch
        let isr = registration.isr.sorted()
        setAssignment(registration)
        keepFollowers(registration.replicas.filter { $0 != broker.id })
        if !isKnown || !broker.generation.has(.pendingISRKept) {
            leadership!.isr = .committed(isr)
        }
        leadership!.recovery = .recovered
        if isAlwaysElection || registration.leaderEpoch > leaderEpoch {
            beginEpoch(
                registration.leaderEpoch, isr: isr, isNewLeader: isNewLeader, broker, at: now)
        }
        partitionEpoch = registration.partitionEpoch
        leader = broker.id
        return maybeAdvanceHighWatermark(broker, at: now)
    }

    /// The epoch is on record before anything is written in it: followers may ask where the epochs
    /// before it ended (KAFKA-7415).
    ///
    /// A broker that starts again reads at first that it leads what it led before. Nothing is
    /// written in that epoch any more, but Kafka notes where it begins: if a power loss has taken
    /// the end of the log, that is too early, and when the log is filled up again the epochs before
    /// it lose their places, too (LeaderEpochFileCache).
    private mutating func beginEpoch(
        _ epoch: Int32, isr: [NodeID], isNewLeader: Bool, _ broker: BrokerContext,
        at now: Instant
    ) {
        let start = log.endOffset
        if broker.isRegistered || !broker.generation.has(.unregisteredBeginsNoEpoch) {
            log.assignEpoch(epoch, from: start)
        }
        for index in leadership!.followers.indices {
            let isInSync = isr.contains(leadership!.followers[index].broker)
            leadership!.followers[index].beginEpoch(
                at: now, leaderEnd: start, isNewLeader: isNewLeader, isInSync: isInSync)
        }
        leaderEpoch = epoch
        leadership!.epochStart = start
    }

    /// Those that stay keep what is known of them.
    private mutating func keepFollowers(_ brokers: [NodeID]) {
        let known = leadership?.followers ?? []
        if leadership == nil { leadership = Leadership() }
        leadership!.followers = brokers.sorted().map { broker in
            known.first { $0.broker == broker } ?? newFollower(broker)
        }
    }

    /// True if the leader epoch is a new one, so that fetching has to begin anew. Nil: what the
    /// metadata says is out of date.
    mutating func becomeFollower(_ registration: PartitionRegistration) -> Bool? {
        guard registration.partitionEpoch >= partitionEpoch else { return nil }
        let isNewEpoch = registration.leaderEpoch > leaderEpoch
        leadership = nil
        leader = registration.leader
        leaderEpoch = registration.leaderEpoch
        partitionEpoch = registration.partitionEpoch
        setAssignment(registration)
        return isNewEpoch
    }
}
