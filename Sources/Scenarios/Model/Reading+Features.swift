import Kafka

/// What a cluster is formatted with (KIP-584, KIP-1022).
extension Reading {
    /// What the file does not say is as Kafka formats a cluster at that metadata version; of the
    /// newest one nothing needs to be said.
    mutating func readFeatures(_ table: inout TableReader) -> [FeatureLevel] {
        let given: [(feature: Feature, level: Int16?)] = Feature.allCases.compactMap { feature in
            guard feature != .kraftVersion else { return nil }
            let least = Int64(feature.minimumLevel)
            let levels = Form<Int64>.integer(in: least...Int64(feature.latestProduction))
            return (feature, table.read(feature.name, as: levels, &self).map { Int16($0) })
        }
        let named = given.first { $0.feature == .metadataVersion }?.level
        let version = named.map { MetadataVersion(level: $0) } ?? .latestProduction
        return given.compactMap { feature, level in
            if let level {
                for needed in feature.dependencies(of: level) where version.level < needed.level {
                    report(
                        "\(table.path(of: feature.name)): level \(level) needs "
                            + "\(needed.feature.name) \(needed.level), and here it is "
                            + "\(version.level)",
                        at: table.keyPosition(of: feature.name))
                }
                return FeatureLevel(feature, level)
            }
            if version == .latestProduction { return nil }
            return FeatureLevel(feature, feature.defaultLevel(at: version))
        }
    }
}
