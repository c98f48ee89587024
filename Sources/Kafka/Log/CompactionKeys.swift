import Kernel

/// The last offset of each key in the dirty part of a log, as far as the cleaner's memory reaches
/// (SkimpyOffsetMap, without its collisions of hashes).
struct CompactionKeys {
    private var offsets = SortedMap<Payload, Int64>()
    /// Up to here the log was read, so up to here it can be cleaned.
    private(set) var latestOffset: Int64 = -1
    let limit: Int64

    init(slots: Int64) {
        limit = slots * 9 / 10
    }

    mutating func advance(to offset: Int64) { latestOffset = offset }

    /// False when the map is full.
    mutating func put(_ key: Payload, at offset: Int64) -> Bool {
        guard Int64(offsets.count) < limit else { return false }
        offsets[key] = offset
        return true
    }

    /// Where the key was last written in the dirty part.
    func offset(of key: Payload) -> Int64? { offsets[key] }
}
