import Kernel

/// Who joins the ISR, who leaves it, and what the controller says to that.
extension Partition {
    /// Whether the follower may join now: no other change is on its way, it may be relied on, and
    /// it has everything that could have been committed. Of a follower whose record has been
    /// dropped meanwhile, its eligibility is judged by the record that took its place.
    @inline(__always)
    func isReadyToJoin(_ follower: FollowerProgress, _ broker: BrokerContext) -> Bool {
        guard isOutside(follower.broker), let leadership,
            let known = leadership.follower(follower.broker), broker.mayJoinISR(known)
        else { return false }
        return hasEverythingCommitted(follower, leadership, broker)
    }

    /// Of an ISR that is not about to change. Nearly always false.
    @inline(__always)
    private func isOutside(_ broker: NodeID) -> Bool {
        guard case .committed(let members)? = leadership?.isr else { return false }
        return !members.contains(broker)
    }

    /// The same after a gap, in which what it was judged by may have changed (KAFKA-15221).
    func isStillReadyToJoin(_ follower: FollowerProgress, _ broker: BrokerContext) -> Bool {
        guard broker.generation.has(.expansionRechecked) else { return true }
        let known = leadership?.follower(follower.broker)
        let isKept = known?.tenure == follower.tenure
        return isReadyToJoin(isKept ? known ?? follower : follower, broker)
    }

    /// The high watermark of a new leader may lag behind what its predecessor committed: what was
    /// there when the epoch began counts as committed (KAFKA-7128).
    @inline(__always)
    private func hasEverythingCommitted(
        _ follower: FollowerProgress, _ leadership: Leadership, _ broker: BrokerContext
    ) -> Bool {
        guard follower.endOffset >= log.highWatermark else { return false }
        guard broker.generation.has(.joinsPastEpochStart) else { return true }
        guard let start = leadership.epochStart else { return false }
        return follower.endOffset >= start
    }

    /// The change to send. Nil when another one is on its way, or this replica leads no more.
    mutating func proposeExpansion(
        with new: NodeID, _ broker: BrokerContext
    ) -> AlterPartitionRequest.Partition? {
        guard let leadership, case .committed(let members) = leadership.isr,
            !members.contains(new)
        else { return nil }
        let sent = proposal((members + [new]).sorted(), leadership, broker)
        self.leadership!.isr = .expanding(members, adding: new, sent: sent)
        return sent
    }

    /// Who has lagged for too long. None while a change is on its way.
    func laggards(_ broker: BrokerContext, at now: Instant) -> [NodeID] {
        guard let leadership, case .committed(let members) = leadership.isr else { return [] }
        return members.filter { member in
            guard member != broker.id else { return false }
            guard let follower = leadership.follower(member) else { return true }
            return !follower.isCaughtUp(leaderEnd: log.endOffset, maxLag: broker.maxLag, at: now)
        }
    }

    mutating func proposeShrink(
        without leaving: [NodeID], _ broker: BrokerContext
    ) -> AlterPartitionRequest.Partition? {
        guard let leadership, case .committed(let members) = leadership.isr else { return nil }
        let sent = proposal(members.filter { !leaving.contains($0) }, leadership, broker)
        self.leadership!.isr = .shrinking(members, removing: leaving, sent: sent)
        return sent
    }

    /// With the registrations that the members' fetches came under, so that the controller refuses
    /// those that have started anew since (KIP-903).
    private func proposal(
        _ isr: [NodeID], _ leadership: Leadership, _ broker: BrokerContext
    ) -> AlterPartitionRequest.Partition {
        let members = isr.map { member -> AlterPartitionRequest.Member in
            let epoch =
                member == broker.id ? broker.brokerEpoch : leadership.follower(member)?.brokerEpoch
            return AlterPartitionRequest.Member(member, epoch: epoch == -1 ? nil : epoch)
        }
        return AlterPartitionRequest.Partition(
            id, leaderEpoch: leaderEpoch, partitionEpoch: partitionEpoch, isr: members,
            recovery: leadership.recovery)
    }

    /// What an answer to an AlterPartition means for the replica.
    enum AlterationOutcome: Sendable {
        /// The answer is to a change that is not pending any more, or does not settle it.
        case ignored
        case committed(highWatermarkMoved: Bool)
        case takenBack
        /// To be sent again as it is.
        case again
    }

    mutating func settle(
        _ change: AlterPartitionRequest.Partition, _ reply: AlterPartitionReply,
        _ broker: BrokerContext, at now: Instant
    ) -> AlterationOutcome {
        guard let leadership, leadership.isr.sent == change else { return .ignored }
        switch reply {
        case .failed(let error): return settle(error)
        case .altered(let registration):
            guard registration.leaderEpoch == leaderEpoch,
                registration.partitionEpoch >= partitionEpoch
            else { return .ignored }
            self.leadership!.isr = .committed(registration.isr.sorted())
            self.leadership!.recovery = registration.recovery
            partitionEpoch = registration.partitionEpoch
            return .committed(
                highWatermarkMoved: maybeAdvanceHighWatermark(broker, at: now))
        }
    }

    /// Only two errors say for certain that the change was not made. After the next six the
    /// metadata will tell what is true; until then the change stays pending, and with it all later
    /// ones. Any other may go away.
    private mutating func settle(_ error: KafkaError) -> AlterationOutcome {
        switch error {
        case .operationNotAttempted, .ineligibleReplica:
            leadership!.isr.takeBack()
            return .takenBack
        case .unknownTopicOrPartition, .unknownTopicID, .fencedLeaderEpoch,
            .invalidUpdateVersion, .invalidRequest, .newLeaderElected:
            return .ignored
        default: return .again
        }
    }
}
