import Kafka
import Kernel

/// The client's side of the connections of one thread. One is made for each destination when
/// something is first sent there, and keeps its place.
struct Links: Sendable {
    private var links: [Link] = []
    /// Nothing has to be given up before this.
    private(set) var deadline = Instant.never

    var indices: Range<Int> { links.indices }

    subscript(place: Int) -> Link {
        @inline(__always) _read { yield links[place] }
        @inline(__always) _modify { yield &links[place] }
    }

    @inline(__always)
    func place(of key: Link.Key) -> Int? {
        for place in links.indices where links[place].key == key { return place }
        return nil
    }

    @inline(__always)
    func place(of connection: ConnectionID) -> Int? {
        for place in links.indices where links[place].connection == connection { return place }
        return nil
    }

    mutating func place(openedFor key: Link.Key) -> Int {
        if let place = place(of: key) { return place }
        links.append(Link(key))
        return links.count - 1
    }

    // MARK: What is done

    mutating func dialled(_ place: Int, _ connection: ConnectionID, giveUpAt: Instant) {
        links[place].connection = connection
        links[place].isOpen = false
        links[place].handshakeDeadline = giveUpAt
        expect(giveUpAt)
    }

    mutating func postpone(_ request: Link.Unsent, _ place: Int) {
        links[place].unsent.append(request)
        expect(request.giveUpAt)
    }

    mutating func sent(_ correlation: CorrelationID, giveUpAt: Instant, _ place: Int) {
        links[place].inFlight.append(.init(correlation: correlation, giveUpAt: giveUpAt))
        expect(giveUpAt)
    }

    /// It can be dialled anew at once.
    mutating func forget(_ place: Int) -> Link {
        var link = Link(links[place].key)
        swap(&link, &links[place])
        return link
    }

    /// Something has to be given up then, unless it is done before.
    private mutating func expect(_ instant: Instant) {
        if instant < deadline { deadline = instant }
    }

    // MARK: What the network says

    mutating func opened(_ place: Int) {
        links[place].isOpen = true
        links[place].failures = 0
        links[place].handshakeDeadline = .never
    }

    /// The oldest request is answered; nil: none was waited for.
    mutating func answered(_ place: Int) -> CorrelationID? {
        guard !links[place].inFlight.isEmpty else { return nil }
        return links[place].inFlight.removeFirst().correlation
    }

    /// The request that goes out next, now that it can.
    mutating func nextUnsent(_ place: Int) -> Link.Unsent? {
        guard !links[place].unsent.isEmpty else { return nil }
        return links[place].unsent.removeFirst()
    }

    // MARK: Giving up

    /// A request that has waited too long to be sent at all.
    mutating func nextOverdueUnsent(_ place: Int, at now: Instant) -> Link.Unsent? {
        guard let oldest = links[place].unsent.first, oldest.giveUpAt <= now else { return nil }
        return links[place].unsent.removeFirst()
    }

    /// Everything has been looked at: when to look again.
    mutating func setDeadline() {
        deadline = links.reduce(.never) { min($0, $1.deadline) }
    }
}
