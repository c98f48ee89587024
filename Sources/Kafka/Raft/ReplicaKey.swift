import Kernel

/// The id that a log directory got when it was formatted (KIP-858). Zero means "not known": static
/// voters (kraft.version 0) have none.
public struct DirectoryID: Comparable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    @inlinable public static var unknown: DirectoryID { DirectoryID(0) }

    @inlinable
    public static func < (left: DirectoryID, right: DirectoryID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Who a voter is: a node and the disk it votes with, so that a node with a replaced disk, which
/// has forgotten its promises, is somebody else (KIP-853).
public struct ReplicaKey: Comparable, Hashable, Sendable {
    public var id: NodeID
    public var directory: DirectoryID

    @inlinable
    public init(_ id: NodeID, _ directory: DirectoryID = .unknown) {
        self.id = id
        self.directory = directory
    }

    @inlinable
    public static func < (left: ReplicaKey, right: ReplicaKey) -> Bool {
        (left.id, left.directory) < (right.id, right.directory)
    }
}
