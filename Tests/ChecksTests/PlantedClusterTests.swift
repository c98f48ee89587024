import Kafka
import Kernel
import Simulation
import Testing

@testable import Checks

/// Each guarantee of a cluster is shown what it must object to, and what it must let pass.
@Suite struct PlantedClusterTests {
    private let world: World
    private let id = TopicIDPartition(TopicID(7), 0)
    private var ghost: PartitionGhost
    private var findings = Findings()
    private let chronicle = Chronicle()

    init() throws {
        world = World(try smallCluster())
        ghost = PartitionGhost(id)
    }

    private func registration(
        leader: Int32 = 1, leaderEpoch: Int32 = 0, partitionEpoch: Int32 = 0,
        replicas: [Int32] = [1, 2, 3], isr: [Int32] = [1, 2, 3]
    ) -> PartitionRegistration {
        PartitionRegistration(
            replicas: replicas.map { NodeID($0) }, isr: isr.map { NodeID($0) },
            leader: NodeID(leader), leaderEpoch: leaderEpoch, partitionEpoch: partitionEpoch,
            directories: replicas.map { _ in DirectoryID(1) })
    }

    private func batch(
        _ offset: Int64, epoch: Int32 = 0, value: Int64? = nil, sequence: Int32 = -1
    ) -> RecordBatch {
        let record = Record(timestamp: 0, key: nil, value: .number(value ?? offset, width: 8))
        return RecordBatch(
            baseOffset: offset, leaderEpoch: epoch,
            producerID: sequence < 0 ? .none : ProducerID(5), producerEpoch: sequence < 0 ? -1 : 0,
            baseSequence: sequence, records: [record])
    }

    /// Broker 1's process is 3, broker 2's is 4, broker 3's is 5.
    private mutating func lay(_ offsets: Range<Int64>, on node: Int, value: Int64? = nil) {
        let place = ghost.place(openedBy: node)
        for offset in offsets {
            ghost.append(batch(offset, value: value), to: place, isWrittenByLeader: false)
        }
    }

    // MARK: What the controllers decide

    @Test mutating func `epochs that stand still or fall are caught`() {
        let guarantee = EpochsOnlyGrow()
        guarantee.observe(registration(), ghost, world, chronicle, &findings)
        ghost.register(registration(leaderEpoch: 3, partitionEpoch: 5), in: world)
        guarantee.observe(
            registration(leaderEpoch: 3, partitionEpoch: 6), ghost, world, chronicle, &findings)
        guarantee.observe(
            registration(leader: 2, leaderEpoch: 4, partitionEpoch: 6), ghost, world, chronicle,
            &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(
            registration(leaderEpoch: 3, partitionEpoch: 5), ghost, world, chronicle, &findings)
        guarantee.observe(
            registration(leaderEpoch: 2, partitionEpoch: 6), ghost, world, chronicle, &findings)
        guarantee.observe(
            registration(leader: 2, leaderEpoch: 3, partitionEpoch: 6), ghost, world, chronicle,
            &findings)
        #expect(findings.count(of: .epochsOnlyGrow) == 3)
    }

    @Test mutating func `an ISR of strangers, of twins, or without its leader is caught`() {
        let guarantee = InSyncReplicasAreReplicas()
        guarantee.observe(registration(), after: nil, of: id, world, chronicle, &findings)
        guarantee.observe(
            registration(leader: -1, isr: []), after: nil, of: id, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(
            registration(isr: [1, 4]), after: nil, of: id, world, chronicle, &findings)
        guarantee.observe(
            registration(isr: [2, 3]), after: nil, of: id, world, chronicle, &findings)
        guarantee.observe(
            registration(isr: [1, 2, 2]), after: nil, of: id, world, chronicle, &findings)
        #expect(findings.count(of: .isrWithinReplicas) == 3)
    }

    @Test mutating func `a leader that is fenced when it is elected is caught`() {
        var guarantee = InSyncReplicasAreReplicas()
        let before = registration(leaderEpoch: 6)
        let after = registration(leader: 2, leaderEpoch: 7)
        guarantee.note(NodeID(2), isFenced: true)
        guarantee.note(NodeID(2), isFenced: false)
        guarantee.observe(after, after: before, of: id, world, chronicle, &findings)
        guarantee.note(NodeID(2), isFenced: true)
        guarantee.observe(after, after: after, of: id, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(after, after: before, of: id, world, chronicle, &findings)
        #expect(findings.count(of: .isrWithinReplicas) == 1)
    }

    @Test mutating func `an end of the log before what has been read is caught`() {
        let guarantee = HighWatermark()
        ghost.register(registration(leaderEpoch: 4), in: world)
        ghost.consumedEnd = 10
        ghost.restarted(0)
        ghost.consumedEnd = 12
        for (end, epoch) in [(10, 4), (5, 3)] as [(Int64, Int32)] {
            guarantee.judge(
                end: end, toldIn: epoch, to: 0, ghost, world, chronicle, &findings)
        }
        #expect(findings.violations.isEmpty)
        guarantee.judge(end: 9, toldIn: 4, to: 0, ghost, world, chronicle, &findings)
        #expect(findings.count(of: .highWatermark) == 1)
    }

    @Test mutating func `two leaders of one epoch of a partition are one too many`() {
        let guarantee = OneLeaderPerEpoch()
        // A leader of the past may hear last that it leads.
        ghost.begin(Reign(epoch: 2, node: 4, at: .zero))
        ghost.begin(Reign(epoch: 1, node: 3, at: .zero))
        guarantee.observe(1, by: 3, ghost, world, chronicle, &findings)
        guarantee.observe(3, by: 5, ghost, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(1, by: 4, ghost, world, chronicle, &findings)
        #expect(findings.count(of: .oneLeaderPerEpoch) == 1)
        #expect(findings.violations[0].summary.hasPrefix("broker-1 and broker-2 both lead"))
    }

    @Test mutating func `whoever takes the cluster for another than it is is caught`() {
        let guarantee = ControllerStates()
        var truth = MetadataImage()
        truth.apply(.topic(name: "orders", id: TopicID(7)))
        guarantee.judge(truth, of: 3, truth, world, chronicle, &findings)
        guarantee.judge(nil, of: 6, truth, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.judge(MetadataImage(), of: 3, truth, world, chronicle, &findings)
        #expect(findings.count(of: .controllerState) == 1)
    }

    // MARK: Logs

    @Test mutating func `a leader may not call committed what a member of the ISR lacks`() {
        let guarantee = CommittedPrefix()
        lay(0..<10, on: 3)
        lay(0..<10, on: 4)
        lay(0..<6, on: 5)
        ghost.register(registration(), in: world)
        guarantee.judge(leader: 0, highWatermark: 6, &ghost, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.judge(leader: 0, highWatermark: 7, &ghost, world, chronicle, &findings)
        guarantee.judge(leader: 0, highWatermark: 8, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .committedPrefix) == 1)
        ghost.register(registration(partitionEpoch: 1, isr: [1, 2]), in: world)
        guarantee.judge(leader: 0, highWatermark: 10, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .committedPrefix) == 1)
    }

    @Test mutating func `a member of the ISR with other records is caught, too`() {
        lay(0..<10, on: 3)
        lay(0..<4, on: 4)
        lay(4..<10, on: 4, value: 99)
        ghost.register(registration(isr: [1, 2]), in: world)
        let guarantee = CommittedPrefix()
        guarantee.judge(leader: 0, highWatermark: 4, &ghost, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.judge(leader: 0, highWatermark: 5, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .committedPrefix) == 1)
        #expect(findings.violations[0].summary.hasSuffix("has other records before it"))
    }

    @Test mutating func `logs that part below their high watermarks are caught once`() {
        let guarantee = LogMatching()
        lay(0..<10, on: 3)
        ghost.commit(0, to: 8, epoch: 0, at: .zero)
        lay(0..<8, on: 4)
        lay(0..<5, on: 5)
        lay(5..<8, on: 5, value: 99)
        guarantee.observe(0, highWatermark: 10, &ghost, world, chronicle, &findings)
        guarantee.observe(1, highWatermark: 8, &ghost, world, chronicle, &findings)
        guarantee.observe(2, highWatermark: 5, &ghost, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(2, highWatermark: 6, &ghost, world, chronicle, &findings)
        guarantee.observe(2, highWatermark: 7, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .logMatching) == 1)
        #expect(findings.violations[0].summary.hasSuffix("broker-1 had committed there in epoch 0"))
        ghost.truncate(5, to: 5)
        lay(5..<8, on: 5)
        guarantee.observe(2, highWatermark: 8, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .logMatching) == 1)
    }

    @Test mutating func `a leader without committed records is caught, one that has more is not`() {
        let guarantee = LeaderCompleteness()
        lay(0..<10, on: 3)
        ghost.commit(0, to: 8, epoch: 0, at: .zero)
        lay(0..<9, on: 4)
        lay(0..<7, on: 5)
        guarantee.judge(leader: 1, &ghost, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.judge(leader: 2, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .leaderCompleteness) == 1)
        #expect(ghost.committed.end == 7)
        guarantee.judge(leader: 2, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .leaderCompleteness) == 1)
    }

    @Test mutating func `what was consumed and is gone is caught`() {
        let guarantee = ConsistentRead()
        lay(0..<10, on: 3)
        ghost.commit(0, to: 8, epoch: 0, at: .zero)
        ghost.consumedEnd = 6
        lay(0..<6, on: 4)
        lay(0..<5, on: 5)
        guarantee.judge(leader: 1, &ghost, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.judge(leader: 2, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .consistentRead) == 1)
    }

    @Test mutating func `an acknowledged record that no log has is lost at once`() {
        let guarantee = AcknowledgedRecordLost()
        lay(0..<10, on: 3)
        guarantee.observe(
            [SendTicket(9)], at: 9, to: 6, by: 3, &ghost, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(
            [SendTicket(10)], at: 10, to: 6, by: 3, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .acknowledgedRecordLost) == 1)
    }

    @Test mutating func `what was acknowledged while nobody led is sought in the next leader`() {
        let guarantee = AcknowledgedRecordLost()
        lay(0..<10, on: 3)
        lay(0..<9, on: 4)
        for offset in [8, 9, 7] as [Int64] {
            guarantee.observe(
                [SendTicket(offset)], at: offset, to: 6, by: 3, &ghost, world, chronicle, &findings)
        }
        #expect(findings.violations.isEmpty)
        guarantee.judge(leader: 1, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .acknowledgedRecordLost) == 1)
        #expect(findings.violations[0].summary.contains("@9, acknowledged to till"))
        guarantee.judge(leader: 1, &ghost, world, chronicle, &findings)
        #expect(findings.count(of: .acknowledgedRecordLost) == 1)
    }

    @Test mutating func `a sequence that is written twice is caught`() {
        let place = ghost.place(openedBy: 3)
        for offset in 0..<5 as Range<Int64> {
            ghost.append(
                batch(offset, sequence: Int32(offset)), to: place, isWrittenByLeader: true)
        }
        ProducerStates().observe(&ghost, by: 3, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        ghost.append(batch(5, sequence: 4), to: place, isWrittenByLeader: true)
        ProducerStates().observe(&ghost, by: 3, world, chronicle, &findings)
        #expect(findings.count(of: .producerState) == 1)
    }

    @Test func `a broker that remembers a producer otherwise than its log is caught`() throws {
        let (_, world) = judged(try smallCluster(), seconds: 5, concludes: false)
        let (id, node) = try #require(world.leaderships.first)
        let log = try #require(world.replica(of: id, at: node)).log
        let held = log.activeProducers
        #expect(held.count == 1)
        var findings = Findings()
        ProducerStates().conclude(id, at: node, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        var last: RecordBatch?
        var last2: RecordBatch?
        log.forEachBatch(from: 0, to: log.endOffset) { (last2, last) = (last, $0) }
        let guarantee = ProducerStates()
        guarantee.judge(
            held, against: [try #require(last)], id, at: node, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.judge(
            held, against: [try #require(last2)], id, at: node, world, chronicle, &findings)
        #expect(findings.count(of: .producerState) == 1)
        #expect(findings.violations[0].summary.contains("and its log says "))
    }

    @Test func `a high watermark that falls or leaves the log is caught`() throws {
        let (_, world) = judged(try smallCluster(), seconds: 5, concludes: false)
        let (id, node) = try #require(world.leaderships.first)
        let standing = try #require(world.standing(of: id, at: node))
        let guarantee = HighWatermark()
        func count(_ change: (inout ReplicaStanding) -> Void) -> Int {
            var its = standing
            change(&its)
            var findings = Findings()
            guarantee.judge(id, its, at: node, world, chronicle, &findings)
            return findings.count(of: .highWatermark)
        }
        #expect(standing.isLeader && standing.highWatermark > 20)
        #expect(count { _ in } == 0)
        #expect(count { $0.highWatermark = $0.logEnd + 1 } == 1)
        #expect(count { $0.lastStable = $0.highWatermark + 1 } == 1)
        #expect(count { $0.logStart = $0.lastStable + 1 } == 1)
        func moved(from: Int64, leads: Bool = true) -> Int {
            var its = standing
            its.isLeader = leads
            var findings = Findings()
            guarantee.observe(id, its, from: from, at: node, world, chronicle, &findings)
            return findings.count(of: .highWatermark)
        }
        #expect(moved(from: standing.highWatermark - 1) == 0)
        #expect(moved(from: standing.highWatermark + 1) == 1)
        #expect(moved(from: standing.highWatermark + 1, leads: false) == 0)
    }

    @Test mutating func `a record that two leaders have written is that of the one who told of it`() {
        let place = ghost.place(openedBy: 3)
        ghost.append(batch(0, epoch: 0), to: place, isWrittenByLeader: false)
        let other = ghost.place(openedBy: 4)
        ghost.append(batch(0, epoch: 1), to: other, isWrittenByLeader: false)
        for (node, epoch) in [(3, 0), (4, 1)] as [(Int, Int32)] {
            let told = AcknowledgedRecordLost().observe(
                [SendTicket(0)], at: 0, to: 6, by: node, &ghost, world, chronicle, &findings)
            #expect(told?.link.end.epoch == epoch)
        }
        #expect(findings.violations.isEmpty)
    }

    @Test func `what acks=0 took for written and no log has is missed`() {
        var sends = UnansweredSends()
        #expect(sends.missing(among: [1, 2]).isEmpty)
        sends.tell([SendTicket(0), SendTicket(1), SendTicket(2)], to: 6, at: .zero)
        sends.tell([SendTicket(1)], to: 7, at: .zero)
        #expect(sends.missing(among: [2, 1, 0, 1, 7]).isEmpty)
        #expect(sends.missing(among: [2, 0, 1]).map(\.client) == [7])
        #expect(sends.missing(among: [0, 9]).map(\.number) == [1, 1, 2])
    }

    @Test func `what acks=0 took for written is lost with the leader, and that is said`() throws {
        var configuration = try smallCluster(acks: .none)
        configuration.steps = [
            isolated(1, at: .milliseconds(500)),
            Step(.at(.zero + .milliseconds(900)), .fault(.crash(.node(NodeID(1))))),
            Step(.at(.zero + .seconds(20)), .heal(.all)),
        ]
        let (findings, _) = judged(configuration, seconds: 60)
        #expect(findings.broken == [.acknowledgedRecordLost])
        let violation = try #require(findings.violations.first)
        #expect(violation.summary.contains("of till, sent to orders-0 with acks=0"))
        let causes = violation.causes.map(\.text)
        #expect(causes.contains { $0.hasSuffix("and takes it for written") })
        #expect(causes.contains("broker-1 is cut off from broker-2, broker-3"))
        #expect(causes.contains("broker-1 crashes"))
    }

    @Test func `a consumer that has not read everything in the end is behind`() throws {
        var configuration = try smallCluster(reads: true)
        let cut = Fault.cut(
            .client("billing"), from: .every(.node), .both, .stall)
        configuration.steps = [Step(.at(.zero + .milliseconds(300)), .fault(cut))]
        let (findings, world) = judged(configuration, seconds: 20)
        let lag = try #require(world.consumerLags.first)
        #expect(lag.records > 0)
        #expect(findings.count(of: .clusterRecovers) == 1)
        let violation = try #require(findings.violations(of: .clusterRecovers).first)
        #expect(violation.summary.hasPrefix("billing has not read the last "))
        #expect(violation.summary.hasSuffix(" of orders-0"))
    }

    @Test func `sequences go on at zero after the largest`() {
        var sequences = SequenceGhost()
        var chain = LogChain()
        for (offset, sequence) in [(0, Int32.max), (1, 0)] as [(Int64, Int32)] {
            let next = batch(offset, sequence: sequence)
            sequences.observe(next, chain.append(next))
        }
        #expect(sequences.repeats.isEmpty)
        let again = batch(2, sequence: Int32.max)
        sequences.observe(again, chain.append(again))
        #expect(sequences.repeats.count == 1)
    }

    @Test mutating func `what only a deposed leader has is not written twice`() {
        let deposed = ghost.place(openedBy: 3)
        ghost.append(batch(0, sequence: 0), to: deposed, isWrittenByLeader: true)
        let next = ghost.place(openedBy: 4)
        ghost.append(batch(0, epoch: 1), to: next, isWrittenByLeader: false)
        ghost.readSequences(of: next, in: world)
        ghost.append(batch(1, epoch: 1, sequence: 0), to: next, isWrittenByLeader: true)
        #expect(ghost.sequences.repeats.isEmpty)
        ghost.readSequences(of: next, in: world)
        ghost.append(batch(2, epoch: 1, sequence: 0), to: next, isWrittenByLeader: true)
        #expect(ghost.sequences.repeats.count == 1)
    }

    @Test func `caches that disagree about an epoch differ first where it begins`() {
        let one = [EpochEntry(epoch: 0, startOffset: 0), EpochEntry(epoch: 2, startOffset: 5)]
        let other = [EpochEntry(epoch: 0, startOffset: 0), EpochEntry(epoch: 1, startOffset: 7)]
        #expect(firstDifference(one, other, before: 10) == 5)
        #expect(firstDifference(one, other, before: 5) == nil)
        #expect(firstDifference(one, [EpochEntry(epoch: 2, startOffset: 6)], before: 10) == nil)
        #expect(firstDifference([], other, before: 10) == nil)
    }
}
