import Kafka
import Kernel
import Simulation

/// `raft-no-needless-election`: nobody becomes a candidate while a majority of the voters has been
/// following one leader, undisturbed, for so long that no answer from before can still count
/// (KIP-996: a voter that follows and fetches refuses pre-votes).
///
/// A voter that starts again as the candidate it was is not judged: it asks for no pre-votes.
struct RaftNoNeedlessElection: Sendable {
    /// Longer than an election timeout and a request timeout together, with Kafka's defaults.
    private static let calm = Interval.seconds(5)

    private struct Allegiance: Sendable {
        var leader: NodeID?
        var epoch: Int32 = -1
        var since = Instant.zero
        var startedAt = Instant.zero
    }

    private var nodes: [Allegiance]

    init(nodes: Int) {
        self.nodes = Array(repeating: Allegiance(), count: nodes)
    }

    mutating func observe(
        _ note: Note, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        let id = world.nodes[note.node].configuration.id
        switch note.happening {
        case .becameFollower(let epoch, let leader):
            follow(note.node, leader, epoch, world.now)
        case .becameLeader(let epoch):
            follow(note.node, id, epoch, world.now)
        case .becameCandidate(let epoch):
            judge(note.node, epoch, world, chronicle, &findings)
            nodes[note.node].leader = nil
        case .started, .resumed:
            nodes[note.node].leader = nil
            nodes[note.node].startedAt = world.now
        case .becameUnattached, .becameProspective, .becameResigned, .crashed, .lostPower, .paused,
             .stopped, .died:
            nodes[note.node].leader = nil
        default:
            break
        }
    }

    private mutating func follow(_ node: Int, _ leader: NodeID, _ epoch: Int32, _ now: Instant) {
        guard nodes[node].leader != leader || nodes[node].epoch != epoch else { return }
        nodes[node].leader = leader
        nodes[node].epoch = epoch
        nodes[node].since = now
    }

    private func judge(
        _ candidate: Int, _ epoch: Int32, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard nodes[candidate].startedAt < world.now else { return }
        for (place, its) in nodes.enumerated() {
            guard its.leader == world.nodes[place].configuration.id, its.epoch < epoch,
                  world.role(place) == .leader else { continue }
            let voters = world.nodes[place].voters.voters
            let calmBefore = world.now - Self.calm
            let followers = voters.filter { voter in
                guard let node = world.index(of: voter.key.id), node != candidate else {
                    return false
                }
                return nodes[node].leader == its.leader && nodes[node].epoch == its.epoch
                    && nodes[node].since <= calmBefore
            }
            guard followers.count >= voters.count / 2 + 1 else { continue }
            findings.add(.raftNoNeedlessElection) {
                Violation(
                    .raftNoNeedlessElection, at: world.now, event: world.eventCount,
                    summary: """
                        \(world.name(candidate)) stands for election in epoch \(epoch), though \
                        \(followers.count) of \(voters.count) voters have followed \
                        \(world.name(place)) in epoch \(its.epoch) since \(its.since) s
                        """,
                    causes: chronicle.causes(
                        of: [candidate, place], since: its.since, in: world))
            }
        }
    }
}
