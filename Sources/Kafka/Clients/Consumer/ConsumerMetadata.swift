import Kernel

/// Who leads what, as far as a consumer knows (Metadata, ConsumerMetadata).
///
/// Invariant: an answer that is older than what was seen of a partition is not believed, unless the
/// topic was made anew (KIP-320, KIP-516).
public struct ConsumerMetadata: Sendable {
    struct Partition: Sendable {
        /// The last answer told of it.
        var isKnown = false
        var leader: NodeID?
        var leaderEpoch: Int32?
        /// The newest epoch that anybody told.
        var newestEpoch: Int32?
        var offline: [NodeID] = []
    }

    public internal(set) var names = PartitionNames()
    private(set) var nodes: [NodeID]
    /// Counts the changes.
    private(set) var version = 0
    private var needsAll = false
    private var needsNewTopics = false
    private var partitions: [Partition] = []
    /// By topic; nil: not told.
    private var ids: [TopicID?] = []
    /// Every id that a topic ever had.
    private var topicsByID = SortedMap<TopicID, TopicRef>()
    /// The id that a topic had and the one that it has, for all that were made anew.
    private(set) var recreated: [(old: TopicID, new: TopicID)] = []
    /// Asked for by a call, though not subscribed to.
    private var transientTopics: [String] = []
    private var unauthorizedTopics: [TopicRef] = []
    private var invalidTopics: [TopicRef] = []

    init(bootstrapNodes: [NodeID]) {
        nodes = bootstrapNodes.sorted()
    }

    /// Somebody wants to know it anew.
    public var isUpdateRequested: Bool { needsAll || needsNewTopics }

    mutating func requestUpdate() { needsAll = true }
    mutating func requestUpdateForNewTopics() { needsNewTopics = true }

    /// Knows only whom to ask, as in the beginning (Metadata.rebootstrap). Topics are forgotten
    /// with their ids, so that the next answer is believed whatever its epochs
    /// (Metadata.updateLatestMetadata); `rebootstrap-forgets-epochs` keeps them.
    mutating func forget(nodes bootstrapNodes: [NodeID], keepsEpochs: Bool) {
        needsAll = true
        nodes = bootstrapNodes.sorted()
        for index in partitions.indices { partitions[index].isKnown = false }
        if keepsEpochs { return }
        for index in ids.indices { ids[index] = nil }
    }

    // MARK: Names

    mutating func topic(_ name: String) -> TopicRef {
        let topic = names.topic(name)
        while ids.count < names.topics.count { ids.append(nil) }
        return topic
    }

    mutating func partition(_ number: Int32, of topic: TopicRef) -> PartitionRef {
        let partition = names.partition(number, of: topic)
        while partitions.count < names.partitions.count { partitions.append(Partition()) }
        return partition
    }

    mutating func partition(_ named: TopicPartition) -> PartitionRef {
        partition(named.partition, of: topic(named.topic))
    }

    public func name(of partition: PartitionRef) -> TopicPartition { names.name(of: partition) }

    /// How requests name it.
    func identity(of partition: PartitionRef) -> TopicIDPartition {
        let one = names[partition]
        return TopicIDPartition(ids[one.topic.index] ?? .zero, one.number)
    }

    /// Nil: not one that was ever asked for.
    public func partition(_ identity: TopicIDPartition) -> PartitionRef? {
        guard let topic = topicsByID[identity.topic] else { return nil }
        return names.known(identity.partition, of: topic)
    }

    // MARK: Leaders

    /// Nothing is known of a leader whose epoch is not the newest that was seen.
    func leader(of partition: PartitionRef) -> KnownLeader {
        let one = partitions[partition.index]
        let isCurrent = one.newestEpoch == nil || one.leaderEpoch == one.newestEpoch
        guard one.isKnown, isCurrent else { return KnownLeader(nil, epoch: one.newestEpoch) }
        let node = one.leader.flatMap { nodes.contains($0) ? $0 : nil }
        return KnownLeader(node, epoch: one.leaderEpoch)
    }

    /// Whether the node can serve the partition.
    func isOnline(_ node: NodeID, for partition: PartitionRef) -> Bool {
        let one = partitions[partition.index]
        return one.isKnown && nodes.contains(node) && !one.offline.contains(node)
    }

    /// Somebody else told of an epoch: if it is newer, what is known is stale.
    mutating func noteEpoch(_ epoch: Int32?, of partition: PartitionRef) {
        guard let epoch, let newest = partitions[partition.index].newestEpoch, epoch > newest
        else { return }
        partitions[partition.index].newestEpoch = epoch
        needsAll = true
    }

    /// A leader that a fetch answer named (KIP-951). True if it is news.
    mutating func maybeUpdateLeader(_ hint: LeaderAndEpoch, of partition: PartitionRef) -> Bool {
        guard let node = hint.leader, partitions[partition.index].isKnown else { return false }
        if let known = leader(of: partition).epoch, hint.epoch <= known { return false }
        if !nodes.contains(node) {
            nodes.append(node)
            nodes.sort()
        }
        partitions[partition.index].leader = node
        partitions[partition.index].leaderEpoch = hint.epoch
        partitions[partition.index].newestEpoch = hint.epoch
        return true
    }

    // MARK: Updates

    /// Topics that a call asks about.
    mutating func addTransient(_ topics: [TopicRef]) {
        for topic in topics {
            let name = names[topic].name
            if !transientTopics.contains(name) { transientTopics.append(name) }
            if ids[topic.index] == nil { needsNewTopics = true }
        }
    }

    mutating func clearTransient() { transientTopics = [] }

    /// What the next request asks for.
    func wantedTopics(_ subscription: SubscriptionState) -> MetadataRequest.Topics {
        if subscription.kind == .pattern { return .all }
        var wanted = subscription.topics
        for topic in subscription.groupTopics + transientTopics where !wanted.contains(topic) {
            wanted.append(topic)
        }
        return .named(wanted.sorted())
    }

    private func isWanted(_ topic: String, _ subscription: SubscriptionState) -> Bool {
        transientTopics.contains(topic) || subscription.topics.contains(topic)
            || subscription.groupTopics.contains(topic)
            || subscription.pattern?.matches(topic) ?? false
    }

    /// A full answer. Returns whether it says something newer.
    @discardableResult
    mutating func update(_ reply: MetadataReply, _ subscription: SubscriptionState) -> Bool {
        version += 1
        needsAll = false
        needsNewTopics = false
        unauthorizedTopics = []
        invalidTopics = []
        nodes = reply.brokers.map(\.id).sorted()
        let before = partitions
        let oldIDs = ids
        for index in partitions.indices { partitions[index].isKnown = false }
        for index in ids.indices { ids[index] = nil }
        var isNews = false
        for told in reply.topics {
            guard let name = told.name else { continue }
            let topic = topic(name)
            let old = topic.index < oldIDs.count ? oldIDs[topic.index] : nil
            if told.id != .zero {
                ids[topic.index] = told.id
                topicsByID[told.id] = topic
            }
            guard isWanted(name, subscription) else { continue }
            let isAnew = told.id != .zero && told.id != old
            note(told.error, of: topic)
            guard told.error == .none else { continue }
            for one in told.partitions {
                if update(one, of: topic, isAnew: isAnew, before) { isNews = true }
            }
        }
        recreated = []
        for (old, topic) in topicsByID {
            if let new = ids[topic.index], new != old { recreated.append((old, new)) }
        }
        forgetEpochs(of: subscription)
        return isNews
    }

    private mutating func note(_ error: KafkaError, of topic: TopicRef) {
        if error.isInvalidMetadata { needsAll = true }
        if error == .topicAuthorizationFailed { unauthorizedTopics.append(topic) }
        if error == .invalidTopicException { invalidTopics.append(topic) }
    }

    private mutating func update(
        _ told: MetadataReply.Partition, of topic: TopicRef, isAnew: Bool, _ before: [Partition]
    ) -> Bool {
        let partition = partition(told.number, of: topic)
        if told.error.isInvalidMetadata { needsAll = true }
        let known = partition.index < before.count ? before[partition.index] : Partition()
        guard told.leaderEpoch >= 0 else {
            partitions[partition.index] = Partition(
                isKnown: true, leader: told.leader, offline: told.offlineReplicas)
            return true
        }
        if let newest = known.newestEpoch, told.leaderEpoch < newest, !isAnew {
            partitions[partition.index] = known
            return false
        }
        partitions[partition.index] = Partition(
            isKnown: true, leader: told.leader, leaderEpoch: told.leaderEpoch,
            newestEpoch: told.leaderEpoch, offline: told.offlineReplicas)
        return known.newestEpoch != told.leaderEpoch
    }

    private mutating func forgetEpochs(of subscription: SubscriptionState) {
        for index in partitions.indices where partitions[index].newestEpoch != nil {
            let topic = names[names.partitions[index].topic].name
            if !isWanted(topic, subscription) { partitions[index].newestEpoch = nil }
        }
    }

    /// What the last answer refused, told once.
    mutating func takeError() -> ClientError? {
        let (unauthorized, invalid) = (unauthorizedTopics, invalidTopics)
        unauthorizedTopics = []
        invalidTopics = []
        if !unauthorized.isEmpty {
            return ClientError(.code(.topicAuthorizationFailed), about: .topics(unauthorized))
        }
        if invalid.isEmpty { return nil }
        return ClientError(.code(.invalidTopicException), about: .topics(invalid))
    }
}
