/// What the two ends of a connection do, and what packets do when they arrive.
extension Network {
    /// What an arriving packet means for the process there.
    public enum Outcome: Hashable, Sendable {
        case nothing
        /// The server may work on this request; until it answers, its connection is muted.
        case request(ConnectionID, ParcelID)
        case answer(ConnectionID, ParcelID)
        /// The client may send.
        case opened(ConnectionID)
        /// Nobody listens where the client dialled; the connection is no more.
        case refused(ConnectionID, client: HostID)
        /// The other end has closed or forgotten it; the client's end is closed now, too.
        case disconnected(ConnectionID, client: HostID)
        /// It reached nobody.
        case dropped(ParcelID)
    }

    /// What an arriving packet does: an outcome, and perhaps a packet back.
    public struct Arrival: Hashable, Sendable {
        public var outcome: Outcome
        public var reply: Flight?

        @inline(__always)
        init(_ outcome: Outcome, reply: Flight? = nil) {
            self.outcome = outcome
            self.reply = reply
        }
    }

    /// The client begins a handshake with whoever listens at that port of that host.
    public mutating func connect(
        from client: HostID, to server: HostID, port: Int32, at now: Instant,
        _ choices: inout Choices
    ) -> (ConnectionID, Flight) {
        let slot = vacantSlot(at: now)
        connections[slot].client = client
        connections[slot].server = server
        connections[slot].port = port
        connections[slot].clientEnd = .dialing
        connections[slot].linkToServer = Int32(link(client, server))
        connections[slot].linkToClient = Int32(link(server, client))
        let id = ConnectionID(slot: Int32(slot), generation: connections[slot].generation)
        return (id, dispatch(.open, round: 1, on: id, to: .server, at: now, &choices))
    }

    /// Sends a parcel from one end. Nil if that end is not open: the parcel goes nowhere.
    public mutating func send(
        _ parcel: ParcelID, bytes: Int64, on id: ConnectionID, from side: Side, at now: Instant,
        _ choices: inout Choices
    ) -> Flight? {
        guard isCurrent(id), connections[Int(id.slot)].end(side) == .open else { return nil }
        return dispatch(
            .parcel, parcel: parcel, bytes: bytes, on: id, to: side.other, at: now, &choices)
    }

    /// The server has worked off the request that muted the connection: the next one from its
    /// socket buffer, which mutes it again.
    public mutating func unmute(_ id: ConnectionID) -> ParcelID? {
        guard isCurrent(id) else { return nil }
        let slot = Int(id.slot)
        guard connections[slot].isMuted else { return nil }
        if connections[slot].waitingCount > 0 {
            let place = waiting.firstIndex { $0.slot == id.slot }!
            connections[slot].waitingCount -= 1
            return waiting.remove(at: place).parcel
        }
        connections[slot].isMuted = false
        if connections[slot].serverEnd == .draining { close(.server, slot: slot) }
        return nil
    }

    /// One end closes. What it has sent before arrives first; the other end learns of it then.
    public mutating func close(
        _ id: ConnectionID, by side: Side, at now: Instant, _ choices: inout Choices
    ) -> Flight? {
        guard isCurrent(id) else { return nil }
        let slot = Int(id.slot)
        guard connections[slot].end(side) != .closed else { return nil }
        let othersEnd = connections[slot].end(side.other)
        if othersEnd == .closed {
            // A handshake that is still on its way finds nobody: the connection is forgotten.
            close(side, slot: slot)
            return nil
        }
        let farewell = dispatch(.close, on: id, to: side.other, at: now, &choices)
        close(side, slot: slot)
        return farewell
    }

    /// A packet has reached its destination, or the cut before it.
    public mutating func receive(
        _ packet: Packet, at now: Instant, _ choices: inout Choices
    ) -> Arrival {
        guard isCurrent(packet.connection) else { return lost(packet) }
        let slot = Int(packet.connection.slot)
        let to = connections[slot].host(packet.to)
        if !packet.isRetransmission, now <= blockedUntil(slot, packet.to) {
            var late = packet
            late.isRetransmission = true
            return Arrival(
                .nothing, reply: Flight(arrivesAt: blockedUntil(slot, packet.to), packet: late))
        }
        if links[connections[slot].link(to: packet.to)].cuts > 0 {
            var held = packet
            held.isRetransmission = false
            stalled.append(held)
            return Arrival(.nothing)
        }
        if connections[slot].isSilenced || !hosts[Int(to.rawValue)].isUp { return lost(packet) }
        switch packet.kind {
        case .parcel: return arrive(packet, slot: slot, at: now, &choices)
        case .open: return open(packet, slot: slot, at: now, &choices)
        case .accept: return accept(packet, slot: slot, at: now, &choices)
        case .refuse:
            guard connections[slot].clientEnd == .dialing else { return Arrival(.nothing) }
            close(.client, slot: slot)
            return Arrival(.refused(packet.connection, client: to))
        case .close, .reset: return end(packet, at: to, slot: slot)
        }
    }

    /// Sends a packet off: behind its host's earlier bytes, for the time its link takes, and not
    /// before what went the same way earlier.
    mutating func dispatch(
        _ kind: Packet.Kind, round: UInt8 = 0, parcel: ParcelID = .none, bytes: Int64 = 60,
        on id: ConnectionID, to side: Side, at now: Instant, _ choices: inout Choices
    ) -> Flight {
        let slot = Int(id.slot)
        let from = connections[slot].host(side.other)
        let to = connections[slot].host(side)
        let sender = Int(from.rawValue)
        var leaves = now
        let picoseconds = hosts[sender].picosecondsPerByte
        if picoseconds > 0 {
            if hosts[sender].freeAt > leaves { leaves = hosts[sender].freeAt }
            leaves = leaves + Interval(nanoseconds: bytes * picoseconds / 1_000)
            hosts[sender].freeAt = leaves
        }
        let link = connections[slot].link(to: side)
        var arrives = leaves + travelTime(link, from, to, &choices)
        if side == .client {
            arrives = max(arrives, connections[slot].lastArrivalAtClient)
            connections[slot].lastArrivalAtClient = arrives
        } else {
            arrives = max(arrives, connections[slot].lastArrivalAtServer)
            connections[slot].lastArrivalAtServer = arrives
        }
        return Flight(
            arrivesAt: arrives,
            packet: Packet(
                connection: id, parcel: parcel, kind: kind, to: side, round: round,
                isRetransmission: false))
    }

    /// A parcel at an end that may still be open.
    private mutating func arrive(
        _ packet: Packet, slot: Int, at now: Instant, _ choices: inout Choices
    ) -> Arrival {
        if packet.to == .client {
            guard connections[slot].clientEnd == .open else {
                return Arrival(.dropped(packet.parcel))
            }
            return Arrival(.answer(packet.connection, packet.parcel))
        }
        guard connections[slot].serverEnd == .open else {
            return Arrival(
                .dropped(packet.parcel),
                reply: dispatch(.reset, on: packet.connection, to: .client, at: now, &choices))
        }
        if connections[slot].isMuted {
            connections[slot].waitingCount += 1
            waiting.append(Waiting(slot: Int32(slot), parcel: packet.parcel))
            return Arrival(.nothing)
        }
        connections[slot].isMuted = true
        return Arrival(.request(packet.connection, packet.parcel))
    }

    /// The client's part of the handshake at the server.
    private mutating func open(
        _ packet: Packet, slot: Int, at now: Instant, _ choices: inout Choices
    ) -> Arrival {
        let server = hosts[Int(connections[slot].server.rawValue)]
        let isListening = server.listeningPort == connections[slot].port
        let isKnown = packet.round == 1 || connections[slot].serverEnd == .open
        guard isListening, isKnown else {
            return Arrival(
                .nothing,
                reply: dispatch(.refuse, on: packet.connection, to: .client, at: now, &choices))
        }
        connections[slot].serverEnd = .open
        // The process itself says what it understands (ApiVersions).
        if packet.round > 1, server.isFrozen {
            unheard.append(packet)
            return Arrival(.nothing)
        }
        return Arrival(
            .nothing,
            reply: dispatch(
                .accept, round: packet.round, on: packet.connection, to: .client, at: now,
                &choices))
    }

    /// The server's part of the handshake back at the client.
    private mutating func accept(
        _ packet: Packet, slot: Int, at now: Instant, _ choices: inout Choices
    ) -> Arrival {
        guard connections[slot].clientEnd == .dialing else { return Arrival(.nothing) }
        if packet.round < fabric.value.parameters.handshakeRoundTrips {
            return Arrival(
                .nothing,
                reply: dispatch(
                    .open, round: packet.round + 1, on: packet.connection, to: .server, at: now,
                    &choices))
        }
        connections[slot].clientEnd = .open
        return Arrival(.opened(packet.connection))
    }

    /// The other end is gone.
    private mutating func end(_ packet: Packet, at host: HostID, slot: Int) -> Arrival {
        guard packet.to == .client else {
            closeWhenDrained(slot: slot)
            return Arrival(.nothing)
        }
        guard connections[slot].clientEnd != .closed else { return Arrival(.nothing) }
        close(.client, slot: slot)
        return Arrival(.disconnected(packet.connection, client: host))
    }

    /// The server's end closes, but not before the requests in its socket buffer are worked off.
    mutating func closeWhenDrained(slot: Int) {
        guard connections[slot].serverEnd != .closed else { return }
        if connections[slot].isMuted {
            connections[slot].serverEnd = .draining
        } else {
            close(.server, slot: slot)
        }
    }

    /// Closes an end without telling the other; the slot is vacant when both are closed.
    mutating func close(_ side: Side, slot: Int) {
        if side == .client {
            connections[slot].clientEnd = .closed
        } else {
            connections[slot].serverEnd = .closed
            connections[slot].isMuted = false
            dropWaiting(slot: slot)
        }
        if connections[slot].clientEnd == .closed, connections[slot].serverEnd == .closed {
            let next = connections[slot].generation &+ 1
            connections[slot] = .vacant(generation: next)
            vacantSlots.append(Int32(slot))
        }
    }

    private mutating func dropWaiting(slot: Int) {
        guard connections[slot].waitingCount > 0 else { return }
        connections[slot].waitingCount = 0
        dead += waiting.lazy.filter { $0.slot == slot }.map(\.parcel)
        waiting.removeAll { $0.slot == slot }
    }

    private func lost(_ packet: Packet) -> Arrival {
        Arrival(packet.kind == .parcel ? .dropped(packet.parcel) : .nothing)
    }

    @inline(__always)
    private func blockedUntil(_ slot: Int, _ side: Side) -> Instant {
        side == .client
            ? connections[slot].blockedAtClientUntil : connections[slot].blockedAtServerUntil
    }

    private mutating func vacantSlot(at now: Instant) -> Int {
        if vacantSlots.isEmpty, connections.count >= 64, connections.count.nonzeroBitCount == 1 {
            forgetHalfOpen(at: now)
        }
        if let slot = vacantSlots.popLast() { return Int(slot) }
        connections.append(.vacant(generation: 1))
        return connections.count - 1
    }

    /// Ends at servers whose client is gone for good, with nothing under way to them: the idle
    /// timeout would close them, and nobody could tell.
    private mutating func forgetHalfOpen(at now: Instant) {
        for slot in connections.indices
        where connections[slot].clientEnd == .closed && connections[slot].serverEnd == .open
            && !connections[slot].isMuted && connections[slot].lastArrivalAtServer < now
            && !stalled.contains(where: { Int($0.connection.slot) == slot }) {
            close(.server, slot: slot)
        }
    }
}
