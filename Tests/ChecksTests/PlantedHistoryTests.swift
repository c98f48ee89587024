import Kafka
import Kernel
import Simulation
import Testing

@testable import Checks

/// Histories of clients, forged: what each guarantee must object to, and what it must let pass.
@Suite struct PlantedHistoryTests {
    private let world: World
    private let id = TopicIDPartition(TopicID(7), 0)
    private var history: PartitionHistory
    private var findings = Findings()
    private let chronicle = Chronicle()
    private let guarantees = HistoryGuarantees()

    init() throws {
        world = World(try smallCluster(reads: true))
        history = PartitionHistory(id)
    }

    /// A log of batches of one record each, whose values are these.
    private func log(_ values: [Int64]) -> LogChain {
        var chain = LogChain()
        for (offset, value) in values.enumerated() {
            let record = Record(timestamp: 0, key: nil, value: .number(value, width: 8))
            chain.append(RecordBatch(baseOffset: Int64(offset), leaderEpoch: 0, records: [record]))
        }
        return chain
    }

    private func written(_ offset: Int64, in log: LogChain, by client: Int = 6)
        -> AcknowledgedLog.Batch
    {
        AcknowledgedLog.Batch(
            start: offset, link: log.link(at: offset + 1)!, at: .zero, client: client, leader: 3,
            holders: 1)
    }

    private mutating func conclude() {
        guarantees.conclude(history, start: 0, world, chronicle, &findings)
    }

    @Test mutating func `nothing that happened breaks nothing`() {
        conclude()
        #expect(findings.violations.isEmpty)
    }

    @Test mutating func `sends of which nobody knows where they went break nothing`() {
        let log = log([0, 1, 2])
        history.received.insert(0..<3)
        ConsistentOffsets().observe(
            readUpTo: 2, of: log, by: 7, &history, world, chronicle, &findings)
        conclude()
        #expect(findings.violations.isEmpty)
    }

    @Test mutating func `what is acknowledged and read is in order`() {
        let log = log([0, 1, 2])
        for offset in 0..<3 as Range<Int64> { history.keep(written(offset, in: log)) }
        ConsistentOffsets().observe(
            readUpTo: 2, of: log, by: 7, &history, world, chronicle, &findings)
        history.received.insert(0..<3)
        conclude()
        #expect(findings.violations.isEmpty)
    }

    @Test mutating func `a hole below what was read is a lost write, the end is only unseen`() {
        let log = log([0, 1, 2, 3])
        for offset in 0..<4 as Range<Int64> { history.keep(written(offset, in: log)) }
        history.received.insert(0..<1)
        history.received.insert(2..<3)
        conclude()
        #expect(findings.broken == [.lostWrite, .unseen])
        #expect(findings.violations[0].summary.contains("@1, acknowledged to till"))
        #expect(findings.violations[1].summary.contains("@1 and 1 more"))
    }

    @Test mutating func `a record that was replaced by another was not read`() {
        let log = log([0, 1, 2])
        for offset in 0..<3 as Range<Int64> { history.keep(written(offset, in: log)) }
        history.read = self.log([0, 9, 2])
        history.received.insert(0..<3)
        conclude()
        #expect(findings.broken == [.lostWrite, .unseen])
    }

    @Test mutating func `what was never offered to a consumer that began late is not missed`() {
        let log = log([0, 1, 2])
        for offset in 0..<3 as Range<Int64> { history.keep(written(offset, in: log)) }
        history.received.insert(2..<3)
        conclude()
        #expect(findings.violations.isEmpty)
    }

    @Test mutating func `two readers of two logs see one offset with two values`() {
        let guarantee = ConsistentOffsets()
        guarantee.observe(
            readUpTo: 2, of: log([0, 1, 2]), by: 7, &history, world, chronicle, &findings)
        guarantee.observe(
            readUpTo: 1, of: log([0, 1, 2, 3]), by: 8, &history, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(
            readUpTo: 2, of: log([0, 1, 5]), by: 8, &history, world, chronicle, &findings)
        guarantee.observe(
            readUpTo: 2, of: log([0, 1, 5]), by: 8, &history, world, chronicle, &findings)
        #expect(findings.count(of: .inconsistentOffsets) == 1)
        #expect(findings.violations[0].summary.contains("@2:"))
    }

    @Test mutating func `two writers are told the same offset`() {
        let guarantee = ConsistentOffsets()
        guarantee.observe(
            written: written(2, in: log([0, 1, 2])), &history, world, chronicle, &findings)
        guarantee.observe(
            written: written(1, in: log([0, 1, 2])), &history, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(
            written: written(2, in: log([0, 1, 5])), &history, world, chronicle, &findings)
        #expect(findings.count(of: .inconsistentOffsets) == 1)
    }

    @Test mutating func `a producer's later record lies behind its earlier one`() {
        let guarantee = MonotonicSends()
        var ghost = PartitionGhost(id)
        ghost.appendings.append(3..<4, by: 0, at: .zero + .seconds(1))
        ghost.appendings.append(4..<5, by: 0, at: .zero + .seconds(2))
        func send(_ ticket: Int64, at offset: Int64, _ history: inout PartitionHistory) {
            guarantee.observe(
                [SendTicket(ticket)], at: offset, by: 6, losses: 0, &history, ghost, world,
                chronicle, &findings)
        }
        send(0, at: 0, &history)
        send(2, at: 2, &history)
        send(1, at: 1, &history)
        #expect(findings.violations.isEmpty)
        send(4, at: 3, &history)
        send(3, at: 4, &history)
        #expect(findings.count(of: .nonmonotonicSend) == 1)
        #expect(
            findings.violations[0].summary.hasPrefix("till sent record 3 before record 4 to "))
        let appends = findings.violations[0].causes.filter { $0.text.contains(" appends record ") }
        #expect(appends.map(\.at) == [.zero + .seconds(1), .zero + .seconds(2)])
        #expect(appends[1].text.contains("record 3, which was sent before that one"))
    }

    @Test mutating func `a record that was lost when acknowledged has no place in the order`() {
        func acknowledge(
            _ ticket: Int64, at offset: Int64, losses: Int?, _ history: inout PartitionHistory
        ) {
            guarantees.acknowledged(
                [SendTicket(ticket)], at: offset, by: 6, nil, losses: losses, &history,
                PartitionGhost(id), world, chronicle, &findings)
        }
        acknowledge(0, at: 4, losses: 0, &history)
        acknowledge(1, at: 9, losses: nil, &history)
        acknowledge(2, at: 9, losses: 0, &history)
        #expect(findings.violations.isEmpty)
        acknowledge(3, at: 8, losses: 0, &history)
        #expect(findings.count(of: .nonmonotonicSend) == 1)
    }

    @Test mutating func `a consumer that goes back is caught, one that was sent back is not`() {
        let guarantee = MonotonicPolls()
        let ghost = PartitionGhost(id)
        func poll(_ from: Int64, _ last: Int64, _ history: inout PartitionHistory) {
            guarantee.observe(
                from, to: last, by: 7, &history, ghost, world, chronicle, &findings)
        }
        poll(0, 4, &history)
        history.positions[0].event = 99
        poll(5, 9, &history)
        history.reset(7)
        poll(0, 4, &history)
        #expect(findings.violations.isEmpty)
        poll(3, 4, &history)
        #expect(findings.broken == [.intNonmonotonicPoll])
        history.positions[0].event = 99
        poll(3, 4, &history)
        #expect(findings.broken == [.nonmonotonicPoll, .intNonmonotonicPoll])
    }

    /// It is slow, and what it would have read next is deleted: from there it goes to the end.
    @Test func `a consumer that says that it was reset is no consumer gone astray`() throws {
        var configuration = try smallCluster(records: 40, reads: true)
        configuration.cluster?.consumers[0].settings.maxPollRecords = 5
        configuration.cluster?.consumers[0].settings.maxPartitionFetchBytes = 1
        configuration.cluster?.consumers[0].settings.reset = .latest
        configuration.cluster?.consumers[0].workTime = .seconds(3)
        let first = TopicPartition("orders", 0)
        configuration.steps = [
            Step(
                .at(.zero + .seconds(1)), .tell(.client("billing"), .seek(first, .offset(0)))),
            Step(
                .when(.replica(first, .highWatermark, on: nil, atLeast: 40)),
                delay: .seconds(7),
                .manage(
                    .deleteRecords(topic: "orders", partition: 0, before: 20),
                    through: .controllers)),
            Step(
                .when(.replica(first, .highWatermark, on: nil, atLeast: 40)),
                delay: .seconds(25), .send(.client("till"), SendOrder(to: "orders", records: 5))),
        ]
        var world = World(configuration)
        var judge = Judge(world)
        var resets: [Int64] = []
        var received: [Int64] = []
        while world.nextEventAt < .zero + .seconds(40), world.step() {
            judge.observe(world)
            for case .client(let note) in world.notes.map(\.happening) {
                if case .reset(_, let offset, _) = note { resets.append(offset) }
                if case .received(_, let from, _) = note { received.append(from) }
            }
        }
        #expect(resets.last == 40)
        #expect(received.contains { $0 < 20 } && received.contains(40))
        #expect(!received.contains { $0 >= 20 && $0 < 40 })
        #expect(judge.findings.violations.isEmpty)
    }

    @Test mutating func `a consumer that leaves out what its leader has is caught`() throws {
        var configuration = try smallCluster(reads: true)
        configuration.cluster?.consumers = []
        var world = World(configuration)
        var leader: Int?
        var id = id
        while world.nextEventAt < .zero + .seconds(5), world.step() {
            for note in world.notes {
                if case .broker(.replica(.becameLeader(let its, _, _))) = note.happening {
                    (id, leader) = (its, note.node)
                }
            }
        }
        var ghost = PartitionGhost(id)
        let node = try #require(leader)
        let standing = try #require(world.standing(of: id, at: node))
        ghost.open(node, from: 0, to: standing.logEnd, in: world)
        ghost.register(try #require(world.latestImage.partition(id)), in: world)
        #expect(standing.logEnd > 20)
        #expect(ghost.currentLeader(in: world) != nil)
        history = PartitionHistory(id)
        let guarantee = MonotonicPolls()
        guarantee.observe(0, to: 3, by: 7, &history, ghost, world, chronicle, &findings)
        guarantee.observe(4, to: 5, by: 7, &history, ghost, world, chronicle, &findings)
        #expect(findings.violations.isEmpty)
        guarantee.observe(9, to: 9, by: 7, &history, ghost, world, chronicle, &findings)
        #expect(findings.broken == [.intPollSkip])
        history.positions[0].event = 0
        guarantee.observe(12, to: 12, by: 7, &history, ghost, world, chronicle, &findings)
        #expect(findings.broken == [.pollSkip, .intPollSkip])
        NoDuplicates().observe(upTo: 9, &history, ghost, world, chronicle, &findings)
        #expect(findings.count(of: .duplicate) == 0)
        history.examinedEnd = 5
        NoDuplicates().observe(upTo: 9, &history, ghost, world, chronicle, &findings)
        #expect(findings.count(of: .duplicate) == 1)
    }

    @Test func `ranges of offsets agree with a list of all offsets`() {
        var choices = Choices(seed: 3)
        func draw(_ bound: UInt64) -> Int64 {
            Int64(choices.draw(ActorID(1), Purpose(code: 1), below: bound))
        }
        for _ in 0..<200 {
            var ranges = OffsetRanges()
            var slow = [Bool](repeating: false, count: 60)
            for _ in 0..<12 {
                let start = draw(50)
                let end = start + 1 + draw(8)
                ranges.insert(start..<end)
                for offset in start..<end { slow[Int(offset)] = true }
            }
            for offset in 0..<60 { #expect(ranges.contains(Int64(offset)) == slow[offset]) }
            let missing = ranges.missing(in: 10..<40).flatMap { Array($0) }
            #expect(missing == (10..<40).filter { !slow[$0] }.map(Int64.init))
        }
    }
}
