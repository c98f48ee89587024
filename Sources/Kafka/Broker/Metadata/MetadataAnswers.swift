import Kernel

/// What a broker tells of the cluster, from the image that it has applied and from nothing else
/// (KRaftMetadataCache, KafkaApis). It may be behind: then so are its answers.
extension MetadataImage {
    /// Partitions of topics that exist; what the others are answered with is the broker's affair.
    func description(of topic: TopicImage) -> MetadataReply.Topic {
        var partitions: [MetadataReply.Partition] = []
        partitions.reserveCapacity(topic.partitions.count)
        for entry in topic.partitions {
            partitions.append(description(of: entry.value, number: entry.key))
        }
        return MetadataReply.Topic(
            topic.name, topic.id, isInternal: TopicName.isInternal(topic.name),
            partitions: partitions)
    }

    /// A leader that is not registered is none; one that is fenced still is one, until the log says
    /// otherwise.
    private func description(
        of partition: PartitionRegistration, number: Int32
    ) -> MetadataReply.Partition {
        let hasLeader = partition.hasLeader && brokers.contains(partition.leader)
        return MetadataReply.Partition(
            number, hasLeader ? .none : .leaderNotAvailable,
            leader: hasLeader ? partition.leader : nil, leaderEpoch: partition.leaderEpoch,
            replicas: partition.replicas, isr: partition.isr,
            offlineReplicas: partition.replicas.filter { isOffline($0, partition) })
    }

    private func isOffline(_ replica: NodeID, _ partition: PartitionRegistration) -> Bool {
        guard let broker = brokers[replica], !broker.isFenced,
            let directory = partition.directory(of: replica)
        else { return true }
        return !broker.hasOnline(directory)
    }

    /// The brokers that are not fenced, by id.
    var aliveBrokers: [MetadataReply.Node] {
        brokers.lazy.map(\.value).filter { !$0.isFenced }.map(\.node)
    }

    /// The topic with what only administrators want to know. Topics that do not exist have an
    /// error, and the id zero.
    func describe(_ name: String) -> TopicDescription {
        guard let topic = topic(named: name) else {
            let error = TopicName.isValid(name)
                ? KafkaError.unknownTopicOrPartition : .invalidTopicException
            return TopicDescription(name, .zero, error)
        }
        let partitions = topic.partitions.map { entry in
            var metadata = description(of: entry.value, number: entry.key)
            metadata.error = .none
            return TopicDescription.Partition(
                metadata, eligibleLeaders: entry.value.elr,
                lastKnownEligibleLeaders: entry.value.lastKnownELR)
        }
        return TopicDescription(name, topic.id, partitions: partitions)
    }
}

extension BrokerRegistration {
    var node: MetadataReply.Node { MetadataReply.Node(id, endpoint, rack: rack) }
}
