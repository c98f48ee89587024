import Kafka
import Kernel
import Simulation

/// `poll-skip` and `nonmonotonic-poll`: one consumer is given the records of a partition in their
/// order and without leaving any out, also where the log was cut beneath it and written anew;
/// `int-poll-skip` and `int-nonmonotonic-poll` say the same of what one poll returns. Where the
/// consumer was sent elsewhere (by its reset policy, by a seek, or because it is another life of
/// it) its order begins anew.
struct MonotonicPolls: Sendable {
    /// A consumer is given the records `from ... last`. Called before the history has them.
    func observe(
        _ from: Int64, to last: Int64, by client: Int, _ history: inout PartitionHistory,
        _ ghost: PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        var now = PartitionHistory.Position(
            client: client, next: last + 1, known: known(last + 1, to: client, history, world),
            event: world.eventCount, repositionings: world.repositionings(ofConsumerIn: client))
        guard let place = history.place(ofReader: client) else {
            return history.positions.append(now)
        }
        let before = history.positions[place]
        let isSentElsewhere = before.repositionings != now.repositionings
        if from == before.next, !isSentElsewhere { now.known = now.known ?? before.known }
        history.positions[place] = now
        guard let next = before.next, !isSentElsewhere else { return }
        let isInternal = before.event == world.eventCount
        if from == next {
            guard isCut(beneath: before, now, ghost, world) else { return }
            report(
                .pollSkip,
                "is given \(name(history, world))@\(from) after a \(next - 1) that is not there "
                    + "any more, and never what was written before it since",
                client, history, world, chronicle, &findings)
        } else if from < next {
            report(
                isInternal ? .intNonmonotonicPoll : .nonmonotonicPoll,
                "is given \(name(history, world))@\(from) after it was given \(next - 1)", client,
                history, world, chronicle, &findings)
        } else if let leader = ghost.currentLeader(in: world), max(next, ghost.start) < from,
            let skipped = record(
                in: max(next, ghost.start)..<from, of: history.id,
                at: ghost.replicas[leader].node, world)
        {
            report(
                isInternal ? .intPollSkip : .pollSkip,
                "is given \(name(history, world))@\(from) after \(next - 1), and never \(skipped)",
                client, history, world, chronicle, &findings)
        }
    }

    private func known(
        _ offset: Int64, to client: Int, _ history: PartitionHistory, _ world: World
    ) -> OffsetAndEpoch? {
        world.epochTaken(byConsumerIn: client, of: history.id, before: offset).map {
            OffsetAndEpoch(offset, $0)
        }
    }

    /// Whether the log holds something else by now where the consumer was before, and what it was
    /// given now is of that log. What a former leader answered may come after the log was cut.
    private func isCut(
        beneath before: PartitionHistory.Position, _ now: PartitionHistory.Position,
        _ ghost: PartitionGhost, _ world: World
    ) -> Bool {
        guard let read = before.known, let given = now.known, read != given,
            let leader = ghost.currentLeader(in: world)
        else { return false }
        let log = ghost.replicas[leader].chain
        return isThere(read, in: log) == false && isThere(given, in: log) == true
    }

    /// At one offset two leader epochs never wrote the same. Nil if it cannot be told.
    private func isThere(_ end: OffsetAndEpoch, in log: LogChain) -> Bool? {
        log.link(holding: end.offset - 1).map { $0.end.epoch == end.epoch }
    }

    /// The first offset in the range that holds something that a consumer is given.
    private func record(
        in range: Range<Int64>, of id: TopicIDPartition, at node: Int, _ world: World
    ) -> Int64? {
        var found: Int64?
        world.forEachBatch(of: id, at: node, from: range.lowerBound, to: range.upperBound) {
            if found == nil { found = $0.firstRecord(in: range) }
        }
        return found
    }

    private func name(_ history: PartitionHistory, _ world: World) -> String {
        world.name(of: history.id)
    }

    private func report(
        _ guarantee: Guarantee, _ complaint: String, _ client: Int, _ history: PartitionHistory,
        _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        findings.add(guarantee) {
            Violation(
                guarantee, at: world.now, event: world.eventCount,
                summary: "\(world.name(client)) \(complaint)",
                causes: chronicle.causes(
                    of: history.id, [client] + world.processes(hosting: history.id), since: .zero,
                    in: world))
        }
    }
}

extension RecordBatch {
    /// The first offset in the range at which there is something that a consumer is given.
    fileprivate func firstRecord(in range: Range<Int64>) -> Int64? {
        switch content {
        case .endTransaction, .emptied: nil
        case .generated: max(baseOffset, range.lowerBound)
        case .spelled(let records):
            records.lazy.map { baseOffset + Int64($0.offsetDelta) }.first { range.contains($0) }
        }
    }
}
