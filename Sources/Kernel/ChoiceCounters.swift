/// How many choices of each kind have been made.
///
/// A hash table in shards. The more kinds there are the more shards, and the longer each: a fork
/// that counts copies the list of shards and one of them, which is least when both are about the
/// root of the whole.
///
/// Invariant: a kind's entry lies at the first free place from its hash on, in the shard that the
/// top bits of its hash name; shards are powers of two long and at most three quarters full.
struct ChoiceCounters: Sendable {
    struct Entry: Sendable {
        /// Zero in a free place; kinds are never zero.
        var kind: UInt64 = 0
        var count: UInt32 = 0
    }

    struct Shard: Sendable {
        var entries = ContiguousArray(repeating: Entry(), count: 8)
        var used = 0
    }

    private var shards: ContiguousArray<Shard> = [Shard()]
    private var shardBits: UInt64 = 0
    private var used = 0

    /// The ordinal of the choice that is made now.
    mutating func next(_ actor: ActorID, _ purpose: Purpose) -> UInt32 {
        let kind = Self.kind(actor, purpose)
        let hash = scramble(kind)
        let shard = shard(of: hash)
        if let ordinal = shards[shard].count(kind, hash) { return ordinal }
        insert(Entry(kind: kind, count: 1), hash)
        return 0
    }

    func made(_ actor: ActorID, _ purpose: Purpose) -> UInt32 {
        let kind = Self.kind(actor, purpose)
        let hash = scramble(kind)
        let shard = shards[shard(of: hash)]
        return shard.entries[shard.place(of: kind, hash)].count
    }

    private static func kind(_ actor: ActorID, _ purpose: Purpose) -> UInt64 {
        1 << 48 | UInt64(actor.rawValue) << 16 | UInt64(purpose.code)
    }

    private func shard(of hash: UInt64) -> Int {
        shardBits == 0 ? 0 : Int(truncatingIfNeeded: hash >> (64 - shardBits))
    }

    private mutating func insert(_ entry: Entry, _ hash: UInt64) {
        used += 1
        if used > shards.count * shards.count * 8 { spread() }
        shards[shard(of: hash)].insert(entry, hash)
    }

    /// Doubles the number of shards.
    private mutating func spread() {
        let old = shards
        shardBits += 1
        shards = ContiguousArray(repeating: Shard(), count: 1 << shardBits)
        for entry in old.lazy.flatMap(\.entries) where entry.kind != 0 {
            let hash = scramble(entry.kind)
            shards[shard(of: hash)].insert(entry, hash)
        }
    }
}

extension ChoiceCounters.Shard {
    /// Where the kind lies, or the free place where it would.
    func place(of kind: UInt64, _ hash: UInt64) -> Int {
        let mask = entries.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while entries[place].kind != kind, entries[place].kind != 0 { place = (place + 1) & mask }
        return place
    }

    /// Counts one more of the kind and returns how many there were; nil if there was none.
    mutating func count(_ kind: UInt64, _ hash: UInt64) -> UInt32? {
        let place = place(of: kind, hash)
        guard entries[place].kind == kind else { return nil }
        entries[place].count += 1
        return entries[place].count - 1
    }

    mutating func insert(_ entry: ChoiceCounters.Entry, _ hash: UInt64) {
        if (used + 1) * 4 > entries.count * 3 {
            let old = entries
            entries = ContiguousArray(
                repeating: ChoiceCounters.Entry(), count: entries.count * 2)
            for entry in old where entry.kind != 0 {
                entries[place(of: entry.kind, scramble(entry.kind))] = entry
            }
        }
        entries[place(of: entry.kind, hash)] = entry
        used += 1
    }
}
