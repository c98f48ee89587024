import Kafka
import Kernel

/// One log as a chain of fingerprints: the fingerprint at a batch's end stands for everything
/// before it, so two logs agree up to an offset if and only if their links there are equal.
struct LogChain: Sendable {
    struct Link: Equatable, Sendable {
        var end: OffsetAndEpoch
        var fingerprint: UInt64
    }

    private var links = SegmentedArray<Link>()
    /// What the first link builds on: the log's beginning, or the snapshot that it starts from.
    private(set) var base = Link(end: OffsetAndEpoch(0, 0), fingerprint: 0)
    /// False if what the base stands for is not known, so that nothing can be compared.
    private(set) var isComparable = true

    var last: Link {
        links.endIndex > links.startIndex ? links[links.endIndex - 1] : base
    }
    var start: Int64 { base.end.offset }
    var end: Int64 { last.end.offset }

    init() {}

    init(base: Link) {
        self.base = base
    }

    /// A log that begins at a place where nobody knows what came before.
    init(unknownBefore end: OffsetAndEpoch) {
        base = Link(end: end, fingerprint: 0)
        isComparable = false
    }

    /// The link after this batch, without appending it.
    static func link(after previous: Link, _ batch: RaftBatch) -> Link {
        Link(
            end: OffsetAndEpoch(batch.endOffset, batch.epoch),
            fingerprint: batch.fingerprint(onTopOf: previous.fingerprint))
    }

    @discardableResult
    mutating func append(_ batch: RaftBatch) -> Link {
        let link = Self.link(after: last, batch)
        links.append(link)
        return link
    }

    @discardableResult
    mutating func append(_ batch: RecordBatch) -> Link {
        let link = Self.link(after: last, batch)
        links.append(link)
        return link
    }

    mutating func append(_ link: Link) {
        links.append(link)
    }

    mutating func truncate(to offset: Int64) {
        var end = links.endIndex
        while end > links.startIndex, links[end - 1].end.offset > offset { end -= 1 }
        links.truncate(to: end)
    }

    /// Forgets what ends at or before `offset`, which becomes the base.
    mutating func dropPrefix(to offset: Int64) {
        guard let index = index(endingAtOrBefore: offset) else { return }
        base = links[index]
        links.dropPrefix(before: index + 1)
    }

    /// The link that ends exactly at `offset`, if a batch does.
    @inline(__always)
    func link(at offset: Int64) -> Link? {
        // Nearly always it is one of the last two that is asked for.
        var place = links.endIndex
        while place > links.startIndex, links.endIndex - place < 2 {
            place -= 1
            if links[place].end.offset == offset { return links[place] }
            if links[place].end.offset < offset { return nil }
        }
        return olderLink(at: offset)
    }

    private func olderLink(at offset: Int64) -> Link? {
        if base.end.offset == offset { return base }
        guard let index = index(endingAtOrBefore: offset), links[index].end.offset == offset
        else { return nil }
        return links[index]
    }

    /// The link of the batch that holds what is at `offset`.
    func link(holding offset: Int64) -> Link? {
        guard offset >= start, offset < end else { return nil }
        return links[index(endingAtOrBefore: offset).map { $0 + 1 } ?? links.startIndex]
    }

    /// The last link that ends at `offset` or before; nil if that is behind the base.
    func lastLink(notAfter offset: Int64) -> Link? {
        if last.end.offset <= offset { return last }
        if let index = index(endingAtOrBefore: offset) { return links[index] }
        return base.end.offset <= offset ? base : nil
    }

    /// Every link that ends after `start` and not after `end`.
    func forEachLink(after start: Int64, to end: Int64, _ body: (Link) -> Void) {
        var index = self.index(endingAtOrBefore: start).map { $0 + 1 } ?? links.startIndex
        while index < links.endIndex, links[index].end.offset <= end {
            body(links[index])
            index += 1
        }
    }

    /// Where two chains part, up to `end`: the end of the last batch on which they agree. Whoever
    /// agrees somewhere agrees on everything before, so the place is found by halving.
    func lastCommonEnd(with other: LogChain, upTo end: Int64) -> Int64 {
        let start = max(start, other.start)
        let first = index(endingAtOrBefore: start).map { $0 + 1 } ?? links.startIndex
        var low = first
        var high = index(endingAtOrBefore: end).map { $0 + 1 } ?? links.startIndex
        while low < high {
            let middle = (low + high) / 2
            if other.link(at: links[middle].end.offset) == links[middle] {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low > first ? links[low - 1].end.offset : start
    }

    /// Most questions are about the end: looks at the last few links before it halves.
    private func index(endingAtOrBefore offset: Int64) -> Int? {
        var high = links.endIndex
        let near = max(links.startIndex, high - 8)
        while high > near {
            if links[high - 1].end.offset <= offset { return high - 1 }
            high -= 1
        }
        var low = links.startIndex
        while low < high {
            let middle = (low + high) / 2
            if links[middle].end.offset <= offset { low = middle + 1 } else { high = middle }
        }
        return low == links.startIndex ? nil : low - 1
    }
}
