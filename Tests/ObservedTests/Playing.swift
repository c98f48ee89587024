import Kafka
import Kernel
import Scenarios
import Simulation

/// One run of a scenario, and what of it the facts of observations speak of.
struct Playing {
    struct Event {
        var at: Instant
        var process: Int
        var happening: Happening
    }

    /// A partition as the metadata log has it from some time on.
    struct State {
        var at: Instant
        var registration: PartitionRegistration
    }

    /// A record as it lies in a log.
    struct Entry: Equatable {
        var offset: Int64
        var epoch: Int32
        var producer: String
        var ticket: Int64
        var key: String?
        var hasValue = true
    }

    let plan: Plan
    let twin: Twin
    private(set) var world: World
    private(set) var events: [Event] = []
    /// By name, of all partitions that ever were.
    private var identities: [TopicPartition: TopicIDPartition] = [:]
    /// How many records each producer has sent by now.
    private var sent: [Int64] = []
    /// When steps of the observation were done, by their numbers.
    private(set) var times: [Int: Instant] = [:]
    /// How many events there were before these.
    private(set) var marks: [Int: Int] = [:]
    /// How many records each producer had sent before these times.
    private(set) var sentBefore: [Int: [String: Int64]] = [:]
    /// The partitions as anybody knew them at these times.
    private(set) var registrationsBefore: [Int: [TopicPartition: PartitionRegistration]] = [:]
    /// What lay in the logs at these times; of stories in which logs are compacted.
    private(set) var logsBefore: [Int: [TopicPartition: [Entry]]] = [:]

    init(_ scenario: Scenario, _ twin: Twin, seed: UInt64) {
        plan = scenario.plan(seed: seed)
        self.twin = twin
        world = World(plan.configuration)
    }

    mutating func play() {
        var unfired = world.unfiredSteps
        let names = producers
        sent = names.map { _ in 0 }
        var lastStep = Instant.never
        while world.nextEventAt <= min(plan.until, lastStep), world.step() {
            defer {
                for place in names.indices { sent[place] = world.sentCount(of: names[place]) ?? 0 }
            }
            for note in world.notes where note.happening.isOfInterest {
                if case .metadata(.partition(let id, _)) = note.happening {
                    identities[TopicPartition(world.name(of: id))] = id
                }
                events.append(
                    Event(at: world.now, process: note.node, happening: note.happening))
            }
            guard world.now >= .zero else { continue }
            let left = world.unfiredSteps
            if left.count < unfired.count { noteSteps(unfired.filter { !left.contains($0) }) }
            // Before what was written last is forgotten, too.
            if left.isEmpty, !unfired.isEmpty, twin.isForgetful {
                lastStep = world.now + .seconds(3)
            }
            unfired = left
        }
    }

    private mutating func noteSteps(_ steps: [Int]) {
        for step in steps where twin.numbers.indices.contains(step) {
            let number = twin.numbers[step]
            guard times[number] == nil else { continue }
            times[number] = world.now
            marks[number] = events.count
            for (place, name) in producers.enumerated() {
                sentBefore[number, default: [:]][name] = sent[place]
            }
            for name in partitions {
                registrationsBefore[number, default: [:]][name] = world.partition(name)
                if twin.isCompacted { logsBefore[number, default: [:]][name] = log(of: name) }
            }
        }
    }

    // MARK: Looking

    var producers: [String] {
        plan.configuration.cluster?.producers.map(\.name) ?? []
    }

    func sent(by producer: String) -> Int64 { world.sentCount(of: producer) ?? 0 }

    /// When the first step was done whose words begin so.
    func time(of words: String) -> Instant? {
        twin.parts.first { $0.text.hasPrefix(words) }.flatMap { times[$0.number] }
    }

    /// All partitions of all topics.
    var partitions: [TopicPartition] {
        twin.topics.flatMap { topic in
            (0..<Int32(100)).map { TopicPartition(topic, $0) }.prefix {
                world.partition($0) != nil
            }
        }
    }

    /// How many events there were before the first step whose words begin so.
    func mark(of words: String) -> Int? {
        twin.parts.first { $0.text.hasPrefix(words) }.flatMap { marks[$0.number] }
    }

    /// The same of all such steps, in their order.
    func marks(of words: String) -> [Int] {
        twin.parts.filter { $0.text.hasPrefix(words) }.compactMap { marks[$0.number] }
    }

    /// How many events there were up to then.
    func mark(at time: Instant) -> Int { events.firstIndex { $0.at > time } ?? events.count }

    /// The records of which a producer was told in that time that they are written.
    func acknowledged(by producer: String, in range: Range<Int>) -> [Int64] {
        events[range].flatMap { event -> [Int64] in
            guard case .client(.acknowledged(let tickets, _, _, _)) = event.happening,
                world.name(event.process) == producer
            else { return [] }
            return tickets.map(\.rawValue)
        }
    }

    func state(of partition: TopicPartition, before mark: Int) -> PartitionRegistration? {
        guard let id = identities[partition] else { return nil }
        var found: PartitionRegistration?
        for event in events[..<mark] {
            if case .metadata(.partition(id, let its)) = event.happening { found = its }
        }
        return found
    }

    /// The log of a partition as its leader has it at the end, or whoever has most.
    func log(of partition: TopicPartition) -> [Entry] {
        guard let registration = world.partition(partition) else { return [] }
        let leader = registration.leader
        if let log = entries(of: partition, on: leader) { return log }
        return registration.replicas.compactMap { entries(of: partition, on: $0) }
            .max { $0.count < $1.count } ?? []
    }

    /// Nil: there is no such replica, or its broker does not run.
    /// Whole: with what its files hold before its beginning.
    func entries(
        of partition: TopicPartition, on broker: NodeID, isWhole: Bool = false
    ) -> [Entry]? {
        guard let log = world.log(of: partition, on: broker) else { return nil }
        var entries: [Entry] = []
        let start = isWhole ? log.files[segment: 0].baseOffset : log.logStartOffset
        log.forEachBatch(from: start, to: log.endOffset) { batch in
            for record in batch.records {
                let place = batch.baseOffset + Int64(record.offsetDelta)
                if place >= start { entries.append(entry(record, place, batch)) }
            }
        }
        return entries
    }

    private func entry(_ record: Record, _ offset: Int64, _ batch: RecordBatch) -> Entry {
        let bytes = record.value?.bytes ?? []
        let digits = String(decoding: bytes, as: UTF8.self)
        return Entry(
            offset: offset, epoch: batch.leaderEpoch, producer: "p\(bytes.count % 1_000 - 9)",
            ticket: Int64(digits) ?? -1,
            key: record.key.map { String(decoding: $0.bytes, as: UTF8.self) },
            hasValue: record.value != nil)
    }
}

extension Happening {
    fileprivate var isOfInterest: Bool {
        switch self {
        case .metadata, .client, .started, .disconnected, .stopped, .crashed: true
        case .becameLeader, .becameResigned, .controllerFault, .administered: true
        case .requestTimedOut: true
        case .broker(.replica), .broker(.state): true
        case .replica(.appended), .replica(.closed): false
        case .replica: true
        default: false
        }
    }
}
