import Kernel

/// What an active controller does in its own rhythm (PeriodicTaskControlManager).
extension Controller {
    /// A task that has more to do runs again after this.
    static let immediately = Interval.milliseconds(10)
    /// A task that has failed runs again after this.
    static let afterFailure = Interval.seconds(300)

    /// Nil: the task is switched off.
    func period(of task: ControllerTask) -> Interval? {
        switch task {
        case .fenceStaleBroker:
            Interval(nanoseconds: settings.brokerSessionTimeout.nanoseconds / 8)
        case .balanceLeaders:
            settings.autoLeaderRebalance ? settings.leaderImbalanceCheckInterval : nil
        case .electUncleanLeaders: settings.uncleanLeaderElectionInterval
        case .writeNoOp: settings.maxIdleInterval
        }
    }

    mutating func run(
        _ task: ControllerTask, at now: Instant, _ choices: inout Choices,
        _ effects: inout ControllerEffects
    ) {
        guard let period = period(of: task) else { return }
        do throws(RequestFailure) {
            let (records, hasMore) = try work(on: task, at: now, &choices)
            write(Decision(records, isAtomic: false), &effects)
            effects.append(.setTimer(task, at: now + (hasMore ? Self.immediately : period)))
        } catch {
            guard case .broken(let reason) = error else { return }
            effects.append(.taskFailed(task, reason: reason))
            effects.append(.setTimer(task, at: now + Self.afterFailure))
        }
    }

    private mutating func work(
        on task: ControllerTask, at now: Instant, _ choices: inout Choices
    ) throws(RequestFailure) -> (records: [MetadataRecord], hasMore: Bool) {
        switch task {
        case .fenceStaleBroker:
            return try fenceStaleBroker(at: now, &choices)
        case .balanceLeaders:
            let records = try balanceLeaders()
            return (records, records.count >= settings.electionsPerRun)
        case .electUncleanLeaders:
            let records = try electUncleanLeaders()
            return (records, records.count >= settings.electionsPerRun)
        case .writeNoOp:
            return ([.noOp], false)
        }
    }

    /// Ends a session that is over, and fences the broker if it is still of that incarnation.
    /// Fencing several at once would decide on each as if the others were there (KAFKA-13173).
    private mutating func fenceStaleBroker(
        at now: Instant, _ choices: inout Choices
    ) throws(RequestFailure) -> (records: [MetadataRecord], hasMore: Bool) {
        let expired = leadership?.liveness.expiredSessions(at: now) ?? []
        guard !expired.isEmpty else { return ([], false) }
        var ended = expired
        if generation.has(.fenceOneBrokerAtATime) {
            let chosen =
                expired.count == 1
                ? 0 : choices.draw(actor, .staleBroker, below: UInt64(expired.count))
            ended = [expired[Int(chosen)]]
        }
        var records: [MetadataRecord] = []
        for session in ended {
            leadership?.liveness.end(session)
            guard let broker = state.image.brokers[session.broker],
                broker.epoch == session.epoch,
                !(broker.isFenced && generation.has(.fencedIsFenced))
            else { continue }
            records += try fencingRecords(broker)
        }
        return (records, true)
    }
}
