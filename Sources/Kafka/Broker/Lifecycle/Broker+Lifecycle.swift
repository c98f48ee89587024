import Kernel

/// A broker's life, from its registration to its end.
extension Broker {
    /// Whether this life of it has been registered, or its first attempt has come to nothing.
    public func hasTriedToRegister(in image: MetadataImage) -> Bool {
        lifecycle.isRefused || image.brokers[id]?.incarnation == lifecycle.incarnation
    }

    mutating func start(
        at now: Instant, _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        channels.start(at: now)
        let incarnation = choices.draw(actor, .brokerIncarnation, below: .max)
        lifecycle.start(
            IncarnationID(incarnation), previousEpoch: disk.cleanShutdownEpoch,
            registrationDeadline: now + settings.registrationTimeout, at: now)
        effects.note(.state(state))
    }

    mutating func sendLifecycleMessage(at now: Instant) {
        switch lifecycle.takeMessage(at: now) {
        case nil: break
        case .registration:
            let request = BrokerRegistrationRequest(
                broker: id, clusterID: settings.clusterID, incarnation: lifecycle.incarnation,
                previousEpoch: lifecycle.previousEpoch, endpoint: settings.endpoint,
                rack: settings.rack,
                directories: disk.directories.filter { !disk.unusable.contains($0) }.sorted())
            channels.enqueue(.registerBroker(request), for: .registration, at: now)
        case .heartbeat:
            // Which directories take no new replicas it can tell once it knows its settings.
            let request = BrokerHeartbeatRequest(
                broker: id, epoch: epoch, metadataOffset: metadataEndOffset - 1,
                wantsFence: lifecycle.wantsFence, wantsShutdown: lifecycle.wantsShutdown,
                offlineDirectories: replicas.directories.failed,
                cordonedDirectories: hasMetadata ? [] : nil)
            channels.enqueue(.heartbeat(request), for: .heartbeat, at: now)
        }
    }

    mutating func heardOfRegistration(
        _ reply: ControllerReply, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        guard case .registered(let epoch) = reply else {
            return lifecycleMessageFailed(at: now, &choices)
        }
        lifecycle.registered(epoch: epoch, at: now)
        effects.note(.registered(epoch: epoch))
        tell(.brokerEpoch(epoch), at: now, &choices, &effects)
    }

    mutating func heardOfHeartbeat(
        _ reply: ControllerReply, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        guard case .heartbeat(let heartbeat) = reply else {
            // Somebody else has been registered since, who can only be an earlier life of it whose
            // request was under way for long. Kafka repeats its heartbeat for ever.
            if reply == .failed(.staleBrokerEpoch), generation.has(.staleBrokerRegisters) {
                lifecycle.becomeUnregistered()
            }
            return lifecycleMessageFailed(at: now, &choices)
        }
        let before = state
        let turn = lifecycle.heard(heartbeat, at: now)
        if state != before { effects.note(.state(state)) }
        switch turn {
        case .none: break
        case .caughtUp: lifecycle.becomeReady(at: now)
        case .unfenced: open(at: now, &choices, &effects)
        case .mayStop: finishShutdown(at: now, &effects)
        }
    }

    mutating func lifecycleMessageFailed(at now: Instant, _ choices: inout Choices) {
        let jitter = choices.draw(actor, .lifecycleBackoff, in: BrokerLifecycle.jitter)
        lifecycle.failed(jitter: jitter, at: now)
    }

    /// Whoever has connected already is served now, in the order in which they asked.
    private mutating func open(
        at now: Instant, _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        isOpen = true
        effects.note(.opened)
        let waiting = held
        held = []
        for one in waiting { handle(one.request, from: one.token, at: now, &choices, &effects) }
    }
}

// MARK: - Directories

extension Broker {
    /// The controller hears of it with the next heartbeat, and with each one after that. Without
    /// any directory the process halts before it could tell (LogManager.handleLogDirFailure).
    mutating func directoryFails(
        _ directory: DirectoryID, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        if !disk.unusable.contains(directory) { disk.unusable.append(directory) }
        guard disk.directories.contains(where: { !disk.unusable.contains($0) }) else {
            return halt(&effects)
        }
        guard hasMetadata else { return }
        tell(.directoryFails(directory), at: now, &choices, &effects)
        lifecycle.hurry(at: now)
    }

    private mutating func halt(_ effects: inout BrokerEffects) {
        if hasMetadata { disk.replicas = replicas.disk }
        lifecycle.becomeShuttingDown()
        isOpen = false
        isStopped = true
        effects.append(.stopped(clean: false))
    }
}

// MARK: - The end

extension Broker {
    /// A broker that runs asks to be relieved first; any other one stops at once.
    mutating func beginShutdown(
        at now: Instant, _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        switch state {
        case .pendingControlledShutdown, .shuttingDown: return
        case .running where settings.shutsDownControlled:
            tell(.beginControlledShutdown, at: now, &choices, &effects)
            lifecycle.becomePendingControlledShutdown(at: now)
            shutdownDeadline = now + .seconds(300)
            effects.note(.state(state))
        case .notRunning, .starting, .recovery, .running:
            finishShutdown(at: now, &effects)
        }
    }

    /// The end of the process. Logs that were opened are flushed, and the marker says so; if none
    /// was, the marker that was found there still holds.
    mutating func finishShutdown(at now: Instant, _ effects: inout BrokerEffects) {
        lifecycle.becomeShuttingDown()
        effects.note(.state(state))
        isOpen = false
        isStopped = true
        if hasMetadata {
            disk.replicas = replicas.stop()
            disk.cleanShutdownEpoch = epoch
        }
        effects.append(.stopped(clean: hasMetadata))
    }
}
