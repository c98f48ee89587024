import Kafka
import Kernel
import Simulation

/// `acknowledged-record-lost`: what a producer was told that is written is in the log of every
/// later leader, whatever `acks` it asked for: the verdict says which. A loss after an unclean
/// election or after a power loss is a loss.
struct AcknowledgedRecordLost: Sendable {
    /// A producer hears that its records are written. Most are in the log of whoever leads, and
    /// are looked for again when somebody else does. What the log is there, if anybody knows.
    @discardableResult
    func observe(
        _ tickets: [SendTicket], at offset: Int64, to client: Int, by node: Int?,
        _ ghost: inout PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) -> AcknowledgedLog.Batch? {
        let end = offset + Int64(tickets.count)
        guard !ghost.isCompacted, end > ghost.start else { return nil }
        guard
            let link = ghost.link(
                endingAt: end, from: offset, tickets.first, toldBy: node, in: world)
        else {
            if ghost.isComparable(at: end) {
                ghost.losses += 1
                report(
                    [.init(start: offset, end: end, client, at: world.now)], in: nil, ghost, world,
                    chronicle, &findings)
            }
            return nil
        }
        let batch = AcknowledgedLog.Batch(
            start: offset, link: link, at: world.now, client: client,
            leader: ghost.leader(of: link.end.epoch)?.node ?? -1, holders: ghost.holders(of: link))
        guard let leader = ghost.currentLeader(in: world) else {
            ghost.acknowledged.putOff(batch)
            return batch
        }
        if ghost.replicas[leader].chain.lacks(batch) {
            ghost.losses += 1
            report([batch], in: leader, ghost, world, chronicle, &findings)
        } else {
            ghost.acknowledged.keep(batch)
        }
        return batch
    }

    /// At the end: what was sent with acks=0 has arrived, or it is lost. Where records were deleted
    /// by right nobody can tell these from others.
    func conclude(
        leader place: Int, _ ghost: PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard !ghost.unanswered.sends.isEmpty, !ghost.isCompacted, ghost.start == 0 else { return }
        let node = ghost.replicas[place].node
        var numbers: [Int64] = []
        world.forEachBatch(of: ghost.id, at: node, from: 0, to: .max) { batch in
            guard !batch.hasProducerID, case .spelled(let records) = batch.content else { return }
            for record in records {
                if case .number(let number, _)? = record.value { numbers.append(number) }
            }
        }
        let missing = ghost.unanswered.missing(among: numbers)
        guard let first = missing.first else { return }
        // Whoever leads now has led since, and has never had it.
        let reign = ghost.reigns.last?.at ?? .never
        findings.add(.acknowledgedRecordLost) {
            let also = missing.count > 1 ? ", and others (\(missing.count) in all)" : ""
            let client = world.name(first.client)
            return Violation(
                .acknowledgedRecordLost, at: world.now, event: world.eventCount,
                summary: "record \(first.number) of \(client), sent to \(world.name(of: ghost.id)) "
                    + "with acks=0\(also), is not in the log of \(world.name(node)), which leads",
                causes: ([
                    Violation.Cause(
                        at: first.at,
                        "\(client) sends record \(first.number) and takes it for written")
                ]
                    + chronicle.causes(
                        of: ghost.id, [first.client] + ghost.replicas.map(\.node),
                        since: first.at, until: reign > first.at ? reign : .never, in: world))
                    .inOrderOfTime)
        }
    }

    /// Somebody leads whom the metadata log says to: he has it all, or it is lost.
    func judge(
        leader place: Int, _ ghost: inout PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard !ghost.acknowledged.isEmpty, !ghost.isCompacted else { return }
        let lost = ghost.acknowledged.takeLost(from: ghost.replicas[place].chain)
        if lost.isEmpty { return }
        ghost.losses += 1
        report(lost, in: place, ghost, world, chronicle, &findings)
    }

    private func report(
        _ lost: [AcknowledgedLog.Batch], in leader: Int?, _ ghost: PartitionGhost,
        _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        findings.add(.acknowledgedRecordLost) {
            let first = lost[0]
            let records = lost.reduce(0) { $0 + $1.end - $1.start }
            let name = world.name(of: ghost.id)
            let place = leader.map { place in
                let epoch = ghost.registration?.leaderEpoch ?? -1
                return "the log of \(world.name(ghost.replicas[place].node)), which leads epoch "
                    + "\(epoch)"
            }
            let also = records > first.end - first.start ? ", and others (\(records) in all)" : ""
            return Violation(
                .acknowledgedRecordLost, at: world.now, event: world.eventCount,
                summary: "\(name)@\(words(first)), acknowledged to \(world.name(first.client)) "
                    + "with acks=\(acks(of: first, world))\(also), is not in \(place ?? "any log")",
                causes: ([acknowledgement(of: first, ghost, world)]
                    + chronicle.causes(
                        of: ghost.id, ghost.replicas.map(\.node),
                        since: beginning(of: first, ghost), in: world))
                    .inOrderOfTime)
        }
    }

    /// The story begins with the acknowledgement, or, if somebody else led by then, with how that
    /// came about.
    private func beginning(of batch: AcknowledgedLog.Batch, _ ghost: PartitionGhost) -> Instant {
        guard let reign = ghost.reigns.last, reign.at < batch.at, reign.node != batch.leader
        else { return batch.at }
        return reign.at - .seconds(1)
    }

    private func acknowledgement(
        of batch: AcknowledgedLog.Batch, _ ghost: PartitionGhost, _ world: World
    ) -> Violation.Cause {
        let by = batch.leader >= 0 ? " by \(world.name(batch.leader))" : ""
        let holders = ghost.replicas.indices.filter { batch.holders & (1 << UInt32($0)) != 0 }
            .map { world.name(ghost.replicas[$0].node) }
        let had = holders.isEmpty ? "" : "; then it was on \(holders.joined(separator: ", "))"
        return Violation.Cause(
            at: batch.at,
            "\(world.name(of: ghost.id))@\(words(batch)) was acknowledged\(by) "
                + "(epoch \(batch.link.end.epoch))\(had)")
    }

    private func words(_ batch: AcknowledgedLog.Batch) -> String {
        batch.end == batch.start + 1 ? "\(batch.start)" : "\(batch.start)..\(batch.end - 1)"
    }

    private func acks(of batch: AcknowledgedLog.Batch, _ world: World) -> String {
        switch world.acks(ofProducerIn: batch.client) {
        case .all?: "all"
        case .leader?: "1"
        case ProducerSettings.Acks.none?: "0"
        case nil: "?"
        }
    }
}

extension AcknowledgedLog.Batch {
    /// One that no log holds.
    init(start: Int64, end: Int64, _ client: Int, at now: Instant) {
        self.init(
            start: start, link: .init(end: OffsetAndEpoch(end, -1), fingerprint: 0), at: now,
            client: client, leader: -1, holders: 0)
    }
}

extension PartitionGhost {
    /// What the log was where the records were written, of whichever replica wrote them. Logs may
    /// have parted, so that another batch ends there in another log: then what the record says
    /// decides. A record that was sent again may have been written at the same offset twice: then
    /// it is the leader's, or, while nobody knows who leads, that of the broker who told of it.
    @inline(__always)
    fileprivate func link(
        endingAt end: Int64, from offset: Int64, _ ticket: SendTicket?, toldBy node: Int?,
        in world: World
    ) -> LogChain.Link? {
        var found: (link: LogChain.Link, place: Int)?
        let first = currentLeader(in: world) ?? node.flatMap { place(of: $0) }
        for turn in -1..<replicas.count {
            guard let place = turn < 0 ? first : turn, replicas[place].chain.isComparable,
                let link = replicas[place].chain.link(at: end), link != found?.link
            else { continue }
            guard let other = found?.place else {
                found = (link, place)
                continue
            }
            if isWritten(ticket, at: offset, on: place, in: world),
                !isWritten(ticket, at: offset, on: other, in: world)
            {
                found = (link, place)
            }
        }
        return found?.link
    }

    /// Whether the record says the number that its producer gave it.
    private func isWritten(
        _ ticket: SendTicket?, at offset: Int64, on place: Int, in world: World
    ) -> Bool {
        var isIt = false
        let node = replicas[place].node
        world.forEachBatch(of: id, at: node, from: offset, to: offset + 1) { batch in
            guard case .spelled(let records) = batch.content,
                let record = records.first(where: {
                    batch.baseOffset + Int64($0.offsetDelta) == offset
                }), case .number(let number, _)? = record.value
            else { return }
            isIt = number == ticket?.rawValue
        }
        return isIt
    }

    @inline(__always)
    fileprivate func holders(of link: LogChain.Link) -> UInt32 {
        var holders: UInt32 = 0
        for place in replicas.indices.prefix(32)
        where replicas[place].chain.link(at: link.end.offset) == link {
            holders |= 1 << UInt32(place)
        }
        return holders
    }

    /// Whether somebody would know what ended there.
    fileprivate func isComparable(at end: Int64) -> Bool {
        replicas.contains { $0.chain.isComparable && $0.chain.start < end }
    }
}
