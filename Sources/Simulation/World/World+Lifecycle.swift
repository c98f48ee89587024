import Kafka
import Kernel

/// How processes begin and end.
extension World {
    /// The world begins: the processes that are there from the start.
    mutating func startFirst(_ process: Int) {
        if process < nodes.count {
            guard configuration.nodes[process].startsAtOnce else { return }
        } else if !administrator.isReady, process != processes.count - 1 {
            return
        }
        start(process)
    }

    /// A process that is down begins with what its disk holds.
    mutating func start(_ process: Int) {
        guard !processes[process].thread.isUp else { return }
        let host = processes[process].host
        network.powerUp(host)
        guard process < nodes.count else { return startClient(process) }
        network.listen(host, port: processes[process].port)
        recoverLog(process)
        processes[process].thread.isUp = true
        processes[process].thread.isPaused = false
        processes[process].life += 1
        processes[process].machine = MetadataMachine()
        nodes[process] = RaftNode(
            .init(process, configuration, port: processes[process].port),
            storage: nodes[process].storage)
        processes[process].summary = summarize(process)
        note(.started, process)
        startLanes(of: process)
        hand(.command(parcels.add(RaftInput.start)), to: process)
    }

    /// A process without a Raft node.
    private mutating func startClient(_ process: Int) {
        processes[process].thread.isUp = true
        processes[process].thread.isPaused = false
        processes[process].life += 1
        note(.started, process)
        startLanes(of: process)
    }

    /// kill -9. The page cache stays, and the operating system closes the connections.
    mutating func kill(_ process: Int) {
        guard processes[process].thread.isUp else { return }
        // The file takes the place of the old one only when it is on the disk.
        let isSaving = processes[process].flushing == .quorumState
        end(process)
        if isSaving {
            processes[process].disk.cut(1, from: .quorumState)
            var storage = nodes[process].storage
            storage.losePower(elections: 1, logBytes: 0, snapshots: [])
            replaceStorage(storage, process)
        }
    }

    /// The process is gone; its host is not.
    mutating func end(_ process: Int) {
        stopThread(process)
        schedule(network.kill(processes[process].host, at: now, &turn.choices))
        buryDead()
    }

    /// The host is gone at once, and with it what had not reached the disk.
    mutating func losePower(_ process: Int) {
        stopThread(process)
        network.losePower(processes[process].host)
        buryDead()
        note(.lostPower, process)
        guard process < nodes.count else { return }
        losePower(ofBrokerIn: process)
        let actor = processes[process].actor
        let remains = processes[process].disk.losePower(by: actor, &turn.choices)
        var storage = nodes[process].storage
        let snapshots = storage.log.snapshots.map(\.id).filter { id in
            remains.contains { $0.file == FileID(.snapshot(id)) && $0.bytes < $0.had }
        }
        storage.losePower(
            elections: Int(lost(.quorumState, remains)), logBytes: lost(.log, remains),
            snapshots: snapshots)
        replaceStorage(storage, process)
    }

    /// What the broker's logs had not flushed is gone, too.
    private mutating func losePower(ofBrokerIn process: Int) {
        guard let lane = seating.brokerLane(in: process),
            case .broker(let place) = lanes[lane].seat
        else { return }
        brokers[place].storage.losePower(
            by: processes[process].actor, configuration.disk, &turn.choices)
    }

    private func lost(_ file: FileID, _ remains: [Disk.Remains]) -> Int64 {
        guard let its = remains.first(where: { $0.file == file }) else { return 0 }
        return its.had - its.bytes
    }

    /// A process that is down finds something else on its disk than it left there: what it never
    /// wrote, or what the disk has lost.
    private mutating func replaceStorage(
        _ storage: consuming RaftStorage, _ process: Int, wasWritten: Bool = true
    ) {
        let before = nodes[process].storage.log.end
        let after = storage.log.end
        nodes[process] = RaftNode(
            .init(process, configuration, port: processes[process].port), storage: storage)
        let torn = processes[process].disk.written(.log) - nodes[process].log.sizeInBytes
        processes[process].disk.cut(max(0, torn), from: .log)
        processes[process].flushedLogEnd = min(processes[process].flushedLogEnd, after)
        guard after < before else { return }
        note(
            wasWritten
                ? .lostRecords(from: before, to: after) : .forgotRecords(from: before, to: after),
            process)
    }

    /// What the node has noted in its storage, and the process has not got round to writing when it
    /// ends: it waited behind a flush.
    private mutating func forgetUnwritten(_ process: Int) {
        var elections = 0
        var logBytes: Int64 = 0
        var snapshots: [OffsetAndEpoch] = []
        var isUncut = false
        for effect in processes[process].effects.items + turn.effects.items {
            switch effect {
            case .persist: elections += 1
            case .write(.log, let bytes): logBytes += bytes
            case .write(.snapshot(let id), _): snapshots.append(id)
            case .cut(.log, _): isUncut = true
            default: break
            }
        }
        processes[process].effects.removeAll()
        guard elections > 0 || logBytes > 0 || !snapshots.isEmpty || isUncut else { return }
        var storage = nodes[process].storage
        if isUncut { storage.takeBackCut() }
        storage.losePower(elections: elections, logBytes: logBytes, snapshots: snapshots)
        replaceStorage(storage, process, wasWritten: false)
    }

    private mutating func stopThread(_ process: Int) {
        if process < nodes.count { forgetUnwritten(process) }
        stopLanes(of: process)
        for task in processes[process].inbox.dropFirst(processes[process].inboxNext) {
            switch task {
            case .request(_, let parcel), .answer(_, let parcel), .command(let parcel):
                parcels.drop(parcel)
            case .wake, .opened, .broken, .failed: break
            }
        }
        cancelWake(process)
        forgetQuorumLinks(process)
        processes[process].forgetTasks()
        processes[process].flushing = nil
        processes[process].thread.isFlushing = false
        processes[process].thread.isPaused = false
        processes[process].thread.isUp = false
        processes[process].life += 1
        processes[process].machine.lead(nil)
    }

    /// Kafka opens its metadata log by reading all of it; what fails its checksum ends the log.
    private mutating func recoverLog(_ process: Int) {
        guard let rotten = processes[process].rottenByte else { return }
        processes[process].rottenByte = nil
        var storage = nodes[process].storage
        storage.losePower(
            elections: 0, logBytes: storage.log.sizeInBytes - rotten, snapshots: [])
        replaceStorage(storage, process)
    }

    mutating func pause(_ process: Int) {
        guard processes[process].thread.isUp, !processes[process].thread.isPaused else { return }
        processes[process].thread.isPaused = true
        if hasCluster { network.freeze(processes[process].host) }
        note(.paused, process)
    }

    /// Everything that has come meanwhile is there, and no time has passed as far as it knows.
    mutating func resume(_ process: Int) {
        guard processes[process].thread.isUp, processes[process].thread.isPaused else { return }
        processes[process].thread.isPaused = false
        note(.resumed, process)
        schedule(network.thaw(processes[process].host, at: now, &turn.choices))
        if process < nodes.count, !processes[process].thread.isFlushing {
            carryOutRest(process)
            workOff(process)
        }
        resumeLanes(of: process)
    }

    /// The process's clock is moved, and what goes by the time of day follows it.
    mutating func moveClock(_ process: Int, by interval: Interval) {
        // Never further off than a century, so that no time of day leaves its integer.
        let limit = Interval.seconds(100 * 365 * 86_400)
        let before = processes[process].clockAhead
        let ahead = max(Interval.zero - limit, min(limit, before + interval))
        processes[process].clockAhead = ahead
        processes[process].clockMoved = processes[process].clockMoved + (ahead - before)
        tellBroker(of: process, itsClockJumpedBy: ahead - before)
        for lane in seating.lanes(of: process) {
            cancelWake(ofLane: lane)
            workOffLane(lane)
        }
        guard process < nodes.count else { return }
        cancelWake(process)
        if processes[process].thread.isUp { workOff(process) }
    }

    /// A command reaches a running process's thread.
    mutating func command(_ input: RaftInput, _ process: Int) {
        guard processes[process].thread.isUp else { return }
        hand(.command(parcels.add(input)), to: process)
    }

    /// An empty disk: the log is gone, and with it the voters of the first day. The process must
    /// be down.
    mutating func wipe(_ process: Int, directory: DirectoryID) {
        processes[process].disk.wipe()
        if let lane = seating.brokerLane(in: process), case .broker(let place) = lanes[lane].seat {
            brokers[place].storage = BrokerStorage(process, configuration, metadata: directory)
            brokers[place].unusable = []
        }
        processes[process].rottenByte = nil
        processes[process].flushedLogEnd = 0
        nodes[process] = RaftNode(
            .init(process, configuration, port: processes[process].port),
            storage: RaftStorage(
                directory: directory,
                log: RaftLog(segmentBytes: configuration.metadataSegmentBytes)))
    }
}

// MARK: - As formatted

extension Process {
    init(_ place: Int, _ configuration: WorldConfiguration) {
        self.init(
            host: HostID(Int32(place)), actor: configuration.actor(of: place),
            clockAhead: configuration.clockAhead(of: place),
            disk: Disk(latency: configuration.disk.flushLatency))
    }
}

extension RaftNode {
    init(_ place: Int, _ configuration: WorldConfiguration) {
        self.init(
            .init(place, configuration, port: WorldConfiguration.port),
            storage: RaftStorage(place, configuration))
    }
}

extension RaftNode.Configuration {
    init(_ place: Int, _ world: WorldConfiguration, port: Int32) {
        let its = world.nodes[place]
        let voters = world.initialVoters
        self.init(
            id: its.id, canBecomeVoter: its.canBecomeVoter,
            endpoint: Endpoint(host: its.id, port: port),
            staticVoters: world.kraftVersion == 0 ? voters : VoterSet([]),
            bootstrapEndpoints: voters.voters.map(\.endpoint), settings: world.raft,
            actor: ActorID(UInt32(bitPattern: its.id.rawValue)))
    }
}

extension RaftStorage {
    /// A formatted disk. With dynamic voters it holds the set of the first day in a snapshot at
    /// 0@0.
    init(_ place: Int, _ world: WorldConfiguration) {
        let its = world.nodes[place]
        let directory = world.directory(of: place)
        guard world.kraftVersion > 0, its.isVoter else {
            self.init(
                directory: directory, log: RaftLog(segmentBytes: world.metadataSegmentBytes))
            return
        }
        let bootstrap = RaftSnapshot(
            id: OffsetAndEpoch(0, 0), kraftVersion: world.kraftVersion,
            voters: world.initialVoters, sizeInBytes: 0)
        self.init(
            directory: directory,
            log: RaftLog(
                start: 0, batches: [], snapshots: [bootstrap],
                segmentBytes: world.metadataSegmentBytes))
    }
}

extension WorldConfiguration {
    /// Where every process listens until it is moved.
    static let port: Int32 = 9093

    /// The voters that the cluster is formatted with.
    public var initialVoters: VoterSet {
        VoterSet(
            nodes.indices.filter { nodes[$0].isVoter }.map { place in
                let key = ReplicaKey(
                    nodes[place].id, kraftVersion == 0 ? .unknown : directory(of: place))
                return VoterSet.Voter(
                    key: key, endpoint: Endpoint(host: nodes[place].id, port: Self.port),
                    versions: raft.versions)
            })
    }

    /// The directory id that a node's first disk has; later disks count on from it.
    func directory(of place: Int) -> DirectoryID {
        DirectoryID(UInt64(UInt32(bitPattern: nodes[place].id.rawValue)) << 16 | 1)
    }
}
