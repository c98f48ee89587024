import Kernel

@testable import Kafka

/// One controller that is active over a log that commits at once, and what it has written.
struct TestCluster {
    var controller: Controller
    var now = Instant.zero
    private(set) var log: [MetadataRecord] = []
    /// Of the last step.
    private(set) var written: [MetadataRecord] = []
    private(set) var hasResigned = false
    private(set) var lastFailedTask: ControllerTask?
    private var choices = Choices(seed: 7)
    private var tokens: UInt64 = 0

    init(
        without: [Fix] = [], with: [Fix] = [], elr: Bool = false, minISR: Int = 2,
        settings change: (inout ControllerSettings) -> Void = { _ in }
    ) {
        var generation = Generation.current
        for fix in without { generation.remove(fix) }
        for fix in with { generation.insert(fix) }
        var settings = ControllerSettings()
        settings.minInSyncReplicas = minISR
        settings.bootstrapFeatures = [FeatureLevel(.metadataVersion, 30)]
        if elr {
            settings.bootstrapFeatures.append(FeatureLevel(.eligibleLeaderReplicasVersion, 1))
        }
        change(&settings)
        controller = Controller(
            id: NodeID(3000), actor: ActorID(1), settings: settings, generation: generation)
        send(.becomeActive(epoch: 1, nextOffset: 0))
    }

    var image: MetadataImage { controller.image }

    @discardableResult
    mutating func send(_ input: ControllerInput) -> [ControllerEffect] {
        var effects = ControllerEffects()
        controller.receive(input, at: now, &choices, &effects)
        written = []
        for effect in effects.items {
            switch effect {
            case .append(let records, _, _): written += records
            case .resign: hasResigned = true
            case .taskFailed(let task, _): lastFailedTask = task
            default: break
            }
        }
        log += written
        let committed = ControllerInput.committed(
            written, firstOffset: 0, endOffset: Int64(log.count))
        controller.receive(committed, at: now, &choices, &effects)
        return effects.items
    }

    @discardableResult
    mutating func ask(_ request: ControllerRequest) -> ControllerReply? {
        tokens += 1
        let token = ReplyToken(tokens)
        for case .reply(let reply, token) in send(.request(request, from: token)) { return reply }
        return nil
    }

    /// Registers brokers and lets each say that it is caught up.
    mutating func boot(_ brokers: ClosedRange<Int32>) {
        for number in brokers {
            register(number, incarnation: UInt64(number))
            beat(number)
        }
    }

    @discardableResult
    mutating func register(
        _ broker: Int32, incarnation: UInt64, previousEpoch: Int64? = nil
    ) -> ControllerReply? {
        ask(
            .registerBroker(
                BrokerRegistrationRequest(
                    broker: NodeID(broker), clusterID: "cluster",
                    incarnation: IncarnationID(incarnation), previousEpoch: previousEpoch,
                    endpoint: Endpoint(host: NodeID(broker)), directories: [directory(of: broker)])
            ))
    }

    func directory(of broker: Int32) -> DirectoryID { DirectoryID(1_000 + UInt64(broker)) }

    @discardableResult
    mutating func beat(
        _ broker: Int32, wantsFence: Bool = false, offline: [DirectoryID] = []
    ) -> ControllerReply? {
        ask(
            .heartbeat(
                BrokerHeartbeatRequest(
                    broker: NodeID(broker), epoch: image.brokers[NodeID(broker)]?.epoch ?? -1,
                    metadataOffset: Int64(log.count) - 1, wantsFence: wantsFence,
                    offlineDirectories: offline)))
    }

    mutating func create(_ name: String, _ replicas: [Int32]...) {
        let assignments = replicas.enumerated().map { index, replicas in
            CreateTopicsRequest.Assignment(Int32(index), replicas.map(NodeID.init))
        }
        ask(.createTopics(CreateTopicsRequest([.init(name, assignments: assignments)])))
    }

    /// The leader asks for this ISR.
    @discardableResult
    mutating func alter(
        _ name: String, isr: [Int32], leaderEpoch: Int32? = nil
    ) -> ControllerReply? {
        let partition = self[name]
        let id = TopicIDPartition(image.topicIDs[name] ?? .zero, 0)
        let asked = AlterPartitionRequest.Partition(
            id, leaderEpoch: leaderEpoch ?? partition.leaderEpoch,
            partitionEpoch: partition.partitionEpoch,
            isr: isr.map { .init(NodeID($0), epoch: nil) })
        let epoch = image.brokers[partition.leader]?.epoch ?? -1
        return ask(
            .alterPartition(
                AlterPartitionRequest(
                    broker: partition.leader, epoch: epoch, partitions: [asked])))
    }

    @discardableResult
    mutating func reassign(_ name: String, to replicas: [Int32]?) -> ControllerReply? {
        let asked = AlterPartitionReassignmentsRequest.Partition(
            name, 0, to: replicas.map { $0.map(NodeID.init) })
        return ask(.alterReassignments(AlterPartitionReassignmentsRequest([asked])))
    }

    @discardableResult
    mutating func configure(
        _ resource: ConfigResource, _ key: String, _ value: String
    ) -> ControllerReply? {
        ask(.alterConfigs([ConfigAlteration(resource, [.init(key, .set(value))])]))
    }

    mutating func delete(_ name: String) {
        if let id = image.topicIDs[name] { ask(.deleteTopics([id])) }
    }

    /// So long that sessions are over, but for those of brokers that beat.
    mutating func pass(beating brokers: Int32...) {
        now = now + .milliseconds(9_001)
        for broker in brokers { beat(broker) }
    }

    /// Fences brokers whose session is over until there is none.
    mutating func fenceStale() {
        for _ in 0..<10 { send(.timer(.fenceStaleBroker)) }
    }

    /// Partition 0 of the topic.
    subscript(name: String) -> PartitionRegistration {
        image.topic(named: name)?.partitions[0]
            ?? PartitionRegistration(replicas: [], isr: [], leader: .noLeader, directories: [])
    }
}

func nodes(_ numbers: Int32...) -> [NodeID] { numbers.map(NodeID.init) }
