import Kafka

/// features.vec: feature levels, what each switches on and needs, what a new cluster gets.
struct FeaturesAdapter: VectorAdapter {
    init(case settings: VectorLine) {}

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        if operation.verb == "metadata-version" {
            return try words(MetadataVersion(level: operation.int("level")))
        }
        guard let feature = Feature(name: String(try operation.text("name"))) else {
            throw VectorFormError(description: "unknown feature")
        }
        switch operation.verb {
        case "feature":
            return try words(feature, at: operation.int("level"))
        case "default":
            let version = MetadataVersion(level: try operation.int("metadata-level"))
            return "ok level=\(feature.defaultLevel(at: version))"
        case "supported":
            return "ok min=\(feature.minimumLevel) latest-production=\(feature.latestProduction)"
                + " latest-testing=\(feature.latestTesting)"
        case "validate":
            let levels = try operation.list("with").compactMap { word -> FeatureLevel? in
                let (name, level) = VectorText.halves(word, at: ":")
                return try Feature(name: String(name)).map {
                    FeatureLevel($0, try VectorText.int(level ?? ""))
                }
            }
            let allowed = feature.allows(try operation.int("level"), with: levels)
            return allowed ? "ok" : "error IllegalArgumentException"
        default:
            throw VectorFormError(description: "unknown verb")
        }
    }

    private func words(_ version: MetadataVersion) throws -> String {
        let switches: [(String, Bool)] = [
            ("production", version.isProduction),
            ("isr-shrink-epoch-bump", version.bumpsLeaderEpochOnShrink),
            ("elr", version.supportsELR), ("directories", version.supportsDirectories),
            ("transactions", version.supportsTransactions), ("scram", version.supportsScram),
            ("delegation-tokens", version.supportsDelegationTokens),
            ("migration", version.supportsMigration),
            ("controller-registration", version.supportsControllerRegistration),
            ("cordoned", version.supportsCordonedDirectories),
        ]
        let versions: [(String, Int16)] = [
            ("fetch", version.fetchVersion), ("list-offsets", version.listOffsetsVersion),
            ("partition-record", version.partitionRecordVersion),
            ("partition-change-record", version.partitionChangeRecordVersion),
            ("broker-record", version.registerBrokerRecordVersion),
        ]
        return "ok name=\(version.name ?? "?")"
            + switches.map { " \($0.0)=\($0.1)" }.joined()
            + versions.map { " \($0.0)=\($0.1)" }.joined()
    }

    private func words(_ feature: Feature, at level: Int16) throws -> String {
        let needs = feature.dependencies(of: level).map { "\($0.feature.name):\($0.level)" }
        return "ok bootstrap=\(feature.bootstrapVersion(of: level).name ?? "?")"
            + " needs=[\(needs.joined(separator: ","))]"
            + " production=\(level <= feature.latestProduction)"
    }
}
