import Kernel

/// What a partition must know of the broker that it lies on.
public struct BrokerContext: Sendable {
    public let id: NodeID
    public let generation: Generation
    /// Under which this broker is registered; -1 before it is.
    public internal(set) var brokerEpoch: Int64 = -1
    var sharedMetadata = Shared(MetadataImage())
    private var sharedSettings: Shared<ReplicaSettings>
    let maxLag: Interval
    /// Where the work on a request is interrupted.
    var yieldPoints: YieldPoints = []

    init(id: NodeID, settings: ReplicaSettings, generation: Generation) {
        self.id = id
        self.generation = generation
        sharedSettings = Shared(settings)
        maxLag = settings.maxLag
    }

    public var metadata: MetadataImage { _read { yield sharedMetadata.value } }

    public var settings: ReplicaSettings { _read { yield sharedSettings.value } }

    mutating func use(_ settings: ReplicaSettings) { sharedSettings = Shared(settings) }

    /// What the metadata log says of it speaks of this life, not of an earlier one.
    var isRegistered: Bool {
        brokerEpoch >= 0 && sharedMetadata.value.brokers[id]?.epoch == brokerEpoch
    }

    /// Registered and not fenced.
    func isAlive(_ broker: NodeID) -> Bool {
        guard let registration = sharedMetadata.value.brokers[broker] else { return false }
        return !registration.isFenced
    }

    /// Under which a live broker is registered.
    func aliveEpoch(of broker: NodeID) -> Int64? {
        guard let registration = sharedMetadata.value.brokers[broker], !registration.isFenced else {
            return nil
        }
        return registration.epoch
    }

    /// A broker that is alive and stays so, and whose fetches were those of its present incarnation
    /// (KIP-841, KIP-903).
    func mayJoinISR(_ follower: FollowerProgress) -> Bool {
        guard let registration = sharedMetadata.value.brokers[follower.broker],
            registration.isActive, let fetched = follower.brokerEpoch
        else { return false }
        return fetched == -1 || fetched == registration.epoch
    }

    /// Before AlterPartition, a leader took the ISR that it wished for as what is (KIP-497).
    var believesISRWish: Bool { !generation.has(.maximalISR) }

    /// The high watermark used to wait also for followers that were caught up but shutting down,
    /// until they had lagged for `replica.lag.time.max.ms` (KAFKA-15021).
    var waitsForEligibleOnly: Bool { generation.has(.eligibleHoldHighWatermark) }

    func logTime(at now: Instant) -> Int64 { (now - .zero).wholeMilliseconds }
}
