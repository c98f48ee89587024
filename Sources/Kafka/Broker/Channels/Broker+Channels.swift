import Kernel

/// Answers of the controller, and of leaders that this broker follows.
extension Broker {
    mutating func answered(
        _ reply: consuming ClusterReply, to correlation: CorrelationID, at now: Instant,
        _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        let owner = ControllerChannels.owner(of: correlation)
        switch consume reply {
        case .broker(let reply):
            precondition(owner == .fetchers, "a broker answers what a controller was asked")
            guard let request = takeFetcherRequest(correlation) else { return }
            tellFetchers(
                .answer(consume reply, request.fetcher, request.ticket), at: now, &choices,
                &effects)
        case .controller(let reply):
            guard let errand = channels.answered(reply, owner, at: now, &effects) else { return }
            answered(reply, about: errand, at: now, &choices, &effects)
        }
    }

    private mutating func answered(
        _ reply: ControllerReply, about errand: Errand, at now: Instant,
        _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        switch errand {
        case .registration: heardOfRegistration(reply, at: now, &choices, &effects)
        case .heartbeat: heardOfHeartbeat(reply, at: now, &choices, &effects)
        case .alterPartition: heardOfISRs(reply, at: now, &choices, &effects)
        case .producerIDs: heardOfProducerIDs(reply, at: now)
        case .directories: break
        case .forwarded(let token): effects.append(.reply(.admin(reply), to: token))
        case .configs(let token, let outcomes):
            let whole = joined(outcomes, with: reply)
            effects.append(.reply(.admin(whole), to: token))
        case .topicCreation(let topics): topicsUnderWay.removeAll { topics.contains($0) }
        }
    }

    mutating func failed(
        _ correlation: CorrelationID, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        let owner = ControllerChannels.owner(of: correlation)
        guard owner == .fetchers else { return channels.failed(owner, at: now) }
        guard let request = takeFetcherRequest(correlation) else { return }
        tellFetchers(.failed(request.fetcher, request.ticket), at: now, &choices, &effects)
    }

    /// The controller could not be reached in time.
    mutating func gaveUp(
        _ errand: Errand, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        switch errand {
        case .registration, .heartbeat: lifecycleMessageFailed(at: now, &choices)
        case .alterPartition: preconditionFailure("an ISR is never given up")
        case .producerIDs: producerIDs.gaveUp()
        case .directories: break
        case .forwarded(let token), .configs(let token, _):
            effects.append(.reply(.admin(.failed(.requestTimedOut)), to: token))
        case .topicCreation(let topics): topicsUnderWay.removeAll { topics.contains($0) }
        }
    }

    private mutating func heardOfISRs(
        _ reply: ControllerReply, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        let answer: AlterPartitionAnswer =
            switch reply {
            case .alterPartition(let partitions): .partitions(partitions)
            case .failed(let error): .failed(error)
            default: preconditionFailure("no answer to AlterPartition")
            }
        tell(.alterPartitionAnswer(answer), at: now, &choices, &effects)
    }

    private mutating func heardOfProducerIDs(_ reply: ControllerReply, at now: Instant) {
        guard case .producerIDs(let start, let count) = reply else {
            return producerIDs.refused(at: now)
        }
        producerIDs.received(start: start, count: count)
    }
}
