import Kafka
import Kernel
import Simulation
import Testing

@testable import Checks

/// Whole clusters: those that are in order, and those from which something was taken out.
@Suite struct ClusterJudgeTests {
    @Test func `a cluster that is left alone keeps every promise`() throws {
        let (findings, world) = judged(try smallCluster(reads: true), seconds: 15)
        #expect(findings.violations.map(\.summary) == [])
        #expect(world.occurrences[Happening.Kind.received.rawValue] > 0)
        #expect(world.occurrences[Happening.Kind.acknowledged.rawValue] > 0)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `acks=all survives the leader`(seed: UInt64) throws {
        var configuration = try smallCluster(
            seed: seed, records: 400, every: .milliseconds(50), reads: true)
        configuration.steps = [
            Step(.at(.zero + .seconds(5)), .fault(.crash(.node(NodeID(1))))),
            Step(.at(.zero + .seconds(25)), .fault(.restart(.node(NodeID(1))))),
        ]
        let (findings, _) = judged(configuration, seconds: 60)
        #expect(findings.violations.map(\.summary) == [])
    }

    @Test func `acks=1 loses what only the leader had, and the verdict says why`() throws {
        var configuration = try smallCluster(acks: .leader)
        configuration.steps = [
            isolated(1, at: .milliseconds(500)),
            Step(.at(.zero + .milliseconds(900)), .fault(.crash(.node(NodeID(1))))),
            Step(.at(.zero + .seconds(20)), .heal(.all)),
        ]
        let (findings, _) = judged(configuration, seconds: 60)
        #expect(findings.broken == [.acknowledgedRecordLost])
        let violation = try #require(findings.violations.first)
        #expect(violation.summary.hasPrefix("orders-0@"))
        #expect(violation.summary.contains("acknowledged to till with acks=1"))
        #expect(violation.summary.contains("leads epoch 1"))
        let causes = violation.causes.map(\.text)
        #expect(causes[0] == "broker-1 is cut off from broker-2, broker-3")
        #expect(causes[1].hasSuffix("by broker-1 (epoch 0); then it was on broker-1"))
        #expect(causes.contains("broker-1 crashes"))
        #expect(causes.contains { $0.hasPrefix("metadata: orders-0 leader=") })
    }

    @Test func `an unclean leader lacks what was committed, and that is said`() throws {
        var configuration = try smallCluster(
            records: 500, every: .milliseconds(20),
            brokerSettings: [("replica.lag.time.max.ms", "2000")],
            topicSettings: [.init("unclean.leader.election.enable", "true")])
        configuration.steps = [
            isolated(1, at: .seconds(1)),
            Step(.at(.zero + .seconds(8)), .fault(.crash(.node(NodeID(1))))),
            Step(.at(.zero + .seconds(60)), .heal(.all)),
        ]
        let (findings, _) = judged(configuration, seconds: 120)
        #expect(findings.broken == [.acknowledgedRecordLost, .leaderCompleteness])
        let lost = try #require(findings.violations(of: .acknowledgedRecordLost).first)
        #expect(lost.summary.contains("acks=all"))
    }

    @Test func `a leader that believes its wish does not wait for the ISR`() throws {
        var configuration = try smallCluster(
            records: 500, every: .milliseconds(20),
            brokerSettings: [("replica.lag.time.max.ms", "2000")])
        configuration.cluster?.generation.remove(.maximalISR)
        configuration.steps = [isolated(1, at: .seconds(1))]
        let (findings, _) = judged(configuration, seconds: 8, concludes: false)
        #expect(findings.count(of: .replicationQuorumSuperset) > 0)
    }

    @Test func `a forked judge of a cluster goes on to find what the original finds`() throws {
        var configuration = try smallCluster(acks: .leader)
        configuration.steps = [
            isolated(1, at: .milliseconds(500)),
            Step(.at(.zero + .milliseconds(900)), .fault(.crash(.node(NodeID(1))))),
        ]
        var world = World(configuration)
        var judge = Judge(world)
        while world.now < .zero + .milliseconds(700), world.step() { judge.observe(world) }
        var (forkedWorld, forkedJudge) = (world, judge)
        let end = Instant.zero + .seconds(20)
        while world.nextEventAt <= end, world.step() { judge.observe(world) }
        while forkedWorld.nextEventAt <= end, forkedWorld.step() {
            forkedJudge.observe(forkedWorld)
        }
        #expect(judge.findings.count(of: .acknowledgedRecordLost) > 0)
        #expect(judge.findings == forkedJudge.findings)
    }

    @Test func `a partition that lost its replicas for good has not recovered`() throws {
        var configuration = try smallCluster()
        configuration.steps = [
            Step(.at(.zero + .seconds(5)), .fault(.crash(.node(NodeID(1))))),
            Step(.at(.zero + .seconds(6)), .fault(.crash(.node(NodeID(2))))),
            Step(.at(.zero + .seconds(7)), .fault(.crash(.node(NodeID(3))))),
        ]
        let (findings, _) = judged(configuration, seconds: 40)
        #expect(findings.broken == [.clusterRecovers])
    }

    @Test func `a bare quorum is not judged as a cluster`() {
        let bare = WorldConfiguration(controllers: 3)
        let judged = Guarantee.allCases.filter { $0.concerns(bare) }
        #expect(judged.allSatisfy { $0.subject == .quorum })
        #expect(Guarantee.allCases.allSatisfy { !$0.promise.isEmpty })
    }
}
