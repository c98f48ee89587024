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
        let place = link(key, lane)
        let giveUpAt = now + timeout
        if lanes[lane].links[place].isOpen, lanes[lane].links[place].inFlight.isEmpty {
            transmit(parcels.add(request), correlation, giveUpAt, link: place, lane)
            return
        }
        let retryAt = lanes[lane].links[place].retryAt
        let isResting = lanes[lane].links[place].connection == .none && now < retryAt
        if isResting, !key.isOfController {
            lanes[lane].inbox.append(.failed(correlation, .disconnected))
            return
        }
        let patience = isResting ? min(retryAt, now + Self.controllerSpin) : giveUpAt
        lanes[lane].links[place].unsent.append(
            Link.Unsent(
                parcel: parcels.add(request), correlation: correlation, giveUpAt: patience))
        expect(patience, lane)
        if lanes[lane].links[place].connection == .none, !isResting {
            dial(link: place, giveUpAt: now + configuration.network.connectionSetupTimeout, lane)
        }
    }

    /// Kafka's thread for the controller asks again at once when it is told that a connection
    /// rests, and so spins until it may be dialled; here it fails only so often.
    private static let controllerSpin = Interval.milliseconds(10)

    @inline(__always)
    func existingLink(_ key: Link.Key, _ lane: Int) -> Int? {
        for place in lanes[lane].links.indices where lanes[lane].links[place].key == key {
            return place
        }
        return nil
    }

    mutating func link(_ key: Link.Key, _ lane: Int) -> Int {
        if let place = existingLink(key, lane) { return place }
        lanes[lane].links.append(Link(key))
        return lanes[lane].links.count - 1
    }

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
        lanes[lane].links[place].connection = connection
        lanes[lane].links[place].isOpen = false
        lanes[lane].links[place].handshakeDeadline = giveUpAt
        expect(giveUpAt, lane)
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
        if let correlation {
            lanes[lane].links[place].inFlight.append(
                Link.Awaited(correlation: correlation, giveUpAt: giveUpAt))
            expect(giveUpAt, lane)
        }
        if script.disturbsRequests, disturb(&flight, lanes[lane].process) { return true }
        schedule(flight)
        return true
    }

    /// Closes a link from this side. Its requests may still arrive and be carried out.
    mutating func close(link place: Int, _ lane: Int) {
        let connection = lanes[lane].links[place].connection
        if let farewell = network.close(connection, by: .client, at: now, &turn.choices) {
            schedule(farewell)
        }
        let key = lanes[lane].links[place].key
        for request in lanes[lane].links[place].unsent { parcels.drop(request.parcel) }
        lanes[lane].links[place] = Link(key)
    }

    /// Something has to be given up then, unless it is done before.
    private mutating func expect(_ deadline: Instant, _ lane: Int) {
        if deadline < lanes[lane].linkDeadline { lanes[lane].linkDeadline = deadline }
    }

    // MARK: What the network says

    @inline(__always)
    func linkPlace(of connection: ConnectionID, _ lane: Int) -> Int? {
        for place in lanes[lane].links.indices
        where lanes[lane].links[place].connection == connection {
            return place
        }
        return nil
    }

    /// The lane of a process that has this connection; nil: its Raft node's, or nobody's any more.
    @inline(__always)
    func lane(of connection: ConnectionID, in process: Int) -> Int? {
        for lane in seating.lanes(of: process) where linkPlace(of: connection, lane) != nil {
            return lane
        }
        return nil
    }

    mutating func linkOpened(_ place: Int, _ lane: Int) {
        lanes[lane].links[place].isOpen = true
        lanes[lane].links[place].failures = 0
        lanes[lane].links[place].handshakeDeadline = .never
        sendNext(link: place, lane)
    }

    /// The oldest request is answered; returns which that was.
    mutating func linkAnswered(_ place: Int, _ lane: Int) -> CorrelationID? {
        guard !lanes[lane].links[place].inFlight.isEmpty else { return nil }
        let correlation = lanes[lane].links[place].inFlight.removeFirst().correlation
        sendNext(link: place, lane)
        return correlation
    }

    private mutating func sendNext(link place: Int, _ lane: Int) {
        guard !lanes[lane].links[place].unsent.isEmpty else { return }
        let next = lanes[lane].links[place].unsent.removeFirst()
        transmit(next.parcel, next.correlation, next.giveUpAt, link: place, lane)
    }

    // MARK: Giving up

    /// Closes what has taken too long. Its request may still arrive and be carried out.
    mutating func expireLinks(_ lane: Int) {
        guard lanes[lane].linkDeadline <= now else { return }
        var next = Instant.never
        for place in lanes[lane].links.indices {
            let isOverdue =
                lanes[lane].links[place].handshakeDeadline <= now
                || lanes[lane].links[place].inFlight.contains { $0.giveUpAt <= now }
            if isOverdue {
                let connection = lanes[lane].links[place].connection
                if !lanes[lane].links[place].inFlight.isEmpty {
                    let peer = lanes[lane].links[place].key.node
                    note(.requestTimedOut(to: peer), lanes[lane].process)
                }
                if let farewell = network.close(connection, by: .client, at: now, &turn.choices) {
                    schedule(farewell)
                }
                linkFailed(place, .timedOut, lane)
            }
            while let oldest = lanes[lane].links[place].unsent.first, oldest.giveUpAt <= now {
                lanes[lane].links[place].unsent.removeFirst()
                parcels.drop(oldest.parcel)
                lanes[lane].inbox.append(.failed(oldest.correlation, .timedOut))
            }
            next = min(next, lanes[lane].links[place].deadline)
        }
        lanes[lane].linkDeadline = next
    }

    /// There is no connection any more: everything that was to go over it fails, and it rests
    /// before it is dialled again, longer each time.
    mutating func linkFailed(_ place: Int, _ failure: LinkFailure, _ lane: Int) {
        var link = Link(lanes[lane].links[place].key)
        swap(&link, &lanes[lane].links[place])
        for request in link.inFlight {
            lanes[lane].inbox.append(.failed(request.correlation, failure))
        }
        for request in link.unsent {
            parcels.drop(request.parcel)
            lanes[lane].inbox.append(.failed(request.correlation, failure))
        }
        rest(place, failures: link.failures, lane)
        note(.disconnected(from: link.key.node), lanes[lane].process)
    }

    /// Its owner closes it, and does not want to know of it before it has rested like one that
    /// has failed (NetworkClient.disconnect).
    mutating func leave(link place: Int, _ lane: Int) {
        guard lanes[lane].links[place].connection != .none else { return }
        let failures = lanes[lane].links[place].failures
        close(link: place, lane)
        rest(place, failures: failures, lane)
    }

    private mutating func rest(_ place: Int, failures: Int64, _ lane: Int) {
        let settings = configuration.network
        let doublings = min(failures, 10)
        let rest = min(
            settings.reconnectBackoff.nanoseconds << doublings,
            settings.reconnectBackoffMax.nanoseconds)
        let jitter = turn.choices.draw(
            lanes[lane].actor, .reconnectJitter, below: UInt64(rest * 2 / 5) + 1)
        lanes[lane].links[place].failures = failures + 1
        lanes[lane].links[place].retryAt =
            now + Interval(nanoseconds: rest * 4 / 5 + Int64(jitter))
    }

    /// The process is gone, and with it what it had not sent.
    mutating func forgetLinks(_ lane: Int) {
        for link in lanes[lane].links {
            for request in link.unsent { parcels.drop(request.parcel) }
        }
        lanes[lane].links = []
        lanes[lane].linkDeadline = .never
    }
}
