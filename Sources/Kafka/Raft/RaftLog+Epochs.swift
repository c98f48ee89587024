/// How two logs find out where they part (KIP-595): the one asks "I end at offset, my last epoch is
/// epoch", the other answers.
extension RaftLog {
    /// What a leader with this log answers to a fetch position.
    public enum Position: Hashable, Sendable {
        case valid(OffsetAndEpoch)
        /// The logs can agree up to there at most: cut and ask again.
        case diverging(OffsetAndEpoch)
        /// The log no longer reaches back as far: load this snapshot.
        case snapshot(OffsetAndEpoch)
    }

    /// Whether a log that ends at `offset` in `epoch` is a prefix of this one
    /// (`RaftLog.validateOffsetAndEpoch`). An empty log always is, as long as this one begins at 0.
    public func validate(offset: Int64, epoch: Int32) -> Position {
        if start == 0 && offset == 0 { return .valid(OffsetAndEpoch(0, 0)) }
        if let earliest = snapshots.first?.id, let latest = snapshots.last?.id {
            let isBehind = offset < start || epoch < earliest.epoch
            if isBehind || (offset == start && epoch != earliest.epoch) { return .snapshot(latest) }
        }
        let known = endOffset(for: epoch)
        if known.epoch != epoch || known.offset < offset { return .diverging(known) }
        return .valid(OffsetAndEpoch(offset, epoch))
    }

    /// The largest epoch of this log that is not above `epoch`, and where it ends.
    public func endOffset(for epoch: Int32) -> OffsetAndEpoch {
        guard let end = epochs.end(of: epoch, logEnd: end) else { return endOffsetAndEpoch }
        if let earliest = snapshots.first?.id, end.offset == earliest.offset, end.epoch == epoch {
            // Older than all that the log knows: what lies before it is in the snapshot.
            return earliest
        }
        return end
    }

    /// Cuts where the leader's log parts from this one, as far as both can tell. Returns where, or
    /// nil (and does nothing) if that is below the high watermark, which must never happen.
    public mutating func truncate(toDiverging leader: OffsetAndEpoch) -> Int64? {
        let cut: Int64
        if leader.epoch == 0 {
            cut = min(leader.offset, end)
        } else {
            let mine = endOffset(for: leader.epoch)
            cut = mine.epoch == leader.epoch ? min(mine.offset, leader.offset) : mine.offset
        }
        if cut < highWatermark { return nil }
        truncate(to: cut)
        return cut
    }

    /// Removes every batch that reaches to `offset` or beyond; the log ends at `offset` itself.
    mutating func truncate(to offset: Int64) {
        if offset > end { return }
        epochs.truncate(toEnd: offset)
        if offset == end { return }
        if files[0].base > offset {
            restart(at: offset)
            return
        }
        remove(from: firstBatch(endingAfter: offset))
        while files.count > 1, files[files.count - 1].base > offset { files.removeLast() }
        end = offset
    }

    private mutating func remove(from first: Int) {
        var file = files.count - 1
        var index = batches.endIndex
        while index > first {
            index -= 1
            while index < files[file].firstBatch { file -= 1 }
            files[file].bytes -= Int64(batches[index].sizeInBytes)
        }
        batches.truncate(to: first)
        findNewest()
    }
}
