import Kafka
import Kernel

/// What those may look at who judge a cluster.
extension World {
    public var hasCluster: Bool { !brokers.isEmpty }
    public var hasConsumers: Bool { !consumers.isEmpty }
    public var producerCount: Int { producers.count }
    public var producerProcesses: Range<Int> { nodes.count..<nodes.count + producers.count }

    /// The broker in a process, by its place among the brokers.
    @inline(__always)
    private func place(ofBrokerIn process: Int) -> Int? { seating.broker(in: process) }

    /// Producers first.
    public var clientProcesses: Range<Int> { nodes.count..<nodes.count + tallies.count }

    /// Whether the broker in this process has registered in this life of its, and takes requests.
    public func isServing(_ process: Int) -> Bool {
        guard isRunning(process), let place = place(ofBrokerIn: process) else { return false }
        return brokers[place].broker.isOpen
    }

    /// Nil: the process hosts no such replica.
    public func standing(of id: TopicIDPartition, at process: Int) -> ReplicaStanding? {
        guard let place = place(ofBrokerIn: process) else { return nil }
        return brokers[place].broker.replicas.partitions.standing(of: id)
    }

    /// Every batch of a replica that reaches into `start ..< end`, in order.
    public func forEachBatch(
        of id: TopicIDPartition, at process: Int, from start: Int64, to end: Int64,
        _ body: (RecordBatch) -> Void
    ) {
        guard let place = place(ofBrokerIn: process) else { return }
        brokers[place].broker.replicas.partitions.forEachBatch(
            of: id, from: start, to: end, body)
    }

    /// Whether the leader in that process counts the member as one that may be in the ISR. Nil: it
    /// does not lead.
    public func counts(_ member: NodeID, inSyncFor id: TopicIDPartition, at process: Int) -> Bool? {
        place(ofBrokerIn: process).flatMap {
            brokers[$0].broker.replicas.mayBeInSync(member, in: id)
        }
    }

    public func leaderEpochs(of id: TopicIDPartition, at process: Int) -> [EpochEntry] {
        guard let place = place(ofBrokerIn: process) else { return [] }
        return brokers[place].broker.replicas.partitions.leaderEpochs(of: id)
    }

    /// The replica itself, for those who are not in a hurry.
    public func replica(of id: TopicIDPartition, at process: Int) -> Partition? {
        place(ofBrokerIn: process).flatMap { brokers[$0].broker.replicas[id] }
    }

    /// The cluster as the broker in this process has been told that it is.
    public func image(ofBrokerIn process: Int) -> MetadataImage? {
        place(ofBrokerIn: process).map { brokers[$0].image }
    }

    /// The cluster as whoever has read furthest in the metadata log knows it.
    public var latestImage: MetadataImage { feed.latest ?? MetadataImage() }

    /// What a producer's process waits for when it says that a record is written; nil: the process
    /// is no producer.
    public func acks(ofProducerIn process: Int) -> ProducerSettings.Acks? {
        let place = process - nodes.count
        guard let producers = configuration.cluster?.producers, producers.indices.contains(place)
        else { return nil }
        return producers[place].settings.acks
    }

    /// Whether the records of a producer say their numbers: no order of its has values of its own.
    public func saysNumbers(producerIn process: Int) -> Bool {
        let place = process - nodes.count
        guard let producers = configuration.cluster?.producers, producers.indices.contains(place)
        else { return false }
        return producers[place].orders.allSatisfy(\.values.isEmpty)
            && configuration.steps.allSatisfy { step in
                if case .send(_, let order) = step.action { order.values.isEmpty } else { true }
            }
    }

    /// How often the program around a consumer has said where to read.
    public func repositionings(ofConsumerIn process: Int) -> Int {
        let place = process - nodes.count - producers.count
        return consumers.indices.contains(place) ? consumers[place].repositionings : 0
    }

    /// The leader epoch of the record before `offset` that a consumer was given, if it goes on
    /// there.
    public func epochTaken(
        byConsumerIn process: Int, of id: TopicIDPartition, before offset: Int64
    ) -> Int32? {
        let place = process - nodes.count - producers.count
        // Part by part: to ask the consumer itself would copy it first.
        guard consumers.indices.contains(place),
            let partition = consumers[place].consumer.metadata.partition(id)
        else { return nil }
        return consumers[place].consumer.subscription
            .lastEpochTaken(in: partition, before: offset)
    }

    /// How many records of a producer have not been answered yet.
    public func unanswered(byProducerIn process: Int) -> Int64 {
        let place = process - nodes.count
        return producers.indices.contains(place) ? producers[place].unanswered : 0
    }

    /// The cluster as that process's controller knows it, as far as that is committed; nil: there
    /// is none.
    public func image(ofControllerIn process: Int) -> MetadataImage? {
        guard let lane = seating.controllerLane(in: process),
            case .controller(let place) = seating.seats[lane].seat
        else { return nil }
        return controllers[place].seat.controller.committedImage
    }

    /// The cluster as the committed metadata log of that process says when it is read from its
    /// beginning, or from the snapshot that it begins with.
    public func replayedImage(_ process: Int) -> MetadataImage? {
        let log = nodes[process].storage.log
        let committed = nodes[process].quorum.highWatermark ?? log.start
        var image = MetadataImage()
        if log.start > 0 {
            guard let snapshot = log.snapshots.last(where: { $0.id.offset == log.start }),
                let base = quorumTurn.contents.image(of: snapshot.id)
            else { return nil }
            image = base
        }
        log.forEachBatch(from: log.start, to: committed) { batch in
            for record in quorumTurn.contents.records(of: batch) { image.apply(record) }
        }
        return image
    }

    /// The processes of the brokers that host a partition, as the metadata log has it.
    public func processes(hosting id: TopicIDPartition) -> [Int] {
        (latestImage.partition(id)?.replicas ?? []).compactMap { index(of: $0) }
    }

    /// `orders-0`
    public func name(of partition: TopicIDPartition) -> String {
        topicNames.name(of: partition)
    }
}

// MARK: - Producers at rest

extension World {
    /// The processes of producers that run and have sent everything they were to send.
    public var restingProducers: [Int] {
        producers.indices.filter { producers[$0].jobs.isEmpty }.map { nodes.count + $0 }
            .filter { isRunning($0) }
    }

    /// Some producer has not sent everything yet, or waits for an answer.
    public var isBeingWritten: Bool {
        producers.contains { !$0.jobs.isEmpty || $0.unanswered > 0 }
    }
}

// MARK: - Consumers at rest

/// How far a consumer is behind what it may read.
public struct ConsumerLag: Sendable {
    public var process: Int
    public var partition: TopicIDPartition
    public var records: Int64
}

extension World {
    /// Those of running consumers that have not read everything. One that has no policy for where
    /// to go on, and has been told that its position is no more, waits for its program by right.
    public var consumerLags: [ConsumerLag] {
        consumers.indices.flatMap { place -> [ConsumerLag] in
            let process = nodes.count + producers.count + place
            guard isRunning(process), !hasEnded(process) else { return [] }
            return consumers[place].consumer.subscription.order.compactMap {
                lag(of: place, in: $0, process)
            }
        }
    }

    private func lag(of place: Int, in reference: PartitionRef, _ process: Int) -> ConsumerLag? {
        let subscription = consumers[place].consumer.subscription
        let name = consumers[place].consumer.metadata.name(of: reference)
        guard let its = subscription[reference], !its.isPaused,
            let topic = feed.topicID(name.topic)
        else { return nil }
        if subscription.resetPolicy == .none, its.state != .fetching { return nil }
        let id = TopicIDPartition(topic, name.partition)
        guard let registration = latestImage.partition(id),
            let leader = index(of: registration.leader), let standing = standing(of: id, at: leader)
        else { return nil }
        let end =
            subscription.isolation == .committed
            ? standing.lastStable : standing.highWatermark
        let position = its.position?.offset ?? standing.logStart
        guard position < end else { return nil }
        return ConsumerLag(process: process, partition: id, records: end - position)
    }
}
