import Kafka
import Kernel

/// The client's side of the connections of lanes.
extension World {
    // MARK: Links that dial by themselves

    /// One request in flight: it goes out at once, or waits for the handshake or for the answer to
    /// an earlier one, or fails at once if the connection has just failed (InterBrokerSendThread).
    mutating func send(
        _ request: consuming ClusterRequest, to key: Link.Key, _ correlation: CorrelationID,
        timeout: Interval, _ lane: Int
    ) {
        let place = lanes[lane].links.place(openedFor: key)
        let giveUpAt = now + timeout
        if lanes[lane].links[place].isFree {
            transmit(
                parcels.add(consume request), correlation, giveUpAt, link: place, lane)
            return
        }
        let isResting = lanes[lane].links[place].isResting(at: now)
        if isResting, !key.isOfController {
            lanes[lane].inbox.append(.failed(correlation, .disconnected))
            return
        }
        let spin = min(lanes[lane].links[place].retryAt, now + Self.controllerSpin)
        lanes[lane].links.postpone(
            Link.Unsent(
                parcel: parcels.add(consume request), correlation: correlation,
                giveUpAt: isResting ? spin : giveUpAt), place)
        if !lanes[lane].links[place].isDialled, !isResting {
            dial(link: place, giveUpAt: now + configuration.network.connectionSetupTimeout, lane)
        }
    }

    /// Kafka's thread for the controller asks again at once when it is told that a connection
    /// rests, and so spins until it may be dialled; here it fails only so often.
    private static let controllerSpin = Interval.milliseconds(10)

    // MARK: The parts

    mutating func dial(link place: Int, giveUpAt: Instant, _ lane: Int) {
        let node = lanes[lane].links[place].key.node
        guard let server = index(of: node) else {
            preconditionFailure("nobody has the id \(node.rawValue)")
        }
        let host = processes[lanes[lane].process].host
        let (connection, flight) = network.connect(
            from: host, to: HostID(Int32(server)), port: processes[server].port, at: now,
            &turn.choices)
        schedule(flight)
        lanes[lane].links.dialled(place, connection, giveUpAt: giveUpAt)
    }

    /// False: the connection is broken, and its owner has not got round to noticing.
    @discardableResult
    mutating func transmit(
        _ parcel: ParcelID, _ correlation: CorrelationID?, _ giveUpAt: Instant, link place: Int,
        _ lane: Int
    ) -> Bool {
        let connection = lanes[lane].links[place].connection
        let flight = network.send(
            parcel, bytes: parcels.bytes(parcel), on: connection, from: .client, at: now,
            &turn.choices)
        guard var flight else {
            parcels.drop(parcel)
            if let correlation { lanes[lane].inbox.append(.failed(correlation, .disconnected)) }
            return false
        }
        if let correlation { lanes[lane].links.sent(correlation, giveUpAt: giveUpAt, place) }
        if script.disturbsRequests, disturb(&flight, lanes[lane].process) { return true }
        schedule(flight)
        return true
    }

    /// Closes a link from this side. Its requests may still arrive and be carried out.
    mutating func close(link place: Int, _ lane: Int) {
        hangUp(lanes[lane].links[place].connection)
        for request in lanes[lane].links.forget(place).unsent { parcels.drop(request.parcel) }
    }

    mutating func hangUp(_ connection: ConnectionID) {
        if let farewell = network.close(connection, by: .client, at: now, &turn.choices) {
            schedule(farewell)
        }
    }

    // MARK: What the network says

    /// The lane of a process that has this connection; nil: its Raft node's, or nobody's any more.
    @inline(__always)
    func lane(of connection: ConnectionID, in process: Int) -> Int? {
        for lane in seating.lanes(of: process)
        where lanes[lane].links.place(of: connection) != nil {
            return lane
        }
        return nil
    }

    mutating func linkOpened(_ place: Int, _ lane: Int) {
        lanes[lane].links.opened(place)
        sendNext(link: place, lane)
    }

    /// The oldest request is answered; returns which that was.
    mutating func linkAnswered(_ place: Int, _ lane: Int) -> CorrelationID? {
        guard let correlation = lanes[lane].links.answered(place) else { return nil }
        sendNext(link: place, lane)
        return correlation
    }

    private mutating func sendNext(link place: Int, _ lane: Int) {
        guard let next = lanes[lane].links.nextUnsent(place) else { return }
        transmit(next.parcel, next.correlation, next.giveUpAt, link: place, lane)
    }

    // MARK: Giving up

    /// Closes what has taken too long. Its request may still arrive and be carried out.
    mutating func expireLinks(_ lane: Int) {
        guard lanes[lane].links.deadline <= now else { return }
        for place in lanes[lane].links.indices {
            if lanes[lane].links[place].isOverdue(at: now) {
                if !lanes[lane].links[place].inFlight.isEmpty {
                    let peer = lanes[lane].links[place].key.node
                    note(.requestTimedOut(to: peer), lanes[lane].process)
                }
                hangUp(lanes[lane].links[place].connection)
                linkFailed(place, .timedOut, lane)
            }
            while let oldest = lanes[lane].links.nextOverdueUnsent(place, at: now) {
                parcels.drop(oldest.parcel)
                lanes[lane].inbox.append(.failed(oldest.correlation, .timedOut))
            }
        }
        lanes[lane].links.setDeadline()
    }

    /// There is no connection any more: everything that was to go over it fails, and it rests
    /// before it is dialled again, longer each time.
    mutating func linkFailed(_ place: Int, _ failure: LinkFailure, _ lane: Int) {
        let link = lanes[lane].links.forget(place)
        for request in link.inFlight {
            lanes[lane].inbox.append(.failed(request.correlation, failure))
        }
        for request in link.unsent {
            parcels.drop(request.parcel)
            lanes[lane].inbox.append(.failed(request.correlation, failure))
        }
        rest(link: place, failures: link.failures, lane)
        note(.disconnected(from: link.key.node), lanes[lane].process)
    }

    /// Its owner closes it, and does not want to know of it before it has rested like one that
    /// has failed (NetworkClient.disconnect).
    mutating func leave(link place: Int, _ lane: Int) {
        guard lanes[lane].links[place].isDialled else { return }
        let failures = lanes[lane].links[place].failures
        close(link: place, lane)
        rest(link: place, failures: failures, lane)
    }

    private mutating func rest(link place: Int, failures: Int64, _ lane: Int) {
        lanes[lane].links[place].rest(
            from: now, afterFailures: failures, configuration.network, by: lanes[lane].actor,
            &turn.choices)
    }

    /// The process is gone, and with it what it had not sent.
    mutating func forgetLinks(_ lane: Int) {
        dropUnsent(of: lanes[lane].links)
        lanes[lane].links = Links()
    }

    mutating func dropUnsent(of links: Links) {
        for place in links.indices {
            for request in links[place].unsent { parcels.drop(request.parcel) }
        }
    }
}
