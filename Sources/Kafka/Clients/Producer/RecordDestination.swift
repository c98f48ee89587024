/// Where a record is to go once it has been partitioned.
public enum RecordDestination: Hashable, Sendable {
    case partition(PartitionRef)
    /// Where the sticky partitioner says.
    case anyPartition(of: TopicRef)
}

/// Names one call of `send`, so that its outcome can be told: numbers of the program's choice.
public struct SendTicket: Comparable, Hashable, Sendable {
    public var rawValue: Int64

    @inlinable
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: SendTicket, right: SendTicket) -> Bool {
        left.rawValue < right.rawValue
    }
}
