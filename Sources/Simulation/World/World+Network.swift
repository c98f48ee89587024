import Kafka
import Kernel

/// Between the network and the threads: packets in, and the server's side of connections.
extension World {
    mutating func schedule(_ flight: Flight) {
        queue.schedule(.packet(flight.packet), at: flight.arrivesAt)
    }

    mutating func schedule(_ flights: [Flight]) {
        for flight in flights { schedule(flight) }
    }

    /// A packet has reached its destination, or a cut on the way.
    mutating func deliver(_ packet: Packet) {
        foldDelivery(packet)
        let arrival = network.receive(packet, at: now, &turn.choices)
        if let reply = arrival.reply { schedule(reply) }
        switch arrival.outcome {
        case .nothing: break
        case .request(let connection, let parcel):
            let process = host(.server, of: connection)
            messageCount += 1
            traceMessage(parcel, to: .server, of: connection)
            if parcels.isRaft(parcel) {
                hand(.request(connection, parcel), to: process)
            } else {
                handToServer(connection, parcel, process)
            }
        case .answer(let connection, let parcel):
            let process = host(.client, of: connection)
            messageCount += 1
            traceMessage(parcel, to: .client, of: connection)
            if parcels.isRaft(parcel) {
                hand(.answer(connection, parcel), to: process)
            } else if let lane = lane(of: connection, in: process) {
                hand(.answer(connection, parcel), toLane: lane)
            } else {
                parcels.drop(parcel)
            }
        case .opened(let connection):
            let process = host(.client, of: connection)
            if let lane = lane(of: connection, in: process) {
                hand(.opened(connection), toLane: lane)
            } else {
                hand(.opened(connection), to: process)
            }
        case .refused(let connection, let client), .disconnected(let connection, let client):
            broke(connection, at: Int(client.rawValue))
        case .dropped(let parcel): parcels.drop(parcel)
        }
        buryDead()
    }

    /// The client's end of a connection is no more.
    mutating func broke(_ connection: ConnectionID, at process: Int) {
        if let lane = lane(of: connection, in: process) {
            hand(.broken(connection), toLane: lane)
        } else if process < nodes.count {
            hand(.broken(connection), to: process)
        }
    }

    /// A request for the controller or for the broker of a process.
    private mutating func handToServer(
        _ connection: ConnectionID, _ parcel: ParcelID, _ process: Int
    ) {
        let lane = parcels.isForController(parcel)
            ? seating.controllerLane(in: process) : seating.brokerLane(in: process)
        guard let lane else { fatalError("a request has come to somebody who serves none such") }
        hand(.request(connection, parcel), toLane: lane)
    }

    @inline(__always)
    private func host(_ side: Side, of connection: ConnectionID) -> Int {
        Int(network.connection(connection)!.host(side).rawValue)
    }

    /// The answer goes back over the connection that the request came from, if it is still there;
    /// then the server reads the next request from it.
    mutating func reply(_ response: consuming RaftResponse, to token: ReplyToken, _ process: Int) {
        guard !isAdmin(token) else { return answerAdmin(response, process) }
        let connection = ConnectionID(word: token.rawValue)
        guard let its = network.connection(connection) else { return }
        if its.serverEnd == .open, !losesReply(connection) {
            let parcel = parcels.add(response)
            let flight = network.send(
                parcel, bytes: parcels.bytes(parcel), on: connection, from: .server, at: now,
                &turn.choices)
            if let flight { schedule(flight) } else { parcels.drop(parcel) }
        }
        if let next = network.unmute(connection) {
            traceMessage(next, to: .server, of: connection)
            processes[process].enqueue(.request(connection, next))
        }
        buryDead()
    }

    /// Whoever sent this request has given it up and closed the connection.
    mutating func noteIfForgotten(_ connection: ConnectionID, _ process: Int) {
        guard let its = network.connection(connection), its.clientEnd == .closed else { return }
        note(.servedForgottenRequest(from: configuration.id(of: Int(its.client.rawValue))), process)
    }

    /// Parcels that will never arrive are forgotten.
    mutating func buryDead() {
        if network.dead.isEmpty { return }
        for parcel in network.dead { parcels.drop(parcel) }
        network.forgetDead()
    }
}

extension Network {
    init(_ configuration: WorldConfiguration) {
        let settings = configuration.network
        var latencies = [settings.latency]
        var exceptions: [Exception] = []
        for link in settings.links {
            let from = configuration.nodes.firstIndex { $0.id == link.from }
            let to = configuration.nodes.firstIndex { $0.id == link.to }
            guard let from, let to else { continue }
            exceptions.append(Exception(from, to, latency: latencies.count))
            latencies.append(link.latency)
        }
        self.init(
            hosts: configuration.processCount, latencies: latencies, exceptions: exceptions,
            bandwidth: settings.bandwidth,
            Network.Parameters(
                handshakeRoundTrips: settings.handshakeRoundTrips,
                retransmissionLimit: settings.retransmissionLimit))
    }
}
