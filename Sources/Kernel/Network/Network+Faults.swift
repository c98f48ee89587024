/// What befalls hosts and links.
extension Network {
    /// An end that was closed over its owner's head.
    public struct Break: Hashable, Sendable {
        public var connection: ConnectionID
        /// The host at whose end it broke.
        public var host: HostID
        public var side: Side
        /// Who is at the other end.
        public var peer: HostID
    }

    // MARK: Hosts

    public mutating func listen(_ host: HostID, port: Int32) {
        hosts[Int(host.rawValue)].listeningPort = port
    }

    public func isUp(_ host: HostID) -> Bool { hosts[Int(host.rawValue)].isUp }

    /// The process on the host is gone; the operating system closes its ends and says so. Requests
    /// that it had sent are still on their way.
    public mutating func kill(
        _ host: HostID, at now: Instant, _ choices: inout Choices
    ) -> [Flight] {
        hosts[Int(host.rawValue)].listeningPort = nil
        hosts[Int(host.rawValue)].isFrozen = false
        _ = takeUnheard(of: host)
        var farewells: [Flight] = []
        for slot in connections.indices {
            let id = ConnectionID(slot: Int32(slot), generation: connections[slot].generation)
            if connections[slot].client == host {
                if let farewell = close(id, by: .client, at: now, &choices) {
                    farewells.append(farewell)
                }
            }
            if isCurrent(id), connections[slot].server == host {
                if let farewell = close(id, by: .server, at: now, &choices) {
                    farewells.append(farewell)
                }
            }
        }
        return farewells
    }

    /// The host is gone and tells nobody. What has left its network card still arrives; what waited
    /// at a cut for being sent again does not.
    public mutating func losePower(_ host: HostID) {
        hosts[Int(host.rawValue)].isUp = false
        hosts[Int(host.rawValue)].listeningPort = nil
        hosts[Int(host.rawValue)].isFrozen = false
        _ = takeUnheard(of: host)
        hosts[Int(host.rawValue)].freeAt = .earliest
        dropStalled { connection, packet in connection.host(packet.to.other) == host }
        for slot in connections.indices {
            let generation = connections[slot].generation
            if connections[slot].client == host { close(.client, slot: slot) }
            if connections[slot].generation == generation, connections[slot].server == host {
                close(.server, slot: slot)
            }
        }
    }

    /// The operating system runs again. Packets of connections from before are answered by resets.
    public mutating func powerUp(_ host: HostID) {
        hosts[Int(host.rawValue)].isUp = true
    }

    /// The process on the host stands still.
    public mutating func freeze(_ host: HostID) {
        hosts[Int(host.rawValue)].isFrozen = true
    }

    /// It goes on, and answers those who have dialled meanwhile.
    public mutating func thaw(
        _ host: HostID, at now: Instant, _ choices: inout Choices
    ) -> [Flight] {
        hosts[Int(host.rawValue)].isFrozen = false
        var answers: [Flight] = []
        for packet in takeUnheard(of: host) {
            let arrival = receive(packet, at: now, &choices)
            if let answer = arrival.reply { answers.append(answer) }
        }
        return answers
    }

    private mutating func takeUnheard(of host: HostID) -> [Packet] {
        if unheard.isEmpty { return [] }
        var theirs: [Packet] = []
        var others: [Packet] = []
        for packet in unheard {
            guard let its = connection(packet.connection) else { continue }
            if its.server == host { theirs.append(packet) } else { others.append(packet) }
        }
        unheard = others
        return theirs
    }

    // MARK: Links

    /// What arrives in this direction waits from now on. Cuts count: as many have to be mended.
    public mutating func cut(from: HostID, to: HostID, at now: Instant) {
        let link = link(from, to)
        if links[link].cuts == 0 { links[link].cutSince = now }
        links[link].cuts += 1
    }

    public func isCut(from: HostID, to: HostID) -> Bool {
        knownLink(from, to).map { links[$0].cuts > 0 } ?? false
    }

    /// One cut in this direction is mended. What waited goes on its way, each connection's packets
    /// in their order.
    public mutating func mend(
        from: HostID, to: HostID, at now: Instant, _ choices: inout Choices
    ) -> [Flight] {
        let link = link(from, to)
        precondition(links[link].cuts > 0, "mended where nothing was cut")
        links[link].cuts -= 1
        guard links[link].cuts == 0 else { return [] }
        let lasted = now - links[link].cutSince
        let longest = min(lasted, fabric.value.parameters.retransmissionLimit).nanoseconds + 1
        var flights: [Flight] = []
        var kept: [Packet] = []
        for packet in stalled {
            guard let connection = connection(packet.connection) else {
                if packet.kind == .parcel { dead.append(packet.parcel) }
                continue
            }
            let sender = connection.host(packet.to.other)
            guard sender == from, connection.host(packet.to) == to else {
                kept.append(packet)
                continue
            }
            let slot = Int(packet.connection.slot)
            let isFirst = !flights.contains {
                $0.packet.connection == packet.connection && $0.packet.to == packet.to
            }
            if isFirst { block(slot, packet.to, longest: longest, at: now, &choices) }
            var again = packet
            again.isRetransmission = true
            let release = packet.to == .client
                ? connections[slot].blockedAtClientUntil : connections[slot].blockedAtServerUntil
            flights.append(Flight(arrivesAt: release, packet: again))
        }
        stalled = kept
        return flights
    }

    /// Every packet in this direction takes this much longer, until it is set to zero again.
    public mutating func slow(from: HostID, to: HostID, by interval: Interval) {
        let link = link(from, to)
        links[link].slowBy = interval
    }

    public func slowness(from: HostID, to: HostID) -> Interval {
        knownLink(from, to).map { links[$0].slowBy } ?? .zero
    }

    // MARK: Connections

    /// Connections between two hosts break at both ends at once. What is under way is lost;
    /// requests that a server has read or buffered are still worked off.
    public mutating func reset(_ one: HostID, _ other: HostID) -> [Break] {
        var breaks: [Break] = []
        dropStalled { connection, _ in
            (connection.client, connection.server) == (one, other)
                || (connection.client, connection.server) == (other, one)
        }
        for slot in connections.indices where connects(slot, one, other) {
            let (client, server) = (connections[slot].client, connections[slot].server)
            let id = ConnectionID(slot: Int32(slot), generation: connections[slot].generation)
            closeWhenDrained(slot: slot)
            guard isCurrent(id), connections[slot].clientEnd != .closed else { continue }
            close(.client, slot: slot)
            breaks.append(Break(connection: id, host: client, side: .client, peer: server))
        }
        return breaks
    }

    /// Connections between two hosts are forgotten by something in between: both ends stay open and
    /// nothing arrives any more.
    public mutating func silence(_ one: HostID, _ other: HostID) {
        for slot in connections.indices where connects(slot, one, other) {
            connections[slot].isSilenced = true
        }
    }

    private func connects(_ slot: Int, _ one: HostID, _ other: HostID) -> Bool {
        let ends = (connections[slot].client, connections[slot].server)
        return ends == (one, other) || ends == (other, one)
    }

    /// Nothing more arrives at the connection's server before that: something that was sent arrives
    /// only then.
    public mutating func holdUp(_ id: ConnectionID, until instant: Instant) {
        let slot = Int(id.slot)
        connections[slot].lastArrivalAtServer =
            max(instant, connections[slot].lastArrivalAtServer)
    }

    /// The backlog of one direction of a connection arrives together, and everything else after it.
    private mutating func block(
        _ slot: Int, _ side: Side, longest: Int64, at now: Instant, _ choices: inout Choices
    ) {
        let (from, to) = (connections[slot].host(side.other), connections[slot].host(side))
        let wait = choices.draw(
            Self.actor(from, to), .networkRetransmission, below: UInt64(longest))
        var release = now + Interval(nanoseconds: Int64(wait))
            + travelTime(connections[slot].link(to: side), from, to, &choices)
        // An earlier backlog may still be on its way.
        if side == .client {
            release = max(release, connections[slot].blockedAtClientUntil)
            connections[slot].blockedAtClientUntil = release
            connections[slot].lastArrivalAtClient =
                max(release, connections[slot].lastArrivalAtClient)
        } else {
            release = max(release, connections[slot].blockedAtServerUntil)
            connections[slot].blockedAtServerUntil = release
            connections[slot].lastArrivalAtServer =
                max(release, connections[slot].lastArrivalAtServer)
        }
    }

    private mutating func dropStalled(_ isLost: (Connection, Packet) -> Bool) {
        guard !stalled.isEmpty else { return }
        var kept: [Packet] = []
        for packet in stalled {
            if let connection = connection(packet.connection), !isLost(connection, packet) {
                kept.append(packet)
            } else if packet.kind == .parcel {
                dead.append(packet.parcel)
            }
        }
        stalled = kept
    }
}
