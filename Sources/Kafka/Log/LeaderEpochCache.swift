/// From which offset on an epoch's leader wrote.
public struct EpochEntry: Hashable, Sendable {
    public var epoch: Int32
    public var startOffset: Int64

    public init(epoch: Int32, startOffset: Int64) {
        self.epoch = epoch
        self.startOffset = startOffset
    }
}

/// Which leader epoch wrote which offsets of a log: what replicas compare to find where their logs
/// part (KIP-101, LeaderEpochFileCache).
///
/// Invariant: epochs and start offsets both ascend.
public struct LeaderEpochCache: Hashable, Sendable {
    public private(set) var entries: [EpochEntry] = []
    /// False before KIP-101: nothing is remembered, and replicas have only high watermarks to
    /// tell where their logs part.
    private let isKept: Bool

    public init(isKept: Bool = true) {
        self.isKept = isKept
    }

    /// As read from a file: each entry is assigned in turn.
    init(assigning entries: [EpochEntry], isKept: Bool) {
        self.isKept = isKept
        for entry in entries { assign(entry.epoch, from: entry.startOffset) }
    }

    public var latest: EpochEntry? { entries.last }
    public var earliest: EpochEntry? { entries.first }

    /// The leader of this epoch writes from `offset` on. True when that was news, and is to be
    /// written to disk at once. Entries that contradict it go: the newest word is right.
    @discardableResult
    mutating func assign(_ epoch: Int32, from offset: Int64) -> Bool {
        guard isKept else { return false }
        if let latest, epoch == latest.epoch, offset >= latest.startOffset { return false }
        while let last = entries.last, last.epoch >= epoch || last.startOffset >= offset {
            entries.removeLast()
        }
        entries.append(EpochEntry(epoch: epoch, startOffset: offset))
        return true
    }

    /// Forgets epochs that begin at or after the offset. True when there were any.
    mutating func truncateFromEnd(_ offset: Int64) -> Bool {
        let before = entries.count
        while let last = entries.last, last.startOffset >= offset { entries.removeLast() }
        return entries.count != before
    }

    /// The log begins at `offset` now: the epoch that holds it begins there too, earlier ones go.
    /// True when an entry began at or before it.
    mutating func truncateFromStart(_ offset: Int64) -> Bool {
        let removed = entries.prefix { $0.startOffset <= offset }.count
        guard removed > 0 else { return false }
        entries.removeFirst(removed - 1)
        entries[0].startOffset = offset
        return true
    }

    mutating func removeAll() { entries.removeAll() }

    /// Which epoch wrote the offset.
    public func epoch(of offset: Int64) -> Int32? {
        entries.last { $0.startOffset <= offset }?.epoch
    }
}

/// The end of the largest epoch not above the asked one: where the next epoch begins, or the log's
/// end for the latest. Below the first known epoch the answer is where that begins: whatever the
/// asker has before it is gone here. Above the latest nothing is known.
public func endOffsetForEpoch(
    _ epoch: Int32, in entries: [EpochEntry], logEndOffset: Int64
) -> EpochEndOffset? {
    guard epoch != Absent.leaderEpoch, let latest = entries.last, epoch <= latest.epoch else {
        return nil
    }
    if epoch == latest.epoch { return EpochEndOffset(epoch: epoch, endOffset: logEndOffset) }
    let next = lowerBound(in: entries.count) { entries[$0].epoch > epoch }
    let found = next == 0 ? epoch : entries[next - 1].epoch
    return EpochEndOffset(epoch: found, endOffset: entries[next].startOffset)
}

/// As brokers before KIP-279 answered: where the next epoch begins, as if the asked one had been
/// here; nothing below the first known epoch.
public func endOffsetBeforeKIP279(
    _ epoch: Int32, in entries: [EpochEntry], logEndOffset: Int64
) -> EpochEndOffset? {
    guard epoch != Absent.leaderEpoch, let latest = entries.last else { return nil }
    if epoch == latest.epoch { return EpochEndOffset(epoch: epoch, endOffset: logEndOffset) }
    guard epoch >= entries[0].epoch, let next = entries.first(where: { $0.epoch > epoch }) else {
        return nil
    }
    return EpochEndOffset(epoch: epoch, endOffset: next.startOffset)
}
