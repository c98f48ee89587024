/// Elections that somebody asks for, or that are due (KIP-460).
extension Controller {
    func electLeaders(_ request: ElectLeadersRequest) throws(RequestFailure) -> Decision {
        if request.kind == .unknown { throw .refused(.invalidRequest) }
        var records: [MetadataRecord] = []
        var replies: [ElectLeadersReply] = []
        let everything = state.image.topicIDs.map { TopicPartitions($0.key) }
        for asked in request.partitions ?? everything {
            let all = state.image.topic(named: asked.topic)?.partitions.map(\.key) ?? []
            for partition in asked.partitions ?? all {
                let error = try elect(request.kind, asked.topic, partition, &records)
                // Of "all" only those are named that had something to gain.
                if request.partitions == nil, error == .electionNotNeeded { continue }
                replies.append(ElectLeadersReply(asked.topic, partition, error))
            }
        }
        return Decision(records, .electLeaders(replies), isAtomic: false)
    }

    /// Any change counts as success, whoever leads after it.
    private func elect(
        _ kind: ElectLeadersRequest.Kind, _ name: String, _ number: Int32,
        _ records: inout [MetadataRecord]
    ) throws(RequestFailure) -> KafkaError {
        guard let topic = state.image.topic(named: name), let partition = topic.partitions[number]
        else { return .unknownTopicOrPartition }
        let isUnclean = kind == .unclean
        if isUnclean ? partition.hasLeader : partition.hasPreferredLeader {
            return .electionNotNeeded
        }
        var builder = PartitionChangeBuilder(partition, try rules(for: topic))
        builder.election = isUnclean ? .unclean : .preferred
        guard let change = build(&builder, partition) else {
            return isUnclean ? .eligibleLeadersNotAvailable : .preferredLeaderNotAvailable
        }
        records.append(.partitionChange(TopicIDPartition(topic.id, number), change))
        return .none
    }

    /// Moves leaderships to preferred replicas that are ready, as many as one run may.
    func balanceLeaders() throws(RequestFailure) -> [MetadataRecord] {
        var records: [MetadataRecord] = []
        for id in state.index.imbalanced where records.count < settings.electionsPerRun {
            guard let topic = state.image.topics[id.topic],
                let partition = topic.partitions[id.partition]
            else { continue }
            var builder = PartitionChangeBuilder(partition, try rules(for: topic))
            builder.election = .preferred
            if let change = build(&builder, partition) {
                records.append(.partitionChange(id, change))
            }
        }
        return records
    }

    /// Gives leaders to leaderless partitions of topics that would rather lose records than wait.
    func electUncleanLeaders() throws(RequestFailure) -> [MetadataRecord] {
        var records: [MetadataRecord] = []
        for id in state.index.leaderless where records.count < settings.electionsPerRun {
            guard let topic = state.image.topics[id.topic], allowsUncleanElection(topic.name) else {
                continue
            }
            _ = try elect(.unclean, topic.name, id.partition, &records)
        }
        return records
    }
}
