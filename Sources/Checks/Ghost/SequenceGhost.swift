import Kafka
import Kernel

/// The last sequence that each producer has written to a partition, and what was written a second
/// time.
struct SequenceGhost: Sendable {
    struct Seen: Sendable {
        var producer: ProducerID
        var epoch: Int16
        var sequence: Int32
        var offset: Int64
        /// What the log was up to there.
        var link: LogChain.Link
    }

    struct Repeat: Sendable {
        var batch: RecordBatch
        var seen: Seen
    }

    /// Ascending by producer.
    private var seen: [Seen] = []
    /// Found since somebody last asked.
    private(set) var repeats: [Repeat] = []

    /// A leader's log has gone on with this batch, up to `link`.
    mutating func observe(_ batch: RecordBatch, _ link: LogChain.Link) {
        guard batch.baseSequence != Absent.sequence else { return }
        let place = place(of: batch.producerID)
        let now = Seen(
            producer: batch.producerID, epoch: batch.producerEpoch, sequence: batch.lastSequence,
            offset: batch.lastOffset, link: link)
        guard place < seen.count, seen[place].producer == batch.producerID else {
            return seen.insert(now, at: place)
        }
        let before = seen[place]
        if before.epoch == now.epoch, !batch.baseSequence.follows(before.sequence) {
            repeats.append(Repeat(batch: batch, seen: before))
        }
        seen[place] = now
    }

    mutating func forgetRepeats() { repeats.removeAll(keepingCapacity: true) }

    /// Another leader goes on from here: what was written after it is no more.
    mutating func truncate(to offset: Int64) { seen.removeAll { $0.offset >= offset } }

    /// Whether what was seen last of each producer is in this log.
    func isToldOf(in chain: LogChain) -> Bool {
        seen.allSatisfy {
            $0.offset < chain.start || chain.link(at: $0.link.end.offset) == $0.link
        }
    }

    private func place(of producer: ProducerID) -> Int {
        var low = 0
        var high = seen.count
        while low < high {
            let middle = (low + high) / 2
            if seen[middle].producer < producer { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Int32 {
    /// Sequences begin again at zero after the largest: half a circle ahead is later.
    fileprivate func follows(_ last: Int32) -> Bool {
        let distance = self >= last ? self - last : Int32.max - last + self + 1
        return distance > 0 && distance < Int32.max / 2
    }
}
