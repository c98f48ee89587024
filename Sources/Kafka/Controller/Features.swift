/// Which level of each feature is in force (FeatureControlManager, KIP-584).
extension Controller {
    func updateFeatures(_ updates: [FeatureUpdate]) -> Decision {
        var proposed = state.image.features
        for update in updates {
            proposed.removeAll { $0.feature == update.feature }
            proposed.append(FeatureLevel(update.feature, update.level))
        }
        var records: [MetadataRecord] = []
        for update in updates {
            if !isAllowed(update, with: proposed) {
                let outcomes = updates.map { _ in KafkaError.invalidUpdateVersion }
                return Decision([], .outcomes(outcomes))
            }
            if update.feature == .eligibleLeaderReplicasVersion, update.level > 0 {
                records += minISRRecordsForELR()
            }
            records.append(.featureLevel(FeatureLevel(update.feature, update.level)))
        }
        return Decision(records, .outcomes(updates.map { _ in .none }))
    }

    private func isAllowed(_ update: FeatureUpdate, with proposed: [FeatureLevel]) -> Bool {
        let feature = update.feature
        let current =
            feature == .metadataVersion
            ? state.image.metadataVersion.level : state.image.level(of: feature)
        guard isSupportedByAll(feature, update.level) else { return false }
        if update.level < current, update.direction == .upgrade { return false }
        if update.level > current, update.direction != .upgrade { return false }
        if feature != .metadataVersion { return feature.allows(update.level, with: proposed) }
        return update.level >= current
            || !MetadataVersion.metadataDiffers(
                between: MetadataVersion(level: current), and: MetadataVersion(level: update.level))
    }

    private func isSupportedByAll(_ feature: Feature, _ level: Int16) -> Bool {
        guard level >= feature.minimumLevel, level <= feature.latestProduction else { return false }
        return state.image.brokers.allSatisfy { broker in
            broker.value.features.first { $0.feature == feature }?.contains(level) ?? (level == 0)
        }
    }

    /// Every controller must count with the same min.insync.replicas from now on, so it is set for
    /// the cluster and no node may differ.
    private func minISRRecordsForELR() -> [MetadataRecord] {
        var records: [MetadataRecord] = []
        if state.image.config(minISRKey, of: .cluster) == nil {
            let value = String(settings.minInSyncReplicas)
            records.append(.config(.cluster, key: minISRKey, value: value))
        }
        for entry in state.image.configs {
            if case .broker = entry.key, entry.value.contains(minISRKey) {
                records.append(.config(entry.key, key: minISRKey, value: nil))
            }
        }
        return records
    }
}
