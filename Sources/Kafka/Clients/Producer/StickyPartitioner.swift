/// Where records go that have neither key nor partition (KIP-794, BuiltInPartitioner): to one
/// partition until about a batch is full, then to another, drawn so that short queues get more.
///
/// It never draws itself: where it needs a number it says so, and is told one.
public struct StickyPartitioner: Sendable {
    private let batchSize: Int32
    /// The partition in use, by number; nil before the first record.
    public private(set) var partition: Int32?
    /// What was appended to it since it is in use.
    public private(set) var producedBytes: Int32 = 0
    /// How often it changed: tells whether somebody else moved on meanwhile.
    public private(set) var switches: UInt32 = 0
    /// Nil: every available partition is as good as the others.
    public private(set) var load: PartitionLoad?

    public init(batchSize: Int32) {
        self.batchSize = batchSize
    }

    /// Counts what was appended to the partition in use. Returns whether it is time to choose
    /// another. While its last batch is not full that waits, so that batches fill, but not beyond
    /// twice the size. (As in Java the counts begin again below zero where they end.)
    public mutating func shouldSwitch(after bytes: Int32, mayLeaveBatch: Bool) -> Bool {
        producedBytes &+= bytes
        return producedBytes >= batchSize && mayLeaveBatch || producedBytes >= 2 &* batchSize
    }

    /// `random` is not negative. `available` are those with a leader, in the client's order, of
    /// `count` partitions in all: if none has a leader, the number itself decides.
    public mutating func become(random: Int32, available: [Int32], of count: Int32) {
        switches &+= 1
        producedBytes = 0
        if let load {
            partition = load.partition(random: random)
        } else if !available.isEmpty {
            partition = available[Int(random) % available.count]
        } else {
            partition = random % count
        }
    }

    /// Takes the queues as they are now; nil: not all partitions have one yet, or adaptation is
    /// off.
    public mutating func updateLoad(_ queues: PartitionQueues?) {
        load = queues.flatMap(PartitionLoad.init)
    }
}

/// How many batches wait in the queues of a topic's partitions, in the order in which they were
/// looked at.
public struct PartitionQueues: Sendable {
    public var partitions: [Int32] = []
    public var lengths: [Int32] = []
    /// Whether all of the topic's queues are here: none was left out because it has no leader or a
    /// slow one.
    public var isComplete = true

    public init() {}
}

/// Weights for the next choice of a partition: the longest queue gets 1, one that is n batches
/// shorter 1 + n.
public struct PartitionLoad: Sendable {
    public let partitions: [Int32]
    /// Running sums of the weights.
    public let cumulative: [Int32]

    /// Nil if all are equally loaded, unless some partition must not be chosen.
    public init?(_ queues: PartitionQueues) {
        let lengths = queues.lengths
        guard let longest = lengths.max() else { return nil }
        if queues.isComplete && (lengths.count < 2 || lengths.allSatisfy { $0 == longest }) {
            return nil
        }
        partitions = queues.partitions
        var sum: Int32 = 0
        cumulative = lengths.map { length in
            sum += longest + 1 - length
            return sum
        }
    }

    /// The first whose running sum is beyond `random` modulo the total.
    public func partition(random: Int32) -> Int32 {
        let point = random % cumulative[cumulative.count - 1]
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > point { high = middle } else { low = middle + 1 }
        }
        return partitions[low]
    }
}
