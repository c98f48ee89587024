/// Where each leader epoch begins in a log (KIP-101, LeaderEpochFileCache).
/// Invariant: epochs and start offsets ascend together, strictly.
public struct EpochCache: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public let epoch: Int32
        public var start: Int64

        public init(epoch: Int32, start: Int64) {
            self.epoch = epoch
            self.start = start
        }
    }

    public private(set) var entries: [Entry] = []

    public init() {}

    public var latest: Int32? { entries.last?.epoch }

    /// An epoch begins. Entries that contradict it, because they are of this epoch or a later one
    /// or begin no earlier, were never true of this log and go.
    public mutating func assign(_ epoch: Int32, at start: Int64) {
        if let last = entries.last, last.epoch == epoch, start >= last.start { return }
        while let last = entries.last, last.epoch >= epoch || last.start >= start {
            entries.removeLast()
        }
        entries.append(Entry(epoch: epoch, start: start))
    }

    /// The log was cut: what began at its new end or later is gone.
    public mutating func truncate(toEnd end: Int64) {
        while let last = entries.last, last.start >= end { entries.removeLast() }
    }

    /// The log begins later: the epoch in force there begins there now.
    public mutating func truncate(toStart start: Int64) {
        let kept = entries.firstIndex { $0.start > start } ?? entries.count
        if kept == 0 { return }
        entries[kept - 1].start = start
        entries.removeFirst(kept - 1)
    }

    public mutating func removeAll() {
        entries.removeAll()
    }

    /// The largest epoch that is not above `epoch` and where it ends; nil if nothing is known of
    /// epochs as high as that. An epoch older than all is answered with itself, ending where the
    /// first known one begins.
    public func end(of epoch: Int32, logEnd: Int64) -> OffsetAndEpoch? {
        if epoch == latest { return OffsetAndEpoch(logEnd, epoch) }
        let next = Kafka.firstIndex(in: entries) { $0.epoch > epoch }
        if epoch < 0 || next == entries.count { return nil }
        return OffsetAndEpoch(entries[next].start, next == 0 ? epoch : entries[next - 1].epoch)
    }
}

/// The first index whose element satisfies a condition that holds for everything behind it too;
/// the count if there is none.
@inline(__always)
func firstIndex<Elements: RandomAccessCollection>(
    in elements: Elements, where condition: (Elements.Element) -> Bool
) -> Int where Elements.Index == Int {
    var low = elements.startIndex
    var high = elements.endIndex
    while low < high {
        let middle = low + (high - low) / 2
        if condition(elements[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
}
