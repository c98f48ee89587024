import Kernel

/// Asking who leads (NetworkClient.DefaultMetadataUpdater), and what follows from the answer.
extension Producer {
    mutating func maybeRequestMetadata(_ now: Instant, _ effects: inout ProducerEffects) {
        guard !metadata.topics.isEmpty, !inFlight.contains(where: \.isMetadata),
            refresh.due(isRequested: metadata.isUpdateRequested) <= now
        else { return }
        // When all that are known of are gone, those it began with, and all else is forgotten
        // (KIP-899).
        if !settings.bootstrapNodes.isEmpty, !connections.canReach(metadata.nodes, at: now) {
            metadata.forget(
                nodes: settings.bootstrapNodes,
                keepsEpochs: settings.generation.keepsEpochsOverRebootstrap)
        }
        guard let node = connections.leastLoaded(of: metadata.nodes, at: now),
            isReady(node, now, &effects)
        else { return }
        let number = begin(.metadata, at: node, now)
        let topics = metadata.topics.indices.map { TopicRef(Int32($0)) }
        effects.append(
            .send(
                ProducerRequest(
                    number: number, node: node, body: .metadata(topics), isAnswered: true,
                    isV2: transaction.isV2)))
    }

    mutating func endMetadata(
        _ how: RequestEnd, _ now: Instant, _ effects: inout ProducerEffects
    ) {
        guard case .answered(.metadata(let leaders, let nodes)) = how else {
            return refresh.failed(at: now)
        }
        update(leaders, nodes, now, &effects)
    }

    /// A server that is gone may no longer lead what it led; and whoever was about to be asked who
    /// does counts as asked in vain (NetworkClient.handleServerDisconnect).
    mutating func hasLostServer(_ now: Instant) {
        guard refreshesAfterLoss else { return }
        if !inFlight.contains(where: \.isMetadata),
            refresh.due(isRequested: metadata.isUpdateRequested) <= now {
            refresh.failed(at: now)
        }
        metadata.requestUpdate()
    }

    mutating func update(
        _ leaders: [ProducerMetadata.Leadership], _ nodes: [NodeID], _ now: Instant,
        _ effects: inout ProducerEffects
    ) {
        let isNews = metadata.update(leaders, nodes: nodes)
        refresh.succeeded(at: now, isNews: isNews)
        extendToMetadata()
        hasNewMetadata = true
        wake(now, &effects)
    }
}

extension Producer.InFlight {
    var isMetadata: Bool {
        if case .metadata = kind { true } else { false }
    }
}
