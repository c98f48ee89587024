import Kernel

/// How brokers come and go (ClusterControlManager.registerBroker, KIP-631).
extension Controller {
    /// A process says that it is this broker. Whoever has the id and was heard of within the
    /// session timeout keeps it: it could still be serving.
    func register(
        _ request: BrokerRegistrationRequest, at now: Instant
    ) throws(RequestFailure) -> Decision {
        if request.clusterID != settings.clusterID { throw .refused(.inconsistentClusterID) }
        let existing = state.image.brokers[request.broker]
        let isSameIncarnation = existing?.incarnation == request.incarnation
        if let existing, !isSameIncarnation, hasSession(existing, at: now) {
            throw .refused(.duplicateBrokerRegistration)
        }
        try checkDirectories(of: request)
        try checkFeatures(of: request)
        var registration = BrokerRegistration(
            id: request.broker, epoch: leadership?.nextOffset ?? -1,
            incarnation: request.incarnation, endpoint: request.endpoint, rack: request.rack,
            features: request.features,
            directories: state.image.metadataVersion.supportsDirectories ? request.directories : [])
        if let existing, isSameIncarnation {
            registration.epoch = existing.epoch
            registration.isFenced = existing.isFenced
            registration.inControlledShutdown = existing.inControlledShutdown
            return Decision(
                [.registerBroker(registration)], .registered(brokerEpoch: existing.epoch))
        }
        let isClean = request.previousEpoch != nil && request.previousEpoch == existing?.epoch
        var records = try leavingRecords(of: request.broker, isClean: isClean)
        records.append(.registerBroker(registration))
        return Decision(records, .registered(brokerEpoch: registration.epoch))
    }

    private func hasSession(_ broker: BrokerRegistration, at now: Instant) -> Bool {
        let session = BrokerLiveness.Session(broker: broker.id, epoch: broker.epoch)
        return leadership?.liveness.hasSession(session, at: now) ?? false
    }

    /// What the former incarnation leaves behind: it is in no ISR any more. One that stopped
    /// cleanly has lost nothing and stays eligible to lead; one that did not may have (KIP-966).
    private func leavingRecords(
        of broker: NodeID, isClean: Bool
    ) throws(RequestFailure) -> [MetadataRecord] {
        let inSync = state.index.inSync(broker)
        if isClean || !state.image.hasELR {
            return try partitionChanges(in: inSync, when: .leaves(broker))
        }
        return try partitionChanges(in: inSync, when: .losesUnflushedData(broker))
            + partitionChanges(in: state.index.eligible(broker), when: .losesUnflushedData(broker))
    }

    private func checkDirectories(
        of request: BrokerRegistrationRequest
    ) throws(RequestFailure) {
        guard state.image.metadataVersion.supportsDirectories else { return }
        let directories = request.directories
        let areOurs = directories.allSatisfy { directory in
            state.directoryOwners[directory].map { $0 == request.broker } ?? true
        }
        let sorted = directories.sorted()
        let areDistinct = zip(sorted, sorted.dropFirst()).allSatisfy { $0 != $1 }
        if directories.isEmpty || directories.contains(where: \.isReserved) || !areDistinct
            || !areOurs
        {
            throw .refused(.invalidRegistration)
        }
    }

    /// Whoever joins must know every feature at the level at which the cluster has it.
    private func checkFeatures(of request: BrokerRegistrationRequest) throws(RequestFailure) {
        for supported in request.features {
            let level =
                supported.feature == .metadataVersion
                ? state.image.metadataVersion.level : state.image.level(of: supported.feature)
            if !supported.contains(level) { throw .refused(.unsupportedVersion) }
        }
        func isNamed(_ feature: Feature) -> Bool {
            request.features.contains { $0.feature == feature }
        }
        if !isNamed(.metadataVersion) { throw .refused(.invalidRegistration) }
        if !state.image.features.allSatisfy({ isNamed($0.feature) }) {
            throw .refused(.unsupportedVersion)
        }
    }

    /// An administrator says that this broker will not come back.
    func unregister(_ broker: NodeID) throws(RequestFailure) -> Decision {
        guard let registration = state.image.brokers[broker] else {
            throw .refused(.brokerIDNotRegistered)
        }
        // Kafka takes it out of the ISR as if it were only fenced, and so makes it eligible.
        let event: BrokerEvent =
            generation.has(.unregisteredInELR) ? .losesUnflushedData(broker) : .leaves(broker)
        var records = try partitionChanges(in: state.index.inSync(broker), when: event)
        records += try partitionChanges(in: state.index.eligible(broker), when: event)
        records.append(.unregisterBroker(broker, epoch: registration.epoch))
        return Decision(records, .done, isAtomic: false)
    }
}
