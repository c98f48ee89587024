/// Who leads what, as far as the producer knows (Metadata, ProducerMetadata, MetadataSnapshot).
///
/// Invariant: a partition's leader epoch never goes back, whoever tells it (KIP-320), but for a
/// topic that was deleted and made again.
public struct ProducerMetadata: Sendable {
    public struct Topic: Sendable {
        public let name: String
        /// By partition number.
        public internal(set) var partitions: [PartitionRef] = []
        /// In the client's order, those with a leader.
        public internal(set) var available: [PartitionRef] = []
    }

    public struct Partition: Sendable {
        public let topic: TopicRef
        public let number: Int32
        /// Nil also while the node that leads is not among those that brokers tell of: it cannot be
        /// asked then (MetadataSnapshot.computeClusterView).
        public internal(set) var leader: NodeID?
        /// As brokers name it.
        var namedLeader: NodeID?
        public internal(set) var leaderEpoch = Absent.leaderEpoch
    }

    /// What a broker says of a partition.
    public struct Leadership: Sendable {
        public var topic: TopicRef
        public var number: Int32
        public var leader: NodeID?
        public var leaderEpoch: Int32
        /// The topic was made again under its old name: its epochs begin anew (KIP-516).
        public var isOfNewTopic: Bool

        public init(
            topic: TopicRef, number: Int32, leader: NodeID?, leaderEpoch: Int32,
            isOfNewTopic: Bool = false
        ) {
            self.topic = topic
            self.number = number
            self.leader = leader
            self.leaderEpoch = leaderEpoch
            self.isOfNewTopic = isOfNewTopic
        }
    }

    /// Partitions that a node leads, in the client's order.
    struct Led: Sendable {
        let node: NodeID
        var partitions: [PartitionRef]
    }

    public private(set) var topics: [Topic] = []
    public private(set) var partitions: [Partition] = []
    public private(set) var nodes: [NodeID] = []
    /// Somebody wants to know it anew.
    public private(set) var isUpdateRequested = false
    private(set) var led: [Led] = []
    /// All partitions, in the client's order.
    private(set) var listed: [PartitionRef] = []
    private let listing: ProducerSettings.Listing
    /// Nobody has answered since everything was forgotten.
    private(set) var hasForgotten = false
    /// The epochs are forgotten, too, or rather the topics' ids that they belong to.
    private var hasForgottenEpochs = false

    init(listing: ProducerSettings.Listing, bootstrapNodes: [NodeID] = []) {
        self.listing = listing
        nodes = bootstrapNodes.sorted()
    }

    public mutating func requestUpdate() { isUpdateRequested = true }

    /// Knows only whom to ask, as in the beginning (Metadata.rebootstrap). Topics are forgotten
    /// with their ids, so that the next answer is believed whatever its epochs: the topic might
    /// have been made again (Metadata.updateLatestMetadata); `rebootstrap-forgets-epochs` keeps
    /// them.
    mutating func forget(nodes bootstrapNodes: [NodeID], keepsEpochs: Bool) {
        isUpdateRequested = true
        hasForgotten = true
        hasForgottenEpochs = !keepsEpochs
        nodes = bootstrapNodes.sorted()
        for index in partitions.indices { partitions[index].namedLeader = nil }
        list(inOrder: listed, capacity: listed.count)
    }

    /// The number of a topic; the first time it is asked for, the topic is one to be looked up.
    public mutating func topic(named name: String) -> TopicRef {
        if let index = topics.firstIndex(where: { $0.name == name }) {
            return TopicRef(Int32(index))
        }
        topics.append(Topic(name: name))
        isUpdateRequested = true
        return TopicRef(Int32(topics.count - 1))
    }

    /// What partition an answer means, also when it comes after everything was forgotten.
    public func partition(_ number: Int32, of topic: TopicRef) -> PartitionRef? {
        let partitions = topics[topic.index].partitions
        return number >= 0 && number < partitions.count ? partitions[Int(number)] : nil
    }

    @inlinable
    public subscript(partition: PartitionRef) -> Partition { partitions[partition.index] }

    func partitions(ledBy node: NodeID) -> [PartitionRef] {
        for one in led where one.node == node { return one.partitions }
        return []
    }

    /// A full answer to a metadata request. A partition without leader is an error that asks for
    /// the next one, and so is a topic that nobody knows, which is not in it
    /// (Metadata.handleMetadataResponse). Returns whether it says something newer.
    @discardableResult
    public mutating func update(_ answer: [Leadership], nodes: [NodeID]) -> Bool {
        isUpdateRequested = false
        var isNews = false
        self.nodes = nodes.sorted()
        listed = []
        var isTold = topics.map { _ in false }
        for leadership in answer {
            let partition = reference(to: leadership)
            listed.append(partition)
            isTold[leadership.topic.index] = true
            if leadership.isOfNewTopic || hasForgottenEpochs {
                partitions[partition.index].leaderEpoch = Absent.leaderEpoch
            }
            let known = partitions[partition.index].leaderEpoch
            if leadership.leaderEpoch > known { isNews = true }
            if leadership.leaderEpoch >= known {
                partitions[partition.index].namedLeader = leadership.leader
                partitions[partition.index].leaderEpoch = leadership.leaderEpoch
            }
            if leadership.leader == nil { isUpdateRequested = true }
        }
        hasForgotten = false
        hasForgottenEpochs = false
        list(inOrder: listed, capacity: answer.count)
        for index in topics.indices where !isTold[index] && !topics[index].partitions.isEmpty {
            isUpdateRequested = true
        }
        return isNews
    }

    /// Leaders that a produce answer named (KIP-951). Taken if newer than what is known, and if
    /// the node is known or was named with its address; and if anything is known at all.
    public mutating func maybeUpdateLeaders(
        _ hints: [(partition: PartitionRef, leader: NodeID, epoch: Int32)], endpoints: [NodeID]
    ) {
        if hasForgotten { return }
        var updated: [PartitionRef] = []
        for hint in hints {
            guard hint.epoch > partitions[hint.partition.index].leaderEpoch,
                nodes.contains(hint.leader) || endpoints.contains(hint.leader)
            else { continue }
            partitions[hint.partition.index].namedLeader = hint.leader
            partitions[hint.partition.index].leaderEpoch = hint.epoch
            updated.append(hint.partition)
        }
        if updated.isEmpty { return }
        for node in endpoints where !nodes.contains(node) { nodes.append(node) }
        nodes.sort()
        let others = listed.filter { !updated.contains($0) }
        list(inOrder: updated + others, capacity: updated.count)
    }

    private mutating func reference(to leadership: Leadership) -> PartitionRef {
        if let known = partition(leadership.number, of: leadership.topic) { return known }
        let topic = leadership.topic
        for number in Int32(topics[topic.index].partitions.count)...leadership.number {
            topics[topic.index].partitions.append(PartitionRef(Int32(partitions.count)))
            partitions.append(Partition(topic: topic, number: number))
        }
        return topics[topic.index].partitions[Int(leadership.number)]
    }

    /// Lists anew what was put into the snapshot's hash table in this order.
    private mutating func list(inOrder order: [PartitionRef], capacity: Int) {
        switch listing {
        case .byNumber: listed = order.sorted()
        case .hashTable:
            let hashes = order.map { partition in
                let one = partitions[partition.index]
                return JavaOrder.hash(topic: topics[one.topic.index].name, partition: one.number)
            }
            listed = JavaOrder.put(hashes, capacity: capacity).map { order[$0] }
        }
        for index in topics.indices { topics[index].available = [] }
        led = nodes.map { Led(node: $0, partitions: []) }
        let named = partitions.map(\.namedLeader)
        for index in partitions.indices {
            partitions[index].leader = nil
            partitions[index].namedLeader = nil
        }
        for partition in listed {
            let leader = named[partition.index].flatMap { nodes.contains($0) ? $0 : nil }
            partitions[partition.index].leader = leader
            partitions[partition.index].namedLeader = named[partition.index]
            guard let leader else { continue }
            topics[partitions[partition.index].topic.index].available.append(partition)
            if let index = led.firstIndex(where: { $0.node == leader }) {
                led[index].partitions.append(partition)
            }
        }
    }
}
