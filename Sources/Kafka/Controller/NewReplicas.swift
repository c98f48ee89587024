import Kernel

/// The replicas of new partitions, given by hand or placed.
extension Controller {
    /// Replicas given by hand must be registered brokers, each once, and as many as elsewhere.
    func checkManualAssignment(
        _ replicas: [NodeID], replicationFactor: Int?
    ) throws(RequestFailure) {
        let sorted = replicas.sorted()
        let areDistinct = zip(sorted, sorted.dropFirst()).allSatisfy { $0 != $1 }
        let areKnown = replicas.allSatisfy { state.image.brokers.contains($0) }
        if replicas.isEmpty || !areDistinct || !areKnown
            || replicas.count != replicationFactor ?? replicas.count
        {
            throw .refused(.invalidReplicaAssignment)
        }
    }

    func placeReplicas(
        partitions: Int32, factor: Int16, _ choices: inout Choices
    ) throws(RequestFailure) -> [[NodeID]] {
        let draw = { (bound: Int, choices: inout Choices) -> Int in
            Int(choices.draw(actor, .replicaPlacement, below: UInt64(bound)))
        }
        var placement = ReplicaPlacement(placementCandidates(), draw: { draw($0, &choices) })
        let placed = placement.place(
            partitions: Int(partitions), replicationFactor: Int(factor),
            draw: { draw($0, &choices) })
        guard let placed else { throw .refused(.invalidReplicationFactor) }
        return placed
    }

    /// Brokers that are about to stop get no new replicas, nor do those whose directories are all
    /// cordoned (KIP-1066).
    private func placementCandidates() -> [ReplicaPlacement.Candidate] {
        guard let liveness = leadership?.liveness else { return [] }
        var candidates: [ReplicaPlacement.Candidate] = []
        candidates.reserveCapacity(state.image.brokers.count)
        for entry in state.image.brokers {
            let broker = entry.value
            let isFull =
                broker.cordoned.map { !$0.isEmpty && broker.directories.allSatisfy($0.contains) }
            guard isFull != true, let isFenced = liveness.isFencedUnlessStopping(entry.key) else {
                continue
            }
            candidates.append(
                ReplicaPlacement.Candidate(id: entry.key, rack: broker.rack, isFenced: isFenced))
        }
        return candidates
    }

    func createPartitions(
        _ request: CreatePartitionsRequest, _ choices: inout Choices
    ) -> Decision {
        var records: [MetadataRecord] = []
        var outcomes: [KafkaError] = []
        for topic in request.topics {
            do throws(RequestFailure) {
                records += try newPartitions(topic, &choices)
                outcomes.append(.none)
            } catch {
                outcomes.append(error.code)
            }
        }
        return Decision(request.isValidation ? [] : records, .outcomes(outcomes))
    }

    private func newPartitions(
        _ asked: CreatePartitionsRequest.Topic, _ choices: inout Choices
    ) throws(RequestFailure) -> [MetadataRecord] {
        guard let topic = state.image.topic(named: asked.name) else {
            throw .refused(.unknownTopicOrPartition)
        }
        let existing = Int32(topic.partitions.count)
        guard asked.count > existing else { throw .refused(.invalidPartitions) }
        let replicas: [[NodeID]]
        if let assignments = asked.assignments {
            guard assignments.count == asked.count - existing else {
                throw .refused(.invalidReplicaAssignment)
            }
            for assignment in assignments {
                try checkManualAssignment(
                    assignment, replicationFactor: replicationFactor(of: topic))
            }
            replicas = assignments
        } else {
            replicas = try placeReplicas(
                partitions: asked.count - existing, factor: Int16(replicationFactor(of: topic)),
                &choices)
        }
        return try replicas.enumerated().map { (number, replicas) throws(RequestFailure) in
            guard let partition = newPartition(of: replicas) else {
                let isPlaced = asked.assignments == nil
                throw .refused(isPlaced ? .invalidReplicationFactor : .invalidReplicaAssignment)
            }
            return .partition(TopicIDPartition(topic.id, existing + Int32(number)), partition)
        }
    }

    /// How many replicas a further partition of the topic gets. Kafka copies whichever partition
    /// its hash table has first, with all that a reassignment is just adding to it.
    private func replicationFactor(of topic: TopicImage) -> Int {
        if generation.has(.replicationFactorOfAny) {
            guard let first = topic.partitions[0] else { return 0 }
            return first.replicas.count { !first.adding.contains($0) }
        }
        let first = firstInTimelineHashMap(
            ofCount: topic.partitions.count, anyPutAgain: state.changedTopics.contains(topic.id))
        return topic.partitions[Int32(first)]?.replicas.count ?? 0
    }
}
