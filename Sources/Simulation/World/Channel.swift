import Kafka
import Kernel

/// The client's side of a connection to one destination: Kafka's NetworkClient with one request in
/// flight (KafkaNetworkChannel, InterBrokerSendThread).
struct Channel: Sendable {
    /// A request that has not been sent yet.
    struct Unsent: Sendable {
        var parcel: ParcelID
        var correlation: CorrelationID
        var giveUpAt: Instant
    }

    let kind: RaftDestination.Kind
    var endpoint: Endpoint
    var connection = ConnectionID.none
    var isOpen = false
    /// The request that waits for its answer, and the API that it asked for.
    var inFlight: CorrelationID?
    /// When what goes on now (handshake or request) is given up.
    var giveUpAt = Instant.never
    /// Not dialled before this.
    var retryAt = Instant.earliest
    /// Failed attempts in a row.
    var failures: Int64 = 0
    var unsent: [Unsent] = []

    init(_ destination: RaftDestination) {
        kind = destination.kind
        endpoint = destination.endpoint
    }

    /// The earliest instant at which something here has to be given up.
    var deadline: Instant {
        var earliest = giveUpAt
        for request in unsent where request.giveUpAt < earliest { earliest = request.giveUpAt }
        return earliest
    }

    /// The answer has come: to which request, if any was waited for.
    mutating func settle() -> CorrelationID? {
        guard let correlation = inFlight else { return nil }
        inFlight = nil
        giveUpAt = .never
        return correlation
    }
}

extension Process {
    @inline(__always)
    func channel(to kind: RaftDestination.Kind) -> Int? {
        for place in channels.indices where channels[place].kind == kind { return place }
        return nil
    }

    @inline(__always)
    func channel(of connection: ConnectionID) -> Int? {
        for place in channels.indices where channels[place].connection == connection {
            return place
        }
        return nil
    }

    /// Something has to be given up then, unless it is done before.
    mutating func expect(_ deadline: Instant) {
        if deadline < channelDeadline { channelDeadline = deadline }
    }

    /// A request has been sent over a channel.
    mutating func expectAnswer(
        to correlation: CorrelationID, by deadline: Instant, channel place: Int
    ) {
        channels[place].inFlight = correlation
        channels[place].giveUpAt = deadline
        expect(deadline)
    }
}
