/// A machine on the network: its place in the network's array of hosts.
public struct HostID: Comparable, Hashable, Sendable {
    public var rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: HostID, right: HostID) -> Bool { left.rawValue < right.rawValue }
}

/// The one who dials, and the one who listens.
public enum Side: UInt8, Hashable, Sendable {
    case client, server

    @inlinable public var other: Side { self == .client ? .server : .client }
}

/// Names a connection for as long as one of its ends knows of it, and nothing afterwards.
public struct ConnectionID: Hashable, Sendable {
    public var slot: Int32
    public var generation: UInt32

    @inlinable
    public init(slot: Int32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    /// No connection.
    public static let none = ConnectionID(slot: -1, generation: 0)

    /// As one word, for those who carry it about as a token.
    @inlinable public var word: UInt64 {
        UInt64(UInt32(bitPattern: slot)) << 32 | UInt64(generation)
    }

    @inlinable
    public init(word: UInt64) {
        slot = Int32(truncatingIfNeeded: word >> 32)
        generation = UInt32(truncatingIfNeeded: word)
    }
}

/// A message as the network sees it: a number. What is in it is the business of whoever sends it.
public struct ParcelID: Hashable, Sendable {
    public var rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    @inlinable public static var none: ParcelID { ParcelID(-1) }
}

/// What travels along one direction of a connection, in order.
public struct Packet: Hashable, Sendable {
    public enum Kind: UInt8, Hashable, Sendable {
        /// The client's part of a round of the handshake, and the server's.
        case open, accept
        /// Nobody listens there.
        case refuse
        case parcel
        /// The sender has closed its end, after all that it had sent before.
        case close
        /// The sender knows nothing of this connection.
        case reset
    }

    public var connection: ConnectionID
    public var parcel: ParcelID
    public var kind: Kind
    public var to: Side
    /// The round of a handshake, from 1.
    public var round: UInt8
    /// It has been stopped by a cut and is on its way again.
    public var isRetransmission: Bool
}

/// A packet under way, and when it will be there: to be scheduled by whoever owns the clock.
public struct Flight: Hashable, Sendable {
    public var arrivesAt: Instant
    public var packet: Packet
}

/// One connection: two ends, each with its own belief about it, and a direction into each of them.
///
/// Plain words without references, so that a table of connections is copied as memory.
public struct Connection: Hashable, Sendable {
    public enum End: UInt8, Hashable, Sendable {
        /// Not there yet, or no more.
        case closed
        /// The client waits for the handshake.
        case dialing
        case open
        /// The other end has closed; what lies in the socket buffer is still worked off.
        case draining
    }

    public var generation: UInt32
    public var client: HostID
    public var server: HostID
    /// Where the client dialled; the server may listen elsewhere by now.
    public var port: Int32
    public var clientEnd: End
    public var serverEnd: End
    /// A request is being worked on, so the server reads no other from this connection.
    public var isMuted: Bool
    /// Everything sent over it is lost under way and nobody is told.
    public var isSilenced: Bool
    /// Requests that wait in the server's socket buffer.
    public var waitingCount: Int32
    /// Per direction: the place of the link that it goes over.
    var linkToClient: Int32
    var linkToServer: Int32
    /// Per direction: nothing arrives before what was sent earlier.
    public var lastArrivalAtClient: Instant
    public var lastArrivalAtServer: Instant
    /// Per direction: until then a cut's backlog goes first; `earliest`: there was none.
    public var blockedAtClientUntil: Instant
    public var blockedAtServerUntil: Instant

    /// A table entry that stands for no connection.
    static func vacant(generation: UInt32) -> Connection {
        Connection(
            generation: generation, client: HostID(-1), server: HostID(-1), port: 0,
            clientEnd: .closed, serverEnd: .closed, isMuted: false, isSilenced: false,
            waitingCount: 0, linkToClient: -1, linkToServer: -1,
            lastArrivalAtClient: .earliest, lastArrivalAtServer: .earliest,
            blockedAtClientUntil: .earliest, blockedAtServerUntil: .earliest)
    }

    public func end(_ side: Side) -> End { side == .client ? clientEnd : serverEnd }

    func link(to side: Side) -> Int { Int(side == .client ? linkToClient : linkToServer) }

    public func host(_ side: Side) -> HostID { side == .client ? client : server }
}
