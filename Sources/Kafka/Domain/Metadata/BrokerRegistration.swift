/// One life of a broker process: it draws this when it starts.
public struct IncarnationID: Comparable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: IncarnationID, right: IncarnationID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What the metadata log says of one broker.
public struct BrokerRegistration: Hashable, Sendable {
    public var id: NodeID
    /// The offset at which this incarnation registered: every request of the broker carries it, so
    /// that those of an earlier life are recognised (KIP-380, KIP-631).
    public var epoch: Int64
    public var incarnation: IncarnationID
    public var endpoint: Endpoint
    public var rack: String?
    public var features: [SupportedFeature]
    public var isFenced: Bool
    public var inControlledShutdown: Bool
    /// The directories that are online. Empty when the broker is older than directories are.
    public var directories: [DirectoryID]
    /// Directories that take no new replicas (KIP-1066); nil before the broker has said.
    public var cordoned: [DirectoryID]?

    public init(
        id: NodeID, epoch: Int64, incarnation: IncarnationID, endpoint: Endpoint,
        rack: String? = nil, features: [SupportedFeature], isFenced: Bool = true,
        inControlledShutdown: Bool = false, directories: [DirectoryID],
        cordoned: [DirectoryID]? = nil
    ) {
        self.id = id
        self.epoch = epoch
        self.incarnation = incarnation
        self.endpoint = endpoint
        self.rack = rack
        self.features = features
        self.isFenced = isFenced
        self.inControlledShutdown = inControlledShutdown
        self.directories = directories
        self.cordoned = cordoned
    }

    /// May lead and be in an ISR.
    public var isActive: Bool { !isFenced && !inControlledShutdown }

    /// Whether a replica in that directory can be read: one that has no directory yet can, a lost
    /// one cannot, and a broker that knows of no directories is taken at its word.
    public func hasOnline(_ directory: DirectoryID) -> Bool {
        switch directory {
        case .unassigned, .migrating: true
        case .lost: false
        default: directories.isEmpty || directories.contains(directory)
        }
    }

    /// Where a new replica goes as far as the controller can tell.
    public var defaultDirectory: DirectoryID {
        switch directories.count {
        case 0: .migrating
        case 1: directories[0]
        default: .unassigned
        }
    }

    /// The broker after the change. A list of no directories at all changes nothing: in the record
    /// it cannot be told from "not said" (ClusterControlManager.replay).
    public mutating func apply(_ change: BrokerRegistrationChange) {
        if let isFenced = change.isFenced { self.isFenced = isFenced }
        if change.entersControlledShutdown { inControlledShutdown = true }
        if let directories = change.directories, !directories.isEmpty {
            self.directories = directories
        }
        if let cordoned = change.cordoned { self.cordoned = cordoned }
    }
}

/// What changes in a registration without a new one; nil is "stays as it is".
public struct BrokerRegistrationChange: Hashable, Sendable {
    public var id: NodeID
    public var epoch: Int64
    public var isFenced: Bool?
    /// There is no way back but a new incarnation.
    public var entersControlledShutdown = false
    /// The directories that are still online.
    public var directories: [DirectoryID]?
    public var cordoned: [DirectoryID]?

    public init(id: NodeID, epoch: Int64) {
        self.id = id
        self.epoch = epoch
    }
}
