import Kernel

@testable import Kafka

/// A consumer over a network that obeys: connections come about, and metadata is answered.
struct ConsumerScene {
    static let topic = "orders"

    private(set) var consumer: Consumer
    private(set) var now = Instant.zero + .seconds(1)
    /// What it wanted, but for connections and metadata.
    var told: [ConsumerEffect] = []
    private(set) var sent: [ConsumerRequest] = []
    private var view = MetadataReply(brokers: [], clusterID: "c", controller: nil, topics: [])
    private var down: [NodeID] = []

    init(
        _ implementation: ConsumerSettings.Implementation = .classic, with fixes: [Fix] = [],
        without lost: [Fix] = [], _ change: (inout ConsumerSettings) -> Void = { _ in }
    ) {
        var settings = ConsumerSettings()
        settings.implementation = implementation
        settings.reset = .earliest
        settings.bootstrapNodes = [1, 2, 3].map { NodeID($0) }
        settings.undeserializable = .bytes([0xff])
        for fix in fixes { settings.generation.insert(fix) }
        for fix in lost { settings.generation.remove(fix) }
        change(&settings)
        consumer = Consumer(settings, at: now)
        for node in settings.bootstrapNodes { receive(.connected(node)) }
        told = []
    }

    // MARK: The cluster

    /// Who leads partition 0, 1, …; 0 is nobody.
    mutating func lead(_ leaders: [Int32], epoch: Int32 = 1) {
        let nodes = consumer.settings.bootstrapNodes
        let partitions = leaders.enumerated().map { number, leader in
            MetadataReply.Partition(
                Int32(number), leader == 0 ? .leaderNotAvailable : .none,
                leader: leader == 0 ? nil : NodeID(leader), leaderEpoch: epoch, replicas: nodes,
                isr: nodes)
        }
        view = MetadataReply(
            brokers: nodes.map { MetadataReply.Node($0, Endpoint(host: $0)) }, clusterID: "c",
            controller: nil,
            topics: [MetadataReply.Topic(Self.topic, TopicID(1), partitions: partitions)])
        receive(.metadata(view))
    }

    mutating func takeDown(_ node: Int32) {
        down.append(NodeID(node))
        receive(.disconnected(NodeID(node)))
    }

    mutating func bringUp(_ node: Int32) { down.removeAll { $0 == NodeID(node) } }

    mutating func disconnect(_ node: Int32) { receive(.disconnected(NodeID(node))) }

    /// So many milliseconds; the consumer is woken when it wants to be.
    mutating func pass(_ milliseconds: Int64) {
        let end = now + .milliseconds(milliseconds)
        while let wake = nextWake, wake < end {
            now = max(now, wake)
            nextWake = nil
            receive(.turn)
        }
        now = end
        receive(.turn)
    }

    private var nextWake: Instant?

    // MARK: The consumer

    mutating func partition(_ number: Int32) -> PartitionRef {
        consumer.partition(TopicPartition(Self.topic, number))
    }

    func number(of partition: PartitionRef) -> Int32 {
        consumer.name(of: partition).partition
    }

    func identity(_ number: Int32) -> TopicIDPartition { TopicIDPartition(TopicID(1), number) }

    mutating func assign(_ numbers: Int32...) {
        var partitions: [PartitionRef] = []
        for number in numbers { partitions.append(partition(number)) }
        receive(.call(.assign(partitions)))
        settle()
    }

    mutating func seek(_ number: Int32, _ offset: Int64, epoch: Int32? = nil) {
        let position = CommittedPosition(offset, leaderEpoch: epoch)
        receive(.call(.seek(partition(number), position)))
        settle()
    }

    /// What a call of `poll` came to; nil while it waits.
    @discardableResult
    mutating func poll(_ milliseconds: Int64 = 0) -> Result<PolledRecords, ClientError>? {
        told = []
        receive(.call(.poll(.milliseconds(milliseconds))))
        settle()
        return polled
    }

    var polled: Result<PolledRecords, ClientError>? {
        for effect in told {
            if case .returned(.records(let records)) = effect { return .success(records) }
            if case .failed(let error) = effect { return .failure(error) }
        }
        return nil
    }

    mutating func receive(_ input: ConsumerInput) {
        var effects = ConsumerEffects()
        consumer.receive(input, at: now, &effects)
        nextWake = nil
        for effect in effects.items { follow(effect) }
    }

    private mutating func follow(_ effect: ConsumerEffect) {
        switch effect {
        case .connect(let node):
            receive(down.contains(node) ? .disconnected(node) : .connected(node))
            receive(.turn)
        case .reset: break
        case .wake(let at): nextWake = min(nextWake ?? .never, at)
        case .send(let request):
            guard case .broker(.metadata) = request.body else {
                sent.append(request)
                told.append(effect)
                return
            }
            receive(.answer(request.number, .broker(.metadata(view))))
        default: told.append(effect)
        }
    }

    /// Turns until it wants none at this time.
    mutating func settle() {
        for _ in 0..<20 {
            guard let wake = nextWake, wake <= now else { return }
            receive(.turn)
        }
    }

    mutating func answer(_ request: ConsumerRequest, _ answer: ConsumerAnswer) {
        receive(.answer(request.number, answer))
        settle()
    }

    /// The last request for these words.
    func last(_ api: APIKey) -> ConsumerRequest? {
        sent.last { request in
            if case .broker(let body) = request.body { body.api == api } else { false }
        }
    }

    /// Answers the last fetch.
    mutating func fetched(_ partitions: [FetchPartitionReply], session: Int32 = 0) {
        guard let request = last(.fetch) else { return }
        answer(request, .broker(.fetch(FetchReply(sessionID: session, partitions: partitions))))
    }

    /// Records `first ... last` of a partition.
    func records(
        _ number: Int32, _ range: ClosedRange<Int64>, epoch: Int32 = 1
    ) -> FetchPartitionReply {
        let count = Int32(range.upperBound - range.lowerBound + 1)
        var batch = RecordBatch(
            generated: GeneratedRecords(stream: 1, firstIndex: 0, count: count, valueSize: 10),
            timestamp: 0)
        batch.baseOffset = range.lowerBound
        batch.leaderEpoch = epoch
        return FetchPartitionReply(
            identity(number), highWatermark: range.upperBound + 1,
            lastStableOffset: range.upperBound + 1, logStartOffset: 0, batches: [batch],
            sizeInBytes: batch.sizeInBytes)
    }
}

extension PolledRecords {
    /// The offsets of all records, whatever their partition.
    var offsets: [Int64] {
        records.flatMap { one in one.range.map { one.batch.offset(ofRecord: $0) } }
    }
}
