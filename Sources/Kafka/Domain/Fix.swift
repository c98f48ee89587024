/// A version of Kafka, as far as behaviour goes: `4.3`.
public struct KafkaVersion: Comparable, Hashable, Sendable {
    public var major: Int
    public var minor: Int

    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    public static func < (left: KafkaVersion, right: KafkaVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

/// A change that made Kafka behave better, or that would. Each is read at one place in the
/// machines; a scenario takes one out with `without` and puts one in with `with`, by its name.
public enum Fix: Int, CaseIterable, Sendable {
    case preVote
    case lastKnownLeaderIsActive
    case elrKeepsRemoved

    /// What scenario files call it: its KIP, its JIRA, or the name under which the bug is known.
    public var name: String {
        switch self {
        case .preVote: "KIP-996"
        case .lastKnownLeaderIsActive: "KAFKA-19522"
        case .elrKeepsRemoved: "elr-keeps-removed"
        }
    }

    /// The first version that has it; nil for a bug that Kafka 4.3.1 still has.
    public var since: KafkaVersion? {
        switch self {
        case .preVote: KafkaVersion(4, 0)
        case .lastKnownLeaderIsActive: KafkaVersion(4, 1)
        case .elrKeepsRemoved: nil
        }
    }

    /// What happens without it, in one line.
    public var without: String {
        switch self {
        case .preVote: "a voter that was cut off comes back with a higher epoch and unseats the leader"
        case .lastKnownLeaderIsActive: "a fenced broker is elected because it was the last known leader"
        case .elrKeepsRemoved: "a replica that was reassigned away stays eligible and blocks elections"
        }
    }
}

/// The set of fixes in force: how Kafka behaves in this world. By default as 4.3.1 does, with the
/// bugs that it still has.
public struct Generation: Equatable, Sendable {
    private var bits: (UInt64, UInt64)

    public static let current = Generation(KafkaVersion(4, 3))

    /// How Kafka behaved in that version.
    public init(_ version: KafkaVersion) {
        bits = (0, 0)
        for fix in Fix.allCases {
            if let since = fix.since, since <= version { insert(fix) }
        }
    }

    @inline(__always)
    public func has(_ fix: Fix) -> Bool {
        let index = fix.rawValue
        return (index < 64 ? bits.0 >> UInt64(index) : bits.1 >> UInt64(index - 64)) & 1 == 1
    }

    public mutating func insert(_ fix: Fix) {
        if fix.rawValue < 64 {
            bits.0 |= 1 << UInt64(fix.rawValue)
        } else {
            bits.1 |= 1 << UInt64(fix.rawValue - 64)
        }
    }

    public mutating func remove(_ fix: Fix) {
        if fix.rawValue < 64 {
            bits.0 &= ~(1 << UInt64(fix.rawValue))
        } else {
            bits.1 &= ~(1 << UInt64(fix.rawValue - 64))
        }
    }

    public static func == (left: Generation, right: Generation) -> Bool { left.bits == right.bits }

}
