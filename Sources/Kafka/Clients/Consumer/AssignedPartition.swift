import Kernel

/// What a consumer knows of a partition that is assigned to it
/// (SubscriptionState.TopicPartitionState).
///
///     INITIALIZING --> FETCHING <--> AWAIT_VALIDATION
///          |             |   ^              |
///          |             v   |              |
///          +-------> AWAIT_RESET <----------+
///
/// Invariant: there is a position exactly while it fetches or awaits validation.
public struct AssignedPartition: Sendable {
    public enum State: Sendable {
        /// Where to begin is not known: no committed offset has been looked up.
        case initializing
        case fetching
        /// The leader is asked for an end of its log.
        case awaitingReset
        /// The leader has changed, and is asked whether it has the log up to here.
        case awaitingValidation
    }

    /// A follower near us that the leader named (KIP-392), until when.
    public struct ReadReplica: Hashable, Sendable {
        public var node: NodeID
        public var expires: Instant
    }

    public private(set) var state = State.initializing
    public private(set) var position: FetchPosition?
    public internal(set) var highWatermark: Int64?
    public internal(set) var lastStableOffset: Int64?
    public internal(set) var logStartOffset: Int64?
    public internal(set) var isPaused = false
    public internal(set) var isPendingRevocation = false
    public internal(set) var isPendingCallback = false
    /// Its topic is no longer subscribed to.
    var isUnsubscribed = false
    /// Of the reset that is awaited.
    public private(set) var resetStrategy: ResetStrategy?
    /// The question is not asked again before.
    public internal(set) var retryAt: Instant?
    public private(set) var preferredReplica: ReadReplica?
    /// `currentLag` has asked for the end of the log.
    public internal(set) var isEndRequested = false

    /// Where what it has read of each leader epoch begins, as far as it has read on from there.
    private var epochStarts: [EpochEndOffset] = []

    var hasValidPosition: Bool { state == .fetching }

    var isFetchable: Bool {
        !isPaused && !isPendingRevocation && !isPendingCallback && !isUnsubscribed
            && state == .fetching
    }

    var needsInitialPosition: Bool { state == .initializing && !isPendingRevocation }

    func isBackingOff(at now: Instant) -> Bool { retryAt.map { now < $0 } ?? false }

    // MARK: Transitions

    private mutating func becomeFetching(_ position: FetchPosition) {
        state = .fetching
        self.position = position
        retryAt = nil
    }

    private mutating func becomeAwaitingValidation(_ position: FetchPosition) {
        state = .awaitingValidation
        self.position = position
        retryAt = nil
    }

    mutating func becomeAwaitingReset(_ strategy: ResetStrategy) {
        state = .awaitingReset
        position = nil
        resetStrategy = strategy
        retryAt = nil
    }

    mutating func seek(validated position: FetchPosition) {
        let isAhead = position.offset > (self.position?.offset ?? .max)
        epochStarts.removeAll { isAhead || $0.endOffset >= position.offset }
        becomeFetching(position)
        resetStrategy = nil
    }

    mutating func seek(unvalidated position: FetchPosition) {
        seek(validated: position)
        validate(position)
    }

    private mutating func validate(_ position: FetchPosition) {
        if position.canBeValidated {
            becomeAwaitingValidation(position)
        } else {
            becomeFetching(position)
        }
    }

    /// The metadata names a leader. True if the position has to be validated under it.
    mutating func maybeValidate(under leader: KnownLeader) -> Bool {
        guard state != .awaitingReset, leader.node != nil else { return false }
        if var position, position.leader != leader {
            position.leader = leader
            validate(position)
            preferredReplica = nil
        }
        return state == .awaitingValidation
    }

    /// The leader is too old to be asked.
    mutating func followWithoutValidation(_ leader: KnownLeader) {
        guard var position else { return }
        position.leader = leader
        becomeFetching(position)
    }

    mutating func completeValidation() {
        if let position { becomeFetching(position) }
    }

    /// False if there is no good position that could advance.
    mutating func advance(to position: FetchPosition) -> Bool {
        guard hasValidPosition else { return false }
        if let epoch = position.offsetEpoch, epoch != epochStarts.last?.epoch,
            let before = self.position
        {
            epochStarts.append(EpochEndOffset(epoch: epoch, endOffset: before.offset))
        }
        self.position = position
        return true
    }

    /// Where what it has read ceases to be of this epoch or of those before.
    func end(of epoch: Int32) -> Int64? {
        epochStarts.first { $0.epoch > epoch }?.endOffset
    }

    // MARK: What brokers tell

    mutating func update(highWatermark: Int64) {
        self.highWatermark = highWatermark
        isEndRequested = false
    }

    mutating func update(lastStableOffset: Int64) {
        self.lastStableOffset = lastStableOffset
        isEndRequested = false
    }

    /// Nil once its time is over.
    mutating func readReplica(at now: Instant) -> NodeID? {
        guard let replica = preferredReplica else { return nil }
        if now <= replica.expires { return replica.node }
        preferredReplica = nil
        return nil
    }

    /// Naming the same replica again does not lengthen its time.
    mutating func prefer(_ node: NodeID, until expires: Instant) {
        if preferredReplica?.node == node { return }
        preferredReplica = ReadReplica(node: node, expires: expires)
    }

    mutating func clearReadReplica() -> NodeID? {
        defer { preferredReplica = nil }
        return preferredReplica?.node
    }
}
