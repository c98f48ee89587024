import Kafka
import Kernel

/// A consumer and the program around it: it polls, works on what it is given, and polls again.
struct ConsumerSeat: Sendable {
    /// What the program's one thread is at.
    enum Activity: Sendable {
        /// In a call that has not returned.
        case calling
        /// On what the last poll gave it, until then.
        case working(until: Instant)
        case ended
    }

    /// A program that was thrown at does not call again at once.
    static let respite = Interval.milliseconds(100)
    /// Whoever goes round and round without waiting, because nothing that it waits for takes any
    /// time, is tired after so many rounds: without that time would stand still.
    private static let roundsAtOnce = 100
    private static let breath = Interval.milliseconds(10)

    let configuration: ConsumerConfiguration
    var consumer: Consumer
    var activity = Activity.ended
    /// Calls that the program makes before it polls again.
    var calls: [ConsumerCall] = []
    /// How often the program has said where to read.
    var repositionings = 0
    /// The call that has not returned is one that ends the program.
    var isClosing = false
    /// The next turn of the consumer.
    var turnAt = Instant.never
    private var rounds = (at: Instant.zero, count: 0)

    /// On the process's clock.
    @inline(__always) var wakeAt: Instant {
        if case .working(let until) = activity { return min(turnAt, until) }
        return turnAt
    }

    /// When somebody who would go on at this instant does so.
    mutating func pace(_ instant: Instant, now: Instant) -> Instant {
        if instant > now { return instant }
        if rounds.at != now { rounds = (now, 0) }
        rounds.count += 1
        return rounds.count < Self.roundsAtOnce ? instant : now + Self.breath
    }

    init(_ configuration: ConsumerConfiguration, actor: ActorID) {
        self.configuration = configuration
        consumer = Consumer(Self.settings(configuration.settings), at: .zero)
    }

    /// As of a producer: dialling again takes a little longer than asking for metadata.
    private static func settings(_ settings: ConsumerSettings) -> ConsumerSettings {
        var settings = settings
        settings.reconnectBackoff.max = settings.reconnectBackoff.max + .milliseconds(10)
        return settings
    }

    mutating func begin(at now: Instant, _ partitions: [TopicPartition]) {
        consumer = Consumer(Self.settings(configuration.settings), at: now)
        activity = .working(until: now)
        turnAt = .never
        isClosing = false
        calls = [assignment(of: partitions)]
    }

    mutating func assignment(of partitions: [TopicPartition]) -> ConsumerCall {
        .assign(references(to: partitions))
    }

    mutating func references(to partitions: [TopicPartition]) -> [PartitionRef] {
        var references: [PartitionRef] = []
        for one in partitions { references.append(consumer.partition(one)) }
        return references
    }

    mutating func nextCall() -> ConsumerCall {
        guard !calls.isEmpty else { return .poll(configuration.pollTimeout) }
        let call = calls.removeFirst()
        switch call {
        case .close: isClosing = true
        case .assign, .seek, .seekToBeginning, .seekToEnd: repositionings += 1
        default: break
        }
        return call
    }
}

/// Consumers and the programs around them.
extension World {
    mutating func startConsumer(_ place: Int, _ lane: Int) {
        guard case .assigned(let wanted) = consumers[place].configuration.reads else { return }
        consumers[place].begin(at: localTime(lanes[lane].process), partitions(of: wanted))
    }

    /// Has the program around a consumer do something before it polls again. False: it cannot.
    mutating func tell(_ order: ClientOrder, consumer place: Int) -> Bool {
        let lane = seating.consumers[place]
        switch order {
        case .flush: return false
        case .close: consumers[place].calls.append(.close(timeout: .seconds(30)))
        case .assign(let wanted):
            let all = partitions(of: wanted)
            let call = consumers[place].assignment(of: all)
            consumers[place].calls.append(call)
        case .mute(let wanted):
            let all = partitions(of: wanted)
            consumers[place].calls.append(.pause(consumers[place].references(to: all)))
        case .unmute(let wanted):
            let all = partitions(of: wanted)
            consumers[place].calls.append(.resume(consumers[place].references(to: all)))
        case .lookUp(let partition, let end):
            let name = TopicPartition(partition.topic, partition.partition)
            let one = [consumers[place].consumer.partition(name)]
            let timeout = consumers[place].configuration.settings.callTimeout
            consumers[place].calls.append(
                end == .beginning
                    ? .beginningOffsets(one, timeout: timeout) : .endOffsets(one, timeout: timeout))
        case .seek(let partition, let position):
            let name = TopicPartition(partition.topic, partition.partition)
            let reference = consumers[place].consumer.partition(name)
            switch position {
            case .offset(let offset):
                consumers[place].calls.append(.seek(reference, CommittedPosition(offset)))
            case .beginning: consumers[place].calls.append(.seekToBeginning([reference]))
            case .end: consumers[place].calls.append(.seekToEnd([reference]))
            }
        }
        if isAtWork(lanes[lane].process) { workOffLane(lane) }
        return true
    }

    /// All partitions of a topic where none is named, as a program finds them out.
    private func partitions(of wanted: [TopicPartitions]) -> [TopicPartition] {
        wanted.flatMap { topic -> [TopicPartition] in
            if let numbers = topic.partitions { return numbers.map { .init(topic.topic, $0) } }
            let known = feed.latest?.topic(named: topic.topic)?.partitions ?? ForkableMap()
            return known.map { TopicPartition(topic.topic, $0.key) }
        }
    }

    mutating func wakeConsumer(_ place: Int, _ lane: Int) {
        let time = localTime(lanes[lane].process)
        if consumers[place].turnAt <= time {
            consumers[place].turnAt = .never
            countTurn(lanes[lane].process)
            receive(.turn, consumer: place, lane)
        }
        while case .working(let until) = consumers[place].activity, until <= time {
            consumers[place].activity = .calling
            let call = consumers[place].nextCall()
            receive(.call(call), consumer: place, lane)
        }
    }

    // MARK: The machine

    private mutating func receive(
        _ input: consuming ConsumerInput, consumer place: Int, _ lane: Int
    ) {
        consumers[place].consumer.receive(
            input, at: localTime(lanes[lane].process), &consumerEffects)
        var hasEnded = false
        while let effect = consumerEffects.popFirst() {
            if case .closed = effect { hasEnded = true }
            carryOut(effect, place, lane)
        }
        if hasEnded { endClient(lanes[lane].process) }
    }

    private mutating func carryOut(
        _ effect: consuming ConsumerEffect, _ place: Int, _ lane: Int
    ) {
        let process = lanes[lane].process
        switch consume effect {
        case .send(let request): transmit(request, lane)
        case .connect(let node):
            let link = lanes[lane].links.place(openedFor: Link.Key(client: node))
            // The consumer itself gives up what takes too long.
            dial(link: link, giveUpAt: .never, lane)
        case .disconnect(let node):
            guard let link = lanes[lane].links.place(of: Link.Key(client: node)) else { return }
            if !lanes[lane].links[link].inFlight.isEmpty {
                note(.requestTimedOut(to: node), process)
            }
            close(link: link, lane)
        case .returned(let result):
            switch result {
            case .records(let polled): noteRecords(polled, place, process)
            case .found(let all): noteFound(all, place, process)
            case .done, .position, .lag, .committed: break
            }
            goOn(after: consumers[place].configuration.workTime, place, lane)
        case .failed(let error):
            note(.client(.threw(error)), process)
            goOn(after: ConsumerSeat.respite, place, lane)
        case .reset(let partition, let offset, let epoch):
            guard let id = id(of: partition, place) else { return }
            note(.client(.reset(id, offset: offset, endInEpoch: epoch)), process)
        case .wake(let instant):
            let next = consumers[place].pace(instant, now: localTime(lanes[lane].process))
            consumers[place].turnAt = min(consumers[place].turnAt, next)
        case .callback, .closed: break
        }
    }

    private mutating func goOn(after interval: Interval, _ place: Int, _ lane: Int) {
        guard !consumers[place].isClosing else {
            consumers[place].activity = .ended
            return
        }
        let time = localTime(lanes[lane].process)
        let next = consumers[place].pace(time + interval, now: time)
        consumers[place].activity = .working(until: next)
    }

    private mutating func noteRecords(_ polled: PolledRecords, _ place: Int, _ process: Int) {
        for fetched in polled.records {
            guard let id = id(of: fetched.partition, place) else { continue }
            note(
                .client(.received(id, from: fetched.firstOffset, to: fetched.lastOffset)),
                process)
        }
    }

    private mutating func noteFound(
        _ all: [(partition: PartitionRef, found: FoundOffset?)], _ place: Int, _ process: Int
    ) {
        for one in all {
            guard let id = id(of: one.partition, place), let found = one.found else { continue }
            note(.client(.lookedUp(id, offset: found.offset)), process)
        }
    }

    private func id(of partition: PartitionRef, _ place: Int) -> TopicIDPartition? {
        let name = consumers[place].consumer.metadata.names.name(of: partition)
        return feed.topicID(name.topic).map { TopicIDPartition($0, name.partition) }
    }

    private mutating func transmit(_ request: consuming ConsumerRequest, _ lane: Int) {
        guard let link = lanes[lane].links.place(of: Link.Key(client: request.node)) else {
            preconditionFailure("a request for a node that was never connected to")
        }
        let correlation = CorrelationID(Int32(truncatingIfNeeded: request.number.rawValue))
        guard case .broker(let body) = request.body else { return }
        transmit(
            parcels.add(.broker(body) as ClusterRequest), correlation, .never, link: link, lane)
    }

    // MARK: What the network says

    mutating func connected(_ key: Link.Key, consumer place: Int, _ lane: Int) {
        receive(.connected(key.node), consumer: place, lane)
    }

    mutating func disconnected(_ key: Link.Key, consumer place: Int, _ lane: Int) {
        note(.disconnected(from: key.node), lanes[lane].process)
        receive(.disconnected(key.node), consumer: place, lane)
    }

    mutating func take(
        _ reply: consuming ClusterReply, of correlation: CorrelationID, consumer place: Int,
        _ lane: Int
    ) {
        guard case .broker(let reply) = consume reply else {
            fatalError("a consumer was answered by a controller")
        }
        let number = RequestNumber(Int64(correlation.rawValue))
        receive(.answer(number, .broker(reply)), consumer: place, lane)
    }
}
