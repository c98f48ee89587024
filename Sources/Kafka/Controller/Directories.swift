/// Log directories of brokers: which are online, which take new replicas, which replica lies where
/// (KIP-858, KIP-1066).
extension Controller {
    /// A broker has lost directories: their replicas are in no ISR any more.
    func offlineDirectoryRecords(
        _ broker: BrokerRegistration, _ offline: [DirectoryID]
    ) throws(RequestFailure) -> [MetadataRecord] {
        guard state.image.metadataVersion.supportsDirectories else { return [] }
        let lost = broker.directories.filter(offline.contains)
        if lost.isEmpty { return [] }
        var records: [MetadataRecord] = []
        for directory in lost {
            let partitions = state.index.partitions(in: directory)
            records += try partitionChanges(in: partitions, when: .leaves(broker.id))
        }
        var change = BrokerRegistrationChange(id: broker.id, epoch: broker.epoch)
        var online = broker.directories.filter { !offline.contains($0) }
        // An empty list says nothing when it is applied: the broker keeps what it has lost.
        if online.isEmpty, generation.has(.allDirectoriesLost) { online = [.lost] }
        change.directories = online
        records.append(.brokerRegistrationChange(change))
        return records
    }

    func cordonedDirectoryRecords(
        _ broker: BrokerRegistration, _ cordoned: [DirectoryID]?
    ) -> [MetadataRecord] {
        guard state.image.metadataVersion.supportsCordonedDirectories, let cordoned,
            cordoned != broker.cordoned
        else { return [] }
        var change = BrokerRegistrationChange(id: broker.id, epoch: broker.epoch)
        change.cordoned = cordoned
        return [.brokerRegistrationChange(change)]
    }

    /// A broker tells where its replicas lie. One that lies where nobody can read it leaves the
    /// ISR, with a change of its own that does not know of the first.
    func assignReplicas(
        _ request: AssignReplicasToDirsRequest
    ) throws(RequestFailure) -> Decision {
        guard state.image.metadataVersion.supportsDirectories else {
            throw .refused(.unsupportedVersion)
        }
        let broker = try registration(of: request.broker, epoch: request.epoch)
        var records: [MetadataRecord] = []
        var outcomes: [KafkaError] = []
        var unreadable: [TopicIDPartition] = []
        for directory in request.directories {
            for id in directory.partitions {
                do throws(RequestFailure) {
                    records += try assign(id, of: broker.id, to: directory.id)
                    outcomes.append(.none)
                } catch .refused(let error) {
                    outcomes.append(error)
                    continue
                }
                if !broker.hasOnline(directory.id), !unreadable.contains(id) {
                    unreadable.append(id)
                }
            }
        }
        records += try partitionChanges(in: unreadable, when: .leaves(broker.id))
        return Decision(records, .assignReplicas(outcomes), isAtomic: false)
    }

    private func assign(
        _ id: TopicIDPartition, of broker: NodeID, to directory: DirectoryID
    ) throws(RequestFailure) -> [MetadataRecord] {
        guard let topic = state.image.topics[id.topic] else { throw .refused(.unknownTopicID) }
        guard let partition = topic.partitions[id.partition] else {
            throw .refused(.unknownTopicOrPartition)
        }
        guard partition.replicas.contains(broker) else { throw .refused(.notLeaderOrFollower) }
        var builder = PartitionChangeBuilder(partition, try rules(for: topic))
        builder.assignment = (broker, directory)
        return build(&builder, partition).map { [.partitionChange(id, $0)] } ?? []
    }
}
