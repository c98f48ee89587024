/// A leader changes the ISR of its partitions (KIP-497): the controller decides whether it may, and
/// writes it down with whatever follows from it.
extension Controller {
    func alterPartition(_ request: AlterPartitionRequest) throws(RequestFailure) -> Decision {
        try check(request.broker, epoch: request.epoch)
        var records: [MetadataRecord] = []
        var replies: [AlterPartitionReply] = []
        for asked in request.partitions {
            replies.append(try alter(asked, by: request.broker, &records))
        }
        return Decision(records, .alterPartition(replies), isAtomic: false)
    }

    private func alter(
        _ asked: AlterPartitionRequest.Partition, by broker: NodeID,
        _ records: inout [MetadataRecord]
    ) throws(RequestFailure) -> AlterPartitionReply {
        guard let topic = state.image.topics[asked.partition.topic] else {
            return .failed(.unknownTopicID)
        }
        guard var partition = topic.partitions[asked.partition.partition] else {
            return .failed(.unknownTopicOrPartition)
        }
        if let error = refusal(of: asked, by: broker, partition) {
            if error == .ineligibleReplica, generation.has(.refusalOutdatesCopies) {
                records.append(.partitionChange(asked.partition, outdating(partition)))
            }
            return .failed(error)
        }
        var builder = PartitionChangeBuilder(partition, try rules(for: topic))
        if allowsUncleanElection(topic.name) { builder.election = .unclean }
        builder.isr = asked.isr.map(\.broker)
        builder.recovery = asked.recovery
        guard let change = build(&builder, partition) else { return .altered(partition) }
        records.append(.partitionChange(asked.partition, change))
        if let leader = change.leader, leader != broker {
            // The new ISR ended a reassignment that takes the leader away. That is written; the
            // sender has to hear it from the metadata log.
            return .failed(.newLeaderElected)
        }
        partition.apply(change)
        return .altered(partition)
    }

    /// A change that changes nothing but the partition epoch, so that what was asked for in that
    /// one comes too late.
    ///
    /// Who hears that a replica is not eligible takes its wish back, and goes on without waiting
    /// for it. But that was the answer to one request; an earlier one, which was given up and
    /// repeated, may still be on its way. Kafka carries it out if the replica is eligible by then.
    private func outdating(_ partition: PartitionRegistration) -> PartitionChange {
        var change = PartitionChange()
        change.isr = partition.isr
        return change
    }

    private func refusal(
        of asked: AlterPartitionRequest.Partition, by broker: NodeID,
        _ partition: PartitionRegistration
    ) -> KafkaError? {
        let isAhead =
            asked.leaderEpoch > partition.leaderEpoch
            || asked.partitionEpoch > partition.partitionEpoch
        if isAhead, generation.has(.requestsFromAheadOfController) {
            // The sender knows more than we do: somebody else must be the active controller.
            return .notController
        }
        if asked.leaderEpoch != partition.leaderEpoch { return .fencedLeaderEpoch }
        if broker != partition.leader { return .invalidRequest }
        if asked.partitionEpoch != partition.partitionEpoch { return .invalidUpdateVersion }
        if !isValid(asked, for: partition) { return .invalidRequest }
        return asked.isr.allSatisfy(isEligible) ? nil : .ineligibleReplica
    }

    private func isValid(
        _ asked: AlterPartitionRequest.Partition, for partition: PartitionRegistration
    ) -> Bool {
        let isr = asked.isr
        for index in isr.indices {
            let broker = isr[index].broker
            if !partition.replicas.contains(broker) { return false }
            if isr[..<index].contains(where: { $0.broker == broker }) { return false }
        }
        guard isr.contains(where: { $0.broker == partition.leader }) else { return false }
        // A leader that is recovering from an unclean election is alone, and none starts to.
        return asked.recovery == .recovered || (isr.count == 1 && partition.recovery == .recovering)
    }

    /// Only the living may be in an ISR, and only the incarnation that has fetched (KIP-903).
    private func isEligible(_ member: AlterPartitionRequest.Member) -> Bool {
        state.image.brokers.project(member.broker) {
            $0.isActive && (member.epoch ?? $0.epoch) == $0.epoch
        } ?? false
    }
}
