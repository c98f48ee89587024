import Kernel

/// What a consumer has subscribed to or was given, and where it stands in each partition
/// (SubscriptionState).
///
/// The order of the partitions is the order in which they are asked for; one that has delivered
/// goes to the end, so that all get their turn.
public struct SubscriptionState: Sendable {
    public enum Kind: Sendable {
        case none
        case topics
        case pattern
        /// By the program's own hand.
        case assigned
    }

    public private(set) var kind = Kind.none
    /// Subscribed to, or those of the partitions assigned by hand; ascending by name.
    public private(set) var topics: [String] = []
    /// What the whole group has subscribed to, as its leader knows; ascending by name.
    public private(set) var groupTopics: [String] = []
    public private(set) var pattern: TopicPattern?
    public let resetPolicy: ResetStrategy
    public let isolation: ReadIsolation
    /// Assigned, in the order in which they are fetched.
    public private(set) var order: [PartitionRef] = []
    /// Positions that were set since somebody last asked, and not by the program.
    var resets: [Reset] = []
    /// By the partition's number.
    private var states: [AssignedPartition?] = []

    public init(resetPolicy: ResetStrategy, isolation: ReadIsolation) {
        self.resetPolicy = resetPolicy
        self.isolation = isolation
    }

    /// Nil: not assigned.
    public internal(set) subscript(partition: PartitionRef) -> AssignedPartition? {
        get { partition.index < states.count ? states[partition.index] : nil }
        // It holds as long as nobody else changes the states.
        unsafeMutableAddress {
            while states.count <= partition.index { states.append(nil) }
            return withUnsafeMutablePointer(to: &states[partition.index]) { $0 }
        }
    }

    // What is asked most often, without a copy of all that is known of the partition.

    @inline(__always)
    func isFetchable(_ partition: PartitionRef) -> Bool {
        partition.index < states.count && (states[partition.index]?.isFetchable ?? false)
    }

    @inline(__always)
    func isPaused(_ partition: PartitionRef) -> Bool {
        partition.index < states.count && (states[partition.index]?.isPaused ?? false)
    }

    /// The leader epoch of the last record that was taken, if the reader goes on right after it.
    public func lastEpochTaken(in partition: PartitionRef, before offset: Int64) -> Int32? {
        guard let position = position(of: partition), position.offset == offset else { return nil }
        return position.offsetEpoch
    }

    @inline(__always)
    func position(of partition: PartitionRef) -> FetchPosition? {
        partition.index < states.count ? states[partition.index]?.position : nil
    }

    func isAssigned(_ partition: PartitionRef) -> Bool {
        partition.index < states.count && states[partition.index] != nil
    }

    /// Changes what is known of an assigned partition.
    mutating func with<Result>(
        _ partition: PartitionRef, _ change: (inout AssignedPartition) -> Result
    ) throws(ClientError) -> Result {
        guard isAssigned(partition) else { throw .illegalState }
        return change(&states[partition.index]!)
    }

    public var isSubscribed: Bool { kind == .topics || kind == .pattern }

    // MARK: Subscribing

    private mutating func become(_ kind: Kind) throws(ClientError) {
        guard self.kind == .none || self.kind == kind else { throw .illegalState }
        self.kind = kind
    }

    /// True if other topics are subscribed to than before.
    mutating func subscribe(
        to topics: [String], _ names: PartitionNames
    ) throws(ClientError) -> Bool {
        try become(.topics)
        return change(to: topics, names)
    }

    mutating func subscribe(to pattern: TopicPattern) throws(ClientError) {
        try become(.pattern)
        self.pattern = pattern
    }

    mutating func subscribe(
        toMatching topics: [String], _ names: PartitionNames
    ) throws(ClientError) -> Bool {
        guard kind == .pattern else { throw .illegalArgument }
        return change(to: topics, names)
    }

    private mutating func change(to topics: [String], _ names: PartitionNames) -> Bool {
        let sorted = Self.distinct(topics)
        if sorted == self.topics { return false }
        self.topics = sorted
        markUnsubscribed(names)
        return true
    }

    /// Partitions of topics that are no longer subscribed to are not read until the group has
    /// taken them away.
    private mutating func markUnsubscribed(_ names: PartitionNames) {
        for partition in order {
            let topic = names[names[partition].topic].name
            let isUnsubscribed = kind == .topics && !topics.contains(topic)
            self[partition]?.isUnsubscribed = isUnsubscribed
        }
    }

    private static func distinct(_ topics: [String]) -> [String] {
        var distinct: [String] = []
        for topic in topics.sorted() where distinct.last != topic { distinct.append(topic) }
        return distinct
    }

    /// True if the group wants topics that we do not.
    mutating func groupSubscribe(to topics: [String]) throws(ClientError) -> Bool {
        guard isSubscribed else { throw .illegalState }
        groupTopics = Self.distinct(topics)
        return !groupTopics.allSatisfy(self.topics.contains)
    }

    mutating func unsubscribe() {
        kind = .none
        topics = []
        groupTopics = []
        pattern = nil
        assign([])
    }

    // MARK: Assigning

    /// True if the topics are other ones than before.
    mutating func assign(
        byHand partitions: [PartitionRef], _ names: PartitionNames
    ) throws(ClientError) -> Bool {
        try become(.assigned)
        if order.count == partitions.count, partitions.allSatisfy(isAssigned) { return false }
        assign(names.hashed(partitions))
        return change(to: partitions.map { names[names[$0].topic].name }, names)
    }

    /// Whether all belong to what is subscribed to.
    func matches(_ partitions: [PartitionRef], _ names: PartitionNames) -> Bool {
        partitions.allSatisfy { partition in
            let topic = names[names[partition].topic].name
            if let pattern { return pattern.matches(topic) }
            return topics.contains(topic)
        }
    }

    mutating func assign(
        fromGroup partitions: [PartitionRef], _ names: PartitionNames
    ) throws(ClientError) {
        guard isSubscribed else { throw .illegalArgument }
        assign(names.grouped(partitions))
        markUnsubscribed(names)
    }

    /// As `assign(fromGroup:)`; those added wait until the program's callback has run (KIP-848).
    mutating func assign(
        fromGroup partitions: [PartitionRef], awaitingCallback added: [PartitionRef],
        _ names: PartitionNames
    ) throws(ClientError) {
        try assign(fromGroup: partitions, names)
        for partition in added { try with(partition) { $0.isPendingCallback = true } }
    }

    /// What was assigned before keeps its state.
    private mutating func assign(_ partitions: [PartitionRef]) {
        for partition in order where !partitions.contains(partition) {
            states[partition.index] = nil
        }
        for partition in partitions where !isAssigned(partition) {
            self[partition] = AssignedPartition()
        }
        order = partitions
    }

    mutating func moveToEnd(_ partition: PartitionRef) {
        guard order.last != partition, let index = order.firstIndex(of: partition) else { return }
        order.remove(at: index)
        order.append(partition)
    }
}

/// A regular expression over names of topics.
public struct TopicPattern: Hashable, Sendable {
    public var text: String

    public init(_ text: String) {
        self.text = text
    }

    /// The whole name. A pattern that is not one matches nothing.
    public func matches(_ topic: String) -> Bool {
        guard let expression = try? Regex(text) else { return false }
        return topic.wholeMatch(of: expression) != nil
    }
}
