/// Which topic, beyond its name: a topic that is deleted and made again has another id (KIP-516).
/// Kafka draws 128 random bits; ours is where its record was first written, which no two share.
public struct TopicID: Comparable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The id that no topic has.
    @inlinable public static var zero: TopicID { TopicID(0) }

    @inlinable
    public static func < (left: TopicID, right: TopicID) -> Bool { left.rawValue < right.rawValue }
}

/// A partition of a topic of which the id is known.
public struct TopicIDPartition: Comparable, Hashable, Sendable {
    public var topic: TopicID
    public var partition: Int32

    @inlinable
    public init(_ topic: TopicID, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    @inlinable
    public static func < (left: TopicIDPartition, right: TopicIDPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}
