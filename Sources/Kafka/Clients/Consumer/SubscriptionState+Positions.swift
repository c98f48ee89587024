import Kernel

/// Positions: who needs one, and what becomes of those that there are.
extension SubscriptionState {
    /// A log that lost what was read from it, found out (KIP-320).
    typealias LogTruncation = ClientError.Truncation

    private func partitions(where condition: (AssignedPartition) -> Bool) -> [PartitionRef] {
        var found: [PartitionRef] = []
        for partition in order {
            if let one = self[partition], condition(one) { found.append(partition) }
        }
        return found
    }

    /// In the order in which they are to be fetched.
    public var fetchable: [PartitionRef] { partitions { $0.isFetchable } }
    public var initializing: [PartitionRef] { partitions { $0.needsInitialPosition } }

    public func needingReset(at now: Instant) -> [PartitionRef] {
        partitions { $0.state == .awaitingReset && !$0.isBackingOff(at: now) }
    }

    public func needingValidation(at now: Instant) -> [PartitionRef] {
        partitions { $0.state == .awaitingValidation && !$0.isBackingOff(at: now) }
    }

    /// Every partition can be read.
    public var hasAllPositions: Bool {
        for partition in order where self[partition]?.state != .fetching { return false }
        return true
    }

    /// What a commit without offsets commits.
    public var consumed: [(partition: PartitionRef, position: CommittedPosition)] {
        order.compactMap { partition in
            guard let one = self[partition], one.hasValidPosition, let position = one.position
            else { return nil }
            let committed = CommittedPosition(position.offset, leaderEpoch: position.offsetEpoch)
            return (partition, committed)
        }
    }

    /// How much there is to read up to the end that this consumer may see.
    public func lag(of partition: PartitionRef, _ isolation: ReadIsolation) -> Int64? {
        guard let position = self[partition]?.position, let end = end(of: partition, isolation)
        else { return nil }
        return end - position.offset
    }

    public func end(of partition: PartitionRef, _ isolation: ReadIsolation) -> Int64? {
        switch isolation {
        case .committed: self[partition]?.lastStableOffset
        case .uncommitted: self[partition]?.highWatermark
        }
    }

    public func lead(of partition: PartitionRef) -> Int64? {
        guard let one = self[partition], let start = one.logStartOffset,
            let position = one.position
        else { return nil }
        return position.offset - start
    }

    // MARK: Resets

    /// Who was sent elsewhere, and where to.
    struct Reset: Hashable, Sendable {
        var partition: PartitionRef
        var offset: Int64
        /// The leader of this epoch has said that its log ends there; nil: it is no end.
        var endInEpoch: Int32?
    }

    /// Partitions that have no position begin where the policy says. Without a policy that is an
    /// error, but the others have been taken care of.
    mutating func resetInitializing(
        where isMeant: (PartitionRef) -> Bool, _ names: PartitionNames
    ) throws(ClientError) {
        var without: [PartitionRef] = []
        for partition in initializing where isMeant(partition) {
            if resetPolicy == .none {
                without.append(partition)
            } else {
                awaitReset(of: partition)
            }
        }
        if !without.isEmpty {
            let partitions = ClientError.Subject.partitions(names.sorted(without))
            throw ClientError(.noOffsetForPartition, about: partitions)
        }
    }

    mutating func awaitReset(of partition: PartitionRef) {
        let policy = resetPolicy
        self[partition]?.becomeAwaitingReset(policy)
    }

    /// The answer to a reset. It counts only if that very reset is still wanted.
    mutating func reset(
        _ partition: PartitionRef, to position: FetchPosition, asked strategy: ResetStrategy,
        answeredIn epoch: Int32?
    ) {
        guard let one = self[partition], one.state == .awaitingReset,
            one.resetStrategy == strategy
        else { return }
        self[partition]?.seek(unvalidated: position)
        resets.append(
            Reset(
                partition: partition, offset: position.offset,
                endInEpoch: strategy == .latest ? epoch : nil))
    }

    /// Who was sent elsewhere, and was not told to go there by the program, since this was asked
    /// for the last time.
    mutating func takeResets() -> [Reset] {
        if resets.isEmpty { return [] }
        defer { resets = [] }
        return resets
    }

    // MARK: Validation

    /// The answer to the question where the epoch of a position ends (KIP-320). A position beyond
    /// that end was read from a log that has been truncated since.
    ///
    /// A leader that never had that epoch tells where the one before it ends. Kafka's consumer does
    /// not look at which epoch it is told about: if another leader's log has grown beyond the
    /// position meanwhile, or was longer all along, it finds the position good, and reads on behind
    /// records that it never got. What brokers do since KIP-279 would tell: where it has itself
    /// read the last of the epoch that both know.
    mutating func completeValidation(
        of partition: PartitionRef, asked: FetchPosition, end: EpochEndOffset?,
        comparesEpochs: Bool = false
    ) -> LogTruncation? {
        guard let one = self[partition], one.state == .awaitingValidation,
            let position = one.position, position == asked
        else { return nil }
        guard let end else {
            guard resetPolicy == .none else {
                awaitReset(of: partition)
                return nil
            }
            return LogTruncation(partition: partition, offset: asked.offset)
        }
        let own = comparesEpochs ? one.end(of: end.epoch) : nil
        let parting = min(end.endOffset, own ?? .max)
        guard parting < position.offset else {
            self[partition]?.completeValidation()
            return nil
        }
        guard resetPolicy == .none else {
            let before = FetchPosition(parting, offsetEpoch: end.epoch, leader: position.leader)
            self[partition]?.seek(validated: before)
            resets.append(Reset(partition: partition, offset: before.offset, endInEpoch: nil))
            return nil
        }
        return LogTruncation(partition: partition, offset: asked.offset, diverging: end)
    }
}
