import Kernel

/// What clients and other brokers ask (KafkaApis).
extension Broker {
    mutating func handle(
        _ request: consuming BrokerRequest, from token: ReplyToken, at now: Instant,
        _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        switch consume request {
        case .produce(let produce):
            if produce.acks == RequiredAcks.none.rawValue { unanswered.append(token) }
            tell(.request(.produce(consume produce), from: token), at: now, &choices, &effects)
        case .fetch(let fetch):
            handle(consume fetch, from: token, at: now, &choices, &effects)
        case .listOffsets(let request):
            tell(.request(.listOffsets(request), from: token), at: now, &choices, &effects)
        case .offsetsForLeaderEpoch(let request):
            tell(
                .request(.offsetsForLeaderEpoch(request), from: token), at: now, &choices,
                &effects)
        case .deleteRecords(let request):
            tell(.request(.deleteRecords(request), from: token), at: now, &choices, &effects)
        case .metadata(let request):
            let reply = answer(request, at: now, &choices)
            effects.append(.reply(.metadata(reply), to: token))
        case .initProducerID(let request):
            effects.append(.reply(.initProducerID(answer(request, at: now)), to: token))
        case .describeCluster:
            effects.append(.reply(.describeCluster(describeCluster(&choices)), to: token))
        case .describeTopics(let names):
            let names = names ?? image.topicIDs.map(\.key)
            effects.append(.reply(.describeTopics(names.map(image.describe)), to: token))
        case .describeConfigs(let resources):
            effects.append(.reply(.describeConfigs(resources.map(describe)), to: token))
        case .admin(let request): forward(request, from: token, at: now, &effects)
        }
    }

    /// Administrators cannot speak to the controller themselves (KIP-590).
    private mutating func forward(
        _ request: ControllerRequest, from token: ReplyToken, at now: Instant,
        _ effects: inout BrokerEffects
    ) {
        switch request {
        case .registerBroker, .heartbeat, .alterPartition, .assignReplicas, .allocateProducerIDs:
            effects.append(.reply(.failed(.invalidRequest), to: token))
        case .alterConfigs(let alterations):
            alterConfigs(alterations, from: token, at: now, &effects)
        case .createTopics, .createPartitions, .deleteTopics, .deleteTopicsNamed, .electLeaders,
            .alterReassignments, .listReassignments, .unregisterBroker, .updateFeatures:
            channels.enqueue(request, for: .forwarded(token), at: now)
        }
    }
}

// MARK: - Producer ids

extension Broker {
    /// A producer that is only idempotent gets a new id, whoever it was; one with transactions must
    /// ask the coordinator of its transactional id.
    private mutating func answer(
        _ request: InitProducerIDRequest, at now: Instant
    ) -> InitProducerIDReply {
        let identity = request.identity
        if (identity.id == .none) != (identity.epoch == ProducerIdentity.none.epoch) {
            return InitProducerIDReply(.invalidRequest)
        }
        guard request.transactionalID == nil else { return InitProducerIDReply(.notCoordinator) }
        let id = producerIDs.take(at: now)
        if producerIDs.wantsBlock {
            producerIDs.asked()
            channels.enqueue(
                .allocateProducerIDs(broker: self.id, epoch: epoch), for: .producerIDs, at: now)
        }
        guard let id else { return InitProducerIDReply(.coordinatorLoadInProgress) }
        return InitProducerIDReply(.none, ProducerIdentity(id: id, epoch: 0))
    }
}

// MARK: - Metadata

extension Broker {
    private mutating func answer(
        _ request: MetadataRequest, at now: Instant, _ choices: inout Choices
    ) -> MetadataReply {
        let brokers = image.aliveBrokers
        var topics: [MetadataReply.Topic] = []
        switch request.topics {
        case .all:
            for entry in image.topicIDs {
                guard let topic = image.topics[entry.value] else { continue }
                topics.append(image.description(of: topic))
            }
        case .identified(let ids):
            for id in ids {
                topics.append(
                    image.topics[id].map { image.description(of: $0) }
                        ?? MetadataReply.Topic(nil, id, .unknownTopicID))
            }
        case .named(let names):
            var missing: [String] = []
            for name in names {
                if let topic = image.topic(named: name) {
                    topics.append(image.description(of: topic))
                } else {
                    missing.append(name)
                }
            }
            let isMaking = request.mayCreateTopics && settings.createsTopics
            if isMaking { makeTopics(missing, at: now) }
            for name in missing {
                let error = TopicName.isValid(name)
                    ? KafkaError.unknownTopicOrPartition : .invalidTopicException
                topics.append(
                    MetadataReply.Topic(
                        name, .zero, error, isInternal: TopicName.isInternal(name)))
            }
        }
        return MetadataReply(
            brokers: brokers, clusterID: settings.clusterID,
            controller: reportedController(of: brokers, &choices), topics: topics)
    }

    private mutating func describeCluster(_ choices: inout Choices) -> DescribeClusterReply {
        DescribeClusterReply(
            clusterID: settings.clusterID,
            controller: reportedController(of: image.aliveBrokers, &choices),
            brokers: image.brokers.map { entry in
                DescribeClusterReply.Broker(entry.value.node, isFenced: entry.value.isFenced)
            })
    }

    /// Any broker that lives will do, so the load is spread.
    private func reportedController(
        of brokers: [MetadataReply.Node], _ choices: inout Choices
    ) -> NodeID? {
        if brokers.isEmpty { return nil }
        let drawn = choices.draw(actor, .reportedController, below: UInt64(brokers.count))
        return brokers[Int(drawn)].id
    }

    /// Asks the controller for topics that somebody has asked about (AutoTopicCreationManager).
    /// Nobody waits for it: whoever asked is told that there are none, and asks again.
    private mutating func makeTopics(_ names: [String], at now: Instant) {
        let new = names.filter { TopicName.isValid($0) && !topicsUnderWay.contains($0) }
        if new.isEmpty { return }
        topicsUnderWay += new
        channels.enqueue(
            .createTopics(CreateTopicsRequest(new.map(topicOnDemand))),
            for: .topicCreation(new), at: now)
    }

    private func topicOnDemand(_ name: String) -> CreateTopicsRequest.Topic {
        let properties = settings.properties
        func topic(
            _ prefix: String, partitions: String, compacted: Bool
        ) -> CreateTopicsRequest.Topic {
            CreateTopicsRequest.Topic(
                name, partitions: Int32(properties.number(partitions)),
                replicationFactor: Int16(
                    truncatingIfNeeded: properties.number("\(prefix).replication.factor")),
                configs: [
                    .init("cleanup.policy", compacted ? "compact" : "delete"),
                    .init("segment.bytes", String(properties.number("\(prefix).segment.bytes"))),
                ])
        }
        switch name {
        case TopicName.groupOffsets:
            return topic(
                "offsets.topic", partitions: "offsets.topic.num.partitions", compacted: true)
        case TopicName.transactionState:
            return topic(
                "transaction.state.log", partitions: "transaction.state.log.num.partitions",
                compacted: true)
        case TopicName.shareGroupState:
            return topic(
                "share.coordinator.state.topic",
                partitions: "share.coordinator.state.topic.num.partitions", compacted: false)
        default:
            return CreateTopicsRequest.Topic(
                name, partitions: settings.defaultPartitions,
                replicationFactor: settings.defaultReplicationFactor)
        }
    }
}
