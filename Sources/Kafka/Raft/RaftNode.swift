import Kernel

/// One Raft process of the metadata quorum: voter or observer (KafkaRaftClient).
///
/// A value with one door, `receive`. It sees neither network nor disk nor clock; what it wants done
/// stands in the effects, in order. Between two inputs it does nothing, but it wants to be woken at
/// `nextDeadline`.
public struct RaftNode: Sendable {
    /// Who a node is and whom it may ask, before it has read anything.
    public struct Configuration: Sendable {
        public var id: NodeID
        /// A broker is false: it never is in a voter set, and need not flush what it fetches.
        public var canBecomeVoter: Bool
        public var endpoint: Endpoint
        /// `controller.quorum.voters` (kraft.version 0); empty if voters are dynamic (KIP-853).
        public var staticVoters: VoterSet
        /// `controller.quorum.bootstrap.servers`, in order; empty: the static voters serve.
        public var bootstrapEndpoints: [Endpoint]
        public var settings: RaftSettings
        /// Whose random numbers this process draws.
        public var actor: ActorID

        public init(
            id: NodeID, canBecomeVoter: Bool, endpoint: Endpoint, staticVoters: VoterSet,
            bootstrapEndpoints: [Endpoint], settings: RaftSettings, actor: ActorID
        ) {
            self.id = id
            self.canBecomeVoter = canBecomeVoter
            self.endpoint = endpoint
            self.staticVoters = staticVoters
            self.bootstrapEndpoints = bootstrapEndpoints
            self.settings = settings
            self.actor = actor
        }
    }

    public enum Life: Hashable, Sendable {
        case created, running, stopped, dead
    }

    public let configuration: Configuration
    public internal(set) var life = Life.created
    public internal(set) var storage: RaftStorage
    /// Its role, epoch and promises.
    public internal(set) var quorum: QuorumState
    /// When the node must be woken if nothing reaches it before.
    public internal(set) var nextDeadline = Instant.never

    @usableFromInline var control: RaftControlState
    var connections: RaftConnections
    let bootstrapServers: [RaftDestination]
    var parked = ParkedFetches()
    var listener = ListenerProgress()
    var shutdownEnd: Instant?
    /// What a leader has to do besides replicating; nil in every other role.
    var duties: LeaderDuties?

    /// A process that has not started yet: its first input is `.start`.
    public init(_ configuration: Configuration, storage: RaftStorage) {
        let settings = configuration.settings
        self.configuration = configuration
        self.storage = storage
        quorum = QuorumState(
            local: ReplicaKey(configuration.id, storage.directory),
            endpoint: configuration.endpoint, settings: settings, actor: configuration.actor)
        control = RaftControlState(
            staticVoters: configuration.staticVoters,
            local: ReplicaKey(configuration.id, storage.directory), settings.generation)
        connections = RaftConnections(settings)
        bootstrapServers = configuration.bootstrapServers
    }

    /// The one door.
    public mutating func receive(
        _ input: RaftInput, at now: Instant, _ choices: inout Choices, _ effects: inout RaftEffects
    ) {
        var turn = RaftTurn(now: now, choices: Choices(seed: 0))
        swap(&turn.choices, &choices)
        swap(&turn.effects, &effects)
        receive(input, &turn)
        swap(&turn.choices, &choices)
        swap(&turn.effects, &effects)
    }

    /// The same door for whoever keeps dice and outbox together between inputs.
    public mutating func receive(_ input: consuming RaftInput, _ turn: inout RaftTurn) {
        guard life == .running || life == .created else { return }
        do throws(RaftDeath) {
            try workOff(input, &turn)
        } catch {
            life = .dead
            nextDeadline = .never
            turn.effects.append(.died(error))
        }
    }

    /// The voters in force, committed or not.
    public var voters: VoterSet { control.voters }
    /// How often they have changed.
    @inlinable public var votersVersion: Int { control.changes }
    /// Where they were written; nil: nowhere, they are configured. -1: in the snapshot at 0@0.
    public var votersOffset: Int64? { control.votersOffset }
    /// The kraft.version in force.
    public var kraftVersion: Int16 { control.version }
    public var local: ReplicaKey { ReplicaKey(configuration.id, storage.directory) }
    public var isVoter: Bool { control.isLocalVoter }
    public var log: RaftLog { storage.log }
}

/// What one input sees, and what it leaves behind.
public struct RaftTurn: Sendable {
    /// What the node's clock says.
    public var now: Instant
    public var choices: Choices
    public var effects = RaftEffects()
    /// Something happened that is no effect, so another look may be worth while.
    var hasChanged = false

    public init(now: Instant, choices: Choices) {
        self.now = now
        self.choices = choices
    }
}

extension Purpose {
    /// The random part of an election timeout, in milliseconds: 0 ..< election.timeout.
    public static let raftElectionTimeout = Purpose(code: 0x0401)
    /// At which bootstrap server a search begins.
    public static let raftBootstrapServer = Purpose(code: 0x0402)
}

extension PurposeNames {
    public static let raft: PurposeNames = [
        "raft.election-timeout": .raftElectionTimeout,
        "raft.bootstrap-server": .raftBootstrapServer,
    ]
}

// MARK: - The poll loop

extension RaftNode {
    /// Kafka's loop looks at its timers, then takes one message, then tells the listener, and
    /// begins again until it would have to wait.
    private mutating func workOff(_ input: RaftInput, _ turn: inout RaftTurn) throws(RaftDeath) {
        if parked.deadline <= turn.now { expireParkedFetches(&turn) }
        switch input {
        case .start:
            try start(&turn)
        case .request, .foreignRequest, .response, .failure:
            if nextDeadline <= turn.now {
                if maybeCompleteShutdown(&turn) { return }
                _ = try pollCurrentRole(&turn)
            }
            try handle(input, &turn)
            try tellListener(&turn)
        case .wake: break
        default: call(input, &turn)
        }
        try pollUntilIdle(&turn)
    }

    /// Nothing can be asked or answered without the last epoch (KafkaRaftLog.lastFetchedEpoch
    /// throws). It is lost when an epoch that began right behind a snapshot is truncated: it had
    /// displaced the one before, and the log was restarted in between.
    mutating func requireLastEpoch() throws(RaftDeath) {
        guard storage.log.lacksEpoch else { return }
        guard configuration.settings.generation.has(.snapshotNamesLastEpoch) else {
            throw RaftDeath(.kafka, .logWithoutEpoch)
        }
        storage.log.takeLastEpochFromSnapshot()
    }

    private mutating func pollUntilIdle(_ turn: inout RaftTurn) throws(RaftDeath) {
        try requireLastEpoch()
        while true {
            if maybeCompleteShutdown(&turn) { return }
            turn.hasChanged = false
            let effects = turn.effects.count
            let next = try pollCurrentRole(&turn)
            try tellListener(&turn)
            if next > turn.now {
                nextDeadline = min(next, parked.deadline)
                return
            }
            if effects == turn.effects.count && !turn.hasChanged && shutdownEnd == nil {
                nextDeadline = min(timeAfterSpin(turn.now), parked.deadline)
                return
            }
        }
    }

    /// The loop would spin: a timer has run out that nobody in this role acts on. In Kafka 4.3.1
    /// an observer then keeps a processor busy; one look a millisecond stands for that. Cured, it
    /// waits for what it may do next.
    private mutating func timeAfterSpin(_ now: Instant) -> Instant {
        if configuration.settings.generation.has(.observerBusyPolls) {
            let chance = connections.nextChance(of: bootstrapServers, at: now)
            if chance > now { return chance }
        }
        return now + .milliseconds(1)
    }

    private mutating func pollCurrentRole(_ turn: inout RaftTurn) throws(RaftDeath) -> Instant {
        switch quorum.role {
        case .leader: try pollLeader(&turn)
        case .follower: try pollFollower(&turn)
        case .unattached: try pollUnattached(&turn)
        case .prospective, .candidate: try pollNominee(&turn)
        case .resigned: try pollResigned(&turn)
        }
    }

    /// A process that was killed may have left records in the page cache only. Opening the log
    /// does not flush them (LogLoader.recoverLog), and the next fetch counts as if it had: until
    /// something else is flushed, a committed record may be on fewer disks than a majority.
    private func maybeFlushReopenedLog(_ turn: inout RaftTurn) {
        if configuration.settings.generation.has(.flushedAfterRestart) {
            turn.effects.append(.flush(.log))
        }
    }

    private mutating func start(_ turn: inout RaftTurn) throws(RaftDeath) {
        precondition(life == .created, "a process starts once")
        life = .running
        storage.log.reopen()
        maybeFlushReopenedLog(&turn)
        try requireLastEpoch()
        if storage.log.start > storage.log.latestSnapshot?.id.offset ?? 0 {
            throw RaftDeath(.illegalState, .missingSnapshot)
        }
        try control.read(storage.log)
        try quorum.becomeInitial(
            saved: storage.election, lastLogEpoch: storage.log.lastEpoch, voters: control.voters,
            at: turn.now, &turn.choices)
        persistElection(&turn)
        if quorum.role == .candidate { try maybeBecomeLeader(&turn) }
        let mayStand = quorum.role != .candidate && quorum.role != .leader
        if control.voters.isOnlyVoter(local) && mayStand {
            try becomeProspective(&turn)
        }
        listener.isRegistered = true
    }

    private mutating func handle(_ input: RaftInput, _ turn: inout RaftTurn) throws(RaftDeath) {
        switch input {
        case .request(let request, let token):
            if let response = try respond(to: request, token, &turn) {
                turn.effects.reply(response, to: token)
            }
        case .foreignRequest(let request, let token):
            turn.effects.reply(refusalOfForeign(request), to: token)
        case .response(let response, let correlation):
            guard let asked = connections.asked(by: correlation) else { return }
            let isUseful = try accept(response, from: asked.source, &turn)
            connections.didAnswer(correlation, usefully: isUseful, at: turn.now)
        case .failure(let failure, let correlation):
            guard let asked = connections.asked(by: correlation) else { return }
            let isUseful = try accept(failure, of: asked.api, from: asked.source, &turn)
            connections.didAnswer(correlation, usefully: isUseful, at: turn.now)
        default: break
        }
    }
}

extension RaftNode.Configuration {
    /// Whom a node asks that knows no leader. Those that are configured by address alone are
    /// somebody else than the voter that may be listening there.
    var bootstrapServers: [RaftDestination] {
        if bootstrapEndpoints.isEmpty {
            return staticVoters.voters.map {
                RaftDestination(kind: .node($0.key.id), endpoint: $0.endpoint)
            }
        }
        return bootstrapEndpoints.enumerated().map { index, endpoint in
            RaftDestination(kind: .bootstrap(Int32(index)), endpoint: endpoint)
        }
    }
}
