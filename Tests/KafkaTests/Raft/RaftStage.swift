import Kafka
import Kernel

/// Raft processes, a clock and messages that travel when they are told to: what the stories of
/// the quorum are played on.
///
/// Chance is fixed so that the stories can be read: the random part of node n's election timeout
/// is n times 100 ms, and whoever looks for a leader asks its first bootstrap server first. Other
/// settings are Kafka's own, except that nothing lingers.
struct RaftStage: InteractionStage {
    struct Message {
        let from: NodeID
        let to: NodeID
        let input: RaftInput
        let words: String

        var link: String { "\(from.rawValue)->\(to.rawValue)" }
    }

    var now = Instant.zero + .seconds(1_000)
    var choices = Choices(seed: 1)
    var generation = Generation.current
    var versionZero = true
    var voters: [NodeID] = []
    var nodes: [NodeID: RaftNode] = [:]
    var disks: [NodeID: RaftStorage] = [:]
    var messages: [Message] = []
    /// Who waits for the answer with that token.
    var askers: [UInt64: (node: NodeID, correlation: CorrelationID)] = [:]
    var nextToken: UInt64 = 1
    /// Nodes whose messages get lost, both ways.
    var isolated: [NodeID] = []
    var nextItem: Int64 = 0
    var output: [String] = []

    /// `quiet` before a command leaves out what comes of it.
    mutating func perform(_ command: InteractionCommand) throws -> [String] {
        output = []
        guard command.verb == "quiet" else {
            try perform(command.verb, command.words)
            return output
        }
        try perform(try command.word(0), Array(command.words.dropFirst()))
        return []
    }

    private mutating func perform(_ verb: String, _ words: [String]) throws {
        switch verb {
        case "nodes": try createNodes(words)
        case "start": for id in try ids(words) { try start(id) }
        case "crash":
            for id in try ids(words) {
                disks[id] = nodes[id]?.storage
                nodes[id] = nil
                messages = messages.filter { $0.to != id }
            }
        case "new-disk":
            let id = try id(words[0])
            disks[id] = RaftStorage(directory: DirectoryID(UInt64(id.rawValue) + 100))
        case "next": describeDeadline(try id(words[0]))
        case "tick": tick(.milliseconds(Int64(words[0]) ?? 0))
        case "serve": serve(.milliseconds(Int64(words[0]) ?? 0))
        case "deliver": deliver(words)
        case "drop": _ = take(words)
        case "isolate": isolated += try ids(words)
        case "heal": isolated = []
        case "messages": output += messages.map { "\($0.link) \($0.words)" }
        case "state": describeNodes(words.isEmpty ? nodes.keys.sorted() : try ids(words))
        case "log": describeLog(try id(words[0]))
        case "with", "without": try switchFixes(verb, words)
        default: try call(verb, words)
        }
    }

    func id(_ word: String) throws -> NodeID {
        guard let number = Int32(word) else {
            throw InteractionCommand.NotUnderstood(description: "\(word) is no node")
        }
        return NodeID(number)
    }

    func ids(_ words: [String]) throws -> [NodeID] { try words.map(id) }

    private mutating func switchFixes(_ verb: String, _ names: [String]) throws {
        for name in names {
            guard let fix = Fix.allCases.first(where: { $0.name == name }) else {
                throw InteractionCommand.NotUnderstood(description: "no fix is called \(name)")
            }
            if verb == "with" { generation.insert(fix) } else { generation.remove(fix) }
        }
    }

    // MARK: Processes

    /// `nodes 1 3 5` are voters by configuration; `nodes 1 3 5 dynamic` by the snapshot at 0@0.
    private mutating func createNodes(_ words: [String]) throws {
        nodes = [:]
        disks = [:]
        messages = []
        isolated = []
        versionZero = !words.contains("dynamic")
        voters = try ids(words.filter { $0 != "dynamic" })
    }

    private func emptyDisk(_ id: NodeID) -> RaftStorage {
        let directory = DirectoryID(UInt64(id.rawValue))
        if versionZero || !voters.contains(id) { return RaftStorage(directory: directory) }
        let set = VoterSet(
            voters.map {
                let key = ReplicaKey($0, DirectoryID(UInt64($0.rawValue)))
                return VoterSet.Voter(key: key, endpoint: Endpoint(host: $0))
            })
        let bootstrap = RaftSnapshot(
            id: OffsetAndEpoch(0, 0), kraftVersion: 1, voters: set, sizeInBytes: 100)
        return RaftStorage(
            directory: directory, log: RaftLog(start: 0, batches: [], snapshots: [bootstrap]))
    }

    private mutating func start(_ id: NodeID) throws {
        var settings = RaftSettings()
        settings.appendLinger = .zero
        settings.generation = generation
        let places = voters.map { ($0, Endpoint(host: $0)) }
        let actor = ActorID(UInt32(id.rawValue))
        let configuration = RaftNode.Configuration(
            id: id, canBecomeVoter: true, endpoint: Endpoint(host: id),
            staticVoters: VoterSet(configured: versionZero ? places : []),
            bootstrapEndpoints: versionZero ? [] : places.map(\.1), settings: settings,
            actor: actor)
        for ordinal in 0..<100 {
            choices.override(
                .init(actor: actor, purpose: .raftElectionTimeout, ordinal: UInt32(ordinal)),
                with: UInt64(id.rawValue) * 100)
            choices.override(
                .init(actor: actor, purpose: .raftBootstrapServer, ordinal: UInt32(ordinal)),
                with: 0)
        }
        choices = Choices(seed: 1, overrides: choices.overrides)
        nodes[id] = RaftNode(configuration, storage: disks[id] ?? emptyDisk(id))
        give(.start, to: id)
    }

    /// Time passes; whoever has something to do when its time comes does it.
    private mutating func tick(_ interval: Interval) {
        let end = now + interval
        while let (deadline, id) = nextDeadline, deadline <= end {
            now = max(now, deadline)
            give(.wake, to: id)
        }
        now = end
    }

    /// Time passes and messages travel at once; only what nodes become is told.
    private mutating func serve(_ interval: Interval) {
        let end = now + interval
        deliver([])
        while let (deadline, _) = nextDeadline, deadline <= end {
            tick(max(.zero, deadline - now))
            deliver([])
        }
        tick(end - now)
        output = output.filter { $0.contains(" becomes ") || $0.contains(" cuts ") }
    }

    private var nextDeadline: (Instant, NodeID)? {
        nodes.sorted { $0.key < $1.key }.map { ($1.nextDeadline, $0) }.min { $0.0 < $1.0 }
    }
}
