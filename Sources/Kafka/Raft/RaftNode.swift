import Kernel

/// One Raft process of the metadata quorum: voter or observer (KafkaRaftClient).
///
/// A value with one door, `receive`. It sees neither network nor disk nor clock; what it wants done
/// stands in the effects, in order. Between two inputs it does nothing, but it wants to be woken at
/// `nextDeadline`.
public struct RaftNode: Sendable {
    /// Who a node is and whom it may ask, before it has read anything.
    public struct Configuration: Sendable {
        public var id: NodeID
        /// An observer (a broker) never stands for election and is in no voter set.
        public var canBecomeVoter: Bool
        public var endpoint: Endpoint
        /// `controller.quorum.voters` (kraft.version 0); empty if voters are dynamic (KIP-853).
        public var staticVoters: VoterSet
        /// `controller.quorum.bootstrap.servers`, in order.
        public var bootstrapEndpoints: [Endpoint]
        public var settings: RaftSettings
        /// Whose random numbers this process draws.
        public var actor: ActorID

        public init(
            id: NodeID, canBecomeVoter: Bool, endpoint: Endpoint, staticVoters: VoterSet,
            bootstrapEndpoints: [Endpoint], settings: RaftSettings, actor: ActorID
        ) {
            self.id = id
            self.canBecomeVoter = canBecomeVoter
            self.endpoint = endpoint
            self.staticVoters = staticVoters
            self.bootstrapEndpoints = bootstrapEndpoints
            self.settings = settings
            self.actor = actor
        }
    }

    public let configuration: Configuration
    public internal(set) var storage: RaftStorage
    /// When the node must be woken if nothing reaches it before.
    public internal(set) var nextDeadline = Instant.never

    /// A process that has not started yet: its first input is `.start`.
    public init(_ configuration: Configuration, storage: RaftStorage) {
        self.configuration = configuration
        self.storage = storage
    }

    /// The one door.
    public mutating func receive(
        _ input: RaftInput, at now: Instant, _ choices: inout Choices, _ effects: inout RaftEffects
    ) {
    }
}

extension Purpose {
    /// The random part of an election timeout, in milliseconds: 0 ..< election.timeout.
    public static let raftElectionTimeout = Purpose(code: 1)
    /// At which bootstrap server a search begins.
    public static let raftBootstrapServer = Purpose(code: 2)
}
