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
///
/// The voters are those that the leader's log named last when it moved its high watermark,
/// committed or not (KIP-853). It may have appended another set since, in the same event, and what
/// had been committed before that stays committed.
struct RaftHighWatermark: Sendable {
    private struct Claim: Sendable {
        var leader: Int
        var offset: Int64
        /// The set that was in force, or several of which one was.
        var sets: [VoterSet]
    }

    private var pending: [Claim] = []
    /// Each node's voters after the event before this one; nil: as configured.
    private var formerVoters: [VoterSet?]

    init(nodes: Int) {
        formerVoters = Array(repeating: nil, count: nodes)
    }

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
        case .changedVoters: formerVoters[note.node] = world.nodes[note.node].voters
        case .flushed where !pending.isEmpty:
            let due = pending.filter { $0.leader == note.node }
            pending.removeAll { $0.leader == note.node }
            for claim in due { judge(claim, world, ghost, chronicle, &findings) }
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
        let voters = world.nodes[leader].voters
        let holders = holderCount(of: offset, leader, among: voters, world, ghost)
        if holders >= voters.majority { return }
        var claim = Claim(leader: leader, offset: offset, sets: [voters])
        if let former = formerVoters[leader], former != voters,
           let change = world.nodes[leader].votersOffset, offset <= change {
            claim.sets.append(former)
        }
        judge(claim, world, ghost, chronicle, &findings)
    }

    private mutating func judge(
        _ claim: Claim, _ world: World, _ ghost: RaftGhost, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        let (leader, offset) = (claim.leader, claim.offset)
        var mayBeDue = false
        for set in claim.sets {
            let holders = holderCount(of: offset, leader, among: set, world, ghost)
            if holders >= set.majority { return }
            if holders + 1 >= set.majority, set.isVoter(world.nodes[leader].local),
               ghost.flushedEnds[leader] < offset {
                mayBeDue = true
            }
        }
        if mayBeDue { return pending.append(claim) }
        findings.add(.raftHighWatermark) {
            let voters = claim.sets[0].voters.filter {
                holds($0.key, offset, leader, world, ghost)
            }
            let names = voters.map { "controller-\($0.key.id.rawValue)" }
            return Violation(
                .raftHighWatermark, at: world.now, event: world.eventCount,
                summary: "\(world.name(leader)) says that \(offset) records are "
                    + "committed, and only \(names.count) of \(claim.sets[0].count) voters "
                    + "\(names.count == 1 ? "has" : "have") them on disk"
                    + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"),
                causes: chronicle.causes(
                    of: claim.sets[0].voters.compactMap { world.index(of: $0.key.id) },
                    since: world.now - .seconds(10), in: world))
        }
    }

    private func holderCount(
        of offset: Int64, _ leader: Int, among set: VoterSet, _ world: World, _ ghost: RaftGhost
    ) -> Int {
        var count = 0
        for voter in set.voters where holds(voter.key, offset, leader, world, ghost) { count += 1 }
        return count
    }

    /// Whether this voter has on disk what the leader says is committed. A node with another disk
    /// than the voter's is not that voter.
    private func holds(
        _ voter: ReplicaKey, _ offset: Int64, _ leader: Int, _ world: World, _ ghost: RaftGhost
    ) -> Bool {
        guard let node = world.index(of: voter.id), ghost.flushedEnds[node] >= offset,
              voter.stands(for: world.nodes[node].local) else { return false }
        return agrees(node, leader, offset, ghost)
    }

    private func agrees(_ node: Int, _ leader: Int, _ offset: Int64, _ ghost: RaftGhost) -> Bool {
        guard node != leader else { return true }
        guard ghost.chains[node].isComparable, ghost.chains[leader].isComparable,
              offset >= ghost.chains[node].start,
              let link = ghost.chains[leader].link(at: offset) else { return true }
        return ghost.chains[node].link(at: offset) == link
    }
}
