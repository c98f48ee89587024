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
        let now = PartitionHistory.Position(
            client: client, next: last + 1,
            epoch: world.epochTaken(byConsumerIn: client, of: history.id, before: last + 1),
            event: world.eventCount, repositionings: world.repositionings(ofConsumerIn: client))
        guard let place = history.place(ofReader: client) else {
            return history.positions.append(now)
        }
        let before = history.positions[place]
        history.positions[place] = now
        guard let next = before.next, before.repositionings == now.repositionings else { return }
        let isInternal = before.event == world.eventCount
        if from == next {
            // What a former leader answered, before the log was cut, may come after that.
            guard let leader = ghost.currentLeader(in: world),
                isThere(before, in: ghost.replicas[leader].chain) == false,
                isThere(now, in: ghost.replicas[leader].chain) == true
            else { return }
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

    /// Whether what a consumer was last given is what is there now: at one offset two leader epochs
    /// never wrote the same. Nil if that cannot be told.
    private func isThere(
        _ position: PartitionHistory.Position, in log: LogChain
    ) -> Bool? {
        guard let epoch = position.epoch, let next = position.next,
            let link = log.link(holding: next - 1)
        else { return nil }
        return link.end.epoch == epoch
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
