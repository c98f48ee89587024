import Kernel

@testable import Kafka

/// Some brokers with one topic, of which each leads or follows, and the network between them, said
/// briefly. Answers come at once unless a test holds them back.
struct FollowerScene {
    struct Sent {
        let from: NodeID
        let fetcher: FetcherID
        let ticket: FetcherTicket
        let request: BrokerRequest
    }

    struct Host {
        var replicas: ReplicaManager
        var fetchers: ReplicaFetchers
        var sessions: FetchSessionCache

        mutating func fetch(_ input: FetcherInput, at now: Instant) -> [FetcherEffect] {
            var effects = FetcherEffects()
            fetchers.receive(input, at: now, &replicas, &effects)
            return effects.items
        }
    }

    static let topic = TopicID(1)

    let generation: Generation
    private(set) var hosts: [Int32: Host] = [:]
    private(set) var now = Instant.zero + .seconds(100)
    /// Requests of fetchers that wait for their answers.
    var onTheWay: [Sent] = []
    /// What happened that cannot be seen from outside, since it was last asked.
    private var notes: [FetcherNote] = []
    private(set) var wakes: [Instant] = []
    private(set) var highWatermarkNews = 0
    /// The next answers of brokers; nil: the connection breaks.
    var nextAnswers: [(broker: Int32, error: KafkaError?)] = []
    private var image = MetadataImage()
    private var choices = Choices(seed: 7)
    private var tokens: UInt64 = 0
    private let count: Int32
    private let partitions: Int32

    init(
        brokers: Int32 = 2, partitions: Int32 = 1, with: [Fix] = [], without: [Fix] = [],
        _ change: (inout FetcherSettings) -> Void = { _ in }
    ) {
        var generation = Generation.current
        for fix in with { generation.insert(fix) }
        for fix in without { generation.remove(fix) }
        self.generation = generation
        count = brokers
        self.partitions = partitions
        var fetching = FetcherSettings()
        change(&fetching)
        for id in 1...brokers {
            let node = NodeID(id)
            hosts[id] = Host(
                replicas: ReplicaManager(
                    id: node, settings: ReplicaSettings(), generation: generation),
                fetchers: ReplicaFetchers(id: node, settings: fetching, generation: generation),
                sessions: FetchSessionCache(ActorID(0), slots: 1_000))
            let registration = BrokerRegistration(
                id: node, epoch: 100 + Int64(id), incarnation: IncarnationID(UInt64(id)),
                endpoint: Endpoint(host: node), features: [], isFenced: false, directories: [])
            image.apply(.registerBroker(registration))
        }
        image.apply(.topic(name: "orders", id: Self.topic))
        for id in 1...brokers { tell(id, .brokerEpoch(100 + Int64(id))) }
    }

    func id(_ partition: Int32) -> TopicIDPartition { TopicIDPartition(Self.topic, partition) }

    // MARK: Metadata

    /// That broker leads from now on, and all, or only some, hear of it.
    mutating func lead(
        _ leader: Int32, epoch: Int32, isr: [Int32]? = nil, partition: Int32? = nil,
        told: [Int32]? = nil
    ) {
        let replicas = (1...count).map { NodeID($0) }
        var delta = MetadataDelta()
        for number in partition.map({ $0...$0 }) ?? 0...partitions - 1 {
            let before = image.partition(id(number))?.partitionEpoch ?? -1
            let record = MetadataRecord.partition(
                id(number),
                PartitionRegistration(
                    replicas: replicas, isr: isr?.map { NodeID($0) } ?? replicas,
                    leader: NodeID(leader), leaderEpoch: epoch, partitionEpoch: before + 1,
                    directories: Array(repeating: .unassigned, count: replicas.count)))
            delta.note(record, before: image)
            image.apply(record)
        }
        for broker in told ?? Array(1...count) { tell(broker, .metadata(image, delta)) }
    }

    // MARK: Machines

    mutating func tell(_ broker: Int32, _ input: ReplicaInput) {
        var effects = ReplicaEffects()
        hosts[broker]!.replicas.receive(input, at: now, &effects)
        var stopped: [TopicIDPartition] = []
        var started: [FetchStart] = []
        for effect in effects.items {
            switch effect {
            case .startFetching(let start): started.append(start)
            case .stopFetching(let partition): stopped.append(partition)
            case .logTask(let partition, let task): tell(broker, .logTask(partition, task))
            case .reply(let reply, _): lastReply = reply
            case .logStartMoved(let partition): tellFetchers(broker, .logStartMoved(partition))
            default: break
            }
        }
        if !stopped.isEmpty || !started.isEmpty {
            tellFetchers(broker, .assigned(stopped: stopped, started: started))
        }
    }

    private(set) var lastReply: BrokerReply?

    mutating func tellFetchers(_ broker: Int32, _ input: FetcherInput) {
        for effect in hosts[broker]!.fetch(input, at: now) {
            switch effect {
            case .send(let request, let fetcher, let ticket):
                onTheWay.append(
                    Sent(
                        from: NodeID(broker), fetcher: fetcher, ticket: ticket, request: request))
            case .wake(_, let instant): wakes.append(instant)
            case .highWatermarksMoved(let moved):
                highWatermarkNews += moved.count
                tell(broker, .replicated(moved))
            case .logTask(let partition, let task): tell(broker, .logTask(partition, task))
            case .note(let note): notes.append(note)
            case .ended(let id):
                onTheWay.removeAll { $0.from == NodeID(broker) && $0.fetcher == id }
            }
        }
    }

    mutating func takeNotes() -> [FetcherNote] {
        defer { notes.removeAll() }
        return notes
    }

    mutating func pass(_ milliseconds: Int64) { now = now + .milliseconds(milliseconds) }

    // MARK: The network

    /// The broker's fetchers get a turn; what they send is on its way.
    mutating func begin(_ broker: Int32) {
        for fetcher in hosts[broker]!.fetchers.ids { tellFetchers(broker, .turn(fetcher)) }
    }

    /// A whole turn, with all answers. Returns what was asked and answered.
    @discardableResult
    mutating func turn(_ broker: Int32) -> [(request: BrokerRequest, reply: BrokerReply?)] {
        begin(broker)
        var heard: [(request: BrokerRequest, reply: BrokerReply?)] = []
        while let sent = onTheWay.first(where: { $0.from == NodeID(broker) }) {
            heard.append((sent.request, deliver(broker)))
        }
        return heard
    }

    /// The answer to the broker's oldest request arrives; nil: its connection broke.
    @discardableResult
    mutating func deliver(_ broker: Int32) -> BrokerReply? {
        let index = onTheWay.firstIndex { $0.from == NodeID(broker) }!
        let sent = onTheWay.remove(at: index)
        guard let reply = serve(sent) else {
            tellFetchers(broker, .failed(sent.fetcher, sent.ticket))
            return nil
        }
        tellFetchers(broker, .answer(reply, sent.fetcher, sent.ticket))
        return reply
    }

    private mutating func serve(_ sent: Sent) -> BrokerReply? {
        let leader = sent.fetcher.source.rawValue
        if let index = nextAnswers.firstIndex(where: { $0.broker == leader }) {
            guard let error = nextAnswers.remove(at: index).error else { return nil }
            return refusal(of: sent.request, error)
        }
        tokens += 1
        let token = ReplyToken(tokens)
        guard case .fetch(var fetch) = sent.request else {
            tell(leader, .request(sent.request, from: token))
            return lastReply
        }
        let context = hosts[leader]!.sessions.open(fetch, at: now)
        fetch.partitions = context.partitions
        fetch.maxWait = .zero
        tell(leader, .request(.fetch(fetch), from: token))
        guard case .fetch(let read) = lastReply else { return nil }
        let reply = hosts[leader]!.sessions.close(context, read.partitions, at: now, &choices)
        return .fetch(reply)
    }

    private func refusal(of request: BrokerRequest, _ error: KafkaError) -> BrokerReply {
        switch request {
        case .listOffsets(let asked):
            .listOffsets(
                asked.partitions.map { ListOffsetsPartitionReply($0.partition, error) })
        case .offsetsForLeaderEpoch(let asked):
            .offsetsForLeaderEpoch(
                asked.partitions.map {
                    OffsetsForLeaderEpochPartitionReply($0.partition, error)
                })
        case .fetch(let asked):
            .fetch(
                FetchReply(
                    partitions: asked.partitions.map { FetchPartitionReply($0.partition, error) }))
        default: preconditionFailure("no follower asks that")
        }
    }

    // MARK: Clients

    mutating func produce(_ broker: Int32, _ records: Int, partition: Int32 = 0) {
        let time = (now - .zero).wholeMilliseconds
        let batch = RecordBatch(
            records: (0..<records).map { index in
                Record(
                    offsetDelta: Int32(index), timestamp: time, key: nil,
                    value: .number(Int64(index), width: 3))
            })
        tokens += 1
        let request = ProduceRequest(
            acks: 1, timeout: .zero,
            partitions: [ProduceRequest.Partition(id(partition), batch)])
        tell(broker, .request(.produce(request), from: ReplyToken(tokens)))
    }

    mutating func deleteRecords(_ broker: Int32, below offset: Int64) {
        tokens += 1
        let request = DeleteRecordsRequest(
            timeout: .zero,
            partitions: [DeleteRecordsRequest.Partition(id(0), offset: offset)])
        tell(broker, .request(.deleteRecords(request), from: ReplyToken(tokens)))
    }

    // MARK: What can be seen

    func log(_ broker: Int32, _ partition: Int32 = 0) -> PartitionLog {
        hosts[broker]!.replicas[id(partition)]!.log
    }

    func progress(_ broker: Int32, _ partition: Int32 = 0) -> ReplicaFetchers.Progress? {
        hosts[broker]!.fetchers.progress(of: id(partition), at: now)
    }

    func hasFailed(_ broker: Int32) -> Bool { hosts[broker]!.fetchers.hasFailed(id(0)) }

    /// `epoch:first..last`
    func batches(_ broker: Int32, _ partition: Int32 = 0) -> [String] {
        let log = log(broker, partition)
        return (0..<log.files.segmentCount).flatMap { segment in
            log.files.withSegment(segment) { found in
                (0..<found.batches.count).map { index in
                    let batch = found.batches[index].batch
                    return "\(batch.leaderEpoch):\(batch.baseOffset)..\(batch.lastOffset)"
                }
            }
        }
    }
}
