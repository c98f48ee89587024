import Kafka

/// The state machine that a Raft node serves on its process: it applies what is committed, writes
/// snapshots, and proposes while its node leads. Its state is the fingerprint of all that it has
/// applied, by itself or as part of a snapshot: the same for all who have got equally far.
struct MetadataMachine: Hashable, Sendable {
    /// The epoch that its node leads, as it was told.
    var leading: Int32?
    /// Everything before this is applied.
    var applied = OffsetAndEpoch(0, 0)
    var state: UInt64 = 0
    /// The end of the last snapshot that it wrote or loaded.
    var snapshotEnd: Int64 = 0
    /// In this epoch: records proposed, and records of these that are committed.
    var proposedRecords: Int64 = 0
    var committedRecords: Int64 = 0

    mutating func apply(_ batches: [RaftBatch]) {
        for batch in batches {
            applied = OffsetAndEpoch(batch.endOffset, batch.epoch)
            state = batch.fingerprint(onTopOf: state)
            guard case .data = batch.content, batch.epoch == leading else { continue }
            committedRecords += Int64(batch.count)
        }
    }

    mutating func load(_ snapshot: RaftSnapshot) {
        applied = snapshot.id
        snapshotEnd = snapshot.id.offset
        state = snapshot.stateFingerprint
    }

    mutating func lead(_ epoch: Int32?) {
        leading = epoch
        proposedRecords = 0
        committedRecords = 0
    }
}
