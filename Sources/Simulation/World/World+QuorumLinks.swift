import Kafka
import Kernel

/// The client's side of the connections of Raft nodes (KafkaNetworkChannel, InterBrokerSendThread):
/// one request in flight on each, and a timeout after which it is closed while the request lives
/// on at the other side.
extension World {
    /// What a node sends goes out at once, or waits for the handshake or for the answer to an
    /// earlier request, or fails at once if its connection has just failed.
    mutating func send(
        _ request: consuming RaftRequest, to destination: RaftDestination,
        _ correlation: CorrelationID, _ process: Int
    ) {
        let place = processes[process].links.place(openedFor: Link.Key(destination))
        if processes[process].links[place].isFree {
            transmit(parcels.add(request), correlation, link: place, process)
            return
        }
        if processes[process].links[place].isResting(at: now) {
            processes[process].enqueue(.failed(correlation))
            return
        }
        processes[process].links.postpone(
            Link.Unsent(
                parcel: parcels.add(request), correlation: correlation,
                giveUpAt: now + configuration.raft.requestTimeout), place)
        if !processes[process].links[place].isDialled {
            dial(link: place, destination.endpoint, process)
        }
    }

    private mutating func dial(link place: Int, _ endpoint: Endpoint, _ process: Int) {
        guard let server = index(of: endpoint.host) else {
            quorumLinkFailed(place, process)
            return
        }
        let (connection, flight) = network.connect(
            from: processes[process].host, to: HostID(Int32(server)), port: endpoint.port,
            at: now, &turn.choices)
        schedule(flight)
        processes[process].links.dialled(
            place, connection, giveUpAt: now + configuration.network.connectionSetupTimeout)
    }

    private mutating func transmit(
        _ parcel: ParcelID, _ correlation: CorrelationID, link place: Int, _ process: Int
    ) {
        let connection = processes[process].links[place].connection
        let flight = network.send(
            parcel, bytes: parcels.bytes(parcel), on: connection, from: .client, at: now,
            &turn.choices)
        guard var flight else {
            // It broke, and the thread has not got round to noticing.
            parcels.drop(parcel)
            processes[process].enqueue(.failed(correlation))
            return
        }
        processes[process].links.sent(
            correlation, giveUpAt: now + configuration.raft.requestTimeout, place)
        if script.disturbsRequests, disturb(&flight, process) { return }
        schedule(flight)
    }

    // MARK: What the network says

    mutating func quorumLinkOpened(_ connection: ConnectionID, _ process: Int) {
        guard let place = processes[process].links.place(of: connection) else { return }
        processes[process].links.opened(place)
        sendNext(quorumLink: place, process)
    }

    mutating func quorumLinkBroke(_ connection: ConnectionID, _ process: Int) {
        guard let place = processes[process].links.place(of: connection) else { return }
        quorumLinkFailed(place, process)
    }

    mutating func takeAnswer(_ connection: ConnectionID, _ parcel: ParcelID, _ process: Int) {
        guard case .response(let response) = parcels.take(parcel) else {
            fatalError("a client read something that is no response")
        }
        guard let place = processes[process].links.place(of: connection),
            let correlation = processes[process].links.answered(place)
        else { return }
        sendNext(quorumLink: place, process)
        receive(.response(response, to: correlation), process)
    }

    private mutating func sendNext(quorumLink place: Int, _ process: Int) {
        guard let next = processes[process].links.nextUnsent(place) else { return }
        transmit(next.parcel, next.correlation, link: place, process)
    }

    // MARK: Giving up

    /// Closes what has taken too long. Its request may still arrive and be carried out.
    mutating func expireQuorumLinks(_ process: Int) {
        guard processes[process].links.deadline <= now else { return }
        for place in processes[process].links.indices {
            if processes[process].links[place].isOverdue(at: now) {
                if !processes[process].links[place].inFlight.isEmpty {
                    note(.requestTimedOut(to: processes[process].links[place].key.node), process)
                }
                hangUp(processes[process].links[place].connection)
                quorumLinkFailed(place, process)
            }
            while let oldest = processes[process].links.nextOverdueUnsent(place, at: now) {
                parcels.drop(oldest.parcel)
                processes[process].enqueue(.failed(oldest.correlation))
            }
        }
        processes[process].links.setDeadline()
    }

    /// There is no connection any more: everything that was to go over it fails, and it rests
    /// before it is dialled again, longer each time.
    private mutating func quorumLinkFailed(_ place: Int, _ process: Int) {
        let link = processes[process].links.forget(place)
        for request in link.inFlight { processes[process].enqueue(.failed(request.correlation)) }
        for request in link.unsent {
            parcels.drop(request.parcel)
            processes[process].enqueue(.failed(request.correlation))
        }
        processes[process].links[place].rest(
            from: now, afterFailures: link.failures, configuration.network,
            by: processes[process].actor, &turn.choices)
        if index(of: link.key.node) != nil { note(.disconnected(from: link.key.node), process) }
    }

    /// The process is gone, and with it what it had not sent.
    mutating func forgetQuorumLinks(_ process: Int) {
        dropUnsent(of: processes[process].links)
        processes[process].links = Links()
    }
}

extension Link.Key {
    init(_ destination: RaftDestination) {
        let purpose: Link.Purpose = switch destination.kind {
        case .node: .quorum
        case .bootstrap(let number): .bootstrap(number)
        }
        self.init(node: destination.endpoint.host, purpose: purpose)
    }
}
