import Kernel
import Testing

@testable import Kafka

/// Three processes, each a Raft node with a controller on it, and a network that takes a
/// millisecond for everything.
private struct Quorum {
    private enum Parcel {
        case request(RaftRequest, from: Int, to: Int, CorrelationID)
        case response(RaftResponse, to: Int, CorrelationID)
    }

    private(set) var seats: [QuorumController] = []
    private var nodes: [RaftNode] = []
    private var turn: QuorumTurn
    private var raftTurn: RaftTurn
    private var parcels: [(due: Instant, parcel: Parcel)] = []
    private var waiting: [ReplyToken: (asker: Int, CorrelationID)] = [:]
    private var isDown: Set<Int> = []
    private(set) var replies: [ReplyToken: ControllerReply] = [:]
    private var tokens: UInt64 = 1_000_000
    private(set) var now = Instant.zero

    init() {
        turn = QuorumTurn(now: .zero, choices: Choices(seed: 5), contents: MetadataContents())
        raftTurn = RaftTurn(now: .zero, choices: Choices(seed: 6))
        let ids = [NodeID(3000), NodeID(3001), NodeID(3002)]
        let voters = VoterSet(configured: ids.map { ($0, Endpoint(host: $0)) })
        var settings = ControllerSettings()
        settings.controllers = ids
        settings.maxIdleInterval = nil
        for (index, id) in ids.enumerated() {
            let actor = ActorID(UInt32(index))
            seats.append(
                QuorumController(Controller(id: id, actor: actor, settings: settings)))
            nodes.append(
                RaftNode(
                    RaftNode.Configuration(
                        id: id, canBecomeVoter: true, endpoint: Endpoint(host: id),
                        staticVoters: voters, bootstrapEndpoints: [], settings: RaftSettings(),
                        actor: actor),
                    storage: RaftStorage(directory: DirectoryID(UInt64(1_000 + index)))))
        }
        for index in nodes.indices { give(.start, to: index) }
    }

    var active: Int? {
        seats.indices.first { !isDown.contains($0) && seats[$0].controller.isActive }
    }

    mutating func stop(_ index: Int) { isDown.insert(index) }

    mutating func ask(_ request: ControllerRequest, of index: Int) -> ReplyToken {
        tokens += 1
        let token = ReplyToken(tokens)
        turn.now = now
        seats[index].receive(.request(request, from: token), &turn)
        handleSeatEffects(of: index)
        return token
    }

    /// Goes on until nothing is left to do before the instant.
    mutating func run(for interval: Interval) {
        let end = now + interval
        while true {
            let wake = nodes.indices.filter { !isDown.contains($0) }
                .min { nodes[$0].nextDeadline < nodes[$1].nextDeadline }
            let deadline = wake.map { nodes[$0].nextDeadline } ?? .never
            if let first = parcels.first, first.due <= min(deadline, end) {
                now = max(now, first.due)
                deliver(parcels.removeFirst().parcel)
            } else if let wake, deadline <= end {
                now = max(now, deadline)
                give(.wake, to: wake)
            } else {
                break
            }
        }
        now = end
    }

    private mutating func send(_ parcel: Parcel) {
        parcels.append((now + .milliseconds(1), parcel))
    }

    private mutating func deliver(_ parcel: Parcel) {
        switch parcel {
        case .request(let request, let asker, let asked, let correlation):
            if isDown.contains(asked) {
                give(.failure(.disconnected, of: correlation), to: asker)
                return
            }
            tokens += 1
            waiting[ReplyToken(tokens)] = (asker, correlation)
            give(.request(request, from: ReplyToken(tokens)), to: asked)
        case .response(let response, let asker, let correlation):
            give(.response(response, to: correlation), to: asker)
        }
    }

    private mutating func give(_ input: RaftInput, to index: Int) {
        guard !isDown.contains(index) else { return }
        raftTurn.now = now
        nodes[index].receive(input, &raftTurn)
        let effects = raftTurn.effects.items
        raftTurn.effects.removeAll()
        for effect in effects { handle(effect, of: index) }
    }

    private mutating func handle(_ effect: RaftEffect, of index: Int) {
        turn.now = now
        switch effect {
        case .send(let sending):
            let asked = Int(sending.destination.endpoint.host.rawValue - 3000)
            send(.request(sending.request, from: index, to: asked, sending.correlation))
        case .reply(let reply):
            if let (asker, correlation) = waiting.removeValue(forKey: reply.token) {
                send(.response(reply.response, to: asker, correlation))
            }
        case .tell(let news): seats[index].hear(news, logEnd: nodes[index].log.end, &turn)
        case .callResult(let result): seats[index].hear(result, &turn)
        default: break
        }
        handleSeatEffects(of: index)
    }

    private mutating func handleSeatEffects(of index: Int) {
        let effects = turn.effects
        turn.effects = []
        for effect in effects {
            switch effect {
            case .raft(let input): give(input, to: index)
            case .reply(let reply, let token): replies[token] = reply
            case .setTimer, .fault: break
            }
        }
    }
}

@Suite struct QuorumControllerTests {
    private func registration(_ broker: Int32) -> ControllerRequest {
        .registerBroker(
            BrokerRegistrationRequest(
                broker: NodeID(broker), clusterID: "cluster",
                incarnation: IncarnationID(UInt64(broker)), previousEpoch: nil,
                endpoint: Endpoint(host: NodeID(broker)),
                directories: [DirectoryID(UInt64(1_000 + broker))]))
    }

    @Test func `an elected controller writes the bootstrap, and all learn it by the log`() throws {
        var quorum = Quorum()
        quorum.run(for: .seconds(10))
        let active = try #require(quorum.active)
        #expect(quorum.seats.count { $0.controller.isActive } == 1)
        let image = quorum.seats[active].controller.image
        #expect(image.metadataVersion == .latestProduction)
        for seat in quorum.seats { #expect(seat.controller.committedImage == image) }
    }

    @Test func `an answer comes with the commit, and outlives who gave it`() throws {
        var quorum = Quorum()
        quorum.run(for: .seconds(10))
        let first = try #require(quorum.active)
        let token = quorum.ask(registration(1), of: first)
        #expect(quorum.replies[token] == nil)
        quorum.run(for: .seconds(1))
        guard case .registered(let epoch)? = quorum.replies[token] else {
            Issue.record("not registered")
            return
        }
        let image = quorum.seats[first].controller.image
        #expect(image.brokers[NodeID(1)]?.epoch == epoch)
        quorum.stop(first)
        quorum.run(for: .seconds(20))
        let second = try #require(quorum.active)
        #expect(second != first)
        #expect(quorum.seats[second].controller.image == image)
    }

    @Test func `what only a lost leader has written is answered by nobody`() throws {
        var quorum = Quorum()
        quorum.run(for: .seconds(10))
        let first = try #require(quorum.active)
        for other in 0..<3 where other != first { quorum.stop(other) }
        let token = quorum.ask(registration(1), of: first)
        #expect(quorum.seats[first].controller.image.brokers.contains(NodeID(1)))
        quorum.run(for: .seconds(20))
        #expect(quorum.replies[token] == .failed(.notController))
        #expect(quorum.active == nil)
        #expect(!quorum.seats[first].controller.image.brokers.contains(NodeID(1)))
    }
}
