/// Whether the leader was elected cleanly (KIP-704): one that was not starts out recovering.
public enum LeaderRecoveryState: Hashable, Sendable {
    case recovered
    case recovering
}

extension NodeID {
    /// In the place of a leader: there is none.
    public static let noLeader = NodeID(-1)
}

/// What the metadata log says of one partition.
///
/// Invariant: `directories` has one element for each replica, in the same order.
public struct PartitionRegistration: Hashable, Sendable {
    public var replicas: [NodeID]
    /// In the order of the request that set it.
    public var isr: [NodeID]
    public var leader: NodeID
    public var leaderEpoch: Int32
    public var partitionEpoch: Int32
    public var recovery: LeaderRecoveryState
    public var directories: [DirectoryID]
    /// What is empty for nearly every partition, kept aside so that a copy costs little: one
    /// element in an array, which is one reference. Invariant: nil when all of it is empty.
    private var troubles: ContiguousArray<Troubles>?

    private struct Troubles: Hashable, Sendable {
        var elr: [NodeID] = []
        var lastKnownELR: [NodeID] = []
        var adding: [NodeID] = []
        var removing: [NodeID] = []
    }

    public init(
        replicas: [NodeID], isr: [NodeID], elr: [NodeID] = [], lastKnownELR: [NodeID] = [],
        leader: NodeID, leaderEpoch: Int32 = 0, partitionEpoch: Int32 = 0,
        recovery: LeaderRecoveryState = .recovered, adding: [NodeID] = [], removing: [NodeID] = [],
        directories: [DirectoryID]
    ) {
        self.replicas = replicas
        self.isr = isr
        self.leader = leader
        self.leaderEpoch = leaderEpoch
        self.partitionEpoch = partitionEpoch
        self.recovery = recovery
        self.directories = directories
        set(
            Troubles(elr: elr, lastKnownELR: lastKnownELR, adding: adding, removing: removing))
    }

    /// Replicas that left the ISR when it was too small to advance the high watermark: they have
    /// every committed record, and may lead when the ISR is empty (KIP-966).
    public var elr: [NodeID] {
        get { troubles?[0].elr ?? [] }
        set { set(\.elr, to: newValue) }
    }

    /// Whom the partition had as its last leader, when it has none (KIP-966).
    public var lastKnownELR: [NodeID] {
        get { troubles?[0].lastKnownELR ?? [] }
        set { set(\.lastKnownELR, to: newValue) }
    }

    /// Replicas that a reassignment adds; they are in `replicas` too.
    public var adding: [NodeID] {
        get { troubles?[0].adding ?? [] }
        set { set(\.adding, to: newValue) }
    }

    /// Replicas that a reassignment removes; until it ends they are in `replicas` too.
    public var removing: [NodeID] {
        get { troubles?[0].removing ?? [] }
        set { set(\.removing, to: newValue) }
    }

    private mutating func set(_ place: WritableKeyPath<Troubles, [NodeID]>, to list: [NodeID]) {
        var changed = troubles?[0] ?? Troubles()
        changed[keyPath: place] = list
        set(changed)
    }

    private mutating func set(_ changed: Troubles) {
        troubles = changed == Troubles() ? nil : [changed]
    }

    public var hasLeader: Bool { leader != .noLeader }

    /// It has eligible leaders, or remembers who led last.
    var remembersLeaders: Bool { !elr.isEmpty || !lastKnownELR.isEmpty }

    public var hasPreferredLeader: Bool { replicas.first == leader }

    public var isReassigning: Bool {
        troubles.map { !$0[0].adding.isEmpty || !$0[0].removing.isEmpty } ?? false
    }

    /// Where the replica of that broker lies; nil if it has none.
    public func directory(of broker: NodeID) -> DirectoryID? {
        replicas.firstIndex(of: broker).map { directories[$0] }
    }

    /// The partition after the change: its epoch is one higher, and the leader's too if the change
    /// names a leader, be it the same.
    public mutating func apply(_ change: PartitionChange) {
        if let replicas = change.replicas { self.replicas = replicas }
        if let directories = change.directories { self.directories = directories }
        if let isr = change.isr { self.isr = isr }
        if let elr = change.elr { self.elr = elr }
        if let lastKnownELR = change.lastKnownELR { self.lastKnownELR = lastKnownELR }
        if let leader = change.leader {
            self.leader = leader
            leaderEpoch += 1
        }
        if let recovery = change.recovery { self.recovery = recovery }
        if let adding = change.adding { self.adding = adding }
        if let removing = change.removing { self.removing = removing }
        partitionEpoch += 1
        if directories.count != replicas.count, directories.allSatisfy({ $0 == .migrating }) {
            directories = Array(repeating: .migrating, count: replicas.count)
        }
    }
}

/// What changes in a partition; nil is "stays as it is".
public struct PartitionChange: Hashable, Sendable {
    /// Set also to the same leader, in order to raise the leader epoch.
    public var leader: NodeID?
    public var isr: [NodeID]?
    public var elr: [NodeID]?
    public var lastKnownELR: [NodeID]?
    public var replicas: [NodeID]?
    public var adding: [NodeID]?
    public var removing: [NodeID]?
    public var recovery: LeaderRecoveryState?
    public var directories: [DirectoryID]?

    public init() {}

    public var isEmpty: Bool { self == PartitionChange() }
}
