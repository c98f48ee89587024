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
