import Kernel

/// The metadata log as the broker applies it (BrokerMetadataPublisher).
extension Broker {
    /// The image comes first: whoever is told of a change finds the whole of it. With the first
    /// update the logs are opened and the periodic tasks begin, because only now is known which
    /// settings they have (KIP-631).
    mutating func apply(
        _ update: MetadataUpdate, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        let delta = update.delta ?? MetadataDelta(from: image, to: update.image)
        image = update.image
        metadataEndOffset = update.endOffset
        if !hasMetadata {
            guard openLogs(at: now) else { return die(&effects) }
            tell(.start, at: now, &choices, &effects)
            tell(.brokerEpoch(epoch), at: now, &choices, &effects)
        } else if delta.configs.contains(where: { $0 == .cluster || $0 == .broker(id) }) {
            let settings = ReplicaSettings(currentProperties)
            tell(.settings(settings), at: now, &choices, &effects)
        }
        tell(.metadata(image, delta), at: now, &choices, &effects)
        effects.note(.appliedMetadata(endOffset: update.endOffset))
    }

    /// The marker of a clean stop is read, and taken away. False: a log cannot be read.
    private mutating func openLogs(at now: Instant) -> Bool {
        let found = disk.replicas
        disk.replicas = ReplicaDisk()
        let opened = ReplicaManager.open(
            found, in: disk.directories, unusable: disk.unusable, id: id,
            settings: ReplicaSettings(currentProperties), generation: generation, at: now)
        switch opened {
        case .failure:
            disk.replicas = found
            return false
        case .success(let replicas): self.replicas = replicas
        }
        disk.cleanShutdownEpoch = nil
        hasMetadata = true
        return true
    }

    /// Kafka halts the process: what it cannot read it will not serve.
    private mutating func die(_ effects: inout BrokerEffects) {
        lifecycle.becomeShuttingDown()
        isStopped = true
        effects.append(.stopped(clean: false))
    }
}
