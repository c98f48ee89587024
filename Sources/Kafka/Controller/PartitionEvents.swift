import Kernel

/// What happens to a broker, as far as its partitions are concerned.
enum BrokerEvent {
    /// It leaves their ISRs and leads none.
    case leaves(NodeID)
    /// It can lead again, though it still counts as fenced.
    case returns(NodeID)
    /// As `leaves`, but it is not eligible to lead either: it may lack what it acknowledged.
    case losesUnflushedData(NodeID)

    fileprivate func mayLead(_ broker: NodeID) -> Bool? {
        switch self {
        case .leaves(let gone), .losesUnflushedData(let gone): broker == gone ? false : nil
        case .returns(let back): broker == back ? true : nil
        }
    }

    fileprivate var gone: NodeID? {
        switch self {
        case .leaves(let gone), .losesUnflushedData(let gone): gone
        case .returns: nil
        }
    }
}

extension Controller {
    /// The changes that the event brings about in these partitions, each decided on the state as it
    /// is (ReplicationControlManager.generateLeaderAndIsrUpdates).
    func partitionChanges(
        in partitions: some Sequence<TopicIDPartition>, when event: BrokerEvent
    ) throws(RequestFailure) -> [MetadataRecord] {
        var records: [MetadataRecord] = []
        for id in partitions {
            guard let topic = state.image.topics[id.topic] else {
                throw .broken(.partitionOfNoTopic)
            }
            guard let partition = topic.partitions[id.partition] else {
                throw .broken(.partitionOfNoTopic)
            }
            var builder = PartitionChangeBuilder(partition, try rules(for: topic))
            if allowsUncleanElection(topic.name) { builder.election = .unclean }
            if case .losesUnflushedData(let broker) = event { builder.uncleanShutdown = broker }
            if let gone = event.gone { builder.isr.removeAll { $0 == gone } }
            if let change = build(&builder, partition, when: event) {
                records.append(.partitionChange(id, change))
            }
        }
        return records
    }

    /// The change, if any, where whoever is active and has the replica's directory online may lead.
    func build(
        _ builder: inout PartitionChangeBuilder, _ partition: PartitionRegistration,
        when event: BrokerEvent? = nil
    ) -> PartitionChange? {
        let brokers = state.image.brokers
        return builder.build(
            mayLead: { broker in
                guard let directory = partition.directory(of: broker) else { return false }
                let mayLead = event?.mayLead(broker)
                return brokers.project(broker) {
                    (mayLead ?? $0.isActive) && $0.hasOnline(directory)
                } ?? false
            },
            defaultDirectory: { broker in
                brokers.project(broker) { $0.defaultDirectory } ?? .unassigned
            })
    }

    func rules(for topic: TopicImage) throws(RequestFailure) -> PartitionChangeBuilder.Rules {
        PartitionChangeBuilder.Rules(
            metadataVersion: state.image.metadataVersion, hasELR: state.image.hasELR,
            effectiveMinISR: try effectiveMinISR(of: topic), generation: generation)
    }

    /// min.insync.replicas, but no more than there are replicas, of which Kafka asks partition 0.
    private func effectiveMinISR(of topic: TopicImage) throws(RequestFailure) -> Int {
        var minISR = settings.minInSyncReplicas
        if let set = dynamicConfig(minISRKey, of: topic.name) {
            guard let number = Int32(set) else { throw .broken(.minISRIsNoNumber) }
            minISR = Int(number)
        }
        return min(minISR, topic.partitions.project(0) { $0.replicas.count } ?? 0)
    }

    func allowsUncleanElection(_ topic: String) -> Bool {
        dynamicConfig(uncleanElectionKey, of: topic).map { $0.lowercased() == "true" }
            ?? settings.uncleanLeaderElection
    }
}
