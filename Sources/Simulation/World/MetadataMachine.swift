import Kafka
import Kernel

/// The state machine that a Raft node serves on its process: it applies what is committed, writes
/// snapshots, and proposes while its node leads. Its state is a fingerprint of what it has applied.
struct MetadataMachine: Hashable, Sendable {
    /// The epoch that its node leads, as it was told.
    var leading: Int32?
    /// Everything before this is applied.
    var applied = OffsetAndEpoch(0, 0)
    var fingerprint = Fingerprint()
    /// The end of the last snapshot that it wrote or loaded.
    var snapshotEnd: Int64 = 0
    /// In this epoch: records proposed, and records of these that are committed.
    var proposedRecords: Int64 = 0
    var committedRecords: Int64 = 0

    mutating func apply(_ batches: [RaftBatch]) {
        for batch in batches {
            applied = OffsetAndEpoch(batch.endOffset, batch.epoch)
            guard case .data(let firstItem) = batch.content else { continue }
            fingerprint.combine(firstItem)
            fingerprint.combine(batch.count)
            if batch.epoch == leading { committedRecords += Int64(batch.count) }
        }
    }

    mutating func load(_ snapshot: RaftSnapshot) {
        applied = snapshot.id
        snapshotEnd = snapshot.id.offset
        fingerprint = Fingerprint()
        fingerprint.combine(snapshot.stateFingerprint)
    }

    mutating func lead(_ epoch: Int32?) {
        leading = epoch
        proposedRecords = 0
        committedRecords = 0
    }
}
