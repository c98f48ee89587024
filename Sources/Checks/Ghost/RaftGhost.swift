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
                newLinks.append(chains[node].append(batch))
            }
        case .truncated(_, let to), .lostRecords(_, let to):
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

    /// A log that is empty behind its start has been replaced by a snapshot that ends there,
    /// whatever it held before. (A state machine that starts loads a snapshot, too, and leaves the
    /// log alone.)
    mutating func maybeBeginAnew(_ node: Int, in world: World) {
        let start = world.nodes[node].storage.log.start
        guard start > 0, start == world.nodes[node].storage.log.end else { return }
        chains[node] = chain(from: OffsetAndEpoch(start, 0))
    }

    private func chain(from id: OffsetAndEpoch) -> LogChain {
        if id.offset == 0 { return LogChain() }
        if let link = committed.chain.link(at: id.offset) { return LogChain(base: link) }
        return LogChain(unknownBefore: id)
    }

    /// A process has started: its disk may be another one, or be empty, or hold a longer prefix
    /// than it did, since only whole segment files are deleted.
    private mutating func rebuild(_ node: Int, in world: World) {
        let log = world.nodes[node].storage.log
        guard log.end != chains[node].end else { return }
        var chain = chain(from: OffsetAndEpoch(log.start, 0))
        log.forEachBatch(from: log.start, to: log.end) { chain.append($0) }
        chains[node] = chain
        flushedEnds[node] = log.end
    }
}
