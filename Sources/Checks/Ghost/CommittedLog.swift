import Kafka
import Kernel

/// The log that the quorum has promised to keep: the longest prefix that any process has believed
/// to be below its high watermark, with who said so first.
struct CommittedLog: Sendable {
    /// From where on a process was the first to know of a commit.
    struct Stretch: Sendable {
        var end: Int64
        /// The epoch of the leader under which it was committed.
        var epoch: Int32
        var by: Int
        var at: Instant
        /// When all of it was.
        var grownAt: Instant
    }

    private(set) var chain = LogChain()
    private var stretches = SegmentedArray<Stretch>()

    var end: Int64 { chain.end }

    /// The stretch that holds the record before `end`.
    func stretch(holding offset: Int64) -> Stretch? {
        var low = stretches.startIndex
        var high = stretches.endIndex
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        return low < stretches.endIndex ? stretches[low] : nil
    }

    /// The end of what was committed under leaders of epochs before this one.
    func end(committedBefore epoch: Int32) -> Int64 {
        var index = stretches.endIndex
        while index > stretches.startIndex, stretches[index - 1].epoch >= epoch { index -= 1 }
        return index == stretches.startIndex ? 0 : stretches[index - 1].end
    }

    mutating func extend(
        with other: LogChain, to offset: Int64, by node: Int, in epoch: Int32, at now: Instant
    ) {
        guard offset > end, other.isComparable else { return }
        // A snapshot may hold more than anybody was known to have committed.
        if other.start > end, other.start <= offset { chain.append(other.base) }
        other.forEachLink(after: end, to: offset) { chain.append($0) }
        if let last = stretches.last, last.epoch == epoch, last.by == node {
            stretches[stretches.endIndex - 1].end = offset
            stretches[stretches.endIndex - 1].grownAt = now
        } else {
            stretches.append(
                Stretch(end: offset, epoch: epoch, by: node, at: now, grownAt: now))
        }
    }

    /// What was promised has been broken from here on, and that has been said.
    mutating func truncate(to offset: Int64) {
        chain.truncate(to: offset)
        var end = stretches.endIndex
        while end > stretches.startIndex, stretches[end - 1].end > chain.end {
            let begin = end - 1 == stretches.startIndex ? chain.start : stretches[end - 2].end
            if begin < chain.end {
                stretches[end - 1].end = chain.end
                break
            }
            end -= 1
        }
        stretches.truncate(to: end)
    }

    /// A log that nobody knows before this place.
    mutating func begin(at base: LogChain.Link) {
        chain = LogChain(base: base)
        stretches = SegmentedArray()
    }

    mutating func dropPrefix(to offset: Int64) {
        chain.dropPrefix(to: min(offset, end))
        var index = stretches.startIndex
        while index + 1 < stretches.endIndex, stretches[index].end < chain.start { index += 1 }
        stretches.dropPrefix(before: index)
    }
}
