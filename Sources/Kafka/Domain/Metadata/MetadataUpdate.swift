/// What a process that follows the metadata log is told when more of it is committed. One update
/// serves all brokers that apply the same records: they share the image and what is said of it.
public struct MetadataUpdate: Sendable {
    /// The cluster with everything before `endOffset`.
    public var image: MetadataImage
    /// What the records since the last update have touched. Nil: everything may have changed,
    /// because this is the first update of a process, or because a snapshot was loaded.
    public var delta: MetadataDelta?
    public var endOffset: Int64

    public init(_ image: MetadataImage, delta: MetadataDelta?, endOffset: Int64) {
        self.image = image
        self.delta = delta
        self.endOffset = endOffset
    }

    /// The update that these records make of an image.
    public init(
        applying records: some Sequence<MetadataRecord>, to before: MetadataImage, endOffset: Int64
    ) {
        image = before
        var delta = MetadataDelta()
        for record in records {
            delta.note(record, before: image)
            image.apply(record)
        }
        self.delta = delta
        self.endOffset = endOffset
    }

    /// The last offset that is in the image.
    public var lastOffset: Int64 { endOffset - 1 }
}
