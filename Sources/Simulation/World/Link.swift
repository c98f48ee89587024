import Kafka
import Kernel

/// Why a request will have no answer, as its sender sees it.
enum LinkFailure: Hashable, Sendable {
    case disconnected
    case timedOut
}

/// The client's side of one connection: Kafka's NetworkClient as far as one destination goes.
struct Link: Sendable {
    /// Which of several connections to one node.
    struct Key: Hashable, Sendable {
        var node: NodeID
        var purpose: Purpose
    }

    /// Kafka has a connection for each of a node's threads that ask others; a client has one.
    enum Purpose: Hashable, Sendable {
        case client
        case broker(BrokerDestination.Purpose)
        case quorum
        /// To the n-th bootstrap server of a quorum.
        case bootstrap(Int32)
    }

    struct Unsent: Sendable {
        var parcel: ParcelID
        var correlation: CorrelationID
        var giveUpAt: Instant
    }

    struct Awaited: Sendable {
        var correlation: CorrelationID
        var giveUpAt: Instant
    }

    let key: Key
    var connection = ConnectionID.none
    var isOpen = false
    /// Sent and not answered, oldest first: answers come in the order of the requests.
    var inFlight: [Awaited] = []
    /// Waits for the handshake, or for the answer to an earlier one.
    var unsent: [Unsent] = []
    /// When the handshake is given up.
    var handshakeDeadline = Instant.never
    /// Not dialled before this.
    var retryAt = Instant.earliest
    /// Failed attempts in a row.
    var failures: Int64 = 0

    init(_ key: Key) {
        self.key = key
    }

    var isDialled: Bool { connection != .none }

    /// Nothing is under way: a request can go out at once.
    var isFree: Bool { isOpen && inFlight.isEmpty }

    /// It has failed, and rests before it is dialled again.
    func isResting(at now: Instant) -> Bool { !isDialled && now < retryAt }

    /// The handshake or an answer has taken too long.
    func isOverdue(at now: Instant) -> Bool {
        handshakeDeadline <= now || inFlight.contains { $0.giveUpAt <= now }
    }

    /// The earliest instant at which something here has to be given up.
    var deadline: Instant {
        var earliest = handshakeDeadline
        for request in inFlight where request.giveUpAt < earliest { earliest = request.giveUpAt }
        for request in unsent where request.giveUpAt < earliest { earliest = request.giveUpAt }
        return earliest
    }

    /// The longer the more attempts have failed in a row, by a factor of two, up to the limit; and
    /// a fifth more or less (`reconnect.backoff.ms`).
    mutating func rest(
        from now: Instant, afterFailures failures: Int64, _ settings: NetworkConfiguration,
        by actor: ActorID, _ choices: inout Choices
    ) {
        let rest = min(
            settings.reconnectBackoff.nanoseconds << min(failures, 10),
            settings.reconnectBackoffMax.nanoseconds)
        let jitter = choices.draw(actor, .reconnectJitter, below: UInt64(rest * 2 / 5) + 1)
        self.failures = failures + 1
        retryAt = now + Interval(nanoseconds: rest * 4 / 5 + Int64(jitter))
    }
}

extension Purpose {
    /// By how much a reconnect backoff strays from its middle, in nanoseconds.
    static let reconnectJitter = Purpose(code: 0x0301)
}
