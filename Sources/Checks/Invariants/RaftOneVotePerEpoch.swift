import Kafka
import Kernel
import Simulation

/// `raft-one-vote-per-epoch`: a voter promises an epoch to one candidate, and remembers it across
/// restarts (Raft §5.2). A node with a replaced disk is another voter (KIP-853).
///
/// The promise counts from the moment at which its disk has it: a process that is killed before has
/// told nobody.
struct RaftOneVotePerEpoch: Sendable {
    private struct Promise: Sendable {
        var voter: ReplicaKey
        var epoch: Int32
        var candidate: NodeID
        var at: Instant
    }

    /// Each voter's latest promises; older epochs can no longer be voted in.
    private var promises: [Promise] = []
    private static let keptPerVoter = 8

    mutating func observe(
        _ note: Note, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard case .promisedVote(let epoch, let candidate) = note.happening else { return }
        let node = world.nodes[note.node]
        let voter = ReplicaKey(node.configuration.id, node.storage.directory)
        if let earlier = promises.first(where: { $0.voter == voter && $0.epoch == epoch }) {
            guard earlier.candidate != candidate.id else { return }
            findings.add(.raftOneVotePerEpoch) {
                Violation(
                    .raftOneVotePerEpoch, at: world.now, event: world.eventCount,
                    summary: "\(world.name(note.node)) voted for \(earlier.candidate.rawValue) and "
                        + "then for \(candidate.id.rawValue) in epoch \(epoch)",
                    causes: chronicle.causes(of: [note.node], since: earlier.at, in: world))
            }
            return
        }
        promises.append(
            Promise(voter: voter, epoch: epoch, candidate: candidate.id, at: world.now))
        if promises.lazy.filter({ $0.voter == voter }).count > Self.keptPerVoter {
            promises.remove(at: promises.firstIndex { $0.voter == voter }!)
        }
    }
}
