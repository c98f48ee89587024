import Kafka
import Kernel

/// A broker on its process, and how far it has been told of the metadata log.
struct BrokerSeat: Sendable {
    var broker: Broker
    /// What lies on its disks while the process is down.
    var storage: BrokerStorage
    /// Directories of those disks that can be neither read nor written.
    var unusable: [DirectoryID] = []
    /// The cluster as far as the metadata log has been told.
    var image = MetadataImage()
    /// What the broker is to be told of when its logs are open: all that there was when its process
    /// had caught up, and what has come since.
    var untold: [MetadataUpdate] = []
    /// It has been told for the first time.
    var isInformed = false

    init(_ process: Int, _ world: WorldConfiguration, _ storage: BrokerStorage) {
        self.storage = storage
        broker = Broker(process, world, storage: storage)
    }
}

extension World {
    mutating func startBroker(_ place: Int, _ lane: Int) {
        var storage = brokers[place].storage
        let unusable = brokers[place].unusable
        storage.unusable = unusable
        brokers[place] = BrokerSeat(lanes[lane].process, configuration, storage)
        brokers[place].unusable = unusable
        receive(.start, broker: place, lane)
        let slowBy = processes[lanes[lane].process].disk.slowBy
        if slowBy > .zero { receive(.diskIsSlow(by: slowBy), broker: place, lane) }
    }

    /// A log directory of a broker fails. False: there is none of that number.
    mutating func failDirectory(_ number: Int, _ process: Int) -> Bool {
        guard let lane = seating.brokerLane(in: process),
            case .broker(let place) = lanes[lane].seat
        else { return false }
        let directories = brokers[place].storage.directories
        guard directories.indices.contains(number - 1) else { return false }
        brokers[place].unusable.append(directories[number - 1])
        if processes[process].thread.isUp {
            hand(.directoryFails(directories[number - 1]), toLane: lane)
        }
        return true
    }

    /// The next process can use it again.
    mutating func mendDirectory(_ number: Int, _ process: Int) {
        guard let lane = seating.brokerLane(in: process),
            case .broker(let place) = lanes[lane].seat
        else { return }
        let directory = brokers[place].storage.directories[number - 1]
        brokers[place].unusable.removeAll { $0 == directory }
    }

    /// The disk of a process has become slower, or fast again.
    mutating func slowDisk(_ process: Int, by interval: Interval) {
        processes[process].disk.slowBy = processes[process].disk.slowBy + interval
        guard processes[process].thread.isUp, let lane = seating.brokerLane(in: process),
            case .broker(let place) = lanes[lane].seat
        else { return }
        receive(.diskIsSlow(by: processes[process].disk.slowBy), broker: place, lane)
    }

    mutating func tellBroker(of process: Int, itsClockJumpedBy jump: Interval) {
        guard processes[process].thread.isUp, let lane = seating.brokerLane(in: process),
            case .broker(let place) = lanes[lane].seat
        else { return }
        receive(.clockJumped(by: jump), broker: place, lane)
    }

    /// The process is gone; what it leaves behind is what its files hold.
    mutating func stopBroker(_ place: Int) {
        brokers[place].storage = brokers[place].broker.storage
        brokers[place].image = MetadataImage()
        brokers[place].untold = []
        brokers[place].isInformed = false
    }

    mutating func receive(_ input: consuming BrokerInput, broker place: Int, _ lane: Int) {
        let time = localTime(lanes[lane].process)
        brokers[place].broker.receive(input, at: time, &turn.choices, &brokerEffects)
        noteChanges(place, lane)
        carryOutBrokerEffects(place, lane)
        if !brokers[place].isInformed { informIfDue(place, lane) }
    }

    private mutating func noteChanges(_ place: Int, _ lane: Int) {
        guard brokers[place].broker.replicas.partitions.hasChanges else { return }
        brokers[place].broker.tellChanges(&replicaChanges)
        while let change = replicaChanges.popFirst() {
            note(.replica(change), lanes[lane].process)
        }
    }

    private mutating func carryOutBrokerEffects(_ place: Int, _ lane: Int) {
        while let effect = brokerEffects.popFirst() { carryOut(effect, place, lane) }
    }

    private mutating func carryOut(
        _ effect: consuming BrokerEffect, _ place: Int, _ lane: Int
    ) {
        switch consume effect {
        case .send(let request, let destination, let correlation, let timeout):
            send(request, to: Link.Key(destination), correlation, timeout: timeout, lane)
        case .disconnect(let destination):
            if let link = lanes[lane].links.place(of: Link.Key(destination)) {
                leave(link: link, lane)
            }
        case .reply(let answer, let token): reply(.broker(answer), to: token, lane)
        case .noReply(let token): reply(nil, to: token, lane)
        case .suspended(let id, let point):
            if !isHeld(id, at: point, lane) { receive(.resume(id), broker: place, lane) }
        case .close(let token): closeConnection(of: token)
        case .stopped(let clean):
            note(clean ? .stopped : .broker(.state(.notRunning)), lanes[lane].process)
            end(lanes[lane].process)
        case .note(let what): note(.broker(what), lanes[lane].process)
        }
    }

    private mutating func closeConnection(of token: ReplyToken) {
        let connection = ConnectionID(word: token.rawValue)
        if let farewell = network.close(connection, by: .server, at: now, &turn.choices) {
            schedule(farewell)
        }
        buryDead()
    }

    // MARK: The metadata log

    /// What the Raft node of its process tells the broker.
    mutating func tell(_ news: RaftNews, broker place: Int, _ lane: Int) {
        switch news {
        case .committed(let batches): publish(batches, broker: place, lane)
        case .leaderChange(let leader, _): inform(.controller(leader), broker: place, lane)
        case .loadSnapshot(let snapshot):
            guard let image = quorumTurn.contents.image(of: snapshot.id) else {
                preconditionFailure("a snapshot that nobody has written")
            }
            brokers[place].image = image
            let update = MetadataUpdate(image, delta: nil, endOffset: snapshot.id.offset)
            if brokers[place].isInformed {
                inform(.metadata(update), broker: place, lane)
            } else if !brokers[place].untold.isEmpty {
                brokers[place].untold = [update]
            }
        case .loadBootstrap: break
        }
    }

    private mutating func publish(_ batches: [RaftBatch], broker place: Int, _ lane: Int) {
        let hasCaughtUp = !brokers[place].untold.isEmpty
        for (index, batch) in batches.enumerated() {
            let (stage, isNew) = feed.stage(
                after: batch, from: brokers[place].image, quorumTurn.contents)
            brokers[place].image = stage.update.image
            if isNew { noteMetadata(stage, lanes[lane].process) }
            if brokers[place].isInformed {
                inform(.metadata(stage.update), broker: place, lane)
            } else if hasCaughtUp {
                brokers[place].untold.append(stage.update)
            } else if index == batches.count - 1 {
                let update = MetadataUpdate(
                    stage.update.image, delta: nil, endOffset: batch.endOffset)
                brokers[place].untold.append(update)
            }
        }
        if !brokers[place].isInformed { informIfDue(place, lane) }
    }

    /// A process that has just started is told of the cluster when its logs are open: that takes
    /// longer than to try and register, which it does meanwhile. It is told first of what there was
    /// when it had read as far as anything was known to be committed: there it is what its earlier
    /// life was, and so it leads or follows, even if the session of that life keeps it from
    /// registering (BrokerServer.startup, MetadataLoader).
    private mutating func informIfDue(_ place: Int, _ lane: Int) {
        guard !brokers[place].untold.isEmpty,
            brokers[place].broker.hasTriedToRegister(in: brokers[place].image)
        else { return }
        brokers[place].isInformed = true
        let updates = brokers[place].untold
        brokers[place].untold = []
        for update in updates { inform(.metadata(update), broker: place, lane) }
    }

    /// Controllers hear first of what is committed, and of what no broker lives to hear.
    mutating func publish(_ batches: [RaftBatch], controllerLane lane: Int) {
        for batch in batches where batch.baseOffset == feed.end {
            let (stage, isNew) = feed.stage(
                after: batch, from: feed.latest ?? MetadataImage(), quorumTurn.contents)
            if isNew { noteMetadata(stage, lanes[lane].process) }
        }
    }

    /// The Raft node is in the middle of something: what follows for it waits in its inbox.
    private mutating func inform(_ input: BrokerInput, broker place: Int, _ lane: Int) {
        receive(input, broker: place, lane)
        scheduleWake(ofLane: lane)
    }

    /// Somebody has read a batch for the first time: whatever it says is what has happened.
    private mutating func noteMetadata(_ stage: MetadataFeed.Stage, _ process: Int) {
        let last = stage.lastRecords
        for (place, record) in stage.records.enumerated() {
            switch record {
            case .config(let resource, let key, let value):
                note(.metadata(.config(resource, key: key, value: value)), process)
            case .partition(let id, _), .partitionChange(let id, _):
                // A batch takes effect as a whole: what it makes of a partition is told once.
                guard last[id] == place, let partition = stage.update.image.partition(id)
                else { continue }
                if record.placesReplicas { note(.metadata(.replicas(id, partition)), process) }
                note(.metadata(.partition(id, partition)), process)
            case .brokerRegistrationChange(let change):
                guard let isFenced = change.isFenced else { continue }
                note(
                    .metadata(isFenced ? .fenced(change.id) : .unfenced(change.id)), process)
            case .registerBroker(let its):
                note(.metadata(.registered(its.id, isFenced: its.isFenced)), process)
            case .removeTopic(let topic): note(.metadata(.removedTopic(topic)), process)
            case .clearELR(let topic):
                for id in stage.update.delta?.partitions ?? [] where last[id] == nil {
                    guard let partition = stage.update.image.partition(id),
                        topic == nil || stage.update.image.topics[id.topic]?.name == topic
                    else { continue }
                    note(.metadata(.partition(id, partition)), process)
                }
            default: break
            }
        }
    }
}

extension MetadataRecord {
    /// A partition gets replicas or gives some up, or begins or ends doing so.
    fileprivate var placesReplicas: Bool {
        switch self {
        case .partition: true
        case .partitionChange(_, let change):
            change.replicas != nil || change.adding != nil || change.removing != nil
        default: false
        }
    }
}

extension Link.Key {
    init(_ destination: BrokerDestination) {
        self.init(node: destination.node, purpose: .broker(destination.purpose))
    }

    /// One of a broker's connections to the controller, which has no patience of its own.
    var isOfController: Bool {
        switch purpose {
        case .broker(.heartbeats), .broker(.alterPartition), .broker(.forwarding): true
        case .broker(.fetcher), .client, .quorum, .bootstrap: false
        }
    }

    /// A client's one connection to a node.
    init(client node: NodeID) {
        self.init(node: node, purpose: .client)
    }
}

extension Broker {
    init(_ place: Int, _ world: WorldConfiguration, storage: BrokerStorage) {
        guard let cluster = world.cluster else { preconditionFailure("a bare quorum") }
        let its = world.nodes[place]
        var settings = BrokerSettings(
            cluster.settings(of: its.id), clusterID: ControllerSettings().clusterID,
            endpoint: Endpoint(host: its.id, port: WorldConfiguration.port))
        if let rack = cluster.rack(of: its.id) { settings.rack = rack }
        self.init(
            id: its.id, settings: settings, storage: storage, generation: cluster.generation,
            actor: ActorID(UInt32(bitPattern: its.id.rawValue)))
    }
}

extension BrokerStorage {
    /// A formatted disk: its directories have other ids than that of the metadata log.
    init(_ place: Int, _ world: WorldConfiguration) {
        self.init(place, world, metadata: world.directory(of: place))
    }

    init(_ place: Int, _ world: WorldConfiguration, metadata: DirectoryID) {
        self.init(
            directories: (1...world.nodes[place].directories).map {
                DirectoryID(UInt64($0) << 48 | metadata.rawValue)
            })
    }
}
