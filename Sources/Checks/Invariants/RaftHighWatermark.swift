import Kafka
import Kernel
import Simulation

/// `raft-high-watermark`: within one life of a process its high watermark only grows; when a leader
/// moves it, a majority of its voters has everything below on disk (KAFKA-10533), and at least one
/// record of the leader's own epoch is among it: those of older epochs alone do not count as
/// committed, however many have them (Raft §5.4.2, KAFKA-12619).
///
/// A leader may count its own records while it is still flushing them, because it does nothing else
/// until that is done (KafkaRaftClient.flushLeaderLog): then the judgement waits for its flush.
struct RaftHighWatermark: Sendable {
    private struct Pending: Sendable {
        var leader: Int
        var offset: Int64
    }

    private var pending: [Pending] = []

    mutating func observe(
        _ note: Note, _ world: World, _ ghost: RaftGhost, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        switch note.happening {
        case .movedHighWatermark(let from, let to):
            if let from, to < from {
                findings.add(.raftHighWatermark) {
                    Violation(
                        .raftHighWatermark, at: world.now, event: world.eventCount,
                        summary: "the high watermark of \(world.name(note.node)) moved back from "
                            + "\(from) to \(to)",
                        causes: chronicle.causes(
                            of: [note.node], since: .zero, in: world, atMost: 6))
                }
            }
            if world.role(note.node) == .leader {
                judgeEpochStart(note.node, to, world, chronicle, &findings)
                judge(note.node, to, world, ghost, chronicle, &findings)
            }
        case .flushed where !pending.isEmpty:
            let due = pending.filter { $0.leader == note.node }
            pending.removeAll { $0.leader == note.node }
            for one in due { judge(one.leader, one.offset, world, ghost, chronicle, &findings) }
        case .crashed, .lostPower, .stopped, .died:
            pending.removeAll { $0.leader == note.node }
        default:
            break
        }
    }

    private func judgeEpochStart(
        _ leader: Int, _ offset: Int64, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        let epoch = world.nodes[leader].quorum.epoch
        // Its own epoch is the last one that its log knows.
        guard let own = world.nodes[leader].storage.log.epochs.entries.last, own.epoch == epoch,
              offset <= own.start else { return }
        findings.add(.raftHighWatermark) {
            Violation(
                .raftHighWatermark, at: world.now, event: world.eventCount,
                summary: """
                    \(world.name(leader)) says that \(offset) records are committed, and none of \
                    them is of its own epoch \(epoch), which begins at \(own.start)
                    """,
                causes: chronicle.causes(
                    of: Array(world.nodes.indices), since: world.now - .seconds(10), in: world))
        }
    }

    private mutating func judge(
        _ leader: Int, _ offset: Int64, _ world: World, _ ghost: RaftGhost,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        let voters = world.nodes[leader].voters.voters
        let majority = voters.count / 2 + 1
        var durable = 0
        var leaderIsFlushing = false
        for voter in voters {
            guard let node = world.index(of: voter.key.id) else { continue }
            if ghost.flushedEnds[node] >= offset, agrees(node, leader, offset, ghost) {
                durable += 1
            } else if node == leader {
                leaderIsFlushing = true
            }
        }
        if durable >= majority { return }
        if durable + 1 >= majority, leaderIsFlushing {
            pending.append(Pending(leader: leader, offset: offset))
            return
        }
        findings.add(.raftHighWatermark) {
            let holders = voters.compactMap { world.index(of: $0.key.id) }
                .filter { ghost.flushedEnds[$0] >= offset }.map(world.name)
            return Violation(
                .raftHighWatermark, at: world.now, event: world.eventCount,
                summary: "\(world.name(leader)) says that \(offset) records are committed, "
                    + "and only \(durable) of \(voters.count) voters "
                    + "\(durable == 1 ? "has" : "have") them on disk"
                    + (holders.isEmpty ? "" : " (\(holders.joined(separator: ", ")))"),
                causes: chronicle.causes(
                    of: voters.compactMap { world.index(of: $0.key.id) },
                    since: world.now - .seconds(10), in: world))
        }
    }

    private func agrees(_ node: Int, _ leader: Int, _ offset: Int64, _ ghost: RaftGhost) -> Bool {
        guard node != leader else { return true }
        guard ghost.chains[node].isComparable, ghost.chains[leader].isComparable,
              offset > ghost.chains[node].start,
              let link = ghost.chains[leader].link(at: offset) else { return true }
        return ghost.chains[node].link(at: offset) == link
    }
}
