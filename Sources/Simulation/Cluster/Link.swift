import Kafka
import Kernel

/// Why a request will have no answer, as its sender sees it.
enum LinkFailure: Hashable, Sendable {
    case disconnected
    case timedOut
}

/// The client's side of one connection: Kafka's NetworkClient as far as one destination goes.
struct Link: Sendable {
    /// Which of several connections to one node: Kafka has one for each of a broker's threads; a
    /// client has one.
    struct Key: Hashable, Sendable {
        var node: NodeID
        var purpose: BrokerDestination.Purpose?
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

    /// The earliest instant at which something here has to be given up.
    var deadline: Instant {
        var earliest = handshakeDeadline
        for request in inFlight where request.giveUpAt < earliest { earliest = request.giveUpAt }
        for request in unsent where request.giveUpAt < earliest { earliest = request.giveUpAt }
        return earliest
    }
}
