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
            hasMetadata = true
            disk.cleanShutdownEpoch = nil
            tell(.start, at: now, &choices, &effects)
        }
        tell(.metadata(image, delta), at: now, &choices, &effects)
        effects.note(.appliedMetadata(endOffset: update.endOffset))
    }
}
