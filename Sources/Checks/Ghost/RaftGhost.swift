import Kafka
import Kernel
import Simulation

/// What the judges know besides the world itself: every log as a chain of fingerprints, how much of
/// it its process believes to be on disk, and the one true committed log.
///
/// Kept in step by the notes of each event, so it costs what changed and nothing else.
struct RaftGhost: Sendable {
    private(set) var chains: [LogChain]
    /// The end of what each process has flushed, as far as its disk told the truth.
    private(set) var flushedEnds: [Int64]
    private(set) var committed = CommittedLog()
    /// The links that the last note laid on.
    private(set) var newLinks: [LogChain.Link] = []

    init(nodes: Int) {
        chains = Array(repeating: LogChain(), count: nodes)
        flushedEnds = Array(repeating: 0, count: nodes)
    }

    /// Follows one note.
    mutating func observe(_ note: Note, in world: World) {
        let node = note.node
        newLinks.removeAll(keepingCapacity: true)
        switch note.happening {
        case .appended(let from, let to):
            if chains[node].end != from { chains[node].truncate(to: from) }
            world.nodes[node].storage.log.forEachBatch(from: from, to: to) { batch in
                let link = chains[node].append(batch)
                if chains[node].isComparable { newLinks.append(link) }
            }
        case .truncated(_, let to), .lostRecords(_, let to), .forgotRecords(_, let to):
            chains[node].truncate(to: to)
            maybeBeginAnew(node, in: world)
            flushedEnds[node] = min(flushedEnds[node], to)
        case .flushed(let logEnd):
            flushedEnds[node] = logEnd
        case .loadedSnapshot(let id):
            maybeBeginAnew(node, in: world)
            flushedEnds[node] = max(flushedEnds[node], id.offset)
        case .cleanedLog(let start):
            chains[node].dropPrefix(to: start)
            maybeBeginAnew(node, in: world)
            committed.dropPrefix(to: chains.reduce(Int64.max) { min($0, $1.start) })
        case .started:
            rebuild(node, in: world)
        default:
            break
        }
    }

    /// The high watermark of a node has moved: what is below it is committed.
    mutating func commit(_ node: Int, to offset: Int64, epoch: Int32, at now: Instant) {
        guard offset > committed.end else { return }
        committed.extend(with: chains[node], to: offset, by: node, in: epoch, at: now)
    }

    /// A log that is empty behind a snapshot which is not what it held there has been replaced by
    /// that snapshot. From then on it is what the snapshot's content is the end of, true or not. (A
    /// state machine that starts loads a snapshot, too, and leaves the log alone.)
    mutating func maybeBeginAnew(_ node: Int, in world: World) {
        let start = world.nodes[node].storage.log.start
        guard start > 0, start == world.nodes[node].storage.log.end else { return }
        let chain = chain(of: node, in: world)
        if chain.base.end != chains[node].last.end || !chains[node].isComparable {
            chains[node] = chain
        }
    }

    /// What the log of a node is by itself: its oldest snapshot, and what it has behind that.
    private func chain(of node: Int, in world: World) -> LogChain {
        let log = world.nodes[node].storage.log
        var chain = LogChain()
        if log.start > 0 {
            if let snapshot = log.earliestSnapshot {
                chain = LogChain(
                    base: .init(end: snapshot.id, fingerprint: snapshot.stateFingerprint))
            } else {
                chain = LogChain(unknownBefore: OffsetAndEpoch(log.start, 0))
            }
        }
        log.forEachBatch(from: chain.end, to: log.end) { chain.append($0) }
        return chain
    }

    /// A process has started: its disk may be another one, or be empty, or hold a longer prefix
    /// than it did, since only whole segment files are deleted.
    private mutating func rebuild(_ node: Int, in world: World) {
        let end = world.nodes[node].storage.log.end
        guard end != chains[node].end else { return }
        chains[node] = chain(of: node, in: world)
        flushedEnds[node] = end
    }
}
