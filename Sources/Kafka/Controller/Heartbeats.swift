import Kernel

/// Signs of life and wishes of brokers, and what becomes of them (KIP-631, KIP-841).
extension Controller {
    /// What a broker is to the active controller.
    private enum BrokerState {
        case fenced
        case unfenced
        case controlledShutdown
        /// It may stop.
        case shutdownNow

        var isFenced: Bool { self == .fenced || self == .shutdownNow }
    }

    /// A heartbeat counts as a sign of life whoever sends it, even with an epoch that is not known.
    mutating func receive(
        _ request: BrokerHeartbeatRequest, _ token: ReplyToken, at now: Instant,
        _ effects: inout ControllerEffects
    ) throws(RequestFailure) {
        let broker = request.broker
        leadership?.liveness.heard(
            BrokerLiveness.Session(broker: broker, epoch: request.epoch), at: now)
        let registration = try registration(of: broker, epoch: request.epoch)
        let current = brokerState(broker)
        let isCaughtUp = request.metadataOffset >= state.registrationOffsets[broker] ?? .max
        let next = nextState(after: current, request, isCaughtUp: isCaughtUp)
        var records = current == next ? [] : try records(registration, becomes: next)
        leadership?.liveness.touch(
            broker, isFenced: next.isFenced, metadataOffset: request.metadataOffset)
        records += try offlineDirectoryRecords(registration, request.offlineDirectories)
        records += cordonedDirectoryRecords(registration, request.cordonedDirectories)
        let reply = BrokerHeartbeatReply(
            isCaughtUp: isCaughtUp, isFenced: next.isFenced,
            inControlledShutdown: next == .controlledShutdown, shouldShutDown: next == .shutdownNow)
        let decision = Decision(records, .heartbeat(reply), isAtomic: false)
        write(decision, answering: token, &effects)
        if next == .controlledShutdown, let nextOffset = leadership?.nextOffset {
            leadership?.liveness.enterShutdown(broker, writtenUpTo: nextOffset - 1)
        }
    }

    private func brokerState(_ broker: NodeID) -> BrokerState {
        guard let liveness = leadership?.liveness else { return .fenced }
        if liveness.isShuttingDown(broker) { return .controlledShutdown }
        return liveness.isFenced(broker) ? .fenced : .unfenced
    }

    private func nextState(
        after current: BrokerState, _ request: BrokerHeartbeatRequest, isCaughtUp: Bool
    ) -> BrokerState {
        switch current {
        case .fenced:
            if request.wantsShutdown { return .shutdownNow }
            return !request.wantsFence && isCaughtUp ? .unfenced : .fenced
        case .unfenced:
            if request.wantsFence { return request.wantsShutdown ? .shutdownNow : .fenced }
            if !request.wantsShutdown { return .unfenced }
            return state.index.hasLeaderships(request.broker) ? .controlledShutdown : .shutdownNow
        case .controlledShutdown:
            return mayStop(request.broker) ? .shutdownNow : .controlledShutdown
        case .shutdownNow:
            return .shutdownNow
        }
    }

    /// A broker in controlled shutdown may stop when it leads nothing any more, and every active
    /// broker has heard who leads instead.
    private func mayStop(_ broker: NodeID) -> Bool {
        guard !state.index.hasLeaderships(broker), let liveness = leadership?.liveness,
            let offset = liveness.shutdownOffset(of: broker)
        else { return false }
        return offset <= liveness.lowestActiveOffset
    }

    private func records(
        _ broker: BrokerRegistration, becomes next: BrokerState
    ) throws(RequestFailure) -> [MetadataRecord] {
        switch next {
        case .fenced, .shutdownNow: return try fencingRecords(broker)
        case .unfenced:
            var change = BrokerRegistrationChange(id: broker.id, epoch: broker.epoch)
            change.isFenced = false
            return [.brokerRegistrationChange(change)]
                + (try partitionChanges(in: state.index.leaderless, when: .returns(broker.id)))
        case .controlledShutdown:
            var records: [MetadataRecord] = []
            if !broker.inControlledShutdown {
                var change = BrokerRegistrationChange(id: broker.id, epoch: broker.epoch)
                change.entersControlledShutdown = true
                records.append(.brokerRegistrationChange(change))
            }
            let inSync = state.index.inSync(broker.id)
            return records + (try partitionChanges(in: inSync, when: .leaves(broker.id)))
        }
    }

    /// A fenced broker is in no ISR and leads nothing; that is written before that it is fenced.
    func fencingRecords(
        _ broker: BrokerRegistration
    ) throws(RequestFailure) -> [MetadataRecord] {
        var change = BrokerRegistrationChange(id: broker.id, epoch: broker.epoch)
        change.isFenced = true
        let inSync = state.index.inSync(broker.id)
        return try partitionChanges(in: inSync, when: .leaves(broker.id))
            + [.brokerRegistrationChange(change)]
    }
}
