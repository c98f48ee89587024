/// The order in which Java's hash tables hand out what they hold.
///
/// Kafka walks a `HashMap` or `HashSet` in places where the order decides something: which member
/// keeps the extra partition, which partition moves back, which partition a producer tries next.
/// That order is an accident of the Java library, but a fixed one: keys lie in ascending buckets of
/// their spread hash, and inside a bucket in the order in which they came. We reproduce it because
/// another order would give another assignment than Kafka's.
///
/// All functions answer with positions in the list that they were given; keys must be distinct.
public enum JavaOrder {
    /// The order of a table that was filled with `put` or `add`.
    public static func put(_ hashes: [Int32], capacity: Int = 16) -> [Int] {
        var table = Table(capacity: capacity)
        for (index, hash) in hashes.enumerated() {
            table.count(hash)
            if table.population(of: hash) > longestChain { table.extend(hashes[...index]) }
            if index + 1 > table.threshold { table.extend(hashes[...index]) }
        }
        return table.positions(hashes, newestFirst: false)
    }

    /// The order of a table that was filled with `computeIfAbsent`: a new key goes to the head of
    /// its bucket, and the table grows only when it was too full before the insertion.
    public static func computeIfAbsent(_ hashes: [Int32], capacity: Int = 16) -> [Int] {
        var table = Table(capacity: capacity)
        for (index, hash) in hashes.enumerated() {
            if index > table.threshold { table.extend(hashes[..<index]) }
            table.count(hash)
            if table.population(of: hash) >= longestChain { table.extend(hashes[...index]) }
        }
        return table.positions(hashes, newestFirst: true)
    }

    /// A bucket that gets longer than this makes a table of fewer than 64 buckets double. (A larger
    /// table would turn the bucket into a tree; nine keys out of 64 buckets in one does not happen
    /// to Kafka's keys.)
    private static let longestChain = 8

    private struct Table {
        private var populations: [Int32]

        init(capacity: Int) {
            var buckets = 1
            while buckets < capacity { buckets <<= 1 }
            populations = Array(repeating: 0, count: buckets)
        }

        /// How many keys the table holds before it doubles.
        var threshold: Int { populations.count * 3 / 4 }

        private func bucket(of hash: Int32) -> Int {
            let bits = UInt32(bitPattern: hash)
            return Int(bits ^ (bits >> 16)) & (populations.count - 1)
        }

        mutating func count(_ hash: Int32) {
            populations[bucket(of: hash)] += 1
        }

        /// Keys in the bucket of this one, as far as that can make the table double.
        func population(of hash: Int32) -> Int {
            populations.count < 64 ? Int(populations[bucket(of: hash)]) : 0
        }

        mutating func extend(_ hashes: ArraySlice<Int32>) {
            populations = Array(repeating: 0, count: populations.count * 2)
            for hash in hashes { count(hash) }
        }

        func positions(_ hashes: [Int32], newestFirst: Bool) -> [Int] {
            var next: [Int] = []
            next.reserveCapacity(populations.count)
            var start = 0
            for population in populations {
                next.append(newestFirst ? start + Int(population) - 1 : start)
                start += Int(population)
            }
            var positions = Array(repeating: 0, count: hashes.count)
            for (index, hash) in hashes.enumerated() {
                let bucket = bucket(of: hash)
                positions[next[bucket]] = index
                next[bucket] += newestFirst ? -1 : 1
            }
            return positions
        }
    }
}

extension JavaOrder {
    /// `String.hashCode`: over UTF-16 code units, as Java's text is made of them.
    public static func hash(of text: some StringProtocol) -> Int32 {
        text.utf16.reduce(0) { 31 &* $0 &+ Int32($1) }
    }

    /// `TopicPartition.hashCode`.
    public static func hash(topic: some StringProtocol, partition: Int32) -> Int32 {
        31 &* (31 &+ partition) &+ hash(of: topic)
    }

    /// `Uuid.hashCode` of the id's two words.
    public static func hash(uuid high: Int64, _ low: Int64) -> Int32 {
        let mixed = high ^ low
        return Int32(truncatingIfNeeded: mixed >> 32) ^ Int32(truncatingIfNeeded: mixed)
    }

    /// The hash of a `TopicIdPartition` of the server side.
    public static func hash(topicID high: Int64, _ low: Int64, partition: Int32) -> Int32 {
        31 &* hash(uuid: high, low) &+ partition
    }
}
