/// Moving partitions to other replicas (KIP-455).
extension Controller {
    func alterReassignments(_ request: AlterPartitionReassignmentsRequest) -> Decision {
        var records: [MetadataRecord] = []
        var outcomes: [KafkaError] = []
        for asked in request.partitions {
            do throws(RequestFailure) {
                let record = try reassign(
                    asked, allowsOtherCount: request.allowsReplicationFactorChange)
                if let record { records.append(record) }
                outcomes.append(.none)
            } catch {
                outcomes.append(error.code)
            }
        }
        return Decision(records, .outcomes(outcomes))
    }

    private func reassign(
        _ asked: AlterPartitionReassignmentsRequest.Partition, allowsOtherCount: Bool
    ) throws(RequestFailure) -> MetadataRecord? {
        guard let topic = state.image.topic(named: asked.topic),
            let partition = topic.partitions[asked.partition]
        else { throw .refused(.unknownTopicOrPartition) }
        let change =
            if let replicas = asked.replicas {
                try reassign(partition, of: topic, to: replicas, allowsOtherCount: allowsOtherCount)
            } else {
                try cancelReassignment(of: partition, of: topic)
            }
        return change.map { .partitionChange(TopicIDPartition(topic.id, asked.partition), $0) }
    }

    private func reassign(
        _ partition: PartitionRegistration, of topic: TopicImage, to replicas: [NodeID],
        allowsOtherCount: Bool
    ) throws(RequestFailure) -> PartitionChange? {
        try checkManualAssignment(replicas, replicationFactor: nil)
        let count = partition.replicas.count { !partition.removing.contains($0) }
        if !allowsOtherCount, replicas.count != count {
            throw .refused(.invalidReplicationFactor)
        }
        let plan = ReassignmentPlan(from: partition.replicas, to: replicas)
        var builder = PartitionChangeBuilder(partition, try rules(for: topic))
        builder.replicas = plan.replicas
        // Kafka sets only what the new plan has, so what the old one has outlives it.
        let isWhole = generation.has(.replacedReassignment)
        if isWhole || !plan.removing.isEmpty { builder.removing = plan.removing }
        if isWhole || !plan.adding.isEmpty { builder.adding = plan.adding }
        return build(&builder, partition)
    }

    private func cancelReassignment(
        of partition: PartitionRegistration, of topic: TopicImage
    ) throws(RequestFailure) -> PartitionChange? {
        guard partition.isReassigning else { throw .refused(.noReassignmentInProgress) }
        let plan = ReassignmentPlan(inProgressOf: partition)
        guard let back = plan.reverted(withISR: partition.isr) else {
            throw .refused(.invalidReplicaAssignment)
        }
        if back.isUnclean, !allowsUncleanElection(topic.name) {
            throw .refused(.invalidReplicaAssignment)
        }
        var builder = PartitionChangeBuilder(partition, try rules(for: topic))
        if allowsUncleanElection(topic.name) { builder.election = .unclean }
        builder.isr = back.isr
        builder.replicas = back.replicas
        builder.removing = []
        builder.adding = []
        return build(&builder, partition)
    }

    /// Reads without waiting: which partitions there are, and for "all" which are being reassigned,
    /// is what is committed; what is said of them is the latest.
    func reassignments(of asked: [TopicPartitions]?) -> [OngoingReassignment] {
        var ids: [TopicIDPartition] = []
        if let asked {
            for one in asked {
                guard let topic = committed.image.topicIDs[one.topic] else { continue }
                let all = state.image.topics[topic]?.partitions.map(\.key) ?? []
                ids += (one.partitions ?? all).map { TopicIDPartition(topic, $0) }
            }
        } else {
            ids = Array(committed.index.reassigning)
        }
        return ids.compactMap { id in
            guard let topic = state.image.topics[id.topic],
                let partition = topic.partitions[id.partition], partition.isReassigning
            else { return nil }
            return OngoingReassignment(
                topic.name, id.partition, replicas: partition.replicas, adding: partition.adding,
                removing: partition.removing)
        }
    }
}

extension RequestFailure {
    /// As the outcome of one of several things asked for.
    var code: KafkaError {
        switch self {
        case .refused(let code): code
        case .broken: .unknownServerError
        }
    }
}
