/// Who makes a choice: a process, a link or the scenario itself, numbered by whoever builds the
/// world.
public struct ActorID: Comparable, Hashable, Sendable {
    public var rawValue: UInt32

    @inlinable
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: ActorID, right: ActorID) -> Bool { left.rawValue < right.rawValue }
}
