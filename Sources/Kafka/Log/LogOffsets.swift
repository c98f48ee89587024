/// An offset, and if it has been looked up, where in which segment it lies (LogOffsetMetadata).
public struct LogOffsetMetadata: Hashable, Sendable {
    public var messageOffset: Int64
    /// -1 while only the offset is known.
    public var segmentBaseOffset: Int64
    public var position: Int64

    @inlinable
    public init(_ messageOffset: Int64, segmentBaseOffset: Int64 = -1, position: Int64 = -1) {
        self.messageOffset = messageOffset
        self.segmentBaseOffset = segmentBaseOffset
        self.position = position
    }

    public var isOffsetOnly: Bool { segmentBaseOffset == -1 && position == -1 }

    /// Both must have been looked up.
    func isOnOlderSegment(than other: LogOffsetMetadata) -> Bool {
        segmentBaseOffset < other.segmentBaseOffset
    }
}

/// The four offsets of a log at one moment (LogOffsetSnapshot).
public struct LogOffsetSnapshot: Hashable, Sendable {
    public var logStartOffset: Int64
    public var logEndOffset: LogOffsetMetadata
    public var highWatermark: LogOffsetMetadata
    public var lastStableOffset: LogOffsetMetadata
}
