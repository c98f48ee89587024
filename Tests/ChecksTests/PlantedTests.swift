import Kafka
import Kernel
import Simulation
import Testing

@testable import Checks

/// Each guarantee is shown what it must object to, and what it must let pass.
@Suite struct PlantedTests {
    private let world = World(WorldConfiguration(controllers: 3))
    private var findings = Findings()
    private let chronicle = Chronicle()

    @Test mutating func `two leaders of one epoch are one too many`() {
        var guarantee = RaftOneLeaderPerEpoch()
        guarantee.observe(Note(node: 0, .becameLeader(epoch: 1)), world, chronicle, &findings)
        guarantee.observe(Note(node: 1, .becameLeader(epoch: 2)), world, chronicle, &findings)
        guarantee.observe(Note(node: 0, .becameLeader(epoch: 1)), world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(Note(node: 2, .becameLeader(epoch: 1)), world, chronicle, &findings)
        #expect(findings.count(of: .raftOneLeaderPerEpoch) == 1)
        #expect(findings.violations[0].summary == "controller-1 and controller-3 both lead epoch 1")
    }

    @Test mutating func `a voter that promises an epoch twice is caught, one that repeats itself is not`() {
        var guarantee = RaftOneVotePerEpoch()
        let first = Happening.promisedVote(epoch: 4, candidate: ReplicaKey(NodeID(1)))
        let other = Happening.promisedVote(epoch: 4, candidate: ReplicaKey(NodeID(3)))
        guarantee.observe(Note(node: 0, first), world, chronicle, &findings)
        guarantee.observe(Note(node: 0, first), world, chronicle, &findings)
        guarantee.observe(Note(node: 1, other), world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(Note(node: 0, other), world, chronicle, &findings)
        #expect(findings.count(of: .raftOneVotePerEpoch) == 1)
    }

    @Test mutating func `a vote that only was meant does not bind`() {
        var guarantee = RaftOneVotePerEpoch()
        let meant = Happening.voted(epoch: 4, candidate: ReplicaKey(NodeID(1)))
        let promised = Happening.promisedVote(epoch: 4, candidate: ReplicaKey(NodeID(3)))
        guarantee.observe(Note(node: 0, meant), world, chronicle, &findings)
        guarantee.observe(Note(node: 0, promised), world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
    }

    @Test mutating func `logs that agree on an end must agree before it`() {
        var guarantee = RaftLogMatching()
        var leader = LogChain()
        var follower = LogChain()
        var liar = LogChain()
        for offset in 0..<40 as Range<Int64> {
            let link = leader.append(batch(offset))
            guarantee.observe(link, appendedBy: 0, world, chronicle, &findings)
        }
        for offset in 0..<40 as Range<Int64> {
            let link = follower.append(batch(offset))
            guarantee.observe(link, appendedBy: 1, world, chronicle, &findings)
        }
        #expect(findings.violations.isEmpty)
        for offset in 0..<3 as Range<Int64> {
            let link = liar.append(batch(offset, item: offset == 1 ? 99 : offset))
            guarantee.observe(link, appendedBy: 2, world, chronicle, &findings)
        }
        #expect(findings.count(of: .raftLogMatching) == 2)
    }

    @Test mutating func `what every log has deleted is not compared again`() {
        var guarantee = RaftLogMatching()
        var leader = LogChain()
        for offset in 0..<40 as Range<Int64> {
            let link = leader.append(batch(offset))
            guarantee.observe(link, appendedBy: 0, world, chronicle, &findings)
        }
        guarantee.forget(before: 30)
        var late = LogChain()
        for offset in 0..<40 as Range<Int64> {
            let link = late.append(batch(offset, item: offset == 0 ? 7 : offset))
            if link.end.offset < 30 { continue }
            guarantee.observe(link, appendedBy: 1, world, chronicle, &findings)
        }
        #expect(findings.count(of: .raftLogMatching) == 11)
    }

    @Test mutating func `a high watermark that moves back is caught`() {
        var guarantee = RaftHighWatermark()
        let ghost = RaftGhost(nodes: 3)
        let forwards = Note(node: 0, .movedHighWatermark(from: 3, to: 5))
        let backwards = Note(node: 0, .movedHighWatermark(from: 5, to: 4))
        guarantee.observe(forwards, world, ghost, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(backwards, world, ghost, chronicle, &findings)
        #expect(findings.count(of: .raftHighWatermark) == 1)
    }

    @Test mutating func `a process that dies of itself is caught, one that is killed is not`() {
        let guarantee = NoProcessDies()
        guarantee.observe(Note(node: 0, .crashed), world, chronicle, &findings)
        guarantee.observe(Note(node: 0, .stopped), world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(Note(node: 0, .died(.inconsistentLeader)), world, chronicle, &findings)
        #expect(findings.count(of: .noProcessDies) == 1)
    }

    @Test mutating func `a quorum that nobody leads has not recovered`() {
        RaftQuorumRecovers().conclude(world, chronicle, &findings)
        #expect(findings.violations.map(\.summary) == ["nobody leads the quorum"])
    }

    @Test mutating func `only the first violations are kept, all are counted`() {
        for _ in 0..<100 {
            NoProcessDies().observe(
                Note(node: 0, .died(.inconsistentLeader)), world, chronicle, &findings)
        }
        #expect(findings.count(of: .noProcessDies) == 100)
        #expect(findings.violations.count == Findings.kept)
    }

    private func batch(_ offset: Int64, item: Int64? = nil) -> RaftBatch {
        RaftBatch(
            baseOffset: offset, count: 1, epoch: 1, sizeInBytes: 100,
            content: .data(firstItem: item ?? offset))
    }
}
