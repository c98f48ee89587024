import Kernel

@testable import Kafka

/// Broker 0 with one partition of the topic "orders", for tests. Its followers, the metadata log
/// and the controller are played by the test.
struct TestReplicas {
    static let id = TopicIDPartition(TopicID(1), 0)

    private(set) var replicas: ReplicaManager
    private(set) var image = MetadataImage()
    private(set) var now = Instant.zero + .seconds(1_000)
    private(set) var requests: [AlterPartitionRequest] = []
    private(set) var replies: [(token: ReplyToken, reply: BrokerReply)] = []
    /// Interrupted fetches that were not gone on with.
    private(set) var suspended: [SuspensionID] = []
    private(set) var effects: [ReplicaEffect] = []
    private var alarms = SortedMap<ReplicaTask, Instant>()
    private var tokens: UInt64 = 0
    private let settings: ReplicaSettings
    private let generation: Generation

    init(
        minISR: Int = 1, with: [Fix] = [], without: [Fix] = [], racks: [String?] = [],
        yieldPoints: YieldPoints = [], segmentBytes: Int64 = 1 << 30
    ) {
        var generation = Generation.current
        for fix in with { generation.insert(fix) }
        for fix in without { generation.remove(fix) }
        self.generation = generation
        var settings = ReplicaSettings()
        settings.minInSyncReplicas = minISR
        settings.log.segmentBytes = segmentBytes
        if !racks.isEmpty { settings.selector = .rackAware }
        self.settings = settings
        replicas = ReplicaManager(id: NodeID(0), settings: settings, generation: generation)
        image.apply(.topic(name: "orders", id: Self.id.topic))
        receive(.interrupt(at: yieldPoints))
        receive(.brokerEpoch(100))
        for broker in 0..<4 {
            register(
                Int32(broker), rack: broker < racks.count ? racks[broker] : nil)
        }
    }

    var partition: Partition? { replicas[Self.id] }

    var highWatermark: Int64 { partition?.log.highWatermark ?? -1 }

    // MARK: What is played

    mutating func receive(_ input: ReplicaInput) {
        var outbox = ReplicaEffects()
        replicas.receive(input, at: now, &outbox)
        for effect in outbox.items {
            effects.append(effect)
            switch effect {
            case .alterPartition(let request): requests.append(request)
            case .reply(let reply, let token): replies.append((token, reply))
            case .suspended(let id, _): suspended.append(id)
            case .setTimer(let task, let instant): alarms[task] = instant
            case .logTask(let id, let task): receive(.logTask(id, task))
            default: break
            }
        }
    }

    mutating func takeEffects() -> [ReplicaEffect] {
        defer { effects = [] }
        return effects
    }

    /// Only the timers of waiting requests and of the way to the controller ring by themselves.
    mutating func pass(_ interval: Interval) {
        let end = now + interval
        while let next = alarms.filter({
            ($0.key == .expireOperations || $0.key == .resendAlterPartition) && $0.value <= end
        }).min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            alarms[next.key] = nil
            now = next.value
            receive(.timer(next.key))
        }
        now = end
    }

    mutating func register(
        _ broker: Int32, epoch: Int64? = nil, rack: String? = nil, fenced: Bool = false,
        shuttingDown: Bool = false
    ) {
        let old = image.brokers[NodeID(broker)]
        apply(
            .registerBroker(
                BrokerRegistration(
                    id: NodeID(broker), epoch: epoch ?? old?.epoch ?? Int64(100 + broker),
                    incarnation: IncarnationID(UInt64(broker)),
                    endpoint: Endpoint(host: NodeID(broker)), rack: rack ?? old?.rack,
                    features: [], isFenced: fenced, inControlledShutdown: shuttingDown,
                    directories: [])))
    }

    mutating func apply(_ record: MetadataRecord) {
        let delta = MetadataDelta([record], before: image)
        image.apply(record)
        receive(.metadata(image, delta))
    }

    /// The metadata log says who leads now. The partition epoch is one more than the last one.
    mutating func elect(
        _ leader: Int32, epoch: Int32, isr: [Int32], replicas: [Int32] = [0, 1, 2],
        version: Int32? = nil
    ) {
        let known = image.partition(Self.id)?.partitionEpoch ?? -1
        apply(
            .partition(
                Self.id,
                PartitionRegistration(
                    replicas: replicas.map { NodeID($0) }, isr: isr.map { NodeID($0) },
                    leader: NodeID(leader), leaderEpoch: epoch,
                    partitionEpoch: version ?? known + 1,
                    directories: replicas.map { _ in .unassigned })))
    }

    /// The controller agrees to the last request.
    mutating func agree() {
        guard let change = requests.last?.partitions.first else { return }
        receive(
            .alterPartitionAnswer(
                .partitions([
                    .altered(
                        PartitionRegistration(
                            replicas: [], isr: change.isr.map(\.broker), leader: NodeID(0),
                            leaderEpoch: change.leaderEpoch,
                            partitionEpoch: change.partitionEpoch + 1, directories: []))
                ])))
    }

    mutating func refuse(_ error: KafkaError) {
        receive(.alterPartitionAnswer(.partitions([.failed(error)])))
    }

    mutating func checkISR() { receive(.timer(.shrinkISRs)) }

    mutating func goOn() {
        let ids = suspended
        suspended = []
        for id in ids { receive(.resume(id)) }
    }

    mutating func restart(clean: Bool, epoch: Int64) {
        if clean { _ = replicas.stop() }
        var disk = replicas.disk
        disk.wasStoppedCleanly = clean
        guard
            case .success(let opened) = ReplicaManager.open(
                disk, id: NodeID(0), settings: settings, generation: generation, at: now)
        else { preconditionFailure("the log opens") }
        replicas = opened
        alarms = SortedMap()
        receive(.brokerEpoch(epoch))
        var registration = image.brokers[NodeID(0)]!
        registration.epoch = epoch
        image.apply(.registerBroker(registration))
        receive(.metadata(image, MetadataDelta(from: MetadataImage(), to: image)))
    }
}

// MARK: - Requests

extension TestReplicas {
    mutating func ask(_ request: BrokerRequest) -> ReplyToken {
        tokens += 1
        receive(.request(request, from: ReplyToken(tokens)))
        return ReplyToken(tokens)
    }

    /// Nil: it waits.
    func reply(to token: ReplyToken) -> BrokerReply? {
        replies.first { $0.token == token }?.reply
    }

    @discardableResult
    mutating func produce(
        acks: Int16 = -1, records: Int32 = 1, timeout: Interval = .seconds(30)
    ) -> ReplyToken {
        let batch = RecordBatch(
            records: (0..<records).map {
                Record(
                    offsetDelta: $0, timestamp: (now - .zero).wholeMilliseconds, key: nil,
                    value: .number(Int64($0), width: 10))
            })
        return ask(
            .produce(
                ProduceRequest(
                    acks: acks, timeout: timeout,
                    partitions: [ProduceRequest.Partition(Self.id, batch)])))
    }

    func produced(_ token: ReplyToken) -> KafkaError? {
        guard case .produce(let replies)? = reply(to: token) else { return nil }
        return replies[0].error
    }

    @discardableResult
    mutating func fetch(
        _ follower: Int32, at offset: Int64, epoch: Int32? = nil, last: Int32? = nil,
        start: Int64 = 0, brokerEpoch: Int64? = nil, wait: Interval = .zero
    ) -> ReplyToken {
        let asked = FetchRequest.Partition(
            Self.id, currentLeaderEpoch: epoch ?? partition?.leaderEpoch, fetchOffset: offset,
            lastFetchedEpoch: last, logStartOffset: start, maxBytes: 1 << 20)
        let known = brokerEpoch ?? image.brokers[NodeID(follower)]?.epoch ?? -1
        return ask(
            .fetch(
                FetchRequest(
                    .follower(NodeID(follower), brokerEpoch: known), maxWait: wait, minBytes: 1,
                    maxBytes: 10 << 20, partitions: [asked])))
    }

    @discardableResult
    mutating func consume(
        at offset: Int64, epoch: Int32? = nil, rack: String? = nil, wait: Interval = .zero
    ) -> ReplyToken {
        let asked = FetchRequest.Partition(
            Self.id, currentLeaderEpoch: epoch, fetchOffset: offset, maxBytes: 1 << 20)
        return ask(
            .fetch(
                FetchRequest(
                    .consumer(rack: rack, isolation: .uncommitted, tellsOfItself: true),
                    maxWait: wait, minBytes: 1, maxBytes: 10 << 20, partitions: [asked])))
    }

    func fetched(_ token: ReplyToken) -> FetchPartitionReply? {
        guard case .fetch(let reply)? = reply(to: token) else { return nil }
        return reply.partitions[0]
    }

    mutating func latestOffset() -> ListOffsetsPartitionReply? {
        let token = ask(
            .listOffsets(
                ListOffsetsRequest(
                    .consumer(.uncommitted),
                    partitions: [
                        ListOffsetsRequest.Partition(Self.id, currentLeaderEpoch: nil, .latest)
                    ])))
        guard case .listOffsets(let replies)? = reply(to: token) else { return nil }
        return replies[0]
    }

    mutating func deleteRecords(below offset: Int64, timeout: Interval = .seconds(5)) -> ReplyToken
    {
        ask(
            .deleteRecords(
                DeleteRecordsRequest(
                    timeout: timeout,
                    partitions: [DeleteRecordsRequest.Partition(Self.id, offset: offset)])))
    }

    func deleted(_ token: ReplyToken) -> KafkaError? {
        guard case .deleteRecords(let replies)? = reply(to: token) else { return nil }
        return replies[0].error
    }
}
