import Kafka
import Kernel
import Simulation

/// `raft-stale-leader-resigns`: a leader that a majority has left stops leading by itself, even if
/// nobody tells it (check quorum, KAFKA-15489).
///
/// Judged only by what the stale leader does while it works: each time it acts, and still leads
/// though another has led a later epoch for longer than its own clock allows. Time in which it was
/// paused, busy with its disk, or waiting without a timer does not count.
struct RaftStaleLeaderResigns: Sendable {
    private struct Reign: Sendable {
        var epoch: Int32
        /// Since when, by its own clock, another has led a later epoch; nil while nobody has.
        var replacedAt: Instant?
        var lastActedAt: Instant
        var reported = false
    }

    private var reigns: [Reign?]
    private var replacedCount = 0
    private let patience: Interval
    private let longestNap: Interval

    init(nodes: Int, fetchTimeout: Interval) {
        reigns = Array(repeating: nil, count: nodes)
        // Twice check quorum's 1.5 fetch timeouts: fetches that were on their way may still count.
        patience = Interval(nanoseconds: fetchTimeout.nanoseconds * 3)
        // A leader wakes for BeginQuorumEpoch, or when a request of its own has timed out.
        longestNap = Interval(nanoseconds: fetchTimeout.nanoseconds * 3 / 2)
    }

    /// True if the next event may matter though it has no notes.
    var isWatching: Bool { replacedCount > 0 }

    mutating func observe(_ note: Note, _ world: World) {
        switch note.happening {
        case .becameLeader(let epoch):
            end(note.node)
            for other in reigns.indices {
                guard let reign = reigns[other], reign.epoch < epoch, reign.replacedAt == nil
                else { continue }
                reigns[other]!.replacedAt = world.localTime(other)
                reigns[other]!.lastActedAt = world.localTime(other)
                replacedCount += 1
            }
            reigns[note.node] = Reign(epoch: epoch, lastActedAt: world.localTime(note.node))
        case .becameUnattached, .becameProspective, .becameCandidate, .becameFollower,
             .becameResigned, .crashed, .lostPower, .stopped, .died, .started:
            end(note.node)
        case .resumed:
            if reigns[note.node]?.replacedAt != nil {
                reigns[note.node]!.replacedAt = world.localTime(note.node)
            }
        default:
            break
        }
    }

    /// A process has acted.
    mutating func judge(
        _ node: Int, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let reign = reigns[node], let replacedAt = reign.replacedAt else { return }
        let now = world.localTime(node)
        if now - reign.lastActedAt > longestNap || now < reign.lastActedAt {
            reigns[node]!.replacedAt = now
        }
        reigns[node]!.lastActedAt = now
        guard now - replacedAt > patience, reigns[node]!.replacedAt == replacedAt, !reign.reported
        else { return }
        reigns[node]!.reported = true
        findings.add(.raftStaleLeaderResigns) {
            Violation(
                .raftStaleLeaderResigns, at: world.now, event: world.eventCount,
                summary: "\(world.name(node)) still leads epoch \(reign.epoch), "
                    + "\((now - replacedAt).wholeMilliseconds) ms after another "
                    + "took over in a later epoch",
                causes: chronicle.causes(
                    of: Array(world.nodes.indices), since: world.now - .seconds(20), in: world))
        }
    }

    private mutating func end(_ node: Int) {
        if reigns[node]?.replacedAt != nil { replacedCount -= 1 }
        reigns[node] = nil
    }
}
