import Kernel

/// Who wrote what to a partition, and when, while it led: the causes of what is wrong with the
/// order of records. Bounded: what is old is forgotten.
struct Appendings: Sendable {
    struct Appending: Sendable {
        var offsets: Range<Int64>
        var by: Int
        var at: Instant
    }

    private static let kept = 4096
    private var entries = SegmentedArray<Appending>()

    mutating func append(_ offsets: Range<Int64>, by node: Int, at now: Instant) {
        guard !offsets.isEmpty else { return }
        entries.append(Appending(offsets: offsets, by: node, at: now))
        if entries.endIndex - entries.startIndex > Self.kept {
            entries.dropPrefix(before: entries.endIndex - Self.kept / 2)
        }
    }

    /// How the record came there that is there now; nil: nobody remembers.
    func last(of offset: Int64) -> Appending? {
        for place in (entries.startIndex..<entries.endIndex).reversed() {
            let entry = entries[place]
            if entry.offsets.contains(offset) { return entry }
        }
        return nil
    }
}
