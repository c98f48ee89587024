import Kafka
import Kernel
import Testing

@testable import Checks
@testable import Simulation

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

    @Test(arguments: [true, false])
    mutating func `what was written once counts, though the power took it`(wasWritten: Bool) {
        var world = world
        var judge = Judge(world)
        func tell(_ happening: Happening) {
            world.notes = [Note(node: 0, happening)]
            judge.observe(world)
        }
        world.nodes[0] = node(0, log: RaftLog(start: 0, batches: [batch(0)]))
        tell(.appended(from: 0, to: 1))
        world.nodes[0] = node(0, log: RaftLog())
        tell(wasWritten ? .lostRecords(from: 1, to: 0) : .forgotRecords(from: 1, to: 0))
        world.nodes[0] = node(0, log: RaftLog(start: 0, batches: [batch(0, item: 7)]))
        tell(.appended(from: 0, to: 1))
        #expect(judge.findings.count(of: .raftLogMatching) == (wasWritten ? 1 : 0))
    }

    @Test(arguments: [true, false])
    mutating func `a snapshot that holds something else than what is committed is caught`(
        isTrue: Bool
    ) {
        var world = world
        var judge = Judge(world)
        func tell(_ node: Int, _ happenings: Happening...) {
            world.notes = happenings.map { Note(node: node, $0) }
            judge.observe(world)
        }
        var chain = LogChain()
        for offset in 0..<3 as Range<Int64> { chain.append(batch(offset)) }
        world.nodes[0] = node(0, log: RaftLog(start: 0, batches: (0..<4).map { batch($0) }))
        tell(0, .appended(from: 0, to: 4), .movedHighWatermark(from: nil, to: 4))
        let snapshot = RaftSnapshot(
            id: OffsetAndEpoch(3, 1), kraftVersion: 1, voters: nil, sizeInBytes: 1,
            stateFingerprint: isTrue ? chain.last.fingerprint : 99)
        world.nodes[1] = node(1, log: RaftLog(start: 3, batches: [], snapshots: [snapshot]))
        tell(
            1, .appended(from: 0, to: 3), .movedHighWatermark(from: nil, to: 3),
            .cleanedLog(start: 3))
        #expect(judge.findings.count(of: .raftCommittedNeverChanges) == (isTrue ? 0 : 1))
        tell(1, .loadedSnapshot(OffsetAndEpoch(3, 1)))
        #expect(judge.findings.count(of: .raftCommittedNeverChanges) == (isTrue ? 0 : 2))
        // What is appended behind it is another log, too.
        world.nodes[1] = node(
            1, log: RaftLog(start: 3, batches: [batch(3)], snapshots: [snapshot]))
        tell(1, .appended(from: 3, to: 4))
        #expect(judge.findings.count(of: .raftLogMatching) == (isTrue ? 0 : 1))
        tell(1, .becameLeader(epoch: 2))
        #expect(judge.findings.count(of: .raftLeaderHasCommitted) == (isTrue ? 0 : 1))
    }

    @Test mutating func `a high watermark that moves back is caught`() {
        var guarantee = RaftHighWatermark(nodes: 3)
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

    private func node(_ place: Int, log: RaftLog) -> RaftNode {
        RaftNode(
            world.nodes[place].configuration,
            storage: RaftStorage(directory: world.nodes[place].storage.directory, log: log))
    }

    private func batch(_ offset: Int64, item: Int64? = nil) -> RaftBatch {
        RaftBatch(
            baseOffset: offset, count: 1, epoch: 1, sizeInBytes: 100,
            content: .data(firstItem: item ?? offset))
    }
}
