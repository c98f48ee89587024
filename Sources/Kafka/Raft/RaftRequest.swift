/// The requests of the Raft protocol, by Kafka's names.
public enum RaftAPI: String, CaseIterable, Hashable, Sendable {
    case vote = "Vote"
    case beginQuorumEpoch = "BeginQuorumEpoch"
    case endQuorumEpoch = "EndQuorumEpoch"
    case fetch = "Fetch"
    case fetchSnapshot = "FetchSnapshot"
    case describeQuorum = "DescribeQuorum"
    case addVoter = "AddRaftVoter"
    case removeVoter = "RemoveRaftVoter"
    case updateVoter = "UpdateRaftVoter"
    case apiVersions = "ApiVersions"
}

/// A request of the Raft protocol as it travels between two nodes.
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

    public var api: RaftAPI {
        switch self {
        case .vote: .vote
        case .beginQuorumEpoch: .beginQuorumEpoch
        case .endQuorumEpoch: .endQuorumEpoch
        case .fetch: .fetch
        case .fetchSnapshot: .fetchSnapshot
        case .describeQuorum: .describeQuorum
        case .addVoter: .addVoter
        case .removeVoter: .removeVoter
        case .updateVoter: .updateVoter
        case .apiVersions: .apiVersions
        }
    }

    public struct Vote: Hashable, Sendable {
        public var isPreVote: Bool
        public var epoch: Int32
        public var candidate: ReplicaKey
        public var logEnd: OffsetAndEpoch
        /// The voter it is meant for; nil: an old sender does not say.
        public var voter: ReplicaKey?

        public init(
            isPreVote: Bool, epoch: Int32, candidate: ReplicaKey, logEnd: OffsetAndEpoch,
            voter: ReplicaKey?
        ) {
            self.isPreVote = isPreVote
            self.epoch = epoch
            self.candidate = candidate
            self.logEnd = logEnd
            self.voter = voter
        }
    }

    public struct BeginQuorumEpoch: Hashable, Sendable {
        public var epoch: Int32
        public var leader: NodeID
        public var endpoint: Endpoint?
        /// The voter it is meant for; nil: an old sender does not say.
        public var voter: ReplicaKey?

        public init(epoch: Int32, leader: NodeID, endpoint: Endpoint?, voter: ReplicaKey?) {
            self.epoch = epoch
            self.leader = leader
            self.endpoint = endpoint
            self.voter = voter
        }
    }

    public struct EndQuorumEpoch: Hashable, Sendable {
        public var epoch: Int32
        public var leader: NodeID
        public var endpoint: Endpoint?
        /// Who should stand for election, best first.
        public var preferredSuccessors: [ReplicaKey]

        public init(
            epoch: Int32, leader: NodeID, endpoint: Endpoint?, preferredSuccessors: [ReplicaKey]
        ) {
            self.epoch = epoch
            self.leader = leader
            self.endpoint = endpoint
            self.preferredSuccessors = preferredSuccessors
        }
    }

    public struct Fetch: Hashable, Sendable {
        public var epoch: Int32
        /// Nil: whoever asks is no replica.
        public var replica: ReplicaKey?
        public var offset: Int64
        public var lastFetchedEpoch: Int32
        /// Nil: not known. An old sender says `Int64.max` (KIP-1166).
        public var highWatermark: Int64?
        public var maxWaitMilliseconds: Int32

        public init(
            epoch: Int32, replica: ReplicaKey?, offset: Int64, lastFetchedEpoch: Int32,
            highWatermark: Int64?, maxWaitMilliseconds: Int32
        ) {
            self.epoch = epoch
            self.replica = replica
            self.offset = offset
            self.lastFetchedEpoch = lastFetchedEpoch
            self.highWatermark = highWatermark
            self.maxWaitMilliseconds = maxWaitMilliseconds
        }
    }

    public struct FetchSnapshot: Hashable, Sendable {
        public var epoch: Int32
        public var replica: ReplicaKey?
        public var snapshot: OffsetAndEpoch
        public var position: Int64
        public var maxBytes: Int32

        public init(
            epoch: Int32, replica: ReplicaKey?, snapshot: OffsetAndEpoch, position: Int64,
            maxBytes: Int32
        ) {
            self.epoch = epoch
            self.replica = replica
            self.snapshot = snapshot
            self.position = position
            self.maxBytes = maxBytes
        }
    }

    public struct AddVoter: Hashable, Sendable {
        public var voter: ReplicaKey
        public var endpoint: Endpoint?
        /// Answer when the new set is committed, not already when it is appended (KIP-1186).
        public var ackWhenCommitted: Bool

        public init(voter: ReplicaKey, endpoint: Endpoint?, ackWhenCommitted: Bool) {
            self.voter = voter
            self.endpoint = endpoint
            self.ackWhenCommitted = ackWhenCommitted
        }
    }

    public struct UpdateVoter: Hashable, Sendable {
        public var epoch: Int32
        public var voter: ReplicaKey
        public var endpoint: Endpoint?
        /// The kraft.version range that the voter's software supports.
        public var minVersion: Int16
        public var maxVersion: Int16

        public init(
            epoch: Int32, voter: ReplicaKey, endpoint: Endpoint?, minVersion: Int16,
            maxVersion: Int16
        ) {
            self.epoch = epoch
            self.voter = voter
            self.endpoint = endpoint
            self.minVersion = minVersion
            self.maxVersion = maxVersion
        }
    }
}
