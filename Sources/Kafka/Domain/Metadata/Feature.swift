/// What the whole cluster agrees on the level of (KIP-584): the level is in the metadata log, and
/// who does not know it may not join.
public enum Feature: Int, CaseIterable, Comparable, Hashable, Sendable {
    case metadataVersion
    case kraftVersion
    case transactionVersion
    case groupVersion
    case eligibleLeaderReplicasVersion
    case shareVersion
    case streamsVersion

    public var name: String {
        switch self {
        case .metadataVersion: "metadata.version"
        case .kraftVersion: "kraft.version"
        case .transactionVersion: "transaction.version"
        case .groupVersion: "group.version"
        case .eligibleLeaderReplicasVersion: "eligible.leader.replicas.version"
        case .shareVersion: "share.version"
        case .streamsVersion: "streams.version"
        }
    }

    public init?(name: String) {
        guard let feature = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = feature
    }

    public var minimumLevel: Int16 { self == .metadataVersion ? MetadataVersion.minimum.level : 0 }

    public var latestProduction: Int16 {
        switch self {
        case .metadataVersion: MetadataVersion.latestProduction.level
        case .transactionVersion: 2
        default: 1
        }
    }

    public var latestTesting: Int16 {
        self == .metadataVersion ? MetadataVersion.latestTesting.level : latestProduction
    }

    /// The metadata version from which a new cluster has this level unless told otherwise.
    public func bootstrapVersion(of level: Int16) -> MetadataVersion {
        if self == .metadataVersion { return MetadataVersion(level: level) }
        if level == 0 { return .minimum }
        return switch self {
        case .kraftVersion: MetadataVersion(level: 21)
        case .transactionVersion: MetadataVersion(level: 24)
        case .groupVersion: MetadataVersion(level: 22)
        case .eligibleLeaderReplicasVersion: MetadataVersion(level: 26)
        case .shareVersion: MetadataVersion(level: 28)
        default: MetadataVersion(level: 29)
        }
    }

    /// What a cluster formatted at that metadata version gets.
    public func defaultLevel(at version: MetadataVersion) -> Int16 {
        if self == .metadataVersion { return version.level }
        var level = latestProduction
        while level > 0, bootstrapVersion(of: level) > version { level -= 1 }
        return level
    }

    /// What else must be finalized at least at which level.
    public func dependencies(of level: Int16) -> [(feature: Feature, level: Int16)] {
        self == .eligibleLeaderReplicasVersion && level > 0 ? [(.metadataVersion, 23)] : []
    }

    /// Whether these levels allow this one (Feature.validateVersion). Only level 0 goes without a
    /// usable metadata version.
    public func allows(_ level: Int16, with levels: some Collection<FeatureLevel>) -> Bool {
        func finalized(_ feature: Feature) -> Int16 {
            levels.first { $0.feature == feature }?.level ?? -1
        }
        if level > 0, finalized(.metadataVersion) < MetadataVersion.minimum.level { return false }
        return dependencies(of: level).allSatisfy { finalized($0.feature) >= $0.level }
    }

    public static func < (left: Feature, right: Feature) -> Bool { left.rawValue < right.rawValue }
}

/// A feature at a level.
public struct FeatureLevel: Hashable, Sendable {
    public var feature: Feature
    public var level: Int16

    public init(_ feature: Feature, _ level: Int16) {
        self.feature = feature
        self.level = level
    }
}

/// The levels of a feature that a process knows how to work with.
public struct SupportedFeature: Hashable, Sendable {
    public var feature: Feature
    public var minimum: Int16
    public var maximum: Int16

    public init(_ feature: Feature, _ minimum: Int16, _ maximum: Int16) {
        self.feature = feature
        self.minimum = minimum
        self.maximum = maximum
    }

    public func contains(_ level: Int16) -> Bool { level >= minimum && level <= maximum }

    /// What a process of Kafka 4.3.1 supports.
    public static var all: [SupportedFeature] {
        Feature.allCases.map { SupportedFeature($0, $0.minimumLevel, $0.latestProduction) }
    }
}
