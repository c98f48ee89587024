/// A partition as one client numbers those that it has heard of: 0, 1, 2, …
public struct PartitionRef: Comparable, Hashable, Sendable {
    public var rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    @inlinable var index: Int { Int(rawValue) }

    @inlinable
    public static func < (left: PartitionRef, right: PartitionRef) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A topic as one client numbers those that it was told of.
public struct TopicRef: Comparable, Hashable, Sendable {
    public var rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    @inlinable var index: Int { Int(rawValue) }

    @inlinable
    public static func < (left: TopicRef, right: TopicRef) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A request as one client numbers those that it sends.
public struct RequestNumber: Comparable, Hashable, Sendable {
    public var rawValue: Int64

    @inlinable
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: RequestNumber, right: RequestNumber) -> Bool {
        left.rawValue < right.rawValue
    }
}
