/// The last offset of each key in the dirty part of a log, as far as the cleaner's memory reaches
/// (SkimpyOffsetMap, without its collisions of hashes).
struct CompactionKeys {
    private var keys: [Payload] = []
    private var offsets: [Int64] = []
    /// Up to here the log was read, so up to here it can be cleaned.
    private(set) var latestOffset: Int64 = -1
    let limit: Int64

    init(slots: Int64) {
        limit = slots * 9 / 10
    }

    mutating func advance(to offset: Int64) { latestOffset = offset }

    /// False when the map is full.
    mutating func put(_ key: Payload, at offset: Int64) -> Bool {
        guard Int64(keys.count) < limit else { return false }
        let index = place(of: key)
        if index < keys.count, keys[index] == key {
            offsets[index] = offset
        } else {
            keys.insert(key, at: index)
            offsets.insert(offset, at: index)
        }
        return true
    }

    /// Where the key was last written in the dirty part.
    func offset(of key: Payload) -> Int64? {
        let index = place(of: key)
        return index < keys.count && keys[index] == key ? offsets[index] : nil
    }

    private func place(of key: Payload) -> Int {
        lowerBound(in: keys.count) { keys[$0] >= key }
    }
}
