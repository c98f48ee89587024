/// Snapshots (KIP-630): the log up to one may be deleted, and a log that ends before one begins
/// anew behind it.
extension RaftLog {
    /// Why a snapshot could not be written or the log not be cleaned.
    public enum SnapshotRefusal: Error, Hashable, Sendable {
        /// IllegalArgumentException: not committed, not a position of this log, or inside a batch.
        case impossible
        /// OFFSET_OUT_OF_RANGE: above the high watermark, as happens right after a restart.
        case notCommitted
    }

    public var latestSnapshot: RaftSnapshot? { snapshots.last }
    public var earliestSnapshot: RaftSnapshot? { snapshots.first }

    public func snapshot(_ id: OffsetAndEpoch) -> RaftSnapshot? {
        let index = indexOfSnapshot(atOrAfter: id)
        return index < snapshots.count && snapshots[index].id == id ? snapshots[index] : nil
    }

    /// Whether a snapshot with this id can be written: false if the log begins after it or it is
    /// there already (`createNewSnapshot`).
    public func canCreateSnapshot(_ id: OffsetAndEpoch) -> Result<Bool, SnapshotRefusal> {
        if id.offset < start { return .success(false) }
        guard id.offset <= highWatermark, case .valid = validate(offset: id.offset, epoch: id.epoch)
        else { return .failure(.impossible) }
        if id.offset != highWatermark && readStart(for: id.offset) != id.offset {
            return .failure(.impossible)
        }
        return .success(snapshot(id) == nil)
    }

    /// Keeps a snapshot, whatever the log says of it; whoever wrote it asked
    /// `canCreateSnapshot`, and one that was downloaded may lie beyond the log. False: there is
    /// one with that id.
    public mutating func keep(_ snapshot: RaftSnapshot) -> Bool {
        let index = indexOfSnapshot(atOrAfter: snapshot.id)
        if index < snapshots.count && snapshots[index].id == snapshot.id { return false }
        snapshots.insert(snapshot, at: index)
        return true
    }

    /// Begins anew behind the latest snapshot if the log ends before it. Returns whether it did.
    public mutating func truncateToLatestSnapshot() -> Bool {
        guard let latest = snapshots.last?.id else { return false }
        guard latest > OffsetAndEpoch(end, epochs.latest ?? 0) else { return false }
        restart(at: latest.offset)
        snapshots.removeFirst(snapshots.count - 1)
        return true
    }

    /// Lets the log begin at a snapshot and deletes what is older: whole files only, and the
    /// snapshots before it. Returns whether anything was deleted.
    public mutating func deleteBefore(_ id: OffsetAndEpoch) -> Result<Bool, SnapshotRefusal> {
        guard let latest = snapshots.last?.id, snapshot(id) != nil, start < id.offset,
            id.offset <= latest.offset
        else { return .success(false) }
        if id.offset > highWatermark { return .failure(.notCommitted) }
        start = id.offset
        epochs.truncate(toStart: start)
        let old = indexOfSnapshot(atOrAfter: id)
        snapshots.removeFirst(old)
        return .success(deleteFilesBeforeStart() || old > 0)
    }

    private func indexOfSnapshot(atOrAfter id: OffsetAndEpoch) -> Int {
        Kafka.firstIndex(in: snapshots) { $0.id >= id }
    }
}
