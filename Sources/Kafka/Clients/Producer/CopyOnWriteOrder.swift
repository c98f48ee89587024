/// The order in which the accumulator walks the queues of a topic.
///
/// Kafka keeps them in a CopyOnWriteMap: at each new partition the hash table is copied into a
/// fresh one of just sufficient size, and then the partition is put into it. For partitions
/// beyond the table's size the order is therefore not ascending. It decides which partition's
/// delay is still looked at when its node is already ready, and the order of the weights.
struct CopyOnWriteOrder: Sendable {
    private(set) var partitions: [Int32] = []

    /// Precondition: the partition is not in it.
    mutating func insert(_ partition: Int32) {
        // A copy of n keys is made for n / 0.75 + 1; an empty table begins with 16 buckets.
        let capacity = partitions.isEmpty ? 16 : partitions.count * 4 / 3 + 1
        let keys = partitions + [partition]
        partitions = JavaOrder.put(keys, capacity: capacity).map { keys[$0] }
    }
}
