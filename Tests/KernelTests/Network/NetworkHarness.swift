import Kernel

/// A network with a clock: lets packets arrive in order of time and keeps what came of them.
struct NetworkHarness {
    struct Event: Equatable {
        var at: Int64
        var outcome: Network.Outcome
    }

    var network: Network
    var queue = EventQueue<Packet>()
    var choices: Choices
    var now = Instant.zero
    var events: [Event] = []

    init(
        hosts: Int = 2, latency: ClosedRange<Int64> = 1_000...1_000, bandwidth: Int64? = nil,
        rounds: UInt8 = 1, seed: UInt64 = 1
    ) {
        network = Network(
            hosts: hosts, latency: Distribution(uniform: latency), bandwidth: bandwidth,
            Network.Parameters(
                handshakeRoundTrips: rounds, retransmissionLimit: Interval(nanoseconds: 5_000)))
        choices = Choices(seed: seed)
        for host in 0..<hosts { network.listen(HostID(Int32(host)), port: 1) }
    }

    mutating func schedule(_ flight: Flight?) {
        if let flight { queue.schedule(flight.packet, at: flight.arrivesAt) }
    }

    mutating func connect(_ from: Int32, _ to: Int32, port: Int32 = 1) -> ConnectionID {
        let (connection, flight) = network.connect(
            from: HostID(from), to: HostID(to), port: port, at: now, &choices)
        schedule(flight)
        return connection
    }

    /// A connection that is open by now.
    mutating func connected(_ from: Int32, _ to: Int32) -> ConnectionID {
        let connection = connect(from, to)
        runToEnd()
        events = []
        return connection
    }

    @discardableResult
    mutating func send(
        _ parcel: Int32, _ connection: ConnectionID, from side: Side = .client, bytes: Int64 = 0
    ) -> Bool {
        let flight = network.send(
            ParcelID(parcel), bytes: bytes, on: connection, from: side, at: now, &choices)
        schedule(flight)
        return flight != nil
    }

    mutating func close(_ connection: ConnectionID, by side: Side) {
        schedule(network.close(connection, by: side, at: now, &choices))
    }

    mutating func cut(_ from: Int32, _ to: Int32) {
        network.cut(from: HostID(from), to: HostID(to), at: now)
    }

    mutating func mend(_ from: Int32, _ to: Int32) {
        for flight in network.mend(from: HostID(from), to: HostID(to), at: now, &choices) {
            schedule(flight)
        }
    }

    mutating func run(until end: Int64) {
        while let (at, packet) = queue.popNext(notAfter: Instant(nanoseconds: end)) {
            now = at
            let arrival = network.receive(packet, at: now, &choices)
            schedule(arrival.reply)
            if arrival.outcome != .nothing {
                events.append(Event(at: now.nanoseconds, outcome: arrival.outcome))
            }
        }
        now = Instant(nanoseconds: max(now.nanoseconds, end))
    }

    mutating func runToEnd() {
        while let next = queue.nextInstant { run(until: next.nanoseconds) }
    }

    /// Parcels that arrived, in order, whoever got them.
    var arrived: [Int32] {
        events.compactMap {
            switch $0.outcome {
            case .request(_, let parcel), .answer(_, let parcel): parcel.rawValue
            default: nil
            }
        }
    }
}
