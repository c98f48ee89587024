/// The id that a log directory got when it was formatted (KIP-858). The first hundred values are
/// reserved, as in Kafka's DirectoryId: they say why a replica has no directory.
public struct DirectoryID: Comparable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The broker has several directories and has not said yet which one it takes.
    @inlinable public static var unassigned: DirectoryID { DirectoryID(0) }
    /// The directory is offline, and the broker does not say which it is.
    @inlinable public static var lost: DirectoryID { DirectoryID(1) }
    /// The replica is older than directories are: nobody knows where it is.
    @inlinable public static var migrating: DirectoryID { DirectoryID(2) }

    /// As the directory of a voter: static voters (kraft.version 0) have none.
    @inlinable public static var unknown: DirectoryID { DirectoryID(0) }

    @inlinable public var isReserved: Bool { rawValue < 100 }

    @inlinable
    public static func < (left: DirectoryID, right: DirectoryID) -> Bool {
        left.rawValue < right.rawValue
    }
}
