/// A snapshot of the metadata log up to `id` (KIP-630): the control state in force there, and the
/// state machine's own content, of which only its size and fingerprint matter to Raft.
public struct RaftSnapshot: Hashable, Sendable {
    public var id: OffsetAndEpoch
    public var kraftVersion: Int16
    public var voters: VoterSet?
    public var sizeInBytes: Int64
    /// Stands for the state machine's content: equal states have equal fingerprints.
    public var stateFingerprint: UInt64

    public init(
        id: OffsetAndEpoch, kraftVersion: Int16, voters: VoterSet?, sizeInBytes: Int64,
        stateFingerprint: UInt64 = 0
    ) {
        self.id = id
        self.kraftVersion = kraftVersion
        self.voters = voters
        self.sizeInBytes = sizeInBytes
        self.stateFingerprint = stateFingerprint
    }
}
