import Kafka
import Kernel
import Simulation

/// `raft-log-matching`: the same end offset and epoch mean the same batch and the same prefix
/// (Raft §5.3), in every log that ever was.
///
/// Each batch is compared once, when it is appended, with the first batch that ended there in its
/// epoch: as leaders append in order and followers follow closely, that is a look at the end of a
/// list.
struct RaftLogMatching: Sendable {
    private struct Original: Sendable {
        var link: LogChain.Link
        var node: Int
    }

    private struct Epoch: Sendable {
        var number: Int32
        var originals = SegmentedArray<Original>()
    }

    private var epochs: [Epoch] = []

    mutating func observe(
        _ link: LogChain.Link, appendedBy node: Int, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        let epoch = place(of: link.end.epoch)
        let count = epochs[epoch].originals.endIndex
        if count == epochs[epoch].originals.startIndex
            || epochs[epoch].originals[count - 1].link.end.offset < link.end.offset {
            epochs[epoch].originals.append(Original(link: link, node: node))
            return
        }
        guard let place = original(in: epoch, endingAt: link.end.offset) else { return }
        let original = epochs[epoch].originals[place]
        if original.link == link { return }
        findings.add(.raftLogMatching) {
            Violation(
                .raftLogMatching, at: world.now, event: world.eventCount,
                summary: "\(world.name(node)) and \(world.name(original.node)) both have "
                    + "a batch of epoch \(link.end.epoch) that ends at offset "
                    + "\(link.end.offset), and the logs up to there differ",
                causes: chronicle.causes(of: [node, original.node], since: .zero, in: world))
        }
    }

    /// A process has ended before it wrote the end of its log: so nobody has ever read that, and it
    /// is no batch of anybody's. What was written once counts for ever, whatever the disk loses:
    /// its leader must not give its epoch and offset to something else.
    mutating func forget(unwrittenBy node: Int, after offset: Int64) {
        for index in epochs.indices {
            while let last = epochs[index].originals.last, last.node == node,
                  last.link.end.offset > offset {
                epochs[index].originals.truncate(to: epochs[index].originals.endIndex - 1)
            }
        }
    }

    /// What every log has behind its start will not be compared again.
    mutating func forget(before offset: Int64) {
        for index in epochs.indices {
            var cut = epochs[index].originals.startIndex
            let end = epochs[index].originals.endIndex
            while cut < end, epochs[index].originals[cut].link.end.offset < offset { cut += 1 }
            epochs[index].originals.dropPrefix(before: cut)
        }
        epochs.removeAll { $0.originals.isEmpty }
    }

    private mutating func place(of number: Int32) -> Int {
        if let last = epochs.last, last.number == number { return epochs.count - 1 }
        let place = epochs.lastIndex { $0.number <= number }
        if let place, epochs[place].number == number { return place }
        let new = place.map { $0 + 1 } ?? 0
        epochs.insert(Epoch(number: number), at: new)
        return new
    }

    /// Looks from the end, in steps that double: the one sought is nearly always close to it.
    private func original(in epoch: Int, endingAt offset: Int64) -> Int? {
        let last = epochs[epoch].originals.endIndex - 1
        if epochs[epoch].originals[last].link.end.offset == offset { return last }
        let start = epochs[epoch].originals.startIndex
        var high = epochs[epoch].originals.endIndex
        var step = 1
        var low = high - 1
        while low > start, epochs[epoch].originals[low].link.end.offset > offset {
            high = low
            low = max(start, low - step)
            step *= 2
        }
        while low < high {
            let middle = (low + high) / 2
            if epochs[epoch].originals[middle].link.end.offset < offset {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < epochs[epoch].originals.endIndex,
              epochs[epoch].originals[low].link.end.offset == offset else { return nil }
        return low
    }
}
