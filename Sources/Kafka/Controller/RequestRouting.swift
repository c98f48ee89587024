import Kernel

/// Why a request comes to nothing.
enum RequestFailure: Error {
    /// It is refused as a whole, and the answer goes out at once: it rests on nothing uncommitted
    /// that the client could not hear of otherwise.
    case refused(KafkaError)
    /// The controller is at fault, and gives up its leadership.
    case broken(ControllerFault)
}

extension Controller {
    mutating func answer(
        _ request: ControllerRequest, _ token: ReplyToken, at now: Instant,
        _ choices: inout Choices, _ effects: inout ControllerEffects
    ) {
        guard isActive else {
            effects.append(.reply(.failed(.notController), to: token))
            return
        }
        if case .listReassignments(let partitions) = request {
            effects.append(.reply(.reassignments(reassignments(of: partitions)), to: token))
            return
        }
        do throws(RequestFailure) {
            if case .heartbeat(let heartbeat) = request {
                try receive(heartbeat, token, at: now, &effects)
            } else {
                let decision = try decide(request, at: now, &choices)
                write(decision, answering: token, &effects)
            }
        } catch {
            fail(error, token, &effects)
        }
    }

    private mutating func fail(
        _ failure: RequestFailure, _ token: ReplyToken, _ effects: inout ControllerEffects
    ) {
        switch failure {
        case .refused(let error):
            effects.append(.reply(.failed(error), to: token))
        case .broken(let reason):
            effects.append(.reply(.failed(.unknownServerError), to: token))
            resign(because: reason, &effects)
        }
    }

    private mutating func resign(
        because reason: ControllerFault, _ effects: inout ControllerEffects
    ) {
        if let activeEpoch { effects.append(.resign(epoch: activeEpoch, reason: reason)) }
        becomeStandby(&effects)
    }

    private func decide(
        _ request: ControllerRequest, at now: Instant, _ choices: inout Choices
    ) throws(RequestFailure) -> Decision {
        switch request {
        case .registerBroker(let request): try register(request, at: now)
        case .alterPartition(let request): try alterPartition(request)
        case .assignReplicas(let request): try assignReplicas(request)
        case .allocateProducerIDs(let broker, let epoch):
            try allocateProducerIDs(to: broker, epoch: epoch)
        case .createTopics(let request): createTopics(request, &choices)
        case .createPartitions(let request): createPartitions(request, &choices)
        case .deleteTopics(let topics): deleteTopics(topics)
        case .deleteTopicsNamed(let names): deleteTopics(named: names)
        case .electLeaders(let request): try electLeaders(request)
        case .alterReassignments(let request): alterReassignments(request)
        case .unregisterBroker(let broker): try unregister(broker)
        case .alterConfigs(let alterations): alterConfigs(alterations)
        case .updateFeatures(let updates): updateFeatures(updates)
        case .heartbeat, .listReassignments:
            preconditionFailure("answered elsewhere")
        }
    }

    /// Every request of a broker names the incarnation that sends it (KIP-631).
    func check(_ broker: NodeID, epoch: Int64) throws(RequestFailure) {
        let isCurrent = state.image.brokers.project(broker) { $0.epoch == epoch }
        if isCurrent != true { throw .refused(.staleBrokerEpoch) }
    }

    func registration(
        of broker: NodeID, epoch: Int64
    ) throws(RequestFailure) -> BrokerRegistration {
        guard let registration = state.image.brokers[broker], registration.epoch == epoch else {
            throw .refused(.staleBrokerEpoch)
        }
        return registration
    }
}
