import Kernel

/// Topics come and go (ReplicationControlManager).
extension Controller {
    /// What a topic is made of that is about to be.
    private struct NewTopic {
        var partitions: [PartitionRegistration]
        var configs: [MetadataRecord]
    }

    func createTopics(_ request: CreateTopicsRequest, _ choices: inout Choices) -> Decision {
        var records: [MetadataRecord] = []
        var replies: [CreateTopicReply] = []
        for topic in request.topics {
            do throws(RequestFailure) {
                let new = try plan(topic, &choices)
                let id = request.isValidation ? TopicID.zero : topicID(after: records.count)
                records.append(.topic(name: topic.name, id: id))
                records += new.configs
                for (number, partition) in new.partitions.enumerated() {
                    records.append(.partition(TopicIDPartition(id, Int32(number)), partition))
                }
                let factor = new.partitions.first?.replicas.count ?? 0
                replies.append(
                    .created(
                        id, partitions: Int32(new.partitions.count),
                        replicationFactor: Int16(factor)))
            } catch {
                replies.append(.failed(error.code))
            }
        }
        return Decision(request.isValidation ? [] : records, .createTopics(replies))
    }

    /// Where the topic's record is first written: nothing else of that epoch is written there.
    private func topicID(after recordCount: Int) -> TopicID {
        let epoch = UInt64(leadership?.epoch ?? 0) + 1
        let offset = UInt64(leadership?.nextOffset ?? 0) + UInt64(recordCount)
        return TopicID(epoch << 40 | offset)
    }

    private func plan(
        _ topic: CreateTopicsRequest.Topic, _ choices: inout Choices
    ) throws(RequestFailure) -> NewTopic {
        if state.image.topicIDs.contains(topic.name) { throw .refused(.topicAlreadyExists) }
        let collides = TopicName.metricName(of: topic.name).map(state.topicsByMetricName.contains)
        if !TopicName.isValid(topic.name) || collides == true {
            throw .refused(.invalidTopicException)
        }
        let configs = try creationConfigRecords(of: topic)
        let replicas =
            topic.assignments.isEmpty
            ? try placedReplicas(of: topic, &choices) : try assignedReplicas(of: topic)
        let partitions = replicas.compactMap(newPartition)
        if partitions.count != replicas.count {
            throw .refused(
                topic.assignments.isEmpty ? .invalidReplicationFactor : .invalidReplicaAssignment)
        }
        return NewTopic(partitions: partitions, configs: configs)
    }

    /// Nil if none of the replicas is active: nobody could lead.
    func newPartition(of replicas: [NodeID]) -> PartitionRegistration? {
        let isr = replicas.filter { state.image.isActive($0) }
        guard let leader = isr.first else { return nil }
        let hasDirectories = state.image.metadataVersion.supportsDirectories
        let directories = replicas.map { replica in
            hasDirectories
                ? state.image.brokers[replica]?.defaultDirectory ?? .unassigned : .migrating
        }
        return PartitionRegistration(
            replicas: replicas, isr: isr, leader: leader, directories: directories)
    }

    private func assignedReplicas(
        of topic: CreateTopicsRequest.Topic
    ) throws(RequestFailure) -> [[NodeID]] {
        if topic.replicationFactor != -1 || topic.partitions != -1 {
            throw .refused(.invalidRequest)
        }
        var factor: Int?
        for assignment in topic.assignments {
            try checkManualAssignment(assignment.replicas, replicationFactor: factor)
            factor = assignment.replicas.count
        }
        let ordered = topic.assignments.sorted { $0.partition < $1.partition }
        for (number, assignment) in ordered.enumerated() where assignment.partition != number {
            throw .refused(.invalidReplicaAssignment)
        }
        return ordered.map(\.replicas)
    }

    private func placedReplicas(
        of topic: CreateTopicsRequest.Topic, _ choices: inout Choices
    ) throws(RequestFailure) -> [[NodeID]] {
        if topic.replicationFactor < -1 || topic.replicationFactor == 0 {
            throw .refused(.invalidReplicationFactor)
        }
        if topic.partitions < -1 || topic.partitions == 0 { throw .refused(.invalidPartitions) }
        let isDefaultFactor = topic.replicationFactor == -1
        return try placeReplicas(
            partitions: topic.partitions == -1 ? settings.defaultPartitions : topic.partitions,
            factor: isDefaultFactor ? settings.defaultReplicationFactor : topic.replicationFactor,
            &choices)
    }

    /// Names mean what they mean in the committed metadata (ControllerApis.deleteTopics).
    func deleteTopics(named names: [String]) -> Decision {
        var records: [MetadataRecord] = []
        let outcomes = names.map { name -> KafkaError in
            if names.count(where: { $0 == name }) > 1 { return .invalidRequest }
            guard let id = committedImage.topicIDs[name] else { return .unknownTopicOrPartition }
            guard state.image.topics.contains(id) else { return .unknownTopicID }
            records.append(.removeTopic(id))
            return .none
        }
        return Decision(records, .outcomes(outcomes))
    }

    func deleteTopics(_ topics: [TopicID]) -> Decision {
        var records: [MetadataRecord] = []
        let outcomes = topics.map { id -> KafkaError in
            guard state.image.topics.contains(id) else { return .unknownTopicID }
            records.append(.removeTopic(id))
            return .none
        }
        return Decision(records, .outcomes(outcomes))
    }
}
