import Kernel

/// What the active controller has heard from brokers. It is in no log: a new active controller
/// starts it afresh (BrokerHeartbeatManager, BrokerHeartbeatTracker).
struct BrokerLiveness: Sendable {
    /// A session is of an incarnation; being fenced or replaced does not end it.
    struct Session: Comparable, Hashable, Sendable {
        var broker: NodeID
        var epoch: Int64

        static func < (left: Session, right: Session) -> Bool {
            (left.broker, left.epoch) < (right.broker, right.epoch)
        }
    }

    private struct Broker: Sendable {
        var isFenced: Bool
        /// How far it has applied the metadata log; -1: unknown.
        var metadataOffset: Int64 = -1
        /// The last offset of what was written when its controlled shutdown began.
        var shutdownOffset: Int64?

        var isActive: Bool { !isFenced && shutdownOffset == nil }
    }

    private let sessionTimeout: Interval
    private var contacts = ForkableMap<Session, Instant>()
    private var brokers = ForkableMap<NodeID, Broker>()

    /// Brokers that are not fenced count as heard from just now (KAFKA-19130).
    init(_ image: MetadataImage, sessionTimeout: Interval, at now: Instant) {
        self.sessionTimeout = sessionTimeout
        for entry in image.brokers {
            register(entry.key, isFenced: entry.value.isFenced)
            if !entry.value.isFenced {
                heard(Session(broker: entry.key, epoch: entry.value.epoch), at: now)
            }
        }
    }

    // MARK: Sessions

    /// Whoever says it, and whether or not such a broker is registered.
    mutating func heard(_ session: Session, at now: Instant) {
        contacts.insert(now, for: session)
    }

    func hasSession(_ session: Session, at now: Instant) -> Bool {
        contacts[session].map { !isOver($0, at: now) } ?? false
    }

    func expiredSessions(at now: Instant) -> [Session] {
        contacts.filter { isOver($0.value, at: now) }.map(\.key)
    }

    mutating func end(_ session: Session) {
        contacts.remove(session)
    }

    private func isOver(_ contact: Instant, at now: Instant) -> Bool {
        contact + sessionTimeout < now
    }

    // MARK: Brokers

    /// Nil: it is in controlled shutdown.
    func isFencedUnlessStopping(_ broker: NodeID) -> Bool? {
        guard let known = brokers[broker] else { return true }
        return known.shutdownOffset == nil ? known.isFenced : nil
    }

    func isShuttingDown(_ broker: NodeID) -> Bool { brokers[broker]?.shutdownOffset != nil }

    func isFenced(_ broker: NodeID) -> Bool { brokers[broker]?.isFenced ?? true }

    func shutdownOffset(of broker: NodeID) -> Int64? { brokers[broker]?.shutdownOffset }

    /// How far even the slowest active broker has come; everything, if none is active.
    var lowestActiveOffset: Int64 {
        brokers.reduce(Int64.max) { lowest, entry in
            entry.value.isActive ? min(lowest, entry.value.metadataOffset) : lowest
        }
    }

    mutating func forget(_ broker: NodeID) {
        brokers.remove(broker)
    }

    /// A record about the broker has been applied. How far it was is forgotten until its next
    /// heartbeat, unless the record fences or unfences it.
    mutating func register(_ broker: NodeID, isFenced: Bool) {
        let known = brokers[broker]
        let offset = known.map { $0.isFenced != isFenced ? $0.metadataOffset : -1 } ?? -1
        touch(broker, isFenced: isFenced, metadataOffset: offset)
    }

    /// A fenced broker leaves its controlled shutdown: at its next heartbeat it may stop at once.
    mutating func touch(_ broker: NodeID, isFenced: Bool, metadataOffset: Int64) {
        var known = brokers[broker] ?? Broker(isFenced: isFenced)
        known.isFenced = isFenced
        known.metadataOffset = metadataOffset
        if isFenced { known.shutdownOffset = nil }
        brokers.insert(known, for: broker)
    }

    /// The broker is in controlled shutdown, and what made it so has been written up to `offset`.
    mutating func enterShutdown(_ broker: NodeID, writtenUpTo offset: Int64) {
        guard let known = brokers[broker], known.shutdownOffset == nil else { return }
        brokers[present: broker].shutdownOffset = offset
    }
}
