import Kernel

/// Positions that have to be asked for: ends of logs, and whether a position is still good
/// (OffsetFetcher, OffsetsRequestManager, OffsetFetcherUtils).
extension Consumer {
    /// Errors that came with an answer, for the next call.
    struct PositionErrors: Sendable {
        var resetting: ClientError?
        var validating: ClientError?
        /// Which metadata the positions were last held against.
        var checkedMetadata = -1
    }

    // MARK: Resetting

    /// Asks the leaders for the ends of the logs, where a position is to be set.
    /// Returns how many requests that took.
    @discardableResult
    mutating func resetPositions(_ now: Instant) throws(ClientError) -> Int {
        if let error = positionErrors.resetting {
            positionErrors.resetting = nil
            throw error
        }
        var targets: [(node: NodeID, resets: [(partition: PartitionRef, strategy: ResetStrategy)])]
        targets = []
        for partition in metadata.names.sorted(subscription.needingReset(at: now)) {
            guard let strategy = subscription[partition]?.resetStrategy else { continue }
            if strategy == .none {
                throw ClientError(.noOffsetForPartition, about: .partitions([partition]))
            }
            if metadata.leader(of: partition).node == nil { metadata.requestUpdate() }
            guard let node = leaderToAsk(of: partition, now) else { continue }
            if let index = targets.firstIndex(where: { $0.node == node }) {
                targets[index].resets.append((partition, strategy))
            } else {
                targets.append((node, [(partition, strategy)]))
            }
        }
        targets.sort { $0.node < $1.node }
        for (node, resets) in targets {
            for (partition, _) in resets {
                subscription[partition]?.retryAt = now + settings.requestTimeout
            }
            let questions = resets.map { ($0.partition, query($0.strategy, now)) }
            queueListOffsets(questions, to: node, for: .reset(resets, for: resettingUpdate), now)
        }
        return targets.count
    }

    private func query(_ strategy: ResetStrategy, _ now: Instant) -> OffsetQuery {
        switch strategy {
        case .earliest: .earliest
        case .byDuration(let age): .timestamp((now - .zero - age).wholeMilliseconds)
        case .latest, .none: .latest
        }
    }

    /// Nil if there is none that could be asked now.
    func leaderToAsk(of partition: PartitionRef, _ now: Instant) -> NodeID? {
        guard let node = metadata.leader(of: partition).node else { return nil }
        if settings.implementation == .classic, network.isUnavailable(node, at: now) { return nil }
        return node
    }

    mutating func queueListOffsets(
        _ questions: [(PartitionRef, OffsetQuery)], to node: NodeID, for errand: ConsumerErrand,
        _ now: Instant
    ) {
        let partitions = questions.map { partition, query in
            ListOffsetsRequest.Partition(
                metadata.identity(of: partition),
                currentLeaderEpoch: metadata.leader(of: partition).epoch, query)
        }
        let request = ListOffsetsRequest(.consumer(settings.isolation), partitions: partitions)
        queue(.broker(.listOffsets(request)), to: node, for: errand, now)
    }

    mutating func receiveReset(
        _ resets: [(partition: PartitionRef, strategy: ResetStrategy)],
        _ outcome: ConsumerNetwork.Outcome, _ now: Instant
    ) {
        do throws(ClientError) {
            let found = try Found(outcome, metadata)
            if !found.toRetry.isEmpty {
                for partition in found.toRetry { retry(partition, now) }
                metadata.requestUpdate()
            }
            for (partition, one) in found.offsets {
                guard let asked = resets.first(where: { $0.partition == partition })
                else { continue }
                let position = FetchPosition(
                    one.offset, leader: metadata.leader(of: partition))
                metadata.noteEpoch(one.leaderEpoch, of: partition)
                subscription.reset(
                    partition, to: position, asked: asked.strategy, answeredIn: one.leaderEpoch)
            }
        } catch {
            for (partition, _) in resets { retry(partition, now) }
            metadata.requestUpdate()
            if !error.isRetriable, positionErrors.resetting == nil {
                positionErrors.resetting = error
            }
        }
    }

    private mutating func retry(_ partition: PartitionRef, _ now: Instant) {
        subscription[partition]?.retryAt = now + settings.retryDelay
    }

    // MARK: Validating

    /// Holds the positions against new metadata: another leader, or another epoch, makes a position
    /// one that has to be validated (KIP-320).
    mutating func checkAgainstMetadata() {
        guard positionErrors.checkedMetadata != metadata.version else { return }
        positionErrors.checkedMetadata = metadata.version
        for partition in subscription.order {
            followLeader(of: partition)
        }
    }

    /// Before KIP-320 a consumer went on where it was, whatever had become of the log meanwhile.
    var validatesPositions: Bool { settings.generation.has(.consumerValidatesPositions) }

    mutating func followLeader(of partition: PartitionRef) {
        let leader = metadata.leader(of: partition)
        guard validatesPositions else {
            if leader.node != nil { subscription[partition]?.followWithoutValidation(leader) }
            return
        }
        _ = subscription[partition]?.maybeValidate(under: leader)
    }

    /// Asks the leaders where the epochs of doubtful positions end.
    mutating func validatePositions(_ now: Instant) throws(ClientError) {
        try throwValidationError()
        checkAgainstMetadata()
        var targets: [(node: NodeID, asked: [(partition: PartitionRef, position: FetchPosition)])]
        targets = []
        for partition in metadata.names.sorted(subscription.needingValidation(at: now)) {
            guard let position = subscription[partition]?.position,
                let node = position.leader.node
            else { continue }
            if let index = targets.firstIndex(where: { $0.node == node }) {
                targets[index].asked.append((partition, position))
            } else {
                targets.append((node, [(partition, position)]))
            }
        }
        targets.sort { $0.node < $1.node }
        for (node, asked) in targets {
            for (partition, _) in asked {
                subscription[partition]?.retryAt = now + settings.requestTimeout
            }
            let partitions = asked.compactMap { partition, position in
                position.offsetEpoch.map {
                    OffsetsForLeaderEpochRequest.Partition(
                        metadata.identity(of: partition),
                        currentLeaderEpoch: position.leader.epoch, leaderEpoch: $0)
                }
            }
            let request = OffsetsForLeaderEpochRequest(follower: nil, partitions: partitions)
            queue(.broker(.offsetsForLeaderEpoch(request)), to: node, for: .validate(asked), now)
        }
    }

    mutating func throwValidationError() throws(ClientError) {
        guard let error = positionErrors.validating else { return }
        positionErrors.validating = nil
        throw error
    }

    mutating func receiveValidation(
        _ asked: [(partition: PartitionRef, position: FetchPosition)],
        _ outcome: ConsumerNetwork.Outcome, _ now: Instant
    ) {
        do throws(ClientError) {
            let ends = try EpochEnds(outcome, asked.map(\.partition), metadata)
            guard retryValidation(of: ends.toRetry, now) else { return }
            var truncations: [SubscriptionState.LogTruncation] = []
            for (partition, end) in ends.ends {
                guard let position = asked.first(where: { $0.partition == partition })?.position,
                    let truncation = subscription.completeValidation(
                        of: partition, asked: position, end: end,
                        comparesEpochs: settings.generation.has(.validationComparesEpochs))
                else { continue }
                truncations.append(truncation)
            }
            if !truncations.isEmpty, positionErrors.validating == nil {
                positionErrors.validating = ClientError(
                    .logTruncation, about: .truncations(truncations))
            }
        } catch {
            for (partition, _) in asked { retry(partition, now) }
            metadata.requestUpdate()
            if !error.isRetriable, positionErrors.validating == nil {
                positionErrors.validating = error
            }
        }
    }

    /// False if the rest of the answer goes unread: an exception at a partition that is no longer
    /// assigned ends the handling of the whole answer, and the others ask again when their request
    /// would have timed out.
    private mutating func retryValidation(of partitions: [PartitionRef], _ now: Instant) -> Bool {
        if partitions.isEmpty { return true }
        for partition in metadata.names.inHashOrder(partitions) {
            if subscription.isAssigned(partition) {
                retry(partition, now)
            } else if !settings.generation.has(.validationAnswersDiscarded) {
                return false
            }
        }
        metadata.requestUpdate()
        return true
    }
}

/// What an answer to ListOffsets says.
struct Found: Sendable {
    var offsets: [(partition: PartitionRef, found: FoundOffset)] = []
    var toRetry: [PartitionRef] = []

    init() {}

    init(
        _ outcome: ConsumerNetwork.Outcome, _ metadata: ConsumerMetadata
    ) throws(ClientError) {
        var unauthorized: [TopicRef] = []
        guard case .broker(.listOffsets(let reply)) = try outcome.answer() else {
            throw .illegalState
        }
        for one in reply {
            guard let partition = metadata.partition(one.partition) else { continue }
            switch one.error {
            case .none:
                if one.offset >= 0 {
                    let found = FoundOffset(
                        offset: one.offset, timestamp: one.timestamp,
                        leaderEpoch: one.leaderEpoch)
                    offsets.append((partition, found))
                }
            case .unsupportedForMessageFormat: break
            case .topicAuthorizationFailed:
                let topic = metadata.names[partition].topic
                if !unauthorized.contains(topic) { unauthorized.append(topic) }
            default: toRetry.append(partition)
            }
        }
        if unauthorized.isEmpty { return }
        throw ClientError(.code(.topicAuthorizationFailed), about: .topics(unauthorized))
    }
}

/// What an answer to OffsetForLeaderEpoch says.
struct EpochEnds: Sendable {
    var ends: [(partition: PartitionRef, end: EpochEndOffset?)] = []
    var toRetry: [PartitionRef] = []

    init(
        _ outcome: ConsumerNetwork.Outcome, _ asked: [PartitionRef], _ metadata: ConsumerMetadata
    ) throws(ClientError) {
        var unauthorized: [TopicRef] = []
        toRetry = asked
        guard case .broker(.offsetsForLeaderEpoch(let reply)) = try outcome.answer() else {
            throw .illegalState
        }
        for one in reply {
            guard let partition = metadata.partition(one.partition), asked.contains(partition)
            else { continue }
            switch one.error {
            case .none:
                ends.append((partition, one.end))
                toRetry.removeAll { $0 == partition }
            case .topicAuthorizationFailed:
                let topic = metadata.names[partition].topic
                if !unauthorized.contains(topic) { unauthorized.append(topic) }
                toRetry.removeAll { $0 == partition }
            default: break
            }
        }
        if unauthorized.isEmpty { return }
        throw ClientError(.code(.topicAuthorizationFailed), about: .topics(unauthorized))
    }
}

extension ConsumerNetwork.Outcome {
    func answer() throws(ClientError) -> ConsumerAnswer {
        switch self {
        case .answer(.unsupported): throw .code(.unsupportedVersion)
        case .answer(let answer): return answer
        case .failed(let error): throw error
        }
    }
}
