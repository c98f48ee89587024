import Kernel

/// Random faults. Each seed switches whole families off (swarm testing), so that some runs see
/// one kind of trouble undisturbed by the others.
public struct Chaos: Hashable, Sendable {
    public enum Family: String, CaseIterable, Hashable, Sendable {
        case crashes, powerLosses, pauses, clocks, cuts, resets, clogs, slowDisks, lyingDisks
        case requests, voters
        // What only a cluster with brokers knows.
        case shutdowns, elections, reassignments, deletions

        /// Those that leave all promises whole. Disks that lie do not: no promise survives them,
        /// so they must be named to be had.
        public static func harmless(withBrokers: Bool) -> [Family] {
            allCases.filter { $0 != .lyingDisks && (withBrokers || !$0.needsBrokers) }
        }

        public var needsBrokers: Bool {
            switch self {
            case .shutdowns, .elections, .reassignments, .deletions: true
            default: false
            }
        }

        /// Whether it strikes what only nodes have: clients have no disk and no vote.
        var needsNode: Bool {
            switch self {
            case .slowDisks, .lyingDisks, .voters: true
            default: false
            }
        }

        /// Whether whom it strikes does not do its work for a while.
        var disables: Bool {
            switch self {
            case .crashes, .powerLosses, .pauses, .shutdowns: true
            default: false
            }
        }
    }

    public var families: [Family]
    /// Whom it strikes, as that is when it strikes; nil: any node.
    public var among: Target?
    /// The mean time between two faults of one family.
    public var every: Interval
    /// How long a fault stands: 1 … this.
    public var lasting: Interval
    public var from: Instant
    /// All heals here, and nothing new begins.
    public var until: Instant
    /// Of the families named, each seed leaves out about this many in a million.
    public var leftOutPerMillion: UInt64
    /// At no time is more than a minority of the voters down, paused or powerless, nor more than a
    /// minority of the replicas of a partition.
    public var sparesMajority: Bool

    public init(
        families: [Family] = Family.harmless(withBrokers: false), among: Target? = nil,
        every: Interval = .seconds(5), lasting: Interval = .seconds(5), from: Instant = .zero,
        until: Instant, leftOutPerMillion: UInt64 = 300_000, sparesMajority: Bool = false
    ) {
        self.families = families
        self.among = among
        self.every = every
        self.lasting = lasting
        self.from = from
        self.until = until
        self.leftOutPerMillion = leftOutPerMillion
        self.sparesMajority = sparesMajority
    }
}

/// One family of one of a world's chaoses: it strikes by itself, with luck of its own.
struct Scourge: Hashable, Sendable {
    /// Which of the world's chaoses, in their order.
    let mix: Int
    let family: Chaos.Family
    /// How often it has struck somebody.
    var strikes: Int32 = 0

    init(mix: Int, family: Chaos.Family) {
        self.mix = mix
        self.family = family
    }

    /// Its place among all that there could be.
    var code: Int32 {
        Int32(mix) << 8 | Int32(Chaos.Family.allCases.firstIndex(of: family)!)
    }

    var actor: ActorID { ActorID(0x3800_0000 | UInt32(code)) }
}
