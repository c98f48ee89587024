/// What a process that follows the metadata log is told when more of it is committed: one update
/// for all brokers that apply the same records, so that they share one image.
public struct MetadataUpdate: Sendable {
    /// The cluster with everything before `endOffset`.
    public var image: MetadataImage
    /// The records since the last update, in order. Nil: everything may have changed, because this
    /// is the first update of a process, or because a snapshot was loaded.
    public var records: [MetadataRecord]?
    public var endOffset: Int64

    public init(_ image: MetadataImage, records: [MetadataRecord]?, endOffset: Int64) {
        self.image = image
        self.records = records
        self.endOffset = endOffset
    }

    /// The last offset that is in the image.
    public var lastOffset: Int64 { endOffset - 1 }
}
