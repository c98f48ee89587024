import Kernel

/// One broker process (BrokerServer): it registers with the controller, follows the metadata log,
/// and leads or follows the partitions that the log gives it.
///
///     start ──▶ register ──▶ heartbeats ──▶ caught up ──▶ unfenced ──▶ opened ──▶ shut down
///                  metadata ──▶ roles of its partitions, from the first update on
///
/// It is one value with one door. A restarted process is a new one, made from the `storage` of
/// the old.
public struct Broker: Sendable {
    public let id: NodeID
    public let settings: BrokerSettings
    let actor: ActorID
    let generation: Generation
    private(set) public var storage: BrokerStorage
    public private(set) var state = BrokerState.notRunning
    /// The cluster as far as it has applied the metadata log.
    public private(set) var image = MetadataImage()
    /// When it wants a `wake`, at the latest; a process that was spoken to since may name another.
    public private(set) var nextDeadline = Instant.never

    public init(
        id: NodeID, settings: BrokerSettings, storage: BrokerStorage,
        generation: Generation = .current, actor: ActorID
    ) {
        self.id = id
        self.settings = settings
        self.storage = storage
        self.generation = generation
        self.actor = actor
    }

    /// The one door.
    public mutating func receive(
        _ input: BrokerInput, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
    }
}
