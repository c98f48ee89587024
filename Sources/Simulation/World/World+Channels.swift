import Kafka
import Kernel

/// The client's side of connections (KafkaNetworkChannel, InterBrokerSendThread): one connection a
/// destination, one request in flight on it, and a timeout after which it is closed while the
/// request lives on at the other side.
extension World {
    /// What a node sends goes out at once, or waits for the handshake or for the answer to an
    /// earlier request, or fails at once if its connection has just failed.
    mutating func send(
        _ request: consuming RaftRequest, to destination: RaftDestination,
        _ correlation: CorrelationID,
        _ process: Int
    ) {
        let place = channel(to: destination, process)
        let giveUpAt = now + configuration.raft.requestTimeout
        if processes[process].channels[place].isOpen,
            processes[process].channels[place].inFlight == nil {
            transmit(parcels.add(request), correlation, channel: place, process)
            return
        }
        let isResting = processes[process].channels[place].connection == .none
            && now < processes[process].channels[place].retryAt
        if isResting {
            processes[process].enqueue(.failed(correlation))
            return
        }
        processes[process].channels[place].unsent.append(
            Channel.Unsent(
                parcel: parcels.add(request), correlation: correlation,
                giveUpAt: giveUpAt))
        processes[process].expect(giveUpAt)
        if processes[process].channels[place].connection == .none {
            dial(channel: place, destination.endpoint, process)
        }
    }

    private mutating func channel(to destination: RaftDestination, _ process: Int) -> Int {
        if let place = processes[process].channel(to: destination.kind) { return place }
        processes[process].channels.append(Channel(destination))
        return processes[process].channels.count - 1
    }

    private mutating func dial(channel place: Int, _ endpoint: Endpoint, _ process: Int) {
        processes[process].channels[place].endpoint = endpoint
        guard let server = index(of: endpoint.host) else {
            channelFailed(place, process)
            return
        }
        let (connection, flight) = network.connect(
            from: processes[process].host, to: HostID(Int32(server)), port: endpoint.port,
            at: now, &turn.choices)
        schedule(flight)
        let giveUpAt = now + configuration.network.connectionSetupTimeout
        processes[process].channels[place].connection = connection
        processes[process].channels[place].isOpen = false
        processes[process].channels[place].giveUpAt = giveUpAt
        processes[process].expect(giveUpAt)
    }

    private mutating func transmit(
        _ parcel: ParcelID, _ correlation: CorrelationID, channel place: Int, _ process: Int
    ) {
        let connection = processes[process].channels[place].connection
        let flight = network.send(
            parcel, bytes: parcels.bytes(parcel), on: connection, from: .client, at: now,
            &turn.choices)
        guard var flight else {
            // It broke, and the thread has not got round to noticing.
            parcels.drop(parcel)
            processes[process].enqueue(.failed(correlation))
            return
        }
        processes[process].expectAnswer(
            to: correlation, by: now + configuration.raft.requestTimeout, channel: place)
        if script.disturbsRequests, disturb(&flight, process) { return }
        schedule(flight)
    }

    // MARK: What the network says

    mutating func channelOpened(_ connection: ConnectionID, _ process: Int) {
        guard let place = processes[process].channel(of: connection) else { return }
        processes[process].channels[place].isOpen = true
        processes[process].channels[place].failures = 0
        processes[process].channels[place].giveUpAt = .never
        sendNext(channel: place, process)
    }

    mutating func channelBroke(_ connection: ConnectionID, _ process: Int) {
        guard let place = processes[process].channel(of: connection) else { return }
        channelFailed(place, process)
    }

    mutating func takeAnswer(_ connection: ConnectionID, _ parcel: ParcelID, _ process: Int) {
        guard case .response(let response) = parcels.take(parcel) else {
            fatalError("a client read something that is no response")
        }
        guard let place = processes[process].channel(of: connection),
            let correlation = processes[process].channels[place].settle()
        else { return }
        if !processes[process].channels[place].unsent.isEmpty {
            sendNext(channel: place, process)
        }
        receive(.response(response, to: correlation), process)
    }

    private mutating func sendNext(channel place: Int, _ process: Int) {
        guard !processes[process].channels[place].unsent.isEmpty else { return }
        let next = processes[process].channels[place].unsent.removeFirst()
        transmit(next.parcel, next.correlation, channel: place, process)
    }

    // MARK: Giving up

    /// Closes what has taken too long. Its request may still arrive and be carried out.
    mutating func expireChannels(_ process: Int) {
        guard processes[process].channelDeadline <= now else { return }
        var next = Instant.never
        for place in processes[process].channels.indices {
            if processes[process].channels[place].giveUpAt <= now {
                let connection = processes[process].channels[place].connection
                if processes[process].channels[place].inFlight != nil {
                    noteTimeout(channel: place, process)
                }
                if let farewell = network.close(connection, by: .client, at: now, &turn.choices) {
                    schedule(farewell)
                }
                channelFailed(place, process)
            }
            while let oldest = processes[process].channels[place].unsent.first,
                oldest.giveUpAt <= now {
                processes[process].channels[place].unsent.removeFirst()
                parcels.drop(oldest.parcel)
                processes[process].enqueue(.failed(oldest.correlation))
            }
            next = min(next, processes[process].channels[place].deadline)
        }
        processes[process].channelDeadline = next
    }

    /// There is no connection any more: everything that was to go over it fails, and it rests
    /// before it is dialled again, longer each time.
    private mutating func channelFailed(_ place: Int, _ process: Int) {
        let settings = configuration.network
        var channel = Channel(
            RaftDestination(
                kind: processes[process].channels[place].kind,
                endpoint: processes[process].channels[place].endpoint))
        swap(&channel, &processes[process].channels[place])
        if let correlation = channel.inFlight { processes[process].enqueue(.failed(correlation)) }
        for request in channel.unsent {
            parcels.drop(request.parcel)
            processes[process].enqueue(.failed(request.correlation))
        }
        let doublings = min(channel.failures, 10)
        let rest = min(
            settings.reconnectBackoff.nanoseconds << doublings,
            settings.reconnectBackoffMax.nanoseconds)
        let jitter = turn.choices.draw(
            processes[process].actor, .reconnectJitter, below: UInt64(rest * 2 / 5) + 1)
        processes[process].channels[place].failures = channel.failures + 1
        processes[process].channels[place].retryAt =
            now + Interval(nanoseconds: rest * 4 / 5 + Int64(jitter))
        if let peer = index(of: channel.endpoint.host) {
            note(.disconnected(from: configuration.nodes[peer].id), process)
        }
    }

    private mutating func noteTimeout(channel place: Int, _ process: Int) {
        let peer = processes[process].channels[place].endpoint.host
        note(.requestTimedOut(to: peer), process)
    }

    /// The process is gone, and with it what it had not sent.
    mutating func forgetChannels(_ process: Int) {
        for channel in processes[process].channels {
            for request in channel.unsent { parcels.drop(request.parcel) }
        }
        processes[process].channels = []
        processes[process].channelDeadline = .never
    }
}

extension Purpose {
    /// By how much a reconnect backoff strays from its middle, in nanoseconds.
    static let reconnectJitter = Purpose(code: 0x0301)
}
