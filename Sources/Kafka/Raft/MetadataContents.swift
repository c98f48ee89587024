import Kernel

/// What the items of a metadata log say. To Raft batches are opaque, and equal batches have equal
/// content; so whatever a leader has proposed is kept here once, for all nodes that read it.
///
/// A proposal that is lost with its leadership stays, unread: its epoch never comes again.
public struct MetadataContents: Sendable {
    private struct Place: Comparable {
        var epoch: Int32
        var firstItem: Int64

        static func < (left: Place, right: Place) -> Bool {
            (left.epoch, left.firstItem) < (right.epoch, right.firstItem)
        }
    }

    private var proposals = ForkableMap<Place, [MetadataRecord]>()
    /// What the cluster was like at each snapshot.
    private var images = ForkableMap<OffsetAndEpoch, MetadataImage>()

    public init() {}

    /// The leader of `epoch` has proposed these as items `firstItem`, ….
    public mutating func add(_ records: [MetadataRecord], epoch: Int32, firstItem: Int64) {
        proposals[Place(epoch: epoch, firstItem: firstItem)] = records
    }

    /// The records of a batch, which holds one proposal or several in a row; none of a control
    /// batch.
    public func records(of batch: RaftBatch) -> [MetadataRecord] {
        guard case .data(var item) = batch.content else { return [] }
        let end = item + Int64(batch.count)
        var records: [MetadataRecord] = []
        while item < end {
            guard let proposal = proposals[Place(epoch: batch.epoch, firstItem: item)] else {
                preconditionFailure("nobody has proposed item \(item) of epoch \(batch.epoch)")
            }
            records += proposal
            item += Int64(proposal.count)
        }
        return records
    }

    public mutating func keep(_ image: MetadataImage, of snapshot: OffsetAndEpoch) {
        images[snapshot] = image
    }

    public func image(of snapshot: OffsetAndEpoch) -> MetadataImage? { images[snapshot] }
}
