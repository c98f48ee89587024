import Kafka
import Kernel

/// What an administrator wants of the cluster, by the names that people use.
public enum AdminOrder: Hashable, Sendable {
    case createTopic(TopicConfiguration)
    case deleteTopic(String)
    case addPartitions(String, count: Int32, assignments: [[NodeID]]?)
    case elect(ElectLeadersRequest.Kind, [TopicPartitions]?)
    case reassign([AlterPartitionReassignmentsRequest.Partition])
    case alterConfigs([ConfigAlteration])
    case updateFeatures([FeatureUpdate])
    case unregister(NodeID)
    /// Of these partitions; a broker does it, the controller knows nothing of it.
    case deleteRecords(topic: String, partition: Int32, before: Int64)
    /// Brokers answer it.
    case describe(AdminQuestion)
}

/// The one who makes topics and changes settings: a client of the controllers (KIP-919), or of the
/// brokers where only they can help. One order after the other; what fails because nobody is there
/// to do it is tried again.
struct Administrator: Sendable {
    struct Call: Sendable {
        var order: AdminOrder
        /// The topics that a configuration names are there from the beginning: whatever they
        /// need is waited for.
        var isInitial: Bool
        /// Kafka's own tools ask brokers, who ask the controller; that they look at the order
        /// first can make a difference.
        var goesThroughBrokers = false
        /// On the administrator's clock.
        var giveUpAt: Instant
        /// Which step wants it; -1: none does.
        var step: Int32 = -1
    }

    var calls: [Call] = []
    /// The first call's request is under way.
    var awaited: CorrelationID?
    var lastCorrelation: Int32 = 0
    /// On the administrator's clock.
    var wakeAt = Instant.never
    /// Zero has come.
    var worldHasBegun = false
    /// The topics of the configuration are there. Clients begin then, and not before zero.
    var isReady = false

    /// `default.api.timeout.ms` and `retry.backoff.ms` of an admin client.
    static let patience = Interval.seconds(60)
    static let backoff = Interval.milliseconds(100)
    static let requestTimeout = Interval.seconds(30)
}

extension World {
    mutating func startAdministrator(_ lane: Int) {
        let now = localTime(lanes[lane].process)
        administrator.calls = []
        administrator.awaited = nil
        administrator.wakeAt = now
        guard !administrator.isReady else { return }
        for topic in configuration.cluster?.topics ?? [] {
            administrator.calls.append(
                Administrator.Call(
                    order: .createTopic(topic), isInitial: true, giveUpAt: now + .seconds(600)))
        }
    }

    /// Clients whose time has come while the cluster was not ready yet.
    mutating func maybeStartClients() {
        guard administrator.worldHasBegun, !administrator.isReady,
            !administrator.calls.contains(where: \.isInitial)
        else { return }
        administrator.isReady = true
        for place in nodes.count..<(processes.count - 1)
        where configuration.start(of: place) <= now {
            queue.schedule(.start(Int32(place)), at: now)
        }
    }

    /// Somebody has the administrator do something; the answer is in the trace.
    mutating func order(
        _ order: AdminOrder, throughBrokers: Bool = false,
        within patience: Interval? = nil, by step: Int32 = -1
    ) -> Bool {
        guard let lane = seating.administrator else { return false }
        let time = localTime(lanes[lane].process)
        administrator.calls.append(
            Administrator.Call(
                order: order, isInitial: false, goesThroughBrokers: throughBrokers,
                giveUpAt: time + (patience ?? Administrator.patience), step: step))
        askNext(lane)
        workOffLane(lane)
        return true
    }

    mutating func wakeAdministrator(_ lane: Int) {
        administrator.wakeAt = .never
        askNext(lane)
    }

    private mutating func askNext(_ lane: Int) {
        guard administrator.awaited == nil, let call = administrator.calls.first else { return }
        let left = call.giveUpAt - localTime(lanes[lane].process)
        guard left > .zero else { return conclude(.requestTimedOut, nil, lane) }
        guard let (request, node) = request(for: call) else { return askLater(lane) }
        administrator.lastCorrelation += 1
        let correlation = CorrelationID(administrator.lastCorrelation)
        administrator.awaited = correlation
        send(
            request, to: Link.Key(client: node), correlation,
            timeout: min(Administrator.requestTimeout, left), lane)
    }

    private mutating func askLater(_ lane: Int) {
        administrator.wakeAt = localTime(lanes[lane].process) + Administrator.backoff
    }

    /// Nil: nobody is known who could do it.
    private func request(for call: Administrator.Call) -> (ClusterRequest, NodeID)? {
        let image = feed.latest ?? MetadataImage()
        if case .deleteRecords(let topic, let partition, let offset) = call.order {
            guard let id = image.topicIDs[topic] else { return nil }
            let target = TopicIDPartition(id, partition)
            guard let leader = image.partition(target)?.leader, leader != .noLeader else {
                return nil
            }
            let request = DeleteRecordsRequest(
                timeout: Administrator.requestTimeout,
                partitions: [.init(target, offset: offset)])
            return (.broker(.deleteRecords(request)), leader)
        }
        let broker = nodes.indices.first {
            processes[$0].thread.isUp && image.isActive(configuration.nodes[$0].id)
        }
        if case .describe(let question) = call.order {
            // Only a broker itself knows all of its settings.
            if case .configs(.broker(let its)) = question {
                return (.broker(question.request), its)
            }
            return broker.map { (.broker(question.request), configuration.nodes[$0].id) }
        }
        if call.goesThroughBrokers {
            guard let broker, let request = call.order.request(in: image) else { return nil }
            return (.broker(.admin(request)), configuration.nodes[broker].id)
        }
        guard let controller, let request = call.order.request(in: image) else { return nil }
        return (.controller(request), configuration.nodes[controller].id)
    }

    /// Nil: the connection failed.
    mutating func administratorHears(
        _ reply: ClusterReply?, of correlation: CorrelationID, _ lane: Int
    ) {
        guard administrator.awaited == correlation else { return }
        administrator.awaited = nil
        let call = administrator.calls[0]
        let time = localTime(lanes[lane].process)
        let errors = reply.map { $0.errors } ?? [.networkException]
        let isWorthRetrying = errors.contains { $0.isWorthRetrying(isInitial: call.isInitial) }
        if isWorthRetrying, time < call.giveUpAt { return askLater(lane) }
        // An answer that would have been worth another try is none.
        conclude(isWorthRetrying ? .requestTimedOut : errors.first { $0 != .none }, reply, lane)
    }

    /// The first order is done; nil: without a mistake.
    private mutating func conclude(
        _ failure: KafkaError?, _ reply: ClusterReply?, _ lane: Int
    ) {
        let call = administrator.calls.removeFirst()
        let words = call.order.words
        note(.administered(words, failure ?? .none), lanes[lane].process)
        if isTracing || call.step >= 0 {
            let told = failure == nil ? tell(reply) : []
            for line in told { trace { _ in "admin reads \(line)" } }
            if call.step >= 0 {
                let isQuestion = if case .describe = call.order { true } else { false }
                script.answers.append(
                    AdminAnswer(
                        at: now, step: Int(call.step), order: words, error: failure ?? .none,
                        lines: told, isQuestion: isQuestion))
            }
        }
        maybeStartClients()
        askNext(lane)
    }
}

extension World {
    private func tell(_ reply: ClusterReply?) -> [String] {
        reply?.told { id in configuration.place(of: id).map { name($0) } ?? "\(id.rawValue)" } ?? []
    }
}

extension AdminOrder {
    /// Nil: it speaks of a topic that is not there.
    func request(in image: MetadataImage) -> ControllerRequest? {
        switch self {
        case .createTopic(let topic):
            var request = CreateTopicsRequest.Topic(
                topic.name, partitions: topic.partitions,
                replicationFactor: topic.replicationFactor, configs: topic.settings)
            request.assignments = topic.assignments.enumerated().map {
                .init(Int32($0.offset), $0.element)
            }
            if !request.assignments.isEmpty {
                request.partitions = -1
                request.replicationFactor = -1
            }
            return .createTopics(CreateTopicsRequest([request]))
        case .deleteTopic(let name): return image.topicIDs[name].map { .deleteTopics([$0]) }
        case .addPartitions(let topic, let count, let assignments):
            return .createPartitions(
                CreatePartitionsRequest([.init(topic, count: count, assignments: assignments)]))
        case .elect(let kind, let partitions):
            return .electLeaders(ElectLeadersRequest(kind, of: partitions))
        case .reassign(let partitions):
            return .alterReassignments(AlterPartitionReassignmentsRequest(partitions))
        case .alterConfigs(let alterations): return .alterConfigs(alterations)
        case .updateFeatures(let updates): return .updateFeatures(updates)
        case .unregister(let broker): return .unregisterBroker(broker)
        case .deleteRecords, .describe: return nil
        }
    }
}

extension ClusterReply {
    /// How each part of the request went, or the whole.
    var errors: [KafkaError] {
        switch self {
        case .controller(.failed(let error)), .broker(.failed(let error)): [error]
        case .controller(.createTopics(let replies)):
            replies.map {
                if case .failed(let error) = $0 { error } else { .none }
            }
        case .controller(.outcomes(let errors)): errors
        case .controller(.electLeaders(let replies)): replies.map(\.error)
        case .broker(.deleteRecords(let replies)): replies.map(\.error)
        case .broker(.describeTopics(let topics)): topics.map(\.error)
        case .broker(.describeConfigs(let resources)): resources.map(\.error)
        case .broker(.admin(let reply)): ClusterReply.controller(reply).errors
        default: [.none]
        }
    }
}

extension KafkaError {
    /// Whether an administrator asks again.
    fileprivate func isWorthRetrying(isInitial: Bool) -> Bool {
        switch self {
        case .notController, .networkException, .requestTimedOut, .notLeaderOrFollower: true
        // Not enough brokers have registered yet.
        case .invalidReplicationFactor, .invalidReplicaAssignment, .policyViolation: isInitial
        default: false
        }
    }
}
