/// The finalized level of `metadata.version` (KIP-778): which records the controller writes, and
/// which protocols brokers speak to each other. Ordered; a level is named after the version of
/// Kafka that it came with.
public struct MetadataVersion: Comparable, Hashable, Sendable {
    public var level: Int16

    public init(level: Int16) {
        self.level = level
    }

    /// The level of that name, as in `3.9-IV0`.
    public init?(name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        self.level = Self.minimum.level + Int16(index)
    }

    public static let minimum = MetadataVersion(level: 7)
    public static let latestProduction = MetadataVersion(level: 30)
    public static let latestTesting = MetadataVersion(level: 31)

    /// Nil for a level that Kafka 4.3.1 does not know.
    public var name: String? {
        guard isKnown else { return nil }
        return Self.names[Int(level - Self.minimum.level)]
    }

    public var isKnown: Bool { self >= Self.minimum && self <= Self.latestTesting }

    public var isProduction: Bool { self <= Self.latestProduction }

    public static func < (left: MetadataVersion, right: MetadataVersion) -> Bool {
        left.level < right.level
    }

    private static let names = [
        "3.3-IV3", "3.4-IV0", "3.5-IV0", "3.5-IV1", "3.5-IV2", "3.6-IV0", "3.6-IV1", "3.6-IV2",
        "3.7-IV0", "3.7-IV1", "3.7-IV2", "3.7-IV3", "3.7-IV4", "3.8-IV0", "3.9-IV0", "4.0-IV0",
        "4.0-IV1", "4.0-IV2", "4.0-IV3", "4.1-IV0", "4.1-IV1", "4.2-IV0", "4.2-IV1", "4.3-IV0",
        "4.4-IV0",
    ]
}

/// What a level switches on.
extension MetadataVersion {
    public var supportsMigration: Bool { level >= 8 }
    public var supportsScram: Bool { level >= 11 }
    /// Before 3.6 a broker noticed a smaller ISR only by a higher leader epoch (KAFKA-15021).
    public var bumpsLeaderEpochOnShrink: Bool { level < 12 }
    public var supportsTransactions: Bool { level >= 13 }
    public var supportsDelegationTokens: Bool { level >= 14 }
    public var supportsControllerRegistration: Bool { level >= 15 }
    /// Replicas know their log directory (KIP-858).
    public var supportsDirectories: Bool { level >= 17 }
    /// Eligible leader replicas may be switched on (KIP-966).
    public var supportsELR: Bool { level >= 23 }
    /// Log directories can be closed to new replicas (KIP-1066).
    public var supportsCordonedDirectories: Bool { level >= 30 }

    public var fetchVersion: Int16 {
        switch level {
        case ..<9: 13
        case 9: 14
        case ..<19: 15
        case ..<21: 16
        case ..<27: 17
        default: 18
        }
    }

    public var listOffsetsVersion: Int16 {
        switch level {
        case ..<9: 7
        case ..<21: 8
        case ..<25: 9
        case ..<29: 10
        default: 11
        }
    }

    public var partitionRecordVersion: Int16 { level < 17 ? 0 : level < 23 ? 1 : 2 }

    public var partitionChangeRecordVersion: Int16 { partitionRecordVersion }

    public var registerBrokerRecordVersion: Int16 {
        switch level {
        case ..<8: 1
        case ..<17: 2
        case ..<30: 3
        default: 4
        }
    }

    /// Whether this level writes records, or fields of records, that the level below does not know.
    /// Kafka refuses to go back across such a level: it would lose them.
    private var changedMetadata: Bool {
        switch level {
        case 7, 8, 11, 13, 14, 15, 17, 23: true
        default: false
        }
    }

    /// Whether going between the two would lose metadata (MetadataVersion.checkIfMetadataChanged).
    public static func metadataDiffers(
        between one: MetadataVersion, and other: MetadataVersion
    ) -> Bool {
        let low = min(one, other)
        var version = max(one, other)
        while version != low {
            if version.changedMetadata { return true }
            version.level -= 1
        }
        return false
    }
}
