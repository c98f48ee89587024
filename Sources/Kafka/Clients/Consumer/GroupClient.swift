import Kernel

/// What a consumer has to do with its group's coordinator: finding it, asking how far the group has
/// come, and telling it.
struct GroupClient: Sendable {
    /// A question to the coordinator, and what became of it.
    struct Request: Sendable {
        let id: GroupRequestID
        let kind: Kind
        var outcome: Outcome?
    }

    enum Kind: Sendable {
        case fetch([PartitionRef])
        /// The program waits.
        case commitSync
        case commitAsync(CommitTicket?, [ConsumerCall.OffsetsToCommit])
        case autoCommit
    }

    enum Outcome: Sendable {
        case offsets([(partition: PartitionRef, position: CommittedPosition?)])
        case committed
        case failed(ClientError)
    }

    /// A search for the coordinator.
    enum Search: Sendable {
        case none
        case underWay
        case ended(ClientError?)
    }

    /// An asynchronous commit whose callback has not run.
    struct Completion: Sendable {
        let kind: Kind
        let error: ClientError?
    }

    /// Asynchronous commits that wait for the coordinator to be found.
    struct WaitingCommit: Sendable {
        let offsets: [ConsumerCall.OffsetsToCommit]
        let kind: Kind
    }

    let id: String?
    /// The connection to it.
    var coordinator: NodeID?
    var search = Search.none
    var fatalError: ClientError?
    /// Connections to be closed at the next poll of the network.
    var toClose: [NodeID] = []
    /// Nil: nothing is committed automatically.
    var autoCommitAt: Instant?
    var requests: [Request] = []
    /// The question that calls wait for, and go on waiting for.
    var pendingFetch: GroupRequestID?
    var waitingCommits: [WaitingCommit] = []
    var asyncCommitsInFlight = 0
    var completions: [Completion] = []
    /// An asynchronous commit learnt that another member has taken our place; nothing goes on.
    var isFenced = false
    /// It has told the coordinator that it goes, or would have if it had been a member.
    var hasLeft = false
    private var lastRequest: Int32 = 0

    init(_ settings: ConsumerSettings, at now: Instant) {
        id = settings.group
        if settings.commitsAutomatically, let interval = settings.autoCommitInterval {
            autoCommitAt = now + interval
        }
    }

    var exists: Bool { id != nil }

    mutating func begin(_ kind: Kind) -> GroupRequestID {
        lastRequest += 1
        let id = GroupRequestID(rawValue: lastRequest)
        requests.append(Request(id: id, kind: kind))
        return id
    }

    func outcome(of id: GroupRequestID) -> Outcome? {
        requests.first { $0.id == id }.flatMap(\.outcome)
    }

    mutating func end(_ id: GroupRequestID, _ outcome: Outcome) {
        guard let index = requests.firstIndex(where: { $0.id == id }) else { return }
        requests[index].outcome = outcome
    }

    mutating func forget(_ id: GroupRequestID) {
        requests.removeAll { $0.id == id }
    }

    /// It is no longer there, or no longer the coordinator. After an answer that says so the
    /// connection is closed; whatever else is under way there fails.
    mutating func markCoordinatorUnknown(isDisconnected: Bool) {
        guard let known = coordinator else { return }
        coordinator = nil
        if !isDisconnected { toClose.append(known) }
    }
}

/// What the coordinator says of committed offsets.
struct CommittedAnswer: Sendable {
    var positions: [(partition: PartitionRef, position: CommittedPosition?)] = []
    var unstable: [PartitionRef] = []
    var unauthorized: [TopicRef] = []

    /// Throws the first error that stands for the whole answer.
    init(_ reply: OffsetFetchReply, _ metadata: inout ConsumerMetadata) throws(ClientError) {
        for one in reply.partitions {
            let partition = metadata.partition(one.partition)
            switch one.error {
            case .none:
                let position = CommittedPosition(one.offset, leaderEpoch: one.leaderEpoch)
                positions.append((partition, one.offset >= 0 ? position : nil))
            case .topicAuthorizationFailed:
                let topic = metadata.names[partition].topic
                if !unauthorized.contains(topic) { unauthorized.append(topic) }
            case .unstableOffsetCommit: unstable.append(partition)
            default: throw .kafka
            }
        }
        if unauthorized.isEmpty { return }
        throw ClientError(.code(.topicAuthorizationFailed), about: .topics(unauthorized))
    }
}

extension Consumer {
    mutating func receiveCoordinator(
        _ outcome: ConsumerNetwork.Outcome, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        switch settings.implementation {
        case .classic: try receiveClassicCoordinator(outcome, now, &effects)
        case .consumer: receiveBackgroundCoordinator(outcome, now)
        }
    }

    mutating func receiveCommitted(
        _ id: GroupRequestID, _ outcome: ConsumerNetwork.Outcome, _ now: Instant
    ) {
        switch settings.implementation {
        case .classic: receiveClassicCommitted(id, outcome)
        case .consumer: receiveBackgroundCommitted(id, outcome, now)
        }
    }

    mutating func receiveCommit(
        _ id: GroupRequestID, _ outcome: ConsumerNetwork.Outcome, _ now: Instant
    ) {
        switch settings.implementation {
        case .classic: receiveClassicCommit(id, outcome)
        case .consumer: receiveBackgroundCommit(id, outcome, now)
        }
    }

    mutating func queueCommit(
        _ offsets: [ConsumerCall.OffsetsToCommit], _ id: GroupRequestID, to node: NodeID,
        _ now: Instant
    ) {
        let sorted = metadata.names.sorted(offsets.map(\.partition))
        let partitions = sorted.compactMap { partition in
            offsets.first { $0.partition == partition }.map {
                OffsetCommitRequest.Partition(
                    metadata.name(of: partition), offset: $0.position.offset,
                    leaderEpoch: $0.position.leaderEpoch)
            }
        }
        let request = OffsetCommitRequest(group: group.id ?? "", partitions: partitions)
        network.queue(.commitOffsets(request), to: node, for: .commit(id), at: now)
    }

    mutating func queueCommittedFetch(
        _ partitions: [PartitionRef], _ id: GroupRequestID, to node: NodeID, _ now: Instant
    ) {
        let named = metadata.names.sorted(partitions).map { metadata.name(of: $0) }
        let request = OffsetFetchRequest(group: group.id ?? "", partitions: named)
        network.queue(.fetchOffsets(request), to: node, for: .fetchCommitted(id), at: now)
    }

    /// Partitions begin where the group has come to, if they still need a beginning.
    mutating func applyCommitted(
        _ positions: [(partition: PartitionRef, position: CommittedPosition?)]
    ) {
        for (partition, committed) in positions {
            guard let committed else { continue }
            metadata.noteEpoch(committed.leaderEpoch, of: partition)
            let position = FetchPosition(
                committed.offset, offsetEpoch: committed.leaderEpoch,
                leader: metadata.leader(of: partition))
            seek(partition, to: position)
        }
    }

    /// To a position that may have to be validated first (KIP-320).
    mutating func seek(_ partition: PartitionRef, to position: FetchPosition) {
        if validatesPositions {
            subscription[partition]?.seek(unvalidated: position)
        } else {
            subscription[partition]?.seek(validated: position)
        }
    }

    func consumedOffsets() -> [ConsumerCall.OffsetsToCommit] {
        subscription.consumed.map { ConsumerCall.OffsetsToCommit($0.partition, $0.position) }
    }
}
