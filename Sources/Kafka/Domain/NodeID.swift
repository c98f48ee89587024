/// The number of a broker or controller: `node.id`.
public struct NodeID: Comparable, Hashable, Sendable {
    public var rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: NodeID, right: NodeID) -> Bool { left.rawValue < right.rawValue }
}
