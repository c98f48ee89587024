import Kafka
import Kernel
@testable import Simulation
import Testing

/// Runs a scenario to its end and keeps every note and line.
struct Recorded {
    var world: World
    var notes: [(at: Instant, note: Note)] = []
    var lines: [String] = []

    init(_ configuration: WorldConfiguration, until end: Instant) {
        world = World(configuration)
        world.isTracing = true
        while world.nextEventAt <= end, world.step() {
            for note in world.notes { notes.append((world.now, note)) }
            lines += world.lines
        }
    }

    func times(of kind: Happening.Kind, node: Int? = nil) -> [Instant] {
        notes.filter { $0.note.happening.kind == kind && (node == nil || $0.note.node == node) }
            .map(\.at)
    }
}

private func cluster(_ steps: [Step], seed: UInt64 = 3, load: Bool = true) -> WorldConfiguration {
    var configuration = WorldConfiguration(controllers: 3)
    configuration.seed = seed
    configuration.steps = steps
    if load { configuration.proposers = [ProposerConfiguration(every: .milliseconds(20))] }
    return configuration
}

@Suite struct FaultTests {
    @Test func `a crashed leader is replaced, and follows when it is back`() {
        let run = Recorded(
            cluster([
                Step(.at(seconds(5)), .fault(.crash(.controller))),
                Step(.at(seconds(12)), .fault(.restart(.same))),
            ]), until: seconds(20))
        #expect(run.world.unfiredSteps.isEmpty)
        let crash = run.times(of: .crashed)
        #expect(crash == [seconds(5)])
        #expect(run.times(of: .becameLeader).contains { $0 > seconds(5) && $0 < seconds(12) })
        #expect(run.times(of: .started).last == seconds(12))
        #expect(Set(run.world.nodes.map(\.quorum.leader)).count == 1)
    }

    @Test func `peers of a killed process learn of it at once, those of a powerless one wait`() {
        for loses in [false, true] {
            let fault: Fault = loses ? .losePower(.controller) : .crash(.controller)
            let run = Recorded(
                cluster([Step(.at(seconds(5)), .fault(fault))]), until: seconds(9))
            let told = run.times(of: .disconnected).first { $0 > seconds(5) }!
            let prompt = told < seconds(5) + .milliseconds(200)
            #expect(prompt != loses)
        }
    }

    @Test func `what waits behind a flush is never sent if the power goes before it`() {
        // The follower's disk is so slow that it never acknowledges anything after second 4.
        var configuration = cluster([
            Step(.at(seconds(4)), .fault(.slowDisk(.every(.follower), by: .seconds(60)))),
            Step(.at(seconds(5)), .fault(.losePower(.every(.follower)))),
        ])
        configuration.raft.requestTimeout = .seconds(30)
        let run = Recorded(configuration, until: seconds(6))
        let leader = run.world.controller!
        let committed = run.times(of: .movedHighWatermark, node: leader)
        #expect(committed.contains { $0 < seconds(4) })
        #expect(!committed.contains { $0 > seconds(4) + .milliseconds(100) })
    }

    @Test func `a power loss takes what was not flushed, a kill does not`() {
        for loses in [false, true] {
            var lost = 0
            for seed in 0..<8 as Range<UInt64> {
                let fault: Fault =
                    loses ? .losePower(.every(.follower)) : .crash(.every(.follower))
                let run = Recorded(
                    cluster(
                        [
                            Step(
                                .at(seconds(4)),
                                .fault(.slowDisk(.every(.node), by: .seconds(60)))),
                            Step(.at(seconds(5)), .fault(fault)),
                            Step(.at(seconds(6)), .fault(.restart(.every(.down)))),
                        ], seed: seed), until: seconds(7))
                lost += run.times(of: .lostRecords).count
            }
            #expect((lost > 0) == loses)
        }
    }

    @Test func `what waited behind a flush was never written, so a kill takes it, too`() {
        // Whoever stands first gets a slow disk: its promise as leader is on its way when it dies,
        // and the record of its epoch stands behind that.
        var kills = 0
        for id in 1...3 as ClosedRange<Int32> {
            let node = Target.node(NodeID(id))
            let elected = Occurrence(.becameLeader, by: node)
            let run = Recorded(
                cluster(
                    [
                        Step(
                            .after(Occurrence(.becameCandidate)),
                            .fault(.slowDisk(node, by: .seconds(5)))),
                        Step(.after(elected), delay: .milliseconds(100), .fault(.crash(node))),
                    ], load: false), until: seconds(4))
            guard let crash = run.times(of: .crashed).first else { continue }
            kills += 1
            let lost = run.notes.filter {
                $0.at == crash && $0.note.happening.kind == .forgotRecords
            }
            #expect(lost.count == 1)
            #expect(run.world.nodes[Int(id) - 1].log.end == 0)
        }
        #expect(kills == 1)
    }

    @Test func `a disk that lies loses what it said it had`() {
        var lost = 0
        for seed in 0..<6 as Range<UInt64> {
            let run = Recorded(
                cluster(
                    [
                        Step(.at(seconds(4)), .fault(.lieAboutFlushes(.node(NodeID(2))))),
                        Step(.at(seconds(8)), .fault(.losePower(.node(NodeID(2))))),
                    ], seed: seed), until: seconds(9))
            for (_, note) in run.notes {
                if case .lostRecords(let from, let to) = note.happening, from - to > 10 {
                    lost += 1
                }
            }
        }
        #expect(lost > 0)
    }

    @Test func `a flipped bit ends the log where it is read again`() {
        let run = Recorded(
            cluster([
                Step(.at(seconds(6)), .fault(.flipBit(.node(NodeID(3)), .anywhere))),
                Step(.at(seconds(7)), .fault(.crash(.node(NodeID(3))))),
                Step(.at(seconds(8)), .fault(.restart(.node(NodeID(3))))),
            ]), until: seconds(12))
        #expect(run.times(of: .lostRecords, node: 2) == [seconds(8)])
        // The leader's records fill the gap again.
        #expect(run.world.nodes[2].log.end > 100)
    }

    @Test func `a request that its sender gave up is carried out all the same`() {
        let run = Recorded(
            cluster([
                Step(.at(seconds(5)), .fault(.pause(.controller)), lasting: .seconds(8))
            ]), until: seconds(14))
        #expect(!run.times(of: .requestTimedOut).isEmpty)
        #expect(run.times(of: .servedForgottenRequest).allSatisfy { $0 >= seconds(13) })
        #expect(!run.times(of: .servedForgottenRequest).isEmpty)
    }

    @Test func `a paused leader comes back believing that it leads`() {
        let run = Recorded(
            cluster([
                Step(.at(seconds(5)), .fault(.pause(.controller))),
                Step(.at(seconds(12)), .heal(.resume(.any(.paused)))),
            ]), until: seconds(20))
        let paused = run.notes.first { $0.note.happening == .paused }!.note.node
        let another = run.notes.first {
            $0.at > seconds(5) && $0.note.happening.kind == .becameLeader && $0.note.node != paused
        }
        #expect(another != nil && another!.at < seconds(12))
        let fell = run.notes.first { $0.at >= seconds(12) && $0.note.node == paused }!
        #expect(fell.note.happening == .resumed)
        #expect(run.world.role(paused) == .follower)
    }

    @Test func `an isolated leader gives up and another leads; after the healing there is one`() {
        let run = Recorded(
            cluster([
                Step(.at(seconds(5)), .fault(.cut(.controller, from: nil, .both, .stall))),
                Step(.at(seconds(15)), .heal(.all)),
            ]), until: seconds(25))
        #expect(!run.times(of: .becameResigned).isEmpty)
        #expect(run.times(of: .becameLeader).contains { $0 > seconds(5) && $0 < seconds(15) })
        #expect(run.world.nodes.map(\.quorum.role).filter { $0 == .leader }.count == 1)
    }

    @Test func `a host that moved is found again when its voter has said so`() {
        let run = Recorded(
            cluster([Step(.at(seconds(5)), .fault(.move(.node(NodeID(2)))))]), until: seconds(20))
        let leader = run.world.controller!
        let known = run.world.nodes[leader].voters.voters.first { $0.key.id == NodeID(2) }!
        #expect(known.endpoint.port == 9094)
    }

    @Test func `a replaced disk makes another voter of the same node`() {
        let run = Recorded(
            cluster([
                Step(.at(seconds(5)), .fault(.replaceDisk(.follower(0)))),
                Step(.at(seconds(6)), .fault(.restart(.same))),
            ]), until: seconds(15))
        let node = run.notes.first { $0.note.happening == .crashed }!.note.node
        #expect(!run.world.nodes[node].isVoter)
        #expect(run.world.nodes[node].log.end > 100)
    }

    @Test func `a full disk halts its process`() {
        let run = Recorded(
            cluster([Step(.at(seconds(5)), .fault(.fillDisk(.follower(0))))]), until: seconds(8))
        #expect(run.times(of: .diskFailed).count == 1)
    }

    @Test func `a clock that jumps forward makes its owner's timers run out`() {
        let run = Recorded(
            cluster([
                Step(.at(seconds(5)), .fault(.jumpClock(.follower(0), by: .seconds(30))))
            ]), until: seconds(6))
        #expect(run.times(of: .becameProspective).contains { $0 == seconds(5) })
    }

    @Test func `requests are dropped, delayed, or lose their reply as often as asked`() {
        let actions: [(RequestFault.Action, words: String)] = [
            (.drop, "which never arrives: Fetch"), (.delay(.seconds(1)), "s later: Fetch"),
            (.loseReply, "the answer to which gets lost: Fetch"),
        ]
        for (action, words) in actions {
            let fault = RequestFault(
                api: .quorum(.fetch), from: .follower(0), first: 2, count: 3, action: action)
            let run = Recorded(
                cluster([Step(.at(seconds(5)), .fault(.disturb(fault)))]), until: seconds(15))
            #expect(run.lines.filter { $0.contains(words) }.count == 3, "\(action)")
            #expect(run.world.unfiredSteps.isEmpty)
        }
    }

    @Test(arguments: [
        RequestFault.Action.drop, .delay(.seconds(3)), .loseReply,
    ])
    func `what is lost or late takes along what follows it on its connection`(
        _ action: RequestFault.Action
    ) throws {
        var configuration = try smallCluster()
        let fault = RequestFault(
            api: .cluster(.produce), from: .client("till"), first: 5, action: action)
        configuration.steps = [Step(.at(.zero), .fault(.disturb(fault)))]
        let run = Recorded(configuration, until: seconds(20))
        #expect(run.world.unfiredSteps.isEmpty)
        let disturbed = try #require(run.lines.first { $0.contains(" till asks ") })
        let at = try #require(Double(disturbed.prefix { $0 != " " }))
        let acknowledged = run.times(of: .acknowledged).map {
            Double(($0 - Instant.zero).nanoseconds) / 1e9
        }
        #expect(acknowledged.contains { $0 <= at + 0.01 })
        #expect(!acknowledged.contains { $0 > at + 0.01 && $0 < at + 2.99 })
        let appended = run.times(of: .appendedRecords, node: 3).filter { $0 > .zero }.count
        // Who loses a reply has had the request carried out, and those behind it.
        #expect(appended >= (action == .drop ? 4 : 9))
        #expect(acknowledged.contains { $0 > at + 2.99 } == (action == .delay(.seconds(3))))
    }

    @Test func `a graceful shutdown hands over before it ends`() {
        let run = Recorded(
            cluster([Step(.at(seconds(5)), .fault(.shutDown(.controller)))]), until: seconds(9))
        let stopped = run.times(of: .stopped)
        #expect(stopped.count == 1)
        #expect(run.times(of: .becameLeader).contains { $0 > seconds(5) })
    }

    @Test func `a swizzle clogs and frees, and the quorum works again`() {
        let run = Recorded(
            cluster([
                Step(
                    .at(seconds(5)),
                    .fault(.swizzle(.every(.voter), by: .seconds(1), within: .seconds(3))))
            ]), until: seconds(20))
        let freed = run.lines.filter { $0.hasSuffix("reach each other as before") }
        // Three controllers, three links, each told of once.
        #expect(freed.count == 3)
        #expect(run.world.controller != nil)
    }
}
