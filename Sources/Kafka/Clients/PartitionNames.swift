/// The topics and partitions that one client has heard of, numbered in the order in which it did.
public struct PartitionNames: Sendable {
    struct Topic: Sendable {
        let name: String
        /// Ascending by number.
        var partitions: [(number: Int32, partition: PartitionRef)] = []
    }

    struct Partition: Sendable {
        let topic: TopicRef
        let number: Int32
        /// In Java's hash tables.
        let hash: Int32
    }

    private(set) var topics: [Topic] = []
    private(set) var partitions: [Partition] = []

    public func name(of partition: PartitionRef) -> TopicPartition {
        let one = partitions[partition.index]
        return TopicPartition(topics[one.topic.index].name, one.number)
    }

    subscript(partition: PartitionRef) -> Partition { partitions[partition.index] }
    subscript(topic: TopicRef) -> Topic { topics[topic.index] }

    func known(_ name: String) -> TopicRef? {
        topics.firstIndex { $0.name == name }.map { TopicRef(Int32($0)) }
    }

    func known(_ number: Int32, of topic: TopicRef) -> PartitionRef? {
        let (index, found) = place(number, topic)
        return found ? topics[topic.index].partitions[index].partition : nil
    }

    mutating func topic(_ name: String) -> TopicRef {
        if let known = known(name) { return known }
        topics.append(Topic(name: name))
        return TopicRef(Int32(topics.count - 1))
    }

    mutating func partition(_ number: Int32, of topic: TopicRef) -> PartitionRef {
        let (index, found) = place(number, topic)
        if found { return topics[topic.index].partitions[index].partition }
        let partition = PartitionRef(Int32(partitions.count))
        let hash = JavaOrder.hash(topic: topics[topic.index].name, partition: number)
        partitions.append(Partition(topic: topic, number: number, hash: hash))
        topics[topic.index].partitions.insert((number, partition), at: index)
        return partition
    }

    /// Partitions mostly are numbered without gaps.
    private func place(_ number: Int32, _ topic: TopicRef) -> (index: Int, found: Bool) {
        let known = topics[topic.index].partitions
        var low = 0
        var high = known.count
        if number < known.count, known[Int(number)].number == number { return (Int(number), true) }
        while low < high {
            let middle = (low + high) / 2
            if known[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return (low, low < known.count && known[low].number == number)
    }

    /// By name, then by number.
    func sorted(_ partitions: [PartitionRef]) -> [PartitionRef] {
        if partitions.count < 2 { return partitions }
        return partitions.sorted { left, right in
            let (one, other) = (self[left], self[right])
            if one.topic == other.topic { return one.number < other.number }
            return self[one.topic].name < self[other.topic].name
        }
    }

    /// In the order of the hash table into which they were put, a topic's beside each other
    /// (PartitionStates).
    func hashed(_ partitions: [PartitionRef], capacity: Int = 16) -> [PartitionRef] {
        let hashes = partitions.map { self[$0].hash }
        return grouped(JavaOrder.put(hashes, capacity: capacity).map { partitions[$0] })
    }

    /// As Java's HashSet hands them out.
    func inHashOrder(_ partitions: [PartitionRef]) -> [PartitionRef] {
        if partitions.count < 2 { return partitions }
        return JavaOrder.put(partitions.map { self[$0].hash }).map { partitions[$0] }
    }

    /// Topics in the order of their first partition.
    func grouped(_ partitions: [PartitionRef]) -> [PartitionRef] {
        var groups: [(topic: TopicRef, partitions: [PartitionRef])] = []
        for partition in partitions {
            let topic = self[partition].topic
            if let index = groups.firstIndex(where: { $0.topic == topic }) {
                groups[index].partitions.append(partition)
            } else {
                groups.append((topic, [partition]))
            }
        }
        return groups.flatMap(\.partitions)
    }
}
