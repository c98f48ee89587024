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

    let parameters: Parameters
    /// In nanoseconds, one way.
    let latencies: [Distribution]
    var hosts: [Host]
    /// By sender times number of hosts plus receiver.
    var links: [Link]
    public internal(set) var connections: [Connection] = []
    var vacantSlots: [Int32] = []
    /// What waits at cuts, in the order in which it came there.
    var stalled: [Packet] = []
    var waiting: [Waiting] = []
    /// Parcels that will never arrive; their owner forgets them and calls `forgetDead`.
    public internal(set) var dead: [ParcelID] = []

    /// All links alike at first.
    public init(
        hosts count: Int, latency: Distribution, bandwidth: Int64?, _ parameters: Parameters
    ) {
        self.init(
            hosts: count, latencies: [latency], latencyOf: { _, _ in 0 }, bandwidth: bandwidth,
            parameters)
    }

    /// Links whose latencies differ: `latencyOf` gives the place in `latencies` for (from, to).
    public init(
        hosts count: Int, latencies: [Distribution], latencyOf: (Int, Int) -> Int,
        bandwidth: Int64?, _ parameters: Parameters
    ) {
        precondition(count < 1 << 14)
        self.parameters = parameters
        self.latencies = latencies
        let picoseconds = bandwidth.map { max(1, 1_000_000_000_000 / $0) } ?? 0
        hosts = Array(repeating: Host(picosecondsPerByte: picoseconds), count: count)
        links = (0..<count * count).map {
            Link(latency: Int32(latencyOf($0 / count, $0 % count)))
        }
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

    @inline(__always)
    func linkIndex(_ from: HostID, _ to: HostID) -> Int {
        Int(from.rawValue) * hosts.count + Int(to.rawValue)
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
        let nanoseconds = latencies[Int(links[link].latency)].value(atRank: rank)
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
