import Kernel

/// One KRaft controller: the brain of the cluster while it is active, a reader of the metadata log
/// while it is not (QuorumController and its managers).
///
/// It decides on what it has written, committed or not, and answers when that is committed. So a
/// decision never waits for the quorum, an answer is never taken back, and a controller that loses
/// its leadership goes back to what is committed as if the rest had not been.
public struct Controller: Sendable {
    public let id: NodeID
    let actor: ActorID
    let settings: ControllerSettings
    let generation: Generation

    /// With everything that has been written; what decisions are made on. Empty on a standby.
    ///
    /// Records are applied to this when they are written and to `committed` when they are
    /// committed, rather than one being an earlier copy of the other: so both change in place.
    var state = ClusterState()
    private(set) var committed = ClusterState()
    /// What was written and is not committed yet, oldest first.
    private var uncommitted: [Write] = []
    /// Answers that wait for a commit. Invariant: ascending by offset.
    private var waiting: [Waiting] = []
    /// Nil: standby.
    var leadership: Leadership?

    /// What only the active controller has.
    struct Leadership: Sendable {
        let epoch: Int32
        /// Where the next record goes.
        var nextOffset: Int64
        var liveness: BrokerLiveness
    }

    /// One batch.
    private struct Write: Sendable {
        var firstOffset: Int64
        var records: [MetadataRecord]

        var endOffset: Int64 { firstOffset + Int64(records.count) }
    }

    private struct Waiting: Sendable {
        var endOffset: Int64
        /// Nil: a task, which nobody waits for but others behind it.
        var answer: (reply: ControllerReply, token: ReplyToken)?
    }

    public init(
        id: NodeID, actor: ActorID, settings: ControllerSettings, generation: Generation = .current
    ) {
        self.id = id
        self.actor = actor
        self.settings = settings
        self.generation = generation
    }

    /// The cluster with everything that this controller has written.
    public var image: MetadataImage { isActive ? state.image : committed.image }

    /// The cluster as far as this controller knows it to be committed.
    public var committedImage: MetadataImage { committed.image }

    public var isActive: Bool { leadership != nil }

    /// The epoch of its leadership; nil while it is standby.
    public var activeEpoch: Int32? { leadership?.epoch }

    /// Up to where the log must be committed before the last answer can go out; nil if none waits.
    public var awaitedOffset: Int64? { waiting.last?.endOffset }

    /// The one door.
    public mutating func receive(
        _ input: ControllerInput, at now: Instant, _ choices: inout Choices,
        _ effects: inout ControllerEffects
    ) {
        switch input {
        case .request(let request, let token):
            answer(request, token, at: now, &choices, &effects)
        case .becomeActive(let epoch, let nextOffset):
            becomeActive(epoch: epoch, nextOffset: nextOffset, at: now, &effects)
        case .becomeStandby:
            becomeStandby(&effects)
        case .committed(let records, let firstOffset, let endOffset):
            if isActive {
                commit(upTo: endOffset, &effects)
            } else {
                commit(records, from: firstOffset)
            }
        case .snapshot(let image, let lastOffset):
            precondition(!isActive, "an active controller has no use for a snapshot")
            committed = ClusterState(image, upTo: lastOffset)
        case .timer(let task):
            if isActive { run(task, at: now, &choices, &effects) }
        }
    }
}

// MARK: - Roles

extension Controller {
    private mutating func becomeActive(
        epoch: Int32, nextOffset: Int64, at now: Instant, _ effects: inout ControllerEffects
    ) {
        state = committed
        leadership = Leadership(
            epoch: epoch, nextOffset: nextOffset,
            liveness: BrokerLiveness(
                state.image, sessionTimeout: settings.brokerSessionTimeout, at: now))
        if state.isEmpty { write(Decision(bootstrapRecords()), &effects) }
        for task in ControllerTask.allCases {
            if let period = period(of: task) { effects.append(.setTimer(task, at: now + period)) }
        }
    }

    /// Whoever waits is told to look for the new controller: what they asked for may have been
    /// written, and may yet be committed by another.
    mutating func becomeStandby(_ effects: inout ControllerEffects) {
        guard isActive else { return }
        for case let answer? in waiting.map(\.answer) {
            effects.append(.reply(.failed(.notController), to: answer.token))
        }
        leadership = nil
        waiting.removeAll()
        uncommitted.removeAll()
        state = ClusterState()
    }

    /// A new cluster begins with the features it was formatted with, from 3.6 on as a transaction,
    /// so that nobody sees half of them (KIP-868).
    private func bootstrapRecords() -> [MetadataRecord] {
        var records = settings.bootstrapFeatures.map { MetadataRecord.featureLevel($0) }
        let hasELR = settings.bootstrapFeatures.contains {
            $0.feature == .eligibleLeaderReplicasVersion && $0.level > 0
        }
        if hasELR {
            let value = String(settings.minInSyncReplicas)
            records.append(.config(.cluster, key: minISRKey, value: value))
        }
        let version = settings.bootstrapFeatures.first { $0.feature == .metadataVersion }
        if let version, MetadataVersion(level: version.level).supportsTransactions {
            records.insert(.beginTransaction, at: 0)
            records.append(.endTransaction)
        }
        return records
    }
}

// MARK: - Writing and committing

extension Controller {
    /// Makes the decision true for everything that follows, and answers when it is committed. One
    /// that changes nothing still rests on what was written before, so its answer waits as well.
    mutating func write(
        _ decision: Decision, answering token: ReplyToken? = nil,
        _ effects: inout ControllerEffects
    ) {
        guard let first = leadership?.nextOffset, let epoch = leadership?.epoch else { return }
        var offset = first
        for batch in decision.batches {
            effects.append(.append(batch, firstOffset: offset, epoch: epoch))
            uncommitted.append(Write(firstOffset: offset, records: batch))
            for record in batch {
                apply(record, at: offset)
                offset += 1
            }
        }
        let answer = decision.reply.flatMap { reply in token.map { (reply, $0) } }
        if offset > first {
            leadership?.nextOffset = offset
            waiting.append(Waiting(endOffset: offset, answer: answer))
        } else if let awaitedOffset {
            waiting.append(Waiting(endOffset: awaitedOffset, answer: answer))
        } else if let (reply, token) = answer {
            effects.append(.reply(reply, to: token))
        }
    }

    private mutating func apply(_ record: MetadataRecord, at offset: Int64) {
        state.apply(record, at: offset, generation)
        switch record {
        case .registerBroker(let broker):
            leadership?.liveness.forget(broker.id)
            leadership?.liveness.register(broker.id, isFenced: broker.isFenced)
        case .unregisterBroker(let broker, _):
            leadership?.liveness.forget(broker)
        case .brokerRegistrationChange(let change):
            let isFenced = state.image.brokers[change.id]?.isFenced ?? true
            leadership?.liveness.register(change.id, isFenced: isFenced)
        default: break
        }
    }

    private mutating func commit(upTo endOffset: Int64, _ effects: inout ControllerEffects) {
        let writes = uncommitted.prefix { $0.endOffset <= endOffset }
        for write in writes { commit(write.records, from: write.firstOffset) }
        uncommitted.removeFirst(writes.count)
        let due = waiting.prefix { $0.endOffset <= endOffset }
        for case let (reply, token)? in due.map(\.answer) {
            effects.append(.reply(reply, to: token))
        }
        waiting.removeFirst(due.count)
    }

    private mutating func commit(_ records: [MetadataRecord], from firstOffset: Int64) {
        for (index, record) in records.enumerated() {
            committed.apply(record, at: firstOffset + Int64(index), generation)
        }
    }
}
