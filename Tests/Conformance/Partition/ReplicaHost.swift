import Kernel

@testable import Kafka

/// One broker of the files about followers: its replicas and its fetchers, with the clock, the
/// metadata and the controller that the file plays.
struct ReplicaHost {
    private static let partition = FollowerRequests.partition

    let id: NodeID
    let settings: ReplicaSettings
    var replicas: ReplicaManager
    var fetchers: ReplicaFetchers
    private let newFetchers: ReplicaFetchers
    private(set) var image = MetadataImage()
    var delta = MetadataDelta()
    private(set) var now: Int64
    /// What happened since it was last asked, in order: `sent` and `completed` lines.
    private var lines: [String] = []
    private var waiting: [(token: ReplyToken, name: String)] = []
    private var answered: (token: ReplyToken, reply: BrokerReply)?
    private var tokens: UInt64 = 0
    private var alarms: [ReplicaTask: Instant] = [:]
    private var alterations = 0
    private var assigned: (stopped: [TopicIDPartition], started: [FetchStart]) = ([], [])
    /// Requests of its fetchers that have not left yet.
    private var asked: [FetcherRequest] = []
    private let generation: Generation
    /// Since a restart nothing was said of the partition: a broker that is told the whole metadata
    /// without it would delete what it has.
    private var isFresh = false

    struct FetcherRequest {
        let fetcher: FetcherID
        let ticket: FetcherTicket
        let request: BrokerRequest
    }

    init(
        id: NodeID, settings: ReplicaSettings, fetching: FetcherSettings, generation: Generation,
        now: Int64
    ) {
        self.id = id
        self.settings = settings
        self.generation = generation
        self.now = now
        replicas = ReplicaManager(id: id, settings: settings, generation: generation)
        newFetchers = ReplicaFetchers(id: id, settings: fetching, generation: generation)
        fetchers = newFetchers
    }

    private var instant: Instant { PartitionWords.instant(now) }

    mutating func takeLines() -> [String] {
        defer { lines.removeAll() }
        return lines
    }

    mutating func takeRequests() -> [FetcherRequest] {
        defer { asked.removeAll() }
        return asked
    }

    // MARK: The machines

    mutating func tell(_ input: ReplicaInput) {
        var effects = ReplicaEffects()
        replicas.receive(input, at: instant, &effects)
        for effect in effects.items { hear(effect) }
        let changes = assigned
        assigned = ([], [])
        if !changes.stopped.isEmpty || !changes.started.isEmpty {
            tell(.assigned(stopped: changes.stopped, started: changes.started))
        }
    }

    private mutating func hear(_ effect: ReplicaEffect) {
        switch effect {
        case .reply(let reply, let token): take(reply, token)
        case .alterPartition(let request):
            alterations += 1
            let change = request.partitions[0]
            lines.append(
                "sent broker=\(id.rawValue) api=alter-partition request=\(alterations) ->"
                    + " brokerEpoch=\(request.epoch) leaderEpoch=\(change.leaderEpoch)"
                    + " partitionEpoch=\(change.partitionEpoch)"
                    + " isr=\(PartitionWords.members(change.isr))"
                    + " recovery=\(change.recovery == .recovered ? "RECOVERED" : "RECOVERING")")
        case .setTimer(let task, let instant):
            // The file itself says when the others are due.
            if task == .expireOperations || task == .resendAlterPartition { alarms[task] = instant }
        case .logTask(let partition, let task): tell(ReplicaInput.logTask(partition, task))
        case .startFetching(let start): assigned.started.append(start)
        case .stopFetching(let partition): assigned.stopped.append(partition)
        case .logStartMoved(let partition): tell(FetcherInput.logStartMoved(partition))
        case .assignDirectories, .suspended, .note: break
        }
    }

    mutating func tell(_ input: FetcherInput) {
        var effects = FetcherEffects()
        fetchers.receive(input, at: instant, &replicas, &effects)
        for effect in effects.items {
            switch effect {
            case .send(let request, let fetcher, let ticket):
                asked.append(FetcherRequest(fetcher: fetcher, ticket: ticket, request: request))
            case .highWatermarksMoved(let partitions): tell(.replicated(partitions))
            case .logTask(let partition, let task): tell(ReplicaInput.logTask(partition, task))
            case .wake, .ended, .note: break
            }
        }
    }

    private mutating func take(_ reply: BrokerReply, _ token: ReplyToken) {
        if let index = waiting.firstIndex(where: { $0.token == token }) {
            let name = waiting.remove(at: index).name
            let text = (try? PartitionWords.text(reply)) ?? "?"
            lines.append("completed broker=\(id.rawValue) id=\(name) -> \(text)")
        } else {
            answered = (token, reply)
        }
    }

    /// Hands a request in. Nil: it has to wait, under that name.
    mutating func ask(_ request: BrokerRequest, name: String) -> BrokerReply? {
        tokens += 1
        let token = ReplyToken(tokens)
        answered = nil
        tell(.request(request, from: token))
        // Whoever does not want to wait at all is answered by the timer.
        if answered == nil { tick(to: now) }
        if let answered, answered.token == token { return answered.reply }
        waiting.append((token, name))
        return nil
    }

    // MARK: Metadata and clock

    mutating func note(_ record: MetadataRecord) {
        delta.note(record, before: image)
        image.apply(record)
        if case .registerBroker(let registration) = record, registration.id == id {
            tell(.brokerEpoch(registration.epoch))
        }
    }

    mutating func learn(_ registration: PartitionRegistration) {
        isFresh = false
        if image.topics[PartitionWords.topic] == nil {
            note(.topic(name: PartitionWords.topicName, id: PartitionWords.topic))
        }
        note(.partition(Self.partition, registration))
        tellMetadata()
    }

    mutating func tellMetadata() {
        guard !delta.isEmpty, !isFresh else { return }
        let told = delta
        delta = MetadataDelta()
        tell(.metadata(image, told))
    }

    mutating func tick(to end: Int64) {
        while let next = alarms.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
            next.value <= PartitionWords.instant(end)
        {
            alarms[next.key] = nil
            now = max(now, PartitionWords.milliseconds(next.value))
            tell(.timer(next.key))
        }
        now = end
    }

    // MARK: Disk

    /// Before anything else: the broker has this log.
    mutating func layDown(_ batches: [RecordBatch], start: Int64, highWatermark: Int64) {
        var log = PartitionLog(config: settings.log, generation: generation, at: now)
        let first = min(start, batches.first?.baseOffset ?? start)
        if first > 0 { log.truncateFully(to: first, at: now) }
        for batch in batches {
            guard case .success = log.appendAsFollower([batch], leaderEpoch: .max, at: now) else {
                preconditionFailure("the file's logs are whole")
            }
        }
        log.updateHighWatermark(highWatermark)
        _ = log.maybeIncrementLogStart(to: start)
        for task in log.takeTasks() { log.run(task) }
        let partition = Partition(
            Self.partition, log: log, minInSyncReplicas: settings.minInSyncReplicas,
            isInternal: false)
        replicas.partitions[Self.partition] = Shared(partition)
    }

    mutating func restart(clean: Bool, _ registrations: [BrokerRegistration]) throws {
        let disk = clean ? replicas.stop() : replicas.disk
        let opened = ReplicaManager.open(
            disk, id: id, settings: settings, generation: generation, at: instant)
        guard case .success(let manager) = opened else {
            throw VectorFormError(description: "the log does not open")
        }
        replicas = manager
        fetchers = newFetchers
        image = MetadataImage()
        delta = MetadataDelta()
        alarms = [:]
        waiting = []
        isFresh = true
        for registration in registrations { note(.registerBroker(registration)) }
    }

    /// Of the log, from its start on; the first batch may begin before it.
    var batches: [RecordBatch] {
        guard let log = replicas[Self.partition]?.log else { return [] }
        return (0..<log.files.segmentCount).flatMap { segment in
            log.files.withSegment(segment) { found in
                (0..<found.batches.count).map { found.batches[$0].batch }
            }
        }.filter { $0.lastOffset >= log.logStartOffset }
    }
}
