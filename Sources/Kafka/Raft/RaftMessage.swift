/// A request of the Raft protocol as it travels. `clusterMatches` false stands for a foreign or
/// missing cluster id.
public enum RaftRequest: Hashable, Sendable {
    case vote(Vote)
    case beginQuorumEpoch(BeginQuorumEpoch)
    case endQuorumEpoch(EndQuorumEpoch)
    case fetch(Fetch)
    case fetchSnapshot(FetchSnapshot)
    case describeQuorum
    case addVoter(AddVoter)
    case removeVoter(ReplicaKey)
    case updateVoter(UpdateVoter)
    case apiVersions

    public struct Vote: Hashable, Sendable {
        public var isPreVote: Bool
        public var epoch: Int32
        public var candidate: ReplicaKey
        public var logEnd: OffsetAndEpoch
        /// The voter it is meant for.
        public var voter: ReplicaKey
    }

    public struct BeginQuorumEpoch: Hashable, Sendable {
        public var epoch: Int32
        public var leader: NodeID
        public var endpoint: Endpoint?
        public var voter: ReplicaKey
    }

    public struct EndQuorumEpoch: Hashable, Sendable {
        public var epoch: Int32
        public var leader: NodeID
        public var endpoint: Endpoint?
        public var preferredSuccessors: [ReplicaKey]
    }

    public struct Fetch: Hashable, Sendable {
        public var epoch: Int32
        public var replica: ReplicaKey?
        public var offset: Int64
        public var lastFetchedEpoch: Int32
        /// Nil: not known. An old sender says `Int64.max` (KIP-1166).
        public var highWatermark: Int64?
        public var maxWaitMilliseconds: Int32
    }

    public struct FetchSnapshot: Hashable, Sendable {
        public var epoch: Int32
        public var replica: ReplicaKey?
        public var snapshot: OffsetAndEpoch
        public var position: Int64
        public var maxBytes: Int32
    }

    public struct AddVoter: Hashable, Sendable {
        public var voter: ReplicaKey
        public var endpoint: Endpoint?
        /// Answer when the new set is committed, not already when it is appended (KIP-1186).
        public var ackWhenCommitted: Bool
    }

    public struct UpdateVoter: Hashable, Sendable {
        public var epoch: Int32
        public var voter: ReplicaKey
        public var endpoint: Endpoint?
        public var versions: ClosedRange<Int16>
    }
}
