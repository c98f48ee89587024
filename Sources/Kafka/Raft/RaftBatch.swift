/// What a control batch of the metadata log says.
public enum RaftControlRecord: Hashable, Sendable {
    case leaderChange(leader: NodeID, voters: [NodeID], grantedBy: [NodeID])
    case kraftVersion(Int16)
    case voters(VoterSet)
}

/// A batch of the metadata log. Data is opaque: its content is a pure function of the epoch that
/// wrote it and of the workload's count (`firstItem`), so a batch of a thousand records costs what
/// a batch of one costs.
public struct RaftBatch: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        /// Items `firstItem`, `firstItem + 1`, … of the proposer's stream.
        case data(firstItem: Int64)
        case control([RaftControlRecord])
    }

    public var baseOffset: Int64
    public var count: Int32
    public var epoch: Int32
    public var sizeInBytes: Int32
    public var content: Content

    public init(
        baseOffset: Int64, count: Int32, epoch: Int32, sizeInBytes: Int32, content: Content
    ) {
        self.baseOffset = baseOffset
        self.count = count
        self.epoch = epoch
        self.sizeInBytes = sizeInBytes
        self.content = content
    }

    /// The offset after its last record.
    @inlinable public var endOffset: Int64 { baseOffset + Int64(count) }
}
