/// Hosts, the links between them, and connections over these: TCP as far as a protocol above it can
/// tell.
///
/// Each direction of a connection is first in, first out. Bytes queue at their sender's network
/// card, travel for a time drawn from the link's distribution, and stop at a cut until it is
/// healed. A server reads one request at a time from a connection and leaves the next in its socket
/// buffer until it has answered. An end learns of the other's death only from a packet, so a host
/// that has lost its power leaves connections half open.
///
/// The network has no clock and no queue of events. Whatever it sends comes back as a `Flight`, and
/// `receive` takes the packet when its time has come. It carries numbers, not messages.
public struct Network: Sendable {
    /// What every link and handshake is like.
    public struct Parameters: Hashable, Sendable {
        /// Round trips before the first request can be sent.
        public var handshakeRoundTrips: UInt8
        /// Bytes held up by a cut wait for TCP to try again after the healing: up to this long, but
        /// no longer than the cut has lasted.
        public var retransmissionLimit: Interval

        public init(handshakeRoundTrips: UInt8, retransmissionLimit: Interval) {
            self.handshakeRoundTrips = handshakeRoundTrips
            self.retransmissionLimit = retransmissionLimit
        }
    }

    struct Host: Sendable {
        /// The operating system runs, whether or not a process does.
        var isUp = true
        /// Nil: nobody listens.
        var listeningPort: Int32?
        /// The process stands still. Its operating system opens connections for it, no more.
        var isFrozen = false
        /// Zero: bytes take no time.
        var picosecondsPerByte: Int64
        /// When the bytes sent before have left the network card.
        var freeAt = Instant.earliest
    }

    /// One direction between two hosts.
    struct Link: Sendable {
        /// Its place in `latencies`.
        var latency: Int32
        /// How many cuts stand on it.
        var cuts: Int32 = 0
        /// How many packets have been sent: the ordinal of the next one's luck.
        var sent: UInt32 = 0
        var slowBy = Interval.zero
        var cutSince = Instant.earliest
    }

    /// A request in the socket buffer of a muted connection.
    struct Waiting: Sendable {
        var slot: Int32
        var parcel: ParcelID
    }

    /// What is made once and for all, and where links lie: seldom written, so a fork shares it.
    struct Fabric: Sendable {
        let parameters: Parameters
        /// In nanoseconds, one way.
        let latencies: [Distribution]
        /// Links that have not the first latency; later ones win.
        let exceptions: [Exception]
        /// By sender and receiver: the place in `links`.
        var places = SortedMap<UInt64, Int32>()
    }

    /// Two hosts between which, either way, latencies are others than the first.
    public struct Exception: Sendable {
        var one: Int
        var other: Int
        /// Its place in `latencies`.
        var latency: Int

        public init(_ one: Int, _ other: Int, latency: Int) {
            self.one = one
            self.other = other
            self.latency = latency
        }
    }

    var fabric: Shared<Fabric>
    var hosts: [Host]
    /// Those that something has been sent over or done to, in the order in which it first was: of
    /// a thousand hosts most never speak to most others.
    var links: [Link] = []
    public internal(set) var connections: [Connection] = []
    var vacantSlots: [Int32] = []
    /// What waits at cuts, in the order in which it came there.
    var stalled: [Packet] = []
    var waiting: [Waiting] = []
    /// Second words of handshakes, which only a process answers that goes on.
    var unheard: [Packet] = []
    /// Parcels that will never arrive; their owner forgets them and calls `forgetDead`.
    public internal(set) var dead: [ParcelID] = []

    /// All links alike at first.
    public init(
        hosts count: Int, latency: Distribution, bandwidth: Int64?, _ parameters: Parameters
    ) {
        self.init(
            hosts: count, latencies: [latency], exceptions: [], bandwidth: bandwidth, parameters)
    }

    /// Links whose latencies differ: the first is that of all which are no exceptions.
    public init(
        hosts count: Int, latencies: [Distribution], exceptions: [Exception], bandwidth: Int64?,
        _ parameters: Parameters
    ) {
        precondition(count < 1 << 14)
        fabric = Shared(
            Fabric(parameters: parameters, latencies: latencies, exceptions: exceptions))
        let picoseconds = bandwidth.map { max(1, 1_000_000_000_000 / $0) } ?? 0
        hosts = Array(repeating: Host(picosecondsPerByte: picoseconds), count: count)
    }

    /// The memory of parcels that died is theirs again.
    public mutating func forgetDead() {
        dead.removeAll(keepingCapacity: true)
    }

    /// The connection, if one of its ends still knows of it.
    @inline(__always)
    public func connection(_ id: ConnectionID) -> Connection? {
        let slot = Int(id.slot)
        guard slot >= 0, slot < connections.count, connections[slot].generation == id.generation
        else { return nil }
        return connections[slot]
    }

    @inline(__always)
    func isCurrent(_ id: ConnectionID) -> Bool {
        id.slot >= 0 && connections[Int(id.slot)].generation == id.generation
    }

    /// The place of a link, if anything has been sent over it or done to it.
    func knownLink(_ from: HostID, _ to: HostID) -> Int? {
        fabric.value.places[Self.linkKey(from, to)].map { Int($0) }
    }

    mutating func link(_ from: HostID, _ to: HostID) -> Int {
        if let known = knownLink(from, to) { return known }
        let exception = fabric.value.exceptions.last {
            ($0.one, $0.other) == (Int(from.rawValue), Int(to.rawValue))
                || ($0.other, $0.one) == (Int(from.rawValue), Int(to.rawValue))
        }
        links.append(Link(latency: Int32(exception?.latency ?? 0)))
        fabric.value.places[Self.linkKey(from, to)] = Int32(links.count - 1)
        return links.count - 1
    }

    private static func linkKey(_ from: HostID, _ to: HostID) -> UInt64 {
        UInt64(UInt32(bitPattern: from.rawValue)) << 32 | UInt64(UInt32(bitPattern: to.rawValue))
    }

    /// How long the next packet on a link travels.
    @inline(__always)
    mutating func travelTime(
        _ link: Int, _ from: HostID, _ to: HostID, _ choices: inout Choices
    ) -> Interval {
        let key = Choices.Key(
            actor: Self.actor(from, to), purpose: .networkLatency, ordinal: links[link].sent)
        links[link].sent &+= 1
        let rank = choices.draw(key, below: Distribution.whole)
        let latency = Int(links[link].latency)
        let nanoseconds = fabric.value.latencies[latency].value(atRank: rank)
        return Interval(nanoseconds: nanoseconds) + links[link].slowBy
    }

    /// Whose luck a link's latencies are.
    @inline(__always)
    static func actor(_ from: HostID, _ to: HostID) -> ActorID {
        ActorID(0x4000_0000 | UInt32(from.rawValue) << 14 | UInt32(to.rawValue))
    }
}

extension Purpose {
    /// How long a packet travels: a rank in the link's distribution.
    public static let networkLatency = Purpose(code: 0x0101)
    /// How long after a healing TCP tries again, in nanoseconds.
    public static let networkRetransmission = Purpose(code: 0x0102)
}

extension PurposeNames {
    public static let network: PurposeNames = [
        "network.latency": .networkLatency, "network.retransmission": .networkRetransmission,
    ]
}
